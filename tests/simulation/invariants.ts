/** What must hold after every step, whatever has happened. */
import type { AttendanceDay } from '../../gateway/attendance/attendance.ts';
import { attendanceOfTouches } from '../../gateway/attendance/attendance-of-touches.ts';
import type { Touch } from '../../gateway/attendance/shifts.ts';
import { subjectKey } from '../../gateway/attendance/subject-key.ts';
import { holderOf, indexRegistry } from '../../gateway/registry/registry.ts';
import { EMPTY_REGISTRY } from '../../gateway/registry/registry-document.ts';
import { storedRegistry } from '../../gateway/registry/stored-registry.ts';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import { type Entry, parseEntry } from '../../shared/entry.ts';
import { entryId, JournalId } from '../../shared/ids.ts';
import { dateInJapan, utcMs } from '../../shared/time.ts';
import { type Observations, violate } from './observations.ts';
import type { SimGateway } from './sim-gateway.ts';
import type { SimTerminal } from './sim-terminal.ts';

interface LedgerRow {
  readonly ledger_no: number;
  readonly journal_id: string;
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
}

/** Beeped touches are in the journal on the disk, and its chain holds. For a terminal that just started. */
export const checkJournal = (
  { running, terminalId }: SimTerminal,
  { beeps }: Observations,
): void => {
  if (running === undefined) return;
  const { journal } = running;
  const last = journal.lastSeq();
  const entries = last === 0 ? [] : journal.read(1, last);
  let head = GENESIS_HASH;
  for (const { seq, text, hash } of entries) {
    head = nextHash(head, text);
    if (head !== hash) violate('chains verify', `journal of ${terminalId} at ${seq}`);
  }
  for (const beep of beeps) {
    if (beep.journalId === journal.journalId && beep.seq > last) {
      violate(
        'each beeped touch is in a journal',
        `${terminalId} lost ${beep.seq}; the journal ends at ${last}`,
      );
    }
  }
};

/** Nothing is settled that the ledger does not hold. */
export const checkSettled = (
  { running, terminalId }: SimTerminal,
  { committedSeq }: Observations,
): void => {
  if (running === undefined) return;
  const settled = running.journal.settledSeq();
  const committed = committedSeq.get(running.journal.journalId) ?? 0;
  if (settled > committed) {
    violate(
      'receipts never exceed commits',
      `${terminalId} settled ${settled}, committed ${committed}`,
    );
  }
};

export interface LedgerChecker {
  /** Rows that came since the last look: each journal's next, byte for byte what the terminal stored. */
  readonly checkNewRows: () => void;
  /** Everything from the first row; for a gateway that just started. */
  readonly checkAll: () => void;
}

export const createLedgerChecker = (
  gateway: SimGateway,
  observations: Observations,
): LedgerChecker => {
  let lastNo = 0;
  let heads = new Map<JournalId, string>();
  let counts = new Map<JournalId, number>();

  const checkNewRows = (): void => {
    if (gateway.running === undefined) return;
    const rows = gateway.running.db
      .prepare<[number], LedgerRow>(
        'select ledger_no, journal_id, seq, text, hash from entry join journal using (journal_no) where ledger_no > ? order by ledger_no',
      )
      .all(lastNo);
    for (const { ledger_no, journal_id, seq, text, hash } of rows) {
      const journalId = JournalId.parse(journal_id);
      const count = counts.get(journalId) ?? 0;
      if (seq !== count + 1) {
        violate(
          'the ledger holds each entry once and in order',
          `${journalId}: ${seq} after ${count}`,
        );
      }
      if (observations.textsByJournal.get(journalId)?.[seq - 1] !== text) {
        violate('the ledger holds what the terminal stored', `${journalId}/${seq}`);
      }
      const head = nextHash(heads.get(journalId) ?? GENESIS_HASH, text);
      if (head !== hash.toString('hex')) violate('chains verify', `ledger at ${journalId}/${seq}`);
      heads.set(journalId, head);
      counts.set(journalId, seq);
      observations.committedSeq.set(journalId, seq);
      lastNo = ledger_no;
    }
  };

  return {
    checkNewRows,
    checkAll: () => {
      lastNo = 0;
      heads = new Map();
      counts = new Map();
      checkNewRows();
      for (const [journalId, seq] of observations.receiptedSeq) {
        const committed = counts.get(journalId) ?? 0;
        if (seq > committed) {
          violate(
            'receipts never exceed commits',
            `${journalId}: receipt for ${seq}, but ${committed} survived`,
          );
        }
      }
    },
  };
};

