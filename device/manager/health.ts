/** The terminal's health as a manager and a technician read it (端末の状態): one line a part. */
import { REFUSALS_JA, type RefusalReason } from '../../shared/refusal.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import { agesByGateJa } from '../other-gates.ts';
import type { NamesFault } from '../sealed-file.ts';
import type { TerminalStatus } from '../terminal-status.ts';

export interface HealthLine {
  readonly part: string;
  readonly text: string;
  readonly isGood: boolean;
}

export interface HealthFacts {
  readonly status: TerminalStatus;
  /** Wall time of the oldest touch that the gateway has not receipted. */
  readonly oldestUnsent: UtcMs | undefined;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** End of the terminal's certificate; undefined where it has none. */
  readonly certificateEnds: UtcMs | undefined;
  /** Why it could not be renewed. */
  readonly certificateFault: string | undefined;
  readonly namesFault: NamesFault | undefined;
  /** Folders of broken journals that nobody has taken away yet. */
  readonly setAside: readonly string[];
  readonly version: string;
  readonly journalEntries: number;
}

/** Below it a site of 5,000 workers fills the card within days: 2 touches × 600 bytes a worker and day. */
const DISK_FREE_BYTES_MIN = 200_000_000;
/** Renewal comes long before. */
export const CERTIFICATE_DAYS_MIN = 14;
const UNSENT_AGE_MAX = 24 * HOUR_MS;

const ago = (ms: number): string => {
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)}日前`;
  if (ms >= 2 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)}時間前`;
  return `${Math.max(0, Math.floor(ms / MINUTE_MS))}分前`;
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const readerLines = ({ readers, readersFault, cameras }: TerminalStatus): readonly HealthLine[] => [
  ...(readersFault === undefined
    ? []
    : [{ part: 'リーダー', text: `使えません（${readersFault}）`, isGood: false }]),
  ...readers.map(({ place, reader, attached, fault }) => ({
    part: `リーダー ${place.readerId}`,
    text: `${attached ? '接続' : '外れています'}${reader === place.readerId ? '' : `・${reader}`}${fault === undefined ? '' : `（${fault}）`}`,
    isGood: attached && fault === undefined,
  })),
  ...cameras.map(({ camera, attached, fault }) => ({
    part: `カメラ ${camera}`,
    text: `${attached ? '接続' : '外れています'}${fault === undefined ? '' : `（${fault}）`}`,
    isGood: attached && fault === undefined,
  })),
];

const refusedJa = (reason: RefusalReason): string =>
  `（中継サーバが記録を受け付けません: ${REFUSALS_JA[reason]}。タッチは端末に残っています。中継サーバの担当者に、端末一覧の警報を見るよう伝えてください）`;

const linkLine = ({ isLinked, syncFault }: TerminalStatus): HealthLine => ({
  part: '通信',
  text: `${isLinked ? '接続中' : 'オフライン'}${syncFault === undefined ? '' : refusedJa(syncFault)}`,
  isGood: isLinked && syncFault === undefined,
});

const otherGatesLines = ({ otherGates, clock }: TerminalStatus): readonly HealthLine[] => {
  if (otherGates.kind !== 'told') return [];
  const gates = otherGates.gates.map(({ gate }) => gate).join('、');
  const ages = agesByGateJa(otherGates, clock.wallMs);
  return [
    {
      part: '他のゲート',
      text: ages ?? `最新（${gates}）`,
      isGood: ages === undefined,
    },
  ];
};

const rosterLine = ({
  rosterIndex,
  isRosterOld,
  rosterFault,
  clock,
}: TerminalStatus): HealthLine => {
  const refused =
    rosterFault === undefined
      ? ''
      : `（届いた名簿を受け取れません: ${rosterFault}。中継サーバの担当者に、端末一覧の警報を見るよう伝えてください）`;
  if (rosterIndex === undefined) return { part: '名簿', text: `未受信${refused}`, isGood: false };
  const { version, issuedAtMs, workers } = rosterIndex.roster;
  return {
    part: '名簿',
    text: `${workers.length}名・第${version}版・${ago(clock.wallMs - issuedAtMs)}${refused}`,
    isGood: !isRosterOld && rosterFault === undefined,
  };
};

const certificateLine = ({
  status,
  certificateEnds,
  certificateFault,
}: HealthFacts): HealthLine => {
  const part = '証明書';
  if (certificateEnds === undefined) return { part, text: 'なし', isGood: false };
  const leftMs = certificateEnds - status.clock.wallMs;
  const left = leftMs < 0 ? '期限切れ' : `あと${Math.floor(leftMs / DAY_MS)}日`;
  return {
    part,
    text:
      certificateFault === undefined ? left : `${left}（更新できていません。${certificateFault}）`,
    isGood: certificateFault === undefined && leftMs >= CERTIFICATE_DAYS_MIN * DAY_MS,
  };
};

const NAMES_FAULTS: Readonly<Record<NamesFault, string>> = {
  'no-key':
    '鍵がないため保管していません（電源を切ると消え、通信がつながると届きます）。sudo genba enrol --replace',
  broken: '開けないため捨てました（通信がつながると届きます）',
};

const namesLine = ({ namesFault }: HealthFacts): HealthLine => ({
  part: '名簿の暗号化',
  text: namesFault === undefined ? '正常' : NAMES_FAULTS[namesFault],
  isGood: namesFault === undefined,
});

const setAsideLine = ({ setAside }: HealthFacts): HealthLine => ({
  part: '退避した記録',
  text:
    setAside.length === 0
      ? 'なし'
      : `${setAside.join('、')}（未送信のタッチが残っていることがあります。sudo genba rescue で読み出し、中継サーバに取り込んだら消してください）`,
  isGood: setAside.length === 0,
});

export const healthLines = (facts: HealthFacts): readonly HealthLine[] => {
  const { status, oldestUnsent, disk } = facts;
  const now = status.clock.wallMs;
  const unsentAge = oldestUnsent === undefined ? 0 : now - oldestUnsent;
  return [
    {
      part: '記録',
      text: status.storageFault === undefined ? 'できます' : `できません（${status.storageFault}）`,
      isGood: status.storageFault === undefined,
    },
    linkLine(status),
    ...otherGatesLines(status),
    {
      part: '未送信',
      text: `${status.unsentTaps}件${oldestUnsent === undefined ? '' : `（最も古いもの ${ago(unsentAge)}）`}`,
      isGood: unsentAge < UNSENT_AGE_MAX,
    },
    ...readerLines(status),
    {
      part: '時計',
      text: status.clock.trust === 'trusted' ? '同期済み' : '未同期（時刻は後で確定します）',
      isGood: status.clock.trust === 'trusted',
    },
    rosterLine(status),
    disk === undefined
      ? { part: 'ディスク', text: '読めません', isGood: false }
      : {
          part: 'ディスク',
          text: `空き ${gigabytes(disk.freeBytes)} / ${gigabytes(disk.totalBytes)}・記録 ${facts.journalEntries}件`,
          isGood: disk.freeBytes >= DISK_FREE_BYTES_MIN,
        },
    {
      part: 'ランプ・ブザー',
      text: status.signalsFault === undefined ? '正常' : `使えません（${status.signalsFault}）`,
      isGood: status.signalsFault === undefined,
    },
    certificateLine(facts),
    namesLine(facts),
    setAsideLine(facts),
    { part: 'バージョン', text: facts.version, isGood: true },
  ];
};
