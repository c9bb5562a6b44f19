/**
 * What is wrong with a terminal or with the gateway (警報の規則): one row a rule, each a pure judgement.
 *
 * The deadlines are settings; the texts are what a person reads in the list and in the message.
 */
import type { TerminalId } from '../../shared/ids.ts';
import type { TerminalState } from '../../shared/terminal-state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { TerminalContact } from './contacts.ts';
import { isOlderVersion } from './older-version.ts';
import { silentSince } from './watch-hours.ts';

/** `afterMs`: how long it may last before it is an alert. `since` undefined: since it is first seen. */
export type Judgement =
  | { readonly kind: 'fine' }
  /** Cannot be told now, as when the terminal is silent: whatever stood, stands. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'wrong';
      readonly since: UtcMs | undefined;
      readonly afterMs: number;
      /** What exactly, for people; no personal data. */
      readonly detail: string;
    };

export interface Incident {
  /** `clone` and `ledger-chain` come from the audit log, the others from quarantine. */
  readonly reason: 'conflict' | 'broken-chain' | 'clone' | 'ledger-chain' | 'other';
  /** The last of its kind. */
  readonly at: UtcMs;
  /** Whom it names; that terminal may be known no more. */
  readonly terminalId?: TerminalId | undefined;
}

export interface TerminalFacts {
  readonly contact: TerminalContact;
  readonly gatewayVersion: string;
  readonly incidents: readonly Incident[];
}

export interface GatewayFacts {
  /** What is no known terminal's. */
  readonly incidents: readonly Incident[];
  readonly diskFreeBytes: number | undefined;
  readonly waitingTouches: readonly Pick<WaitingTouch, 'reason' | 'terminalId'>[];
  /** What of the nightly work failed when it last ran, as people call it. */
  readonly failedJobs: readonly string[];
  /** 期限の暦: what has passed and is not done, as the last night counted it. */
  readonly overdueDeadlines: number;
}

interface RuleOf<Facts> {
  readonly rule: string;
  readonly level: 'critical' | 'warning';
  readonly titleJa: string;
  /** Who should do what. */
  readonly adviceJa: string;
  readonly judge: (facts: Facts, settings: AlertSettings, now: UtcMs) => Judgement;
}

/** In the words of one alert. */
const TERMINALS_NAMED_MAX = 5;

const FINE: Judgement = { kind: 'fine' };
const UNKNOWN: Judgement = { kind: 'unknown' };
const wrong = (detail = '', afterMs = 0, since?: UtcMs): Judgement => ({
  kind: 'wrong',
  since,
  afterMs,
  detail,
});

/** A state older than this tells nothing of now: terminals speak about once a minute. */
export const STATE_FRESH_MS = 3 * MINUTE_MS;

/** Judges what a terminal says of itself, as long as it says anything. */
const ofState =
  (
    judge: (state: TerminalState, stateAt: UtcMs, settings: AlertSettings, now: UtcMs) => Judgement,
  ): RuleOf<TerminalFacts>['judge'] =>
  ({ contact: { isOnline, state, stateAt } }, settings, now) =>
    !isOnline || state === undefined || stateAt === undefined || now - stateAt > STATE_FRESH_MS
      ? UNKNOWN
      : judge(state, stateAt, settings, now);

const faultRule = (
  part: TerminalState['faults'][number]['part'],
  afterMs: (settings: AlertSettings) => number,
): RuleOf<TerminalFacts>['judge'] =>
  ofState((state, _at, settings) => {
    const fault = state.faults.find((each) => each.part === part);
    return fault === undefined ? FINE : wrong(fault.reason, afterMs(settings));
  });

const incidentRule =
  (reason: Incident['reason'], detailOf: (recent: readonly Incident[]) => string = () => '') =>
  (
    { incidents }: { readonly incidents: readonly Incident[] },
    { incidentHours }: AlertSettings,
    now: UtcMs,
  ): Judgement => {
    const recent = incidents.filter(
      (each) => each.reason === reason && now - each.at < incidentHours * HOUR_MS,
    );
    return recent.length === 0 ? FINE : wrong(detailOf(recent));
  };
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

const partGoneMs = ({ partGoneMinutes }: AlertSettings): number => partGoneMinutes * MINUTE_MS;
const megabytes = (bytes: number): string => `空き ${Math.floor(bytes / 1e6)} MB`;
const DISK_ADVICE = '不要なファイルを消すか、容量の大きいものに替えてください。';

