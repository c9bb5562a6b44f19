/**
 * The ledger seam (台帳): what every store of the gateway must do, whatever lies under it.
 *
 * Append-only. Tap, boot and attendance rows are caches over the entry texts and can be made again.
 */
import type { ChainHash } from '../../shared/chain.ts';
import type { Direction, JournalId, SiteId, TerminalId } from '../../shared/ids.ts';
import type { UtcMs, WorkDate } from '../../shared/time.ts';
import type { VerdictKind } from '../../shared/verdict.ts';
import type { AttendanceDay } from '../attendance.ts';
import type { DatedAt, JournalPosition, ReadEntry } from '../ingest.ts';
import type { Subject } from '../shifts.ts';

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
}

export interface JournalName {
  readonly terminalId: TerminalId;
  readonly journalId: JournalId;
}

export interface LedgerCommit extends JournalName {
  readonly entries: readonly ReadEntry[];
  readonly position: JournalPosition;
  readonly receivedAt: UtcMs;
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

/** Touches of a bearer at a site have changed: what is derived from them is stale from a date on. */
export interface DirtyMark {
  readonly siteId: SiteId;
  readonly bearer: Bearer;
  readonly fromDate: WorkDate;
}

export interface AttendanceFilter {
  readonly siteId?: SiteId | undefined;
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

  /** Taps after a cursor, in ledger order. */
  readonly tapsAfter: (
    cursor: number,
    limit: number,
    siteId: SiteId | undefined,
  ) => readonly LedgerTap[];
  /** Every dated tap of a bearer at a site. */
  readonly tapsOfBearer: (siteId: SiteId, bearer: Bearer) => readonly LedgerTap[];
  /** Every bearer that ever touched at a site, for a rebuild. */
  readonly bearers: () => readonly Omit<DirtyMark, 'fromDate'>[];
  readonly undatedTaps: () => number;

  readonly dirtyMarks: (limit: number) => readonly DirtyMark[];
  /**
   * Everything inside happens on disk, or nothing does. Used to replace what is derived and to drop
   * the marks that asked for it in one go.
   */
  readonly transaction: (work: () => void) => void;
  readonly dropDirtyMarks: (marks: readonly DirtyMark[]) => void;
  readonly replaceAttendance: (
    siteId: SiteId,
    subject: Subject,
    days: readonly AttendanceDay[],
  ) => void;
  readonly clearAttendance: () => void;
  readonly attendance: (filter: AttendanceFilter) => readonly AttendanceDay[];

  /** The registry document as last imported, JSON text. */
  readonly registryText: () => string | undefined;
  readonly saveRegistryText: (text: string, at: UtcMs) => void;
  /** Grows by one at each call, durably; versions of what is sent down to terminals. */
  readonly nextRosterVersion: () => number;

  readonly close: () => void;
}
