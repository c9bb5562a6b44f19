/**
 * 掛金 (タッチ=掛金): which day of which worker an employer owes 建退共, how many, and what it costs.
 *
 * Pure. One worker, one employer, one date is one day's work, also across two sites: the hours are added
 * and the day goes to the site of the first touch. Two employers on one date each pay theirs
 * (kentaikyo-facts §1.4). Nothing vanishes: what cannot be settled is listed with who can mend it.
 */
import type { SiteId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import {
  assignmentOn,
  companyOn,
  contractFor,
  organisationOn,
  type RegistryIndex,
} from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { methodOf } from './contract-use.ts';
import { type Contribution, colourOf } from './contribution.ts';
import { type CountedHours, countedHours } from './contribution-days.ts';
import {
  approvalOf,
  approvedDays,
  doubtfulApprovals,
  type Unresolved,
  unresolvedDay,
} from './contribution-doubts.ts';
import { readingsOn } from './contribution-readings.ts';
import { type PremiumGrounds, premiumGrounds } from './daily-premium.ts';
import type { KentaikyoRule } from './kentaikyo-rules.ts';
import {
  type NotPayable,
  oldestPayable,
  type Payability,
  payability,
  type WorkedDay,
  workedDayKey,
} from './not-payable.ts';
import { reportDueMemo } from './report-deadline.ts';
import { type WholeShift, wholeShift } from './whole-shift.ts';

/** Work at a site on a date that another site is credited with: its hours count there. */
export interface DayAtSecondSite {
  readonly siteId: SiteId;
  readonly credited: Contribution;
}

export interface Contributions {
  readonly contributions: readonly Contribution[];
  readonly secondSites: readonly DayAtSecondSite[];
  readonly unresolved: readonly Unresolved[];
}

type DayGroup = WorkedDay & { readonly attendance: AttendanceDay[] };

interface Grounds {
  readonly basis: Contribution['basis'];
  readonly candidateDays: number;
  /** Of work whose hours are known. */
  readonly hours?: CountedHours;
  readonly siteId: SiteId | undefined;
  readonly shift: WholeShift | undefined;
  readonly siteCount: number;
  readonly evidence: readonly string[];
  /** What was worked, in order; empty for a day off. */
  readonly attendance: readonly AttendanceDay[];
  readonly leave?: RegistryRow<'leave'>;
}

/** A contribution with all that decided it: the answer to "why these days, why this sum?". */
export interface ReasonedContribution {
  readonly row: Contribution;
  readonly attendance: readonly AttendanceDay[];
  readonly leave: RegistryRow<'leave'> | undefined;
  readonly company: RegistryRow<'companies'> | undefined;
  readonly organisation: RegistryRow<'organisation'> | undefined;
  readonly contract: RegistryRow<'contracts'> | undefined;
  readonly payability: Payability;
  readonly approval: RegistryRow<'approvals'> | undefined;
  readonly premium: PremiumGrounds;
}

/** What all days of one question share. */
interface Asked {
  readonly registry: RegistryIndex;
  readonly oldest: WorkDate;
  readonly isSettled: NonNullable<ContributionScope['isSettled']>;
  readonly reportDue: ReturnType<typeof reportDueMemo>;
}

const ONE_DAY: readonly KentaikyoRule[] = ['one-day'];

/** Shared where it can be: a million rows have the same few answers. */
const rulesOf = (
  { basis, candidateDays, hours, siteCount }: Grounds,
  obstacle: NotPayable | undefined,
): readonly KentaikyoRule[] => {
  if (basis !== 'shift') return obstacle === undefined ? [basis] : [basis, obstacle];
  if (candidateDays === 1 && siteCount === 1 && obstacle === undefined) return ONE_DAY;
  return [
    'one-day',
    ...(siteCount > 1 ? (['two-sites'] as const) : []),
    ...(hours !== undefined && hours.units > 0 ? (['beyond-8-hours'] as const) : []),
    ...(hours !== undefined && hours.days > 1 + hours.units ? (['next-day-4-hours'] as const) : []),
    ...(candidateDays > 1 ? (['approved-days'] as const) : []),
    ...(obstacle === undefined ? [] : [obstacle]),
  ];
};

const reasoned = (
  { registry, oldest, isSettled, reportDue }: Asked,
  { workerId, companyId, workDate }: WorkedDay,
  grounds: Grounds,
): ReasonedContribution => {
  const { basis, candidateDays, siteId, shift, evidence, attendance, leave } = grounds;
  const company = registry.companyById.get(companyId);
  const contract =
    siteId === undefined ? undefined : contractFor(registry, siteId, companyId, workDate);
  const method = contract && methodOf(contract, companyId);
  const day = { workerId, companyId, workDate };
  const payable = payability(
    registry,
    day,
    workDate < oldest && isSettled(day) ? workDate : oldest,
  );
  const { obstacle } = payable;
  const inTime =
    candidateDays === 1 ? 1 : Math.min(candidateDays, approvedDays(registry, workerId, workDate));
  const days = obstacle === undefined ? inTime : 0;
  const premium = premiumGrounds(registry, { workerId, companyId, workDate, method });
  const rate = premium.premium;
  return {
    row: {
      workerId,
      workDate,
      companyId,
      ...(siteId === undefined ? {} : { siteId }),
      ...(contract === undefined ? {} : { contractId: contract.contractId }),
      days,
      candidateDays,
      yen: days * rate.yen,
      ...(method === undefined ? {} : { method }),
      colour: colourOf(company),
      basis,
      reportDue: reportDue(workDate, company ?? {}),
      ...(obstacle === undefined ? {} : { notPayable: obstacle }),
      ...(obstacle === 'too-late' ? { lapsedDays: inTime } : {}),
      rate,
      rules: rulesOf(grounds, obstacle),
      ...(shift === undefined ? {} : { shift }),
      evidence,
    },
    attendance,
    leave,
    company,
    organisation:
      siteId === undefined ? undefined : organisationOn(registry, siteId, companyId, workDate),
    contract,
    payability: payable,
    approval: approvalOf(registry, workerId, workDate),
    premium,
  };
};

/** Gathers attendance by worker, employer and date; what has no employer goes to `unresolved`. */
const gather = (days: readonly AttendanceDay[], registry: RegistryIndex) => {
  const groups = new Map<string, DayGroup>();
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
    const key = workedDayKey({ workerId, companyId, workDate });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { workerId, companyId, workDate, attendance: [day] });
    else group.attendance.push(day);
  }
  return { groups, unresolved };
};

