/**
 * Days that a person has to look at (要確認): what cannot be settled, what waits for approval, and what
 * was approved for work that is not there. None of it stops a document from being imported.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import {
  DAY_MS,
  type Dated,
  dateInJapan,
  isValidOn,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import { holderOf, type RegistryIndex } from '../registry/registry.ts';
import type { Contribution } from './contribution.ts';

/** A day that cannot be settled yet, and who can mend it. */
export interface Unresolved {
  readonly reason:
    | 'unknown-card'
    | 'unknown-worker'
    | 'no-employer'
    | 'no-contract'
    /** The shift would earn more than one day, and nobody has said yes or no. */
    | 'awaiting-approval'
    /** Days were approved for a date on which the worker did not work. */
    | 'approval-without-work'
    /** More days were approved than the shift earns. */
    | 'approval-beyond-shift'
    /** Two workers have one 被共済者番号: one of them is paid into the other's book. */
    | 'member-no-shared'
    /** Stood unpaid for more than 730 days: nobody can pay it any more, and somebody has to see to it. */
    | 'too-late'
    /** A touch claims to be later than its own arrival. */
    | 'future-dated'
    /** A touch of a boot whose clock was never right. */
    | 'undated';
  readonly mendedBy: 'prime' | 'employer';
  readonly siteId?: SiteId;
  readonly workDate: WorkDate;
  readonly workerId?: WorkerId;
  readonly cardId?: string;
  /** Who would pay, and what the shift would earn, where the day is a contribution. */
  readonly companyId?: CompanyId;
  readonly candidateDays?: number;
  readonly evidence: readonly string[];
}

export const unresolvedDay = (
  day: AttendanceDay,
  reason: Unresolved['reason'],
  mendedBy: Unresolved['mendedBy'],
): Unresolved => ({
  reason,
  mendedBy,
  siteId: day.siteId,
  workDate: day.workDate,
  ...(day.subject.kind === 'worker'
    ? { workerId: day.subject.workerId }
    : { cardId: day.subject.cardId }),
  evidence: day.evidence,
});

/** A clock that becomes right within a day of the touch's arrival still dates it by itself. */
const UNDATED_AFTER_MS = DAY_MS;

/**
 * Touches that make no day by themselves. The day that is named is that of the touch's arrival: it was then at
 * the latest.
 */
export const waitingDays = (
  registry: RegistryIndex,
  touches: readonly WaitingTouch[],
  now: UtcMs,
): readonly Unresolved[] => {
  const pressing = touches.filter(
    ({ reason, receivedAt }) => reason !== 'undated' || now - receivedAt >= UNDATED_AFTER_MS,
  );
  const days = Map.groupBy(pressing, (touch) => waitingKey(waitingDay(registry, touch)));
  return [...days.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...waitingDay(registry, first), evidence: [first, ...others].map(({ id }) => id) }],
  );
};

const waitingDay = (
  registry: RegistryIndex,
  { reason, siteId, bearer, receivedAt }: WaitingTouch,
): Omit<Unresolved, 'evidence'> => {
  const workDate = dateInJapan(receivedAt);
  const workerId =
    bearer.kind === 'worker' ? bearer.workerId : holderOf(registry, bearer.cardId, workDate);
  return {
    reason,
    mendedBy: 'prime',
    siteId,
    workDate,
    ...(bearer.kind === 'card' && workerId === undefined ? { cardId: bearer.cardId } : {}),
    ...(workerId === undefined ? {} : { workerId }),
  };
};

const waitingKey = (day: Omit<Unresolved, 'evidence'>): string =>
  [day.reason, day.siteId, day.workDate, day.workerId, day.cardId].join(' ');

/** The touches that such a day is of. */
export const waitingOfDay = (
  registry: RegistryIndex,
  touches: readonly WaitingTouch[],
  day: Unresolved,
): readonly WaitingTouch[] =>
  touches.filter((touch) => waitingKey(waitingDay(registry, touch)) === waitingKey(day));

/** The latest approval of that date; undefined while there is none. */
export const approvalOf = (
  { approvalsByWorker }: Pick<RegistryIndex, 'approvalsByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
) => {
  const rows = (approvalsByWorker.get(workerId) ?? []).filter(({ workDate }) => workDate === date);
  const [first, ...others] = rows;
  return others.reduce(
    (latest, row) =>
      latest !== undefined && Date.parse(row.at) < Date.parse(latest.at) ? latest : row,
    first,
  );
};

/** The latest approval wins; without one, and where it says less, a worked day is one day. */
export const approvedDays = (
  registry: Pick<RegistryIndex, 'approvalsByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
): number => Math.max(1, approvalOf(registry, workerId, date)?.days ?? 1);

/** The shift would earn more than one day, and nobody has said yes or no. */
export const isAwaitingApproval = (
  registry: Pick<RegistryIndex, 'approvalsByWorker'>,
  { candidateDays, notPayable, workerId, workDate }: Contribution,
): boolean =>
  candidateDays > 1 &&
  notPayable === undefined &&
  approvalOf(registry, workerId, workDate) === undefined;

/** 被共済者番号 that stand at more than one worker. */
export const sharedMemberNos = ({ workerById }: RegistryIndex): ReadonlySet<string> => {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { memberNo } of workerById.values()) {
    if (memberNo === undefined) continue;
    if (seen.has(memberNo)) shared.add(memberNo);
    seen.add(memberNo);
  }
  return shared;
};

const doubtOf = (
  row: Contribution,
  reason: Unresolved['reason'],
  mendedBy: Unresolved['mendedBy'],
): Unresolved => ({
  reason,
  mendedBy,
  ...(row.siteId === undefined ? {} : { siteId: row.siteId }),
  workDate: row.workDate,
  workerId: row.workerId,
  companyId: row.companyId,
  candidateDays: row.candidateDays,
  evidence: row.evidence,
});

/** `scope`: the work dates that were asked for; approvals of other dates say nothing here. */
export const doubtfulApprovals = (
  registry: RegistryIndex,
  contributions: readonly Contribution[],
  scope: Dated,
): readonly Unresolved[] => {
  const doubts: Unresolved[] = [];
  const shared = sharedMemberNos(registry);
  const candidateDays = new Map<string, number>();
  for (const row of contributions) {
    const { workerId, workDate } = row;
    if (shared.size > 0 && shared.has(registry.workerById.get(workerId)?.memberNo ?? ''))
      doubts.push(doubtOf(row, 'member-no-shared', 'employer'));
    if (row.notPayable === 'too-late')
      doubts.push(doubtOf(row, 'too-late', row.contractId === undefined ? 'employer' : 'prime'));
    if (registry.approvalsByWorker.has(workerId)) {
      const key = `${workerId} ${workDate}`;
      candidateDays.set(key, Math.max(candidateDays.get(key) ?? 0, row.candidateDays));
    }
    if (isAwaitingApproval(registry, row)) doubts.push(doubtOf(row, 'awaiting-approval', 'prime'));
  }
  for (const [workerId, rows] of registry.approvalsByWorker) {
    for (const workDate of new Set(rows.map((row) => row.workDate))) {
      if (!isValidOn(scope, workDate)) continue;
      const earned = candidateDays.get(`${workerId} ${workDate}`);
      const days = approvalOf(registry, workerId, workDate)?.days ?? 0;
      if (earned !== undefined && days <= earned) continue;
      const reason = earned === undefined ? 'approval-without-work' : 'approval-beyond-shift';
      doubts.push({ reason, mendedBy: 'prime', workDate, workerId, evidence: [] });
    }
  }
  return doubts;
};
