/** What `genba enrol` says when it does not succeed, and what to do (登録できないときの案内). Pure. */
import type { PortFailure } from '../../device/gateway-port.ts';
import { isoInJapan, MINUTE_MS, type UtcMs } from '../../shared/time.ts';

/** `refused`: nothing is wrong with machine or network, somebody gave the wrong thing. */
export type EnrolFailure =
  | PortFailure
  /** Somebody answers there, and it is not the gateway whose code this is. */
  | { readonly kind: 'not-the-gateway-of-the-code' };

export interface FailureWords {
  readonly end: 'refused' | 'not-good' | 'unreachable';
  readonly message: string;
}

const NEW_CODE = '管理者に新しい登録コードを作ってもらってください';

/** By the gateway's word. */
const REFUSALS: Readonly<Record<string, string>> = {
  'unknown-code': `この登録コードは中継サーバにありません。打ち間違いがなければ、${NEW_CODE}`,
  'expired-code': `登録コードの期限が切れています。${NEW_CODE}`,
  'used-code': `この登録コードは別の端末がもう使いました。心当たりがなければ管理者に知らせ、${NEW_CODE}`,
  'revoked-code': `この登録コードは取り消されています。${NEW_CODE}`,
};

const STRANGER =
  '答えたのは、このコードを作った中継サーバではありません。アドレスを確かめてください。合っているのに続くときは、途中で通信を横取りされているおそれがあります。登録せず、管理者に知らせてください';

const minuteText = (at: UtcMs): string => isoInJapan(at).slice(0, 16).replace('T', ' ');

/** `now` and `gatewayClock` are for a clock that is wrong; the gateway's is not proven yet, and only shown. */
export const failureWords = (
  failure: EnrolFailure,
  {
    url,
    now,
    gatewayClock,
  }: {
    readonly url: string;
    readonly now: UtcMs;
    readonly gatewayClock: UtcMs | undefined;
  },
): FailureWords => {
  switch (failure.kind) {
    case 'refused':
      return {
        end: 'refused',
        message:
          REFUSALS[failure.reason] ?? `中継サーバが断りました（${failure.reason}）。${NEW_CODE}`,
      };
    case 'not-the-gateway-of-the-code':
    case 'stranger':
      return { end: 'refused', message: STRANGER };
    case 'other-name':
      return {
        end: 'refused',
        message: `中継サーバの証明書は ${new URL(url).hostname} という名前ではありません（${failure.detail}）。管理者に聞いた名前で指定するか、中継サーバの設定 trust.names に加えてください`,
      };
    case 'clock':
      return {
        end: 'not-good',
        message: `時計が合っていません。この端末 ${minuteText(now)}${gatewayClock === undefined ? '' : `、中継サーバ ${minuteText(gatewayClock)}`}（日本時間）。sudo timedatectl set-ntp true、または sudo timedatectl set-time で合わせてから、もう一度実行してください`,
      };
    case 'busy':
      return {
        end: 'unreachable',
        message: '試した回数が多すぎます。10分待ってから、もう一度実行してください',
      };
    case 'unreachable':
      return {
        end: 'unreachable',
        message: `${url} につながりません（${failure.detail}）。LANケーブル・Wi-Fi・アドレス・ファイアウォールを確かめ、同じコードでもう一度実行してください`,
      };
  }
};

const CLOCK_APART_MS = 10 * MINUTE_MS;

/** A clock that is off and was good enough to enrol by; undefined where it is well. */
export const clockAdvice = (now: UtcMs, gatewayClock: UtcMs | undefined): string | undefined => {
  if (gatewayClock === undefined) return undefined;
  const apart = Math.abs(now - gatewayClock);
  return apart < CLOCK_APART_MS
    ? undefined
    : `時計が中継サーバと${Math.floor(apart / MINUTE_MS)}分違います。時刻合わせ（NTP）を確かめてください`;
};
