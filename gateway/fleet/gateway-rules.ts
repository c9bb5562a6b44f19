/** What is wrong with the gateway itself (中継サーバの警報の規則): one row a rule, each a pure judgement. */
import { DAY_MS } from '../../shared/time.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import {
  DISK_ADVICE,
  FINE,
  type Incident,
  incidentRule,
  megabytes,
  type RuleOf,
  UNKNOWN,
  wrong,
} from './judgement.ts';

export interface GatewayFacts {
  /** What is no known terminal's. */
  readonly incidents: readonly Incident[];
  readonly diskFreeBytes: number | undefined;
  readonly waitingTouches: readonly Pick<WaitingTouch, 'reason' | 'terminalId'>[];
  /** What of the nightly work failed when it last ran, as people call it. */
  readonly failedJobs: readonly string[];
  /** What of certificates and revocation lists could not be brought up to date. */
  readonly trustFaults: readonly string[];
  /** 期限の暦: what has passed and is not done, as the last night counted it. */
  readonly overdueDeadlines: number;
}

/** In the words of one alert. */
const TERMINALS_NAMED_MAX = 5;

const terminalsNamed = (incidents: readonly Incident[]): string =>
  [...new Set(incidents.flatMap(({ terminalId }) => terminalId ?? []))]
    .slice(0, TERMINALS_NAMED_MAX)
    .join('、');

/** How many wait, and from which terminals. */
const waitingRule =
  (reason: WaitingTouch['reason'], afterMs: number): RuleOf<GatewayFacts>['judge'] =>
  ({ waitingTouches }) => {
    const waiting = waitingTouches.filter((touch) => touch.reason === reason);
    const terminals = [...new Set(waiting.map(({ terminalId }) => terminalId))].toSorted();
    const named = terminals.slice(0, TERMINALS_NAMED_MAX).join('、');
    const more = terminals.length > TERMINALS_NAMED_MAX ? 'ほか' : '';
    return waiting.length === 0 ? FINE : wrong(`${waiting.length}件（${named}${more}）`, afterMs);
  };

export const GATEWAY_RULES = [
  {
    rule: 'gateway-disk-low',
    level: 'critical',
    titleJa: '中継サーバの空き容量が少なくなっています',
    adviceJa: DISK_ADVICE,
    judge: ({ diskFreeBytes }, { diskFreeMegabytes }) => {
      if (diskFreeBytes === undefined) return UNKNOWN;
      return diskFreeBytes < diskFreeMegabytes * 1e6 ? wrong(megabytes(diskFreeBytes)) : FINE;
    },
  },
  {
    rule: 'clone-revoked',
    level: 'critical',
    titleJa: '複製された端末の証明書を失効させました',
    adviceJa:
      '同じ証明書が二か所で使われました。端末の実物を確かめ、同じ名前で登録し直してください。記録は端末に残っています。',
    // Of a terminal that is known no more; one that is known has the rule of its own.
    judge: incidentRule('clone', terminalsNamed),
  },
  {
    rule: 'trust-stale',
    level: 'critical',
    titleJa: '証明書か失効リストを更新できません',
    adviceJa:
      '失効させた端末がまだ入れることがあり、期限が切れると端末はつながりません。フォルダとファイルの権限、空き容量を確かめてください。直れば1分以内に自動で更新されます。',
    judge: ({ trustFaults }) => (trustFaults.length === 0 ? FINE : wrong(trustFaults.join('、'))),
  },
  {
    rule: 'ledger-chain-broken',
    level: 'critical',
    titleJa: '台帳か監査記録の連鎖が合いません',
    adviceJa: '改ざんか故障が疑われます。中継サーバを止め、写しを取って調べてください。',
    judge: incidentRule('ledger-chain'),
  },
  {
    rule: 'quarantine',
    level: 'warning',
    titleJa: '受け付けられないメッセージが隔離されました',
    adviceJa: '許可のない送信か、壊れた内容です。端末一覧の下の「隔離の一覧」を確かめてください。',
    judge: incidentRule('other'),
  },
  {
    rule: 'undated-taps',
    level: 'warning',
    titleJa: '日時の決まらないタッチがあります',
    adviceJa: '端末の時計が一度も合わなかった起動のものです。人が日時を決めてください。',
    judge: waitingRule('undated', DAY_MS),
  },
  {
    rule: 'future-dated-taps',
    level: 'critical',
    titleJa: '受信より未来の日時のタッチがあります',
    adviceJa:
      '端末の時計が進んでいます。時計を直し、訂正依頼の画面で、正しい就労日を決めてください。決めるまで出面に数えません。',
    judge: waitingRule('future-dated', 0),
  },
  {
    rule: 'nightly-failed',
    level: 'warning',
    titleJa: '夜間処理が失敗しました',
    adviceJa:
      '次の夜にもう一度行います。続くときは、中継サーバのディスクとログを確かめてください。',
    judge: ({ failedJobs }) => (failedJobs.length === 0 ? FINE : wrong(failedJobs.join('、'))),
  },
  {
    rule: 'deadlines-overdue',
    level: 'warning',
    titleJa: '期限を過ぎた手続があります',
    adviceJa: '管理画面の「期限の暦」で、何を誰がするかを確かめてください。',
    judge: ({ overdueDeadlines }) =>
      overdueDeadlines === 0 ? FINE : wrong(`${overdueDeadlines}件`),
  },
] as const satisfies readonly RuleOf<GatewayFacts>[];