/** When each entry happened, worked out afresh: a boot's first trusted moment dates all of it. */
const instantOf = (entries: readonly Entry[]): ((entry: Entry) => number | undefined) => {
  const offsets = new Map<string, number>();
  for (const { clock, journalId, bootId, wallMs, uptimeMs } of entries) {
    const key = `${journalId} ${bootId}`;
    if (clock === 'trusted' && !offsets.has(key)) offsets.set(key, wallMs - uptimeMs);
  }
  return ({ clock, journalId, bootId, wallMs, uptimeMs }) => {
    if (clock === 'trusted') return wallMs;
    const offset = offsets.get(`${journalId} ${bootId}`);
    return offset === undefined ? undefined : offset + uptimeMs;
  };
};

/** As the gateway has it by default. */
const FUTURE_TOLERANCE_MS = 300_000;

/** Attendance from the entry texts and when they arrived, in one plain pass. */
const fromScratch = (gateway: NonNullable<SimGateway['running']>): readonly AttendanceDay[] => {
  const registry = indexRegistry(storedRegistry(gateway.ledger) ?? EMPTY_REGISTRY);
  const rows = gateway.db
    .prepare<[], { text: string; received_at_ms: number }>(
      'select text, received_at_ms from entry order by ledger_no',
    )
    .all()
    .flatMap(({ text, received_at_ms }) => {
      const parsed = parseEntry(text);
      return parsed.ok ? [{ entry: parsed.value, receivedAtMs: received_at_ms }] : [];
    });
  const instant = instantOf(rows.map(({ entry }) => entry));
  const touches: Touch[] = [];
  for (const { entry, receivedAtMs } of rows) {
    const at = instant(entry);
    if (entry.kind !== 'tap' || at === undefined) continue;
    // The gateway's clock is right here: what claims to be later than its arrival makes no day.
    if (at > receivedAtMs + FUTURE_TOLERANCE_MS) continue;
    const { presented, siteId, direction, terminalId, journalId, seq, readerId } = entry;
    const workerId =
      presented.by === 'card'
        ? holderOf(registry, presented.cardId, dateInJapan(utcMs(at)))
        : presented.workerId;
    const subject: Touch['subject'] =
      workerId !== undefined
        ? { kind: 'worker', workerId }
        : presented.by === 'card'
          ? { kind: 'card', cardId: presented.cardId }
          : { kind: 'worker', workerId: presented.workerId };
    touches.push({
      id: entryId(terminalId, journalId, seq),
      siteId,
      readerId: `${terminalId}/${readerId}`,
      direction,
      at: utcMs(at),
      subject,
    });
  }
  return attendanceOfTouches(touches, registry);
};

const inOrder = (days: readonly AttendanceDay[]): string =>
  JSON.stringify(
    [...days].sort((a, b) => {
      const [left, right] = [a, b].map(
        (day) => `${day.siteId} ${subjectKey(day.subject)} ${day.workDate}`,
      );
      return (left ?? '') < (right ?? '') ? -1 : 1;
    }),
  );

/**
 * What is derived equals a derivation from scratch, unless a mark says that something is stale.
 * Looks again only when the ledger has been written to.
 */
export const createDerivedCheck = (gateway: SimGateway): (() => void) => {
  let seen: { readonly db: unknown; readonly changes: number } | undefined;
  return () => {
    const { running } = gateway;
    if (running === undefined) return;
    const changes = running.db.prepare<[], number>('select total_changes()').pluck().get() ?? 0;
    if (seen?.db === running.db && seen.changes === changes) return;
    seen = { db: running.db, changes };
    if (running.ledger.dirtyMarks(1).length > 0) return;
    const derived = inOrder(running.ledger.attendance({}));
    const expected = inOrder(fromScratch(running));
    if (derived !== expected) {
      violate('derived state equals derivation from scratch', `${derived} is not ${expected}`);
    }
  };
};
