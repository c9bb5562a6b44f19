/**
 * The ledger seam (台帳): what every store of the gateway must do, whatever lies under it.
 *
 * Append-only. Tap, boot and attendance rows are caches over the entry texts and can be made again.
 */
import type { BatchSeal } from '../../shared/batch.ts';
import type { ChainHash } from '../../shared/chain.ts';
import type {
  CardId,
  Direction,
  JournalId,
  SiteId,
  TerminalId,
  WorkerId,
} from '../../shared/ids.ts';
import { UTC_MS_MAX, type UtcMs, type WorkDate } from '../../shared/time.ts';
import type { VerdictKind } from '../../shared/verdict.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { Subject, Touch } from '../attendance/shifts.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { ChangedDays } from '../changed-days.ts';
import type { LeaveDay } from '../changed-leave.ts';
import type { DatedAt, JournalPosition, ReadEntry } from '../ingest.ts';
import type { ToldEntries } from '../told-entry.ts';

/**
 * Who a touch says it is: a card's serial, or an id typed by hand. Same shape as the subject that a
 * touch is counted for; the registry turns the one into the other.
 */
export type Bearer = Subject;

export interface LedgerTap {
  /** Position in the ledger: the order of commit, and the cursor of whoever reads on. */
  readonly ledgerNo: number;
  readonly id: string;
  readonly siteId: SiteId;
  readonly terminalId: TerminalId;
  readonly readerId: string;
  readonly direction: Direction;
  readonly bearer: Bearer;
  readonly dated: DatedAt;
  /** Wall time as the terminal noted it; evidence only where the clock was not trusted. */
  readonly wallMs: UtcMs;
  readonly receivedAt: UtcMs;
  readonly verdict: VerdictKind;
  /** Claims to be later than its own arrival: kept, and counted for nothing. */
  readonly isFutureDated: boolean;
}

export interface JournalName {
  readonly terminalId: TerminalId;
  readonly journalId: JournalId;
}

export interface LedgerCommit extends JournalName {
  readonly entries: readonly ReadEntry[];
  /** Absent where entries came off a dead terminal's card: nobody signed those. */
  readonly seal?: BatchSeal;
  readonly position: JournalPosition;
  readonly receivedAt: UtcMs;
  /** The latest time that a touch of it may claim; absent = the gateway's clock was not to be believed. */
  readonly latestAt?: UtcMs | undefined;
}

/** `not-committed`: the disk under the ledger refused; nothing of the batch is stored. */
export type CommitOutcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'not-committed'; readonly message: string };

export interface QuarantineItem {
  readonly topic: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly receivedAt: UtcMs;
}

/** What stands in quarantine, without its bytes. */
export interface Quarantined {
  /** Of all its bytes, lower-case hex. */
  readonly sha256: string;
  readonly topic: string;
  readonly reason: string;
  readonly byteCount: number;
  readonly firstAt: UtcMs;
  readonly lastAt: UtcMs;
  readonly times: number;
}

/** A span of moments, both ends inclusive. */
export interface MomentSpan {
  readonly from: UtcMs;
  readonly to: UtcMs;
}

export const ALWAYS: MomentSpan = { from: 0 as UtcMs, to: UTC_MS_MAX };

/** Something about a bearer at a site has changed: what is derived from it is stale over a span. */
export interface DirtyMark extends MomentSpan {
  readonly siteId: SiteId;
  readonly bearer: Bearer;
}

/** What derivation must know of a touch, or of a passage that a manager entered by hand. */
export interface LedgerTouch extends Omit<Touch, 'subject'> {
  readonly bearer: Bearer;
}

/** The first touch of an attendance day, where derivation may begin anew. */
export interface DayBoundary {
  readonly workDate: WorkDate;
  readonly at: UtcMs;
}

/** The dates whose attendance is replaced: from the first, inclusive, until before the last. */
export interface ReplacedDates {
  readonly from?: WorkDate | undefined;
  readonly before?: WorkDate | undefined;
}

/** A derived row that is not what it was, in order of its last change. */
export interface DerivedChange {
  /** Position in the feed of changes; a row that changes again moves to the end. */
  readonly changeNo: number;
  /** `contributions`: a day of leave, of which there is no other row. */
  readonly report: 'attendance' | 'contributions';
  /** Absent of a day of leave that is booked at no site. */
  readonly siteId?: SiteId;
  readonly subject: Subject;
  readonly workDate: WorkDate;
  readonly at: UtcMs;
}

/** カードの紐付け by a manager at the gate. */
export interface Binding {
  readonly entryId: string;
  readonly cardId: CardId;
  readonly workerId: WorkerId;
}

export interface AttendanceFilter {
  readonly siteId?: SiteId | undefined;
  /** Of these people only. */
  readonly subjects?: readonly Subject[] | undefined;
  readonly from?: WorkDate | undefined;
  readonly to?: WorkDate | undefined;
}