const groundsOfWork = (registry: RegistryIndex, group: DayGroup): Grounds => {
  const attendance =
    group.attendance.length === 1
      ? group.attendance
      : group.attendance.toSorted(
          // Touched at the same moment at two sites: the same answer in whatever order days come.
          (a, b) => a.firstTouchAt - b.firstTouchAt || (a.siteId < b.siteId ? -1 : 1),
        );
  const shift = wholeShift(attendance);
  const hours = shift && countedHours(shift, readingsOn(registry, group.workDate));
  const [first] = attendance;
  return {
    basis: 'shift',
    candidateDays: hours?.days ?? 1,
    ...(hours === undefined ? {} : { hours }),
    siteId: first?.siteId,
    shift,
    siteCount: attendance.length,
    attendance,
    evidence:
      attendance.length === 1 && first !== undefined
        ? first.evidence
        : attendance.flatMap(({ evidence }) => evidence),
  };
};

/** The site on which a day off is booked: where the company has assigned the worker on that date. */
export const siteOfLeave = (
  registry: Pick<RegistryIndex, 'assignmentsByWorker'>,
  { workerId, companyId, date }: RegistryRow<'leave'>,
): SiteId | undefined =>
  registry.assignmentsByWorker
    .get(workerId)
    ?.find(
      (row) =>
        row.companyId === companyId && assignmentOn(registry, row.siteId, workerId, date) === row,
    )?.siteId;

const groundsOfLeave = (registry: RegistryIndex, leave: RegistryRow<'leave'>): Grounds => {
  return {
    basis: leave.kind,
    candidateDays: 1,
    siteId: siteOfLeave(registry, leave),
    shift: undefined,
    siteCount: 1,
    evidence: [],
    attendance: [],
    leave,
  };
};

export interface ContributionScope {
  /** Work date of the day on which the question is asked; older than 730 days is too late. */
  readonly asOf: WorkDate;
  /** Bounds for leave rows; attendance is bounded by what is passed in. Both inclusive. */
  readonly from?: WorkDate | undefined;
  readonly to?: WorkDate | undefined;
  /** Whether a day was paid or reported in its time: no age makes it too late. Nothing was, where absent. */
  readonly isSettled?: ((day: WorkedDay) => boolean) | undefined;
}

/** Each with its grounds, one after another: a million rows need not hold theirs at the same time. */
const reasonEach = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  { asOf, from, to, isSettled = () => false }: ContributionScope,
  take: (reasoned: ReasonedContribution) => void,
): Omit<Contributions, 'contributions'> => {
  const asked: Asked = {
    registry,
    oldest: oldestPayable(asOf),
    isSettled,
    reportDue: reportDueMemo(),
  };
  const { groups, unresolved } = gather(days, registry);
  const secondSites: DayAtSecondSite[] = [];
  for (const group of groups.values()) {
    const each = reasoned(asked, group, groundsOfWork(registry, group));
    take(each);
    const first = group.attendance.find(({ siteId }) => siteId === each.row.siteId);
    if (group.attendance.length > 1)
      for (const { siteId } of group.attendance)
        if (siteId !== each.row.siteId) secondSites.push({ siteId, credited: each.row });
    if (each.contract === undefined && first !== undefined) {
      unresolved.push(unresolvedDay(first, 'no-contract', 'prime'));
    }
  }
  for (const leave of registry.leave) {
    const { workerId, companyId, date } = leave;
    const day = { workerId, companyId, workDate: date };
    // A day that was worked as well is one day's work, not two.
    if (!isValidOn({ from, to }, date) || groups.has(workedDayKey(day))) continue;
    take(reasoned(asked, day, groundsOfLeave(registry, leave)));
  }
  return { unresolved, secondSites };
};

/** `days`: attendance of any sites, whole months of a worker where two sites matter. */
export const contributionsOf = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  scope: ContributionScope,
): Contributions => {
  const contributions: Contribution[] = [];
  const found = reasonEach(days, registry, scope, ({ row }) => contributions.push(row));
  return {
    contributions,
    secondSites: found.secondSites,
    unresolved: [...found.unresolved, ...doubtfulApprovals(registry, contributions, scope)],
  };
};

/** The contributions of one worker and date with their grounds. */
export const reasonedContributions = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  { workerId, workDate }: { readonly workerId: string; readonly workDate: string },
  scope: Pick<ContributionScope, 'asOf' | 'isSettled'>,
): readonly ReasonedContribution[] => {
  const found: ReasonedContribution[] = [];
  const ofDay = days.filter(
    (day) =>
      day.workDate === workDate &&
      day.subject.kind === 'worker' &&
      day.subject.workerId === workerId,
  );
  const leave = registry.leave.filter((row) => row.workerId === workerId && row.date === workDate);
  reasonEach(ofDay, { ...registry, leave }, scope, (each) => found.push(each));
  return found;
};
