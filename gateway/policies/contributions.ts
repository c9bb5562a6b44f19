/**
 * 掛金 (タッチ=掛金): which day of which worker an employer owes 建退共, how many, and what it costs.
 *
 * Pure. One worker, one employer, one date is one day's work, also across two sites: the hours are added
 * and the day goes to the site of the first touch. Two employers on one date each pay theirs
 * (kentaikyo-facts §1.4). Nothing vanishes: what cannot be settled is listed with who can mend it.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { addDays, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance.ts';
import {
  assignmentOn,
  companyOn,
  contractFor,
  employmentOn,
  type RegistryIndex,
} from '../registry.ts';
import type { Method } from '../registry-document.ts';
import type { Interval, Shift } from '../shifts.ts';
import { contributionDays } from './contribution-days.ts';
import { DAILY_PREMIUM_YEN } from './daily-premium.ts';
import { rowOn } from './effective-table.ts';
import { reportDue } from './report-deadline.ts';

/**
 * The right to 掛金 lapses after two years, so a day may be reported 730 days late at most
 * (中小企業退職金共済法第33条第1項, 第51条).
 */
export const DAYS_LATE_MAX = 730;

/** First that applies. */
export type NotPayable =
  | 'officer'
  | 'other-scheme'
  | 'sole-contractor'
  | 'no-member-no'
  | 'too-late';

export interface Contribution {
  readonly workerId: WorkerId;
  readonly workDate: WorkDate;
  /** Who pays: the company of the assignment on that site, else the employer. */
  readonly companyId: CompanyId;
  readonly siteId?: SiteId;
  readonly contractId?: string;
  /** Payable now. More than one only once a person has approved it. */
  readonly days: number;
  /** What the shift would earn. */
  readonly candidateDays: number;
  readonly yen: number;
  readonly method?: Method;
  readonly colour: 'red' | 'blue';
  readonly basis: 'shift' | 'paid-leave' | 'employer-closure';
  readonly reportDue: WorkDate;
  readonly notPayable?: NotPayable;
  /** Yen a day and who says so: the answer to "why this sum?". */
  readonly rate: { readonly yen: number; readonly source: string };
  readonly evidence: readonly string[];
}

/** A day that cannot be settled yet, and who can mend it. */
export interface Unresolved {
  readonly reason: 'unknown-card' | 'unknown-worker' | 'no-employer' | 'no-contract';
  readonly mendedBy: 'prime' | 'employer';
  readonly siteId: SiteId;
  readonly workDate: WorkDate;
  readonly workerId?: WorkerId;
  readonly cardId?: string;
  readonly evidence: readonly string[];
}

export interface Contributions {
  readonly contributions: readonly Contribution[];
  readonly unresolved: readonly Unresolved[];
}

interface OneDay {
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly workDate: WorkDate;
  readonly attendance: readonly AttendanceDay[];
}

/** Why a day of the worker at the company cannot be paid; undefined = it can. */
export const notPayable = (
  registry: RegistryIndex,
  { workerId, companyId, workDate }: Pick<OneDay, 'workerId' | 'companyId' | 'workDate'>,
  asOf: WorkDate,
): NotPayable | undefined => {
  const worker = registry.workerById.get(workerId);
  const kind = employmentOn(registry, workerId, workDate, companyId)?.kind;
  if (kind === 'officer') return 'officer';
  if (worker?.otherScheme !== undefined) return 'other-scheme';
  if (kind === 'sole-contractor') return 'sole-contractor';
  if (worker?.memberNo === undefined) return 'no-member-no';
  return addDays(workDate, DAYS_LATE_MAX) < asOf ? 'too-late' : undefined;
};

/** Time that two sites both claim is worked once. */
const union = (intervals: readonly Interval[]): readonly Interval[] => {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.inAt - b.inAt)) {
    const last = merged.at(-1);
    if (last === undefined || next.inAt > last.outAt) merged.push(next);
    else if (next.outAt > last.outAt) merged.splice(-1, 1, { ...last, outAt: next.outAt });
  }
  return merged;
};

const wholeShift = (attendance: readonly AttendanceDay[]): Shift | undefined => {
  const shifts = attendance.flatMap((day) => day.shifts).sort((a, b) => a.startAt - b.startAt);
  const [first] = shifts;
  return (
    first && {
      startAt: first.startAt,
      intervals: union(shifts.flatMap((shift) => shift.intervals)),
    }
  );
};

/** The latest approval wins; it can raise a day to what the shift earned, never beyond. */
const approvedDays = (registry: RegistryIndex, workerId: WorkerId, date: WorkDate): number =>
  (registry.approvalsByWorker.get(workerId) ?? [])
    .filter(({ workDate }) => workDate === date)
    .reduce(
      (latest, row) =>
        Date.parse(row.at) >= latest.at ? { at: Date.parse(row.at), days: row.days } : latest,
      {
        at: 0,
        days: 1,
      },
    ).days;