export interface Ledger {
  readonly position: (journal: JournalName) => JournalPosition;
  /** Every journal of which anything is committed. */
  readonly journals: () => readonly JournalName[];
  readonly hashAt: (journal: JournalName, seq: number) => ChainHash | undefined;
  /** Entries, taps, boot offsets, dirty marks and position in one durable transaction. */
  readonly commit: (commit: LedgerCommit) => CommitOutcome;
  /** Keeps what could not be read; the same bytes again only count up. */
  readonly quarantine: (item: QuarantineItem) => void;
  readonly quarantined: () => number;
  readonly quarantineNewest: (limit: number) => readonly Quarantined[];
  /** The beginning of what came in, as much as is kept. */
  readonly quarantineBytes: (sha256: string) => Uint8Array | undefined;

  /** Taps after a cursor, in ledger order. */
  readonly tapsAfter: (
    cursor: number,
    limit: number,
    siteId: SiteId | undefined,
  ) => readonly LedgerTap[];
  readonly undatedTaps: () => number;
  /** What waits for a person and was not taken back, in ledger order. */
  readonly waitingTouches: () => readonly WaitingTouch[];
  /** What one entry said, by its id. */
  readonly told: ToldEntries;
  /** Touches and passages that count, of a bearer at a site, in no promised order. */
  readonly touchesOfBearer: (
    siteId: SiteId,
    bearer: Bearer,
    span: MomentSpan,
  ) => readonly LedgerTouch[];
  /** Every bearer that ever touched at a site, for a rebuild. */
  readonly bearers: (
    siteId?: SiteId,
  ) => readonly { readonly siteId: SiteId; readonly bearer: Bearer }[];
  /** The sites at which a bearer touched within a span. */
  readonly sitesOfBearer: (bearer: Bearer, span: MomentSpan) => readonly SiteId[];
  /** Bindings by managers, in ledger order. */
  readonly bindings: () => readonly Binding[];
  /** Grows with each binding. What a binding can reach is marked dirty as it is committed. */
  readonly bindingsVersion: () => number;

  readonly markDirty: (mark: DirtyMark) => void;
  readonly dirtyMarks: (limit: number) => readonly DirtyMark[];
  /**
   * Everything inside happens on disk, or nothing does. Used to replace what is derived and to drop
   * the marks that asked for it in one go.
   */
  readonly transaction: (work: () => void) => void;
  readonly dropDirtyMarks: (marks: readonly DirtyMark[]) => void;
  /** The last boundary of the subject's days before a moment. */
  readonly boundaryBefore: (siteId: SiteId, subject: Subject, at: UtcMs) => DayBoundary | undefined;
  /** The first boundary after a moment. */
  readonly boundaryAfter: (siteId: SiteId, subject: Subject, at: UtcMs) => DayBoundary | undefined;
  /** `days` take the place of all that stand on those dates; only rows that differ count as changed. */
  readonly replaceAttendance: (
    siteId: SiteId,
    subject: Subject,
    dates: ReplacedDates,
    days: readonly AttendanceDay[],
    at: UtcMs,
  ) => void;
  readonly attendance: (filter: AttendanceFilter) => readonly AttendanceDay[];
  /** Who has an attendance day at a site within the dates, both inclusive; from the beginning where `from` is missing. */
  readonly subjectsAt: (
    siteId: SiteId,
    dates: { readonly from?: WorkDate; readonly to: WorkDate },
  ) => readonly Subject[];
  /** Days that have attendance go to the end of the feed of changes, though their attendance is as it was. */
  readonly noteChanged: (days: readonly ChangedDays[], at: UtcMs) => void;
  /** Days of leave go to the end of the feed, too, whether there is attendance or not. */
  readonly noteLeave: (days: readonly LeaveDay[], at: UtcMs) => void;
  /**
   * Once for a ledger from before the feed had leave in it: `standing` says all days of leave that are registered,
   * and those that the feed does not have come to its end, so that whoever reads from its beginning misses none.
   */
  readonly tellUntoldLeave: (standing: () => readonly LeaveDay[], at: UtcMs) => void;
  /** Position of the last change; 0 = nothing was derived yet. */
  readonly lastChangeNo: () => number;
  /** Derived rows that changed after a position of the feed, in its order. */
  readonly changesAfter: (
    changeNo: number,
    limit: number,
    siteId: SiteId | undefined,
  ) => readonly DerivedChange[];

  /** The registry document as last imported, JSON text. */
  readonly registryText: () => string | undefined;
  /** Every import is kept, and the last one counts; the same text as that again is none. */
  readonly saveRegistryText: (text: string, at: UtcMs) => void;
  /** Grows by one at each call, durably; versions of what is sent down to terminals. */
  readonly nextRosterVersion: () => number;

  readonly close: () => void;
}
