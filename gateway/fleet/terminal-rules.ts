/**
 * What is wrong with a terminal (端末の警報の規則): one row a rule, each a pure judgement.
 *
 * The deadlines are settings; the texts are what a person reads in the list and in the message.
 */
import { REFUSALS_JA, RefusalReason } from '../../shared/refusal.ts';
import type { TerminalState } from '../../shared/terminal-state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { TerminalContact } from './contacts.ts';
import {
  DISK_ADVICE,
  FINE,
  type Incident,
  incidentRule,
  type Judgement,
  megabytes,
  type RuleOf,
  UNKNOWN,
  wrong,
} from './judgement.ts';
import { isOlderVersion } from './older-version.ts';
import { silentSince } from './watch-hours.ts';

export interface TerminalFacts {
  readonly contact: TerminalContact;
  readonly gatewayVersion: string;
  readonly incidents: readonly Incident[];
}

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

const foreignSitesJa = (incidents: readonly Incident[]): string => {
  const sites = new Set(incidents.flatMap(({ detail = '' }) => detail.split(' ').filter(Boolean)));
  return sites.size === 0 ? '' : `現場 ${[...sites].join('、')}`;
};

const partGoneMs = ({ partGoneMinutes }: AlertSettings): number => partGoneMinutes * MINUTE_MS;

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
    rule: 'wrong-site',
    level: 'critical',
    titleJa: '登録されたことのない現場の記録が届きました',
    adviceJa:
      'この端末の記録は、ここから先が届いていません（タッチは端末に残っています）。端末の実物と、その設定の現場を確かめてください。その現場で正しければ、端末をそこで登録し直すか、中継サーバの設定の furtherSiteIds に加えると、すべて届きます。身に覚えがなければ鍵が盗まれた疑いがあります。端末を失効させてください。',
    judge: incidentRule('wrong-site', foreignSitesJa),
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
    judge: ofState(({ faults }) => {
      const fault = faults.find(({ part }) => part === 'sync');
      if (fault === undefined) return FINE;
      const known = RefusalReason.safeParse(fault.reason).data;
      return wrong(known === undefined ? fault.reason : REFUSALS_JA[known]);
    }),
  },
  {
    rule: 'roster-refused',
    level: 'critical',
    titleJa: '端末が名簿を受け取れません',
    adviceJa:
      '端末は前の名簿で判定を続けています。署名が合わないときは端末を登録し直してください。大きすぎるときは、現場への配置の終わった人を登録データから外してください。',
    judge: faultRule('roster', () => 0),
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
