/** What the nightly work remembers and asks of the ledger (夜間処理の記憶). */
import { z } from 'zod';
import type { SiteId } from '../../shared/ids.ts';
import { type Month, UtcMs, type WorkDate } from '../../shared/time.ts';
import type { Period } from '../statements/period.ts';
import type { Steps } from '../turns.ts';

export const JobName = z.enum([
  'verify-chains',
  'close-dates',
  'close-months',
  'amend',
  'deadlines',
]);
export type JobName = z.infer<typeof JobName>;

/** The last run of a job. */
export const JobRecord = z.object({
  job: JobName,
  begunAt: UtcMs,
  endedAt: UtcMs,
  outcome: z.enum(['done', 'failed']),
  /** Counts, or why it failed. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type JobRecord = z.infer<typeof JobRecord>;

/** Up to where amendments were looked for. */
export interface AmendMark {
  /** Position in the feed of changed attendance. */
  readonly changeNo: number;
  readonly importNo: number;
  readonly version: string;
}

export interface OpenPeriods {
  readonly siteId: SiteId;
  readonly lastClosedDate: WorkDate | undefined;
  readonly lastClosedMonth: Month | undefined;
  readonly openDates: readonly WorkDate[];
  readonly openMonths: readonly Month[];
}

export interface BrokenJournal {
  readonly terminalId: string;
  readonly journalId: string;
  /** The first entry that does not follow. */
  readonly seq: number;
}

/** SHA-256 of the record of a purge as it stands now, lower-case hex. */
export interface PurgeDigest {
  readonly purgeNo: number;
  readonly sha256: string;
}

export interface NightlyStore {
  /** The last run of each job that ever ran. */
  readonly records: () => readonly JobRecord[];
  readonly record: (record: JobRecord) => void;
  readonly amendMark: () => AmendMark | undefined;
  readonly setAmendMark: (mark: AmendMark) => void;
  readonly lastChangeNo: () => number;
  /** Months in which attendance changed after a position of the feed. */
  readonly monthsChangedAfter: (changeNo: number) => ReadonlySet<Month>;
  /** Sites with attendance since `from`, or with anything closed. */
  readonly openPeriods: (from: WorkDate) => readonly OpenPeriods[];
  /** Every period that is closed and ends on `from` or later, by month. */
  readonly closedSince: (
    from: WorkDate,
  ) => ReadonlyMap<Month, readonly { readonly siteId: SiteId; readonly period: Period }[]>;
  readonly purges: () => readonly PurgeDigest[];
  /** Recomputes the chain of every journal, and holds the seals of its batches against it. */
  readonly verifyingJournals: () => Steps<readonly BrokenJournal[]>;
}