/** Age of the oldest unsent touch: by the terminal's own clock, which need not be right, plus what has passed since. */
export const unsentAgeMs = (state: TerminalState, stateAt: UtcMs, now: UtcMs): number =>
  state.queue.oldestMs === undefined
    ? 0
    : Math.max(0, state.atMs - state.queue.oldestMs) + Math.max(0, now - stateAt);

export const TERMINAL_RULES = [
  {
    rule: 'terminal-silent',
    level: 'critical',
    titleJa: '端末から連絡がありません',
    adviceJa: '現場で電源と通信を確かめてください。タッチは端末に残り、つながれば届きます。',
    judge: ({ contact: { lastHeardAt } }, settings, now) => {
      if (lastHeardAt === undefined || now - lastHeardAt <= STATE_FRESH_MS) return FINE;
      const since = silentSince(lastHeardAt, settings.watch, now);
      return since === undefined ? UNKNOWN : wrong('', settings.silentMinutes * MINUTE_MS, since);
    },
  },
  {
    rule: 'cannot-record',
    level: 'critical',
    titleJa: '端末が記録できません',
    adviceJa: '代わりの端末か紙の出面に切り替え、SD カードを確かめてください。',
    judge: faultRule('storage', () => 0),
  },
  {
    rule: 'journal-set-aside',
    level: 'critical',
    titleJa: '端末の記録が壊れ、退避されています',
    adviceJa:
      '届いていないタッチが残っていることがあります。端末で sudo genba rescue により読み出し、中継サーバに取り込んでから、そのフォルダを消してください。',
    judge: faultRule('set-aside', () => 0),
  },
  {
    rule: 'reader-gone',
    level: 'critical',
    titleJa: 'カードリーダーが使えません',
    adviceJa: 'リーダーの USB を差し直してください。番号の手入力は使えます。',
    judge: ofState(({ readers, faults }, _at, settings) => {
      const all = faults.find(({ part }) => part === 'readers');
      const gone = readers.filter(({ isAttached }) => !isAttached);
      if (all !== undefined) return wrong(all.reason, partGoneMs(settings));
      return gone.length === 0
        ? FINE
        : wrong(gone.map(({ readerId }) => readerId).join('、'), partGoneMs(settings));
    }),
  },
  {
    rule: 'conflict',
    level: 'critical',
    titleJa: '端末の記録が台帳と食い違います',
    adviceJa: '端末の複製か差し替えが疑われます。端末を止めて調べてください。',
    judge: incidentRule('conflict'),
  },
  {
    rule: 'chain-broken',
    level: 'critical',
    titleJa: '端末の記録の署名か連鎖が合いません',
    adviceJa: '改ざんか故障が疑われます。端末を止めて調べてください。',
    judge: incidentRule('broken-chain'),
  },
  {
    rule: 'clone-suspected',
    level: 'critical',
    titleJa: '同じ証明書が二か所で使われています',
    adviceJa:
      '端末の複製が疑われます。失効していなければ失効させ、端末を確かめて登録し直してください。',
    judge: incidentRule('clone'),
  },
  {
    rule: 'sync-refused',
    level: 'critical',
    titleJa: '端末の記録を中継サーバが受け付けません',
    adviceJa: '端末一覧の下の「隔離の一覧」を確かめてください。記録は端末に残っています。',
    judge: faultRule('sync', () => 0),
  },
  {
    rule: 'unsent-old',
    level: 'warning',
    titleJa: '未送信のタッチが残っています',
    adviceJa: '通信は生きています。中継サーバの空き容量と記録を確かめてください。',
    judge: ofState((state, stateAt, { unsentHours }, now) =>
      unsentAgeMs(state, stateAt, now) > unsentHours * HOUR_MS
        ? wrong(`${state.queue.unsentTaps}件`)
        : FINE,
    ),
  },
  {
    rule: 'clock-untrusted',
    level: 'warning',
    titleJa: '端末の時計が合っていません',
    adviceJa: '時刻サーバ（NTP）への通信を確かめてください。時刻は後で確定します。',
    judge: ofState(({ clock, uptimeMs }, stateAt, { clockUntrustedMinutes }) =>
      clock === 'trusted'
        ? FINE
        : // Trust is gained once in a boot and then kept: untrusted now is untrusted since the start.
          wrong('', clockUntrustedMinutes * MINUTE_MS, utcMs(Math.max(0, stateAt - uptimeMs))),
    ),
  },
  {
    rule: 'clock-off',
    level: 'warning',
    titleJa: '端末の時計が中継サーバとずれています',
    adviceJa: '端末と中継サーバの時刻合わせを確かめてください。',
    judge: ofState(({ clock, atMs }, stateAt, { clockOffSeconds }) => {
      const offSeconds = Math.round((atMs - stateAt) / 1_000);
      return clock === 'trusted' && Math.abs(offSeconds) > clockOffSeconds
        ? wrong(`${offSeconds > 0 ? '+' : ''}${offSeconds}秒`, 10 * MINUTE_MS)
        : FINE;
    }),
  },
  {
    rule: 'disk-low',
    level: 'warning',
    titleJa: '端末の空き容量が少なくなっています',
    adviceJa: DISK_ADVICE,
    judge: ofState(({ disk }, _at, { diskFreeMegabytes }) =>
      disk !== undefined && disk.freeBytes < diskFreeMegabytes * 1e6
        ? wrong(megabytes(disk.freeBytes))
        : FINE,
    ),
  },
  {
    rule: 'certificate-expiring',
    level: 'warning',
    titleJa: '端末の証明書の期限が近づいています',
    adviceJa:
      '自動更新が働いていません。端末から中継サーバの受付（8322 番）に届くか確かめ、だめなら端末の登録をやり直してください。',
    judge: ({ contact: { state } }, { certificateDays }, now) => {
      const ends = state?.certificateEndsMs;
      if (ends === undefined) return state === undefined ? UNKNOWN : FINE;
      const days = Math.floor((ends - now) / DAY_MS);
      if (days >= certificateDays) return FINE;
      const left = days < 0 ? '期限切れ' : `あと${days}日`;
      const fault = state?.faults.find(({ part }) => part === 'certificate');
      return wrong(fault === undefined ? left : `${left}（${fault.reason}）`);
    },
  },
  {
    rule: 'version-old',
    level: 'warning',
    titleJa: '端末のソフトウェアが古いままです',
    adviceJa:
      '更新には不具合と脆弱性の修正が含まれます。端末のパッケージを更新してください。記録は残ります。',
    judge: (facts, settings, now) =>
      ofState(({ version }) =>
        isOlderVersion(version, facts.gatewayVersion)
          ? wrong(
              `${version}（中継サーバは ${facts.gatewayVersion}）`,
              settings.versionDays * DAY_MS,
            )
          : FINE,
      )(facts, settings, now),
  },
  {
    rule: 'roster-old',
    level: 'warning',
    titleJa: '端末の名簿が古くなっています',
    adviceJa: '名簿が届いていません。端末の登録と中継サーバの鍵を確かめてください。',
    judge: ofState(({ roster }, _at, { rosterHours }, now) =>
      roster === undefined || now - roster.issuedAtMs > rosterHours * HOUR_MS
        ? wrong(roster === undefined ? '未受信' : '', roster === undefined ? HOUR_MS : 0)
        : FINE,
    ),
  },
  {
    rule: 'camera-gone',
    level: 'warning',
    titleJa: '顔認証カメラが外れています',
    adviceJa: 'カメラの配線と電源を確かめてください。',
    judge: ofState(({ cameras }, _at, settings) => {
      const gone = cameras.filter(({ isAttached }) => !isAttached);
      return gone.length === 0
        ? FINE
        : wrong(gone.map(({ camera }) => camera).join('、'), partGoneMs(settings));
    }),
  },
  {
    rule: 'signals-gone',
    level: 'warning',
    titleJa: 'ランプ・ブザーが使えません',
    adviceJa: '配線を確かめてください。記録と画面は働いています。',
    judge: faultRule('signals', partGoneMs),
  },
  {
    rule: 'card-left',
    level: 'warning',
    titleJa: 'カードが置かれたままです',
    adviceJa: '置き忘れのカードを取り除いてください。ほかの人がタッチできません。',
    judge: ofState(({ readers }, _at, settings) => {
      const left = readers.filter(({ isCardLeft }) => isCardLeft);
      return left.length === 0
        ? FINE
        : wrong(left.map(({ readerId }) => readerId).join('、'), partGoneMs(settings));
    }),
  },
] as const satisfies readonly RuleOf<TerminalFacts>[];

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

export type RuleName = (typeof TERMINAL_RULES | typeof GATEWAY_RULES)[number]['rule'];
