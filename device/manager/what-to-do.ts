/** What a site manager does about a part that is not well (対処): his hands first, then whom to call. */
import type { TerminalStatus } from '../terminal-status.ts';

const CALL = '技術者に知らせてください';

/** By the first word of a health line's part. */
const TO_DO = {
  記録: `直るまでタッチは記録されません。${CALL}`,
  リーダー:
    '置かれたままのカードを取り、リーダーを同じUSBの口に挿し直してください。それまでは「ID」で入力できます',
  カメラ: `同じUSBの口に挿し直してください。直らなければ${CALL}`,
  通信: 'LANケーブルとルーターの電源を確かめてください。タッチは端末に残り、つながれば送られます',
  他のゲート: '他のゲートの端末と、この端末の通信を確かめてください',
  未送信: '「通信」を確かめてください。電源を切っても消えません',
  時計: '一度、通信をつないでください。これまでのタッチの時刻も正しく直ります',
  名簿: '「通信」を確かめてください。届くまで、タッチは残りますが名前は出ません',
  ディスク: `空きがなくなるとタッチを記録できません。${CALL}`,
  'ランプ・ブザー': `画面だけでも続けられます。配線を確かめ、直らなければ${CALL}`,
  証明書: `期限が切れると送信できなくなります。${CALL}`,
  名簿の暗号化: CALL,
  退避した記録: CALL,
} as const;

/** What the gateway refuses, or sends and cannot be taken, no cable mends. */
const CALL_GATEWAY = '中継サーバの担当者に連絡してください';

/** Undefined for a part that nobody can do anything about. */
export const whatToDo = (
  part: string,
  { syncFault, rosterFault }: Pick<TerminalStatus, 'syncFault' | 'rosterFault'>,
): string | undefined => {
  if (part === '通信' && syncFault !== undefined) return CALL_GATEWAY;
  if (part === '名簿' && rosterFault !== undefined) return CALL_GATEWAY;
  const [first = ''] = part.split(' ');
  return Object.entries(TO_DO).find(([name]) => name === first)?.[1];
};
