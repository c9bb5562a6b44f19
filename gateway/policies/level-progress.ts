/**
 * レベルまでの距離: how many days, and days as 職長 or 班長, a worker has in a trade, and how many are left.
 *
 * Only full work-history records count: without 施工体制 they lack 職種 and 立場, which levels need
 * (miyagi-ccus.com/works14.html). What CCUS counted before is the registry's `careerDays`; our own days
 * are added from the day after. Two sites on one date are one day.
 */
import type { WorkerId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import { criterionFor, type LevelCriterion } from './level-criteria.ts';
import type { WorkHistoryRecord } from './work-history.ts';

export interface LevelProgress {
  readonly workerId: WorkerId;
  readonly trade: string;
  readonly level: 1 | 2 | 3 | 4;
  /** Absent at level 4. */
  readonly nextLevel?: 2 | 3 | 4;
  readonly days: number;
  readonly foremanDays: number;
  /** 職長 and 班長 together. */
  readonly leaderDays: number;
  /** Days with a record that lacks something: they do not count until it is mended. */
  readonly incompleteDays: number;
  /** Absent where no criterion of the trade and level is known. */
  readonly daysLeft?: number;
  readonly foremanDaysLeft?: number;
  readonly leaderDaysLeft?: number;
  readonly qualificationsToCheck: readonly string[];
  readonly source?: string;
}

/** Progress with what it was counted from. */
export interface ReasonedProgress {
  readonly progress: LevelProgress;
  /** What was counted before this system. */
  readonly base: RegistryRow<'careerDays'> | undefined;
  /** Full records after it, in no promised order; several of one date count once. */
  readonly counted: readonly WorkHistoryRecord[];
  readonly lacking: readonly WorkHistoryRecord[];
  readonly criterion: LevelCriterion | undefined;
}

const NEXT = { 1: 2, 2: 3, 3: 4, 4: undefined } as const;

/** 職長 or 班長 */
export const isLeader = ({ role }: WorkHistoryRecord): boolean =>
  role === 'foreman' || role === 'crew-leader';

const left = (needed: number | undefined, has: number): number | undefined =>
  needed === undefined ? undefined : Math.max(0, needed - has);

interface Known {
  readonly registry: RegistryIndex;
  readonly criteria: Registry['levelCriteria'];
  readonly careerDays: Registry['careerDays'];
}

const progressOf = (
  { registry, criteria, careerDays }: Known,
  workerId: WorkerId,
  trade: string,
  records: readonly WorkHistoryRecord[],
  until: WorkDate,
): ReasonedProgress => {
  const base = careerDays
    .filter((row) => row.workerId === workerId && row.trade === trade && row.asOf <= until)
    .sort((a, b) => (a.asOf < b.asOf ? 1 : -1))[0];
  const counted = records.filter(
    ({ workDate, complete }) => complete && (base === undefined || workDate > base.asOf),
  );
  const dates = (of: readonly WorkHistoryRecord[]): ReadonlySet<WorkDate> =>
    new Set(of.map(({ workDate }) => workDate));
  const full = dates(counted);
  const foreman = dates(counted.filter(({ role }) => role === 'foreman'));
  const leader = dates(counted.filter(isLeader));
  const incomplete = records.filter(({ complete }) => !complete);
  const lacking = dates(incomplete);
  const days = (base?.days ?? 0) + full.size;
  const foremanDays = (base?.foremanDays ?? 0) + foreman.size;
  const leaderDays = (base?.foremanDays ?? 0) + (base?.crewLeaderDays ?? 0) + leader.size;
  const level = registry.workerById.get(workerId)?.level ?? 1;
  const nextLevel = NEXT[level];
  const criterion =
    nextLevel === undefined ? undefined : criterionFor(criteria, trade, nextLevel, until);
  const daysLeft = left(criterion?.days, days);
  const foremanDaysLeft = left(criterion?.foremanDays, foremanDays);
  const leaderDaysLeft = left(criterion?.leaderDays, leaderDays);
  const progress = {
    workerId,
    trade,
    level,
    ...(nextLevel === undefined ? {} : { nextLevel }),
    days,
    foremanDays,
    leaderDays,
    incompleteDays: [...lacking].filter((date) => !full.has(date)).length,
    ...(daysLeft === undefined ? {} : { daysLeft }),
    ...(foremanDaysLeft === undefined ? {} : { foremanDaysLeft }),
    ...(leaderDaysLeft === undefined ? {} : { leaderDaysLeft }),
    qualificationsToCheck: criterion?.qualifications ?? [],
    ...(criterion === undefined ? {} : { source: criterion.source }),
  };
  return {
    progress,
    base,
    counted,
    lacking: incomplete.filter(({ workDate }) => !full.has(workDate)),
    criterion,
  };
};

/** Every worker and trade with days. `records`: of all sites, up to `until`. */
export const reasonedProgress = (
  known: Known,
  records: readonly WorkHistoryRecord[],
  until: WorkDate,
): readonly ReasonedProgress[] => {
  const groups = new Map<
    string,
    { readonly workerId: WorkerId; readonly trade: string; readonly of: WorkHistoryRecord[] }
  >();
  const groupOf = (workerId: WorkerId, trade: string) => {
    const key = `${workerId} ${trade}`;
    const group = groups.get(key) ?? { workerId, trade, of: [] };
    groups.set(key, group);
    return group;
  };
  for (const record of records) {
    const { workerId, trade, workDate } = record;
    if (trade !== undefined && trade !== '' && workDate <= until)
      groupOf(workerId, trade).of.push(record);
  }
  for (const { workerId, trade } of known.careerDays) groupOf(workerId, trade);
  return [...groups.values()].map(({ workerId, trade, of }) =>
    progressOf(known, workerId, trade, of, until),
  );
};

/** The progress alone. */
export const levelProgress = (
  known: Known,
  records: readonly WorkHistoryRecord[],
  until: WorkDate,
): readonly LevelProgress[] =>
  reasonedProgress(known, records, until).map(({ progress }) => progress);
