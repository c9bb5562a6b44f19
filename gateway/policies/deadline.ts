/** One deadline (期限) with what it rests on, and what stands written down as done: what all kinds of deadlines share. */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { Month, UtcMs, WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Contract } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import type { DeadlineKind } from './deadline-kinds.ts';
import type { WorkedDay } from './not-payable.ts';
import type { UnknownCardDay, WorkHistoryRecord } from './work-history.ts';

export interface Deadline {
  readonly due: WorkDate;
  readonly kind: DeadlineKind;
  /** `due` until the day itself has passed; of what is kept, until it need not be kept any more. */
  readonly state: 'due' | 'overdue' | 'done';
  readonly who: 'prime' | 'employer';
  readonly whyJa: string;
  readonly siteId?: SiteId;
  readonly contractId?: string;
  readonly companyId?: CompanyId;
  readonly workerId?: WorkerId;
  /** The work month that it is about. */
  readonly month?: Month;
}

/** A deadline with what it is counted from: rows of its month, its contract, its book. */
export interface ReasonedDeadline {
  readonly row: Deadline;
  readonly contract?: Contract;
  readonly contributions?: readonly Contribution[];
  readonly records?: readonly WorkHistoryRecord[];
  readonly unknownCards?: readonly UnknownCardDay[];
  readonly bookletOf?: WorkerId;
  /** By which it is done, or done in part. */
  readonly runs?: readonly SettledByRun[];
  readonly mail?: SettledByMail;
}

/** A run of 充当 as far as it changed one work month. */
export interface SettledByRun {
  readonly runId: string;
  readonly confirmedAt: UtcMs;
  /** Below 0 where it took days back. */
  readonly days: number;
}

export interface SettledByMail {
  readonly mailId: string;
  readonly sentAt: UtcMs;
}

/** What was done and stands written down outside of the registry. */
export interface SettledWork {
  /** The mail by which the month's 就労状況報告書 of an employer went out. */
  readonly reportedBy: (
    siteId: SiteId,
    companyId: CompanyId,
    month: Month,
  ) => SettledByMail | undefined;
  /** The runs that allocated days of a contract's work month, oldest first; none before the first. */
  readonly allocatedBy: (contractId: string, month: Month) => readonly SettledByRun[];
  /** Whether a run allocated that very day: no age makes it too late. */
  readonly isAllocated: (day: WorkedDay) => boolean;
}

export const NOTHING_SETTLED: SettledWork = {
  reportedBy: () => undefined,
  allocatedBy: () => [],
  isAllocated: () => false,
};

export interface DeadlineQuestion {
  readonly index: RegistryIndex;
  readonly contracts: readonly Contract[];
  /** Of every date, also of other sites: a book fills everywhere. */
  readonly contributions: readonly Contribution[];
  readonly records: readonly WorkHistoryRecord[];
  /** Touches that are nobody's yet. */
  readonly unknownCards: readonly UnknownCardDay[];
  readonly settled: SettledWork;
  readonly asOf: WorkDate;
  /** Day of the next month on which a month is extracted; the default where undefined. */
  readonly extractDay: number | undefined;
}

export const stateOf = (due: WorkDate, isDone: boolean, asOf: WorkDate): Deadline['state'] =>
  isDone ? 'done' : asOf > due ? 'overdue' : 'due';

export const monthJa = (month: Month): string =>
  `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;