interface Grounds {
  readonly basis: Contribution['basis'];
  readonly candidateDays: number;
  readonly siteId: SiteId | undefined;
  readonly evidence: readonly string[];
}

const contribution = (
  registry: RegistryIndex,
  day: Pick<OneDay, 'workerId' | 'companyId' | 'workDate'>,
  { basis, candidateDays, siteId, evidence }: Grounds,
  asOf: WorkDate,
): Contribution => {
  const { workerId, companyId, workDate } = day;
  const company = registry.companyById.get(companyId);
  const contract =
    siteId === undefined ? undefined : contractFor(registry, siteId, companyId, workDate);
  const exception = contract?.exceptions?.find((each) => each.companyId === companyId);
  const method = exception?.method ?? contract?.method;
  const obstacle = notPayable(registry, day, asOf);
  const days =
    obstacle === undefined
      ? Math.min(candidateDays, Math.max(1, approvedDays(registry, workerId, workDate)))
      : 0;
  const rate = rowOn(DAILY_PREMIUM_YEN, workDate);
  return {
    workerId,
    workDate,
    companyId,
    ...(siteId === undefined ? {} : { siteId }),
    ...(contract === undefined ? {} : { contractId: contract.contractId }),
    days,
    candidateDays,
    yen: days * rate.value,
    ...(method === undefined ? {} : { method }),
    colour: company?.size === 'large' ? 'blue' : 'red',
    basis,
    reportDue: reportDue(workDate, company ?? {}),
    ...(obstacle === undefined ? {} : { notPayable: obstacle }),
    rate: { yen: rate.value, source: rate.source },
    evidence,
  };
};

const dayKey = (workerId: WorkerId, companyId: CompanyId, date: WorkDate): string =>
  `${workerId} ${companyId} ${date}`;

const unresolvedDay = (
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

/** Gathers attendance by worker, employer and date; what has no employer goes to `unresolved`. */
const gather = (days: readonly AttendanceDay[], registry: RegistryIndex) => {
  const groups = new Map<string, OneDay & { readonly attendance: AttendanceDay[] }>();
  const unresolved: Unresolved[] = [];
  for (const day of days) {
    const { subject, siteId, workDate } = day;
    if (subject.kind === 'card') {
      unresolved.push(unresolvedDay(day, 'unknown-card', 'prime'));
      continue;
    }
    const { workerId } = subject;
    const companyId = companyOn(registry, siteId, workerId, workDate);
    if (companyId === undefined) {
      const isKnown = registry.workerById.has(workerId);
      unresolved.push(unresolvedDay(day, isKnown ? 'no-employer' : 'unknown-worker', 'employer'));
      continue;
    }
    const key = dayKey(workerId, companyId, workDate);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { workerId, companyId, workDate, attendance: [day] });
    else group.attendance.push(day);
  }
  return { groups, unresolved };
};

export interface ContributionScope {
  /** Work date of the day on which the question is asked; older than 730 days is too late. */
  readonly asOf: WorkDate;
  /** Bounds for leave rows; attendance is bounded by what is passed in. Both inclusive. */
  readonly from?: WorkDate | undefined;
  readonly to?: WorkDate | undefined;
}

/** `days`: attendance of any sites, whole months of a worker where two sites matter. */
export const contributionsOf = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  { asOf, from, to }: ContributionScope,
): Contributions => {
  const { groups, unresolved } = gather(days, registry);
  const contributions: Contribution[] = [];
  for (const group of groups.values()) {
    const attendance = [...group.attendance].sort((a, b) => a.firstTouchAt - b.firstTouchAt);
    const shift = wholeShift(attendance);
    const grounds: Grounds = {
      basis: 'shift',
      candidateDays: shift === undefined ? 1 : contributionDays(shift),
      siteId: attendance[0]?.siteId,
      evidence: attendance.flatMap(({ evidence }) => evidence),
    };
    const row = contribution(registry, group, grounds, asOf);
    contributions.push(row);
    const [first] = attendance;
    if (row.contractId === undefined && first !== undefined) {
      unresolved.push(unresolvedDay(first, 'no-contract', 'prime'));
    }
  }
  for (const { workerId, companyId, date, kind } of registry.leave) {
    const isInScope = (from === undefined || from <= date) && (to === undefined || date <= to);
    // A day that was worked as well is one day's work, not two.
    if (!isInScope || groups.has(dayKey(workerId, companyId, date))) continue;
    const siteId = registry.assignmentsByWorker
      .get(workerId)
      ?.find(
        (row) =>
          row.companyId === companyId && assignmentOn(registry, row.siteId, workerId, date) === row,
      )?.siteId;
    const grounds: Grounds = { basis: kind, candidateDays: 1, siteId, evidence: [] };
    contributions.push(
      contribution(registry, { workerId, companyId, workDate: date }, grounds, asOf),
    );
  }
  return { contributions, unresolved };
};
