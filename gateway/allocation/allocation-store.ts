/** The store of 充当 (充当の控え): what every keeper of confirmed runs must do. Append-only. */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import type { Month, UtcMs } from '../../shared/time.ts';
import type { AllocatedDay } from '../policies/allocated-day.ts';
import type { AllocationRow } from '../policies/allocation-run.ts';
import type { WorkedDay } from '../policies/not-payable.ts';
import type { AllocationFigures } from './allocation-figures.ts';

/** On what a run rested: the last entry of the ledger and the import of the registry that counted. */
export interface LedgerPosition {
  readonly ledgerNo: number;
  readonly importNo: number;
}

export interface AllocationRun extends LedgerPosition {
  readonly runId: string;
  readonly contractId: string;
  readonly siteId: SiteId;
  readonly month: Month;
  /** Of the rows, lower-case hex. */
  readonly rowsSha256: string;
  readonly confirmedAt: UtcMs;
  /** `token:NAME` or `user:NAME`. */
  readonly confirmedBy: string;
  readonly figures: AllocationFigures;
}

export interface AllocationFilter {
  readonly contractId?: string | undefined;
  readonly month?: Month | undefined;
}

/** What one run did to the days of a work month. */
export interface RunMonth {
  readonly contractId: string;
  readonly month: Month;
  readonly runId: string;
  readonly confirmedAt: UtcMs;
  readonly days: number;
}

/** A run as it is told to somebody who was not there. */
export interface NumberedRun extends Omit<AllocationRun, 'figures'> {
  /** 1, 2, 3 … over all contracts. */
  readonly runNo: number;
  readonly rows: readonly AllocationRow[];
}

export interface AllocationStore {
  readonly position: () => LedgerPosition;
  /** Everything that stands allocated under the contract, and of the workers under any. */
  readonly allocated: (
    contractId: string,
    workerIds: readonly WorkerId[],
  ) => readonly AllocatedDay[];
  /** Whether a day stands allocated, under whatever contract. */
  readonly isAllocated: (day: WorkedDay) => boolean;
  /** By contract, work month and run, oldest run first. */
  readonly runMonths: () => readonly RunMonth[];
  /** Newest first. */
  readonly runs: (filter: AllocationFilter) => readonly AllocationRun[];
  readonly run: (runId: string) => AllocationRun | undefined;
  /** Every run with its rows, in the order in which they were confirmed. */
  readonly inOrder: () => Iterable<NumberedRun>;
  /** In the order of the run. */
  readonly rowsOf: (runId: string) => readonly AllocationRow[];
  /** The run and its rows on disk together, or nothing; throws where a day would be allocated twice. */
  readonly append: (run: AllocationRun, rows: readonly AllocationRow[]) => void;
  /** Reads and appends as one: nobody comes between. */
  readonly inOneGo: <Answer>(work: () => Answer) => Answer;
}
