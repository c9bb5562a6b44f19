/**
 * The journal (ジャーナル): every touch on disk, hash-chained, before anybody hears a beep.
 *
 * Append-only. One commit an entry, each an fsync. An entry's text is composed once, stored, and from
 * then on only copied. What the gateway has receipted is remembered lazily: losing that memory costs
 * a re-send, which the gateway recognises; writing it at once would double the wear on the card.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { StoredEntry } from '../shared/batch.ts';
import { type ChainHash, GENESIS_HASH, nextHashBytes } from '../shared/chain.ts';
import { type Sqlite, type SqliteFailure, sqliteFailure } from '../shared/durable-sqlite.ts';
import { ENTRY_BYTES_MAX, type Entry, type EntryBody, parseEntry } from '../shared/entry.ts';
import { JournalId, type TerminalId } from '../shared/ids.ts';
import type { ClockReading, UtcMs } from '../shared/time.ts';

export type AppendOutcome =
  | { readonly kind: 'stored'; readonly entry: Entry }
  | {
      readonly kind: 'not-stored';
      /** `taken`: the file that it would be written to is not the one that the next start would find. */
      readonly failure: SqliteFailure['kind'] | 'taken';
      readonly message: string;
    };

export interface Journal {
  readonly terminalId: TerminalId;
  readonly journalId: JournalId;
  /** When this returns `stored`, the entry has survived a power cut. */
  readonly append: (body: EntryBody, reading: ClockReading) => AppendOutcome;
  /** Oldest entry still here; one more than `lastSeq` in an empty journal. */
  readonly firstSeq: () => number;
  /** 0 = empty. */
  readonly lastSeq: () => number;
  /** Everything up to here is receipted. */
  readonly settledSeq: () => number;
  readonly settle: (seq: number) => void;
  /** Touches beyond the settled seq (未送信). */
  readonly unsentTaps: () => number;
  /** Both ends inclusive; every seq of the range must exist. */
  readonly read: (first: number, last: number) => readonly StoredEntry[];
  /** Chain hash at a seq; at 0 the genesis hash; undefined where there is no such entry. */
  readonly hashAt: (seq: number) => ChainHash | undefined;
  /** Writes what is remembered lazily; where the disk is full, the next time. */
  readonly flush: () => void;
  /**
   * Lets go of settled entries written before the given instant, oldest first and never past one that is
   * younger; returns how many. The last settled entry stays: the next one is chained to it.
   */
  readonly prune: (before: UtcMs) => number;
  /** Whether its files are where they were opened; what is written elsewhere nobody finds again. */
  readonly isInPlace: () => boolean;
  readonly close: () => void;
}

const PRUNED_AT_ONCE = 200;
const PRUNED_A_TIME = 1_000;

const SCHEMA = `
  create table if not exists journal (
    one integer primary key check (one = 1),
    terminal_id text not null,
    journal_id text not null,
    settled_seq integer not null
  ) strict;
  create table if not exists entry (
    seq integer primary key,
    text text not null,
    hash blob not null,
    -- Touches up to and including this entry, so that counting the unsent is one subtraction.
    taps integer not null
  ) strict;`;

interface JournalRow {
  readonly terminal_id: string;
  readonly journal_id: string;
  readonly settled_seq: number;
}

interface EntryRow {
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
  readonly taps: number;
}

const storedEntry = ({ seq, text, hash }: EntryRow): StoredEntry => ({
  seq,
  text,
  hash: hash.toString('hex'),
});

/**
 * `db` must be durable (`openDurableSqlite`); a database in memory is always in its place. Throws when the file is
 * another terminal's journal.
 */
export const openJournal = (
  db: Sqlite,
  terminalId: TerminalId,
  isInPlace: Journal['isInPlace'] = () => true,
): Journal => {
  db.exec(SCHEMA);
  db.prepare('insert into journal values (1, ?, ?, 0) on conflict do nothing').run(
    terminalId,
    randomUUID(),
  );
  const about = db.prepare<[], JournalRow>('select * from journal').get();
  if (about?.terminal_id !== terminalId) {
    throw new Error(`this journal belongs to ${about?.terminal_id}, not to ${terminalId}`);
  }
  const journalId = JournalId.parse(about.journal_id);

  const insert = db.prepare('insert into entry (seq, text, hash, taps) values (?, ?, ?, ?)');
  const selectOne = db.prepare<[number], EntryRow>('select * from entry where seq = ?');
  const selectRange = db.prepare<[number, number], EntryRow>(
    'select * from entry where seq between ? and ? order by seq',
  );
  const selectLast = db.prepare<[], EntryRow>('select * from entry order by seq desc limit 1');
  const selectFirst = db.prepare<[], Pick<EntryRow, 'seq'>>(
    'select seq from entry order by seq limit 1',
  );
  const selectNextDated = db
    .prepare<[number, number], number>(
      "select text ->> '$.wallMs' from entry where seq between ? and ? and text ->> '$.clock' = 'trusted' order by seq limit 1",
    )
    .pluck();
  const updateSettled = db.prepare('update journal set settled_seq = ?');
  const deleteUpTo = db.prepare('delete from entry where seq <= ?');

  const tapsAt = (seq: number): number => selectOne.get(seq)?.taps ?? 0;

  const last = selectLast.get();
  let head = {
    seq: last?.seq ?? 0,
    hash: last?.hash ?? Buffer.from(GENESIS_HASH, 'hex'),
    taps: last?.taps ?? 0,
  };
  let settledSeq = about.settled_seq;
  let settledTaps = tapsAt(settledSeq);
  let settledSeqOnDisk = settledSeq;
  let firstSeq = selectFirst.get()?.seq ?? 1;

  const append: Journal['append'] = (body, { wallMs, uptimeMs, bootId, trust }) => {
    const seq = head.seq + 1;
    const entry: Entry = {
      v: 1,
      terminalId,
      journalId,
      seq,
      wallMs,
      uptimeMs,
      bootId,
      clock: trust,
      ...body,
    };
    const text = JSON.stringify(entry);
    if (Buffer.byteLength(text) > ENTRY_BYTES_MAX)
      throw new Error(`entry of ${text.length} characters`);
    const hash = nextHashBytes(head.hash, text);
    const taps = head.taps + (body.kind === 'tap' ? 1 : 0);
    if (!isInPlace())
      return { kind: 'not-stored', failure: 'taken', message: 'the journal was taken away' };
    try {
      insert.run(seq, text, hash, taps);
    } catch (cause) {
      const failure = sqliteFailure(cause);
      if (failure === undefined) throw cause;
      return {
        kind: 'not-stored',
        failure: failure.kind,
        message: `${failure.kind}: ${failure.message}`,
      };
    }
    head = { seq, hash, taps };
    return { kind: 'stored', entry };
  };

  /** Whether it is done; a disk that takes nothing is for `append` to tell of, which people wait for. */
  const isWritten = (write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (cause) {
      if (sqliteFailure(cause) === undefined) throw cause;
      return false;
    }
  };

  /** Whether it is on the disk. */
  const flush = (): boolean => {
    if (settledSeq === settledSeqOnDisk) return true;
    if (!isWritten(() => updateSettled.run(settledSeq))) return false;
    settledSeqOnDisk = settledSeq;
    return true;
  };

  /**
   * An entry whose clock was not trusted, as the first ones of every boot, has no age of its own: it was
   * written before the next one that has, of those that are settled.
   */
  const wasWrittenBefore = (seq: number, before: UtcMs): boolean => {
    const wallMs = selectNextDated.get(seq, settledSeq);
    return wallMs !== undefined && wallMs < before;
  };

  /** A few at a time, so that no commit is long and no touch waits for it. */
  const prune: Journal['prune'] = (before) => {
    let pruned = 0;
    for (;;) {
      const last = firstSeq + PRUNED_AT_ONCE - 1;
      if (last >= settledSeq || !wasWrittenBefore(last, before)) break;
      // What is remembered lazily must never lie before what is still here.
      if (!flush() || !isWritten(() => deleteUpTo.run(last))) break;
      pruned += last + 1 - firstSeq;
      firstSeq = last + 1;
      if (pruned >= PRUNED_A_TIME) break;
    }
    return pruned;
  };

  return {
    terminalId,
    journalId,
    append,
    firstSeq: () => firstSeq,
    prune,
    lastSeq: () => head.seq,
    settledSeq: () => settledSeq,
    settle: (seq) => {
      if (seq > head.seq) throw new Error(`cannot settle ${seq}: the journal ends at ${head.seq}`);
      settledSeq = seq;
      settledTaps = tapsAt(seq);
    },
    unsentTaps: () => head.taps - settledTaps,
    read: (first, last) => {
      const rows = selectRange.all(first, last);
      if (rows.length !== last - first + 1)
        throw new Error(`entries ${first} to ${last} are not all here`);
      return rows.map(storedEntry);
    },
    hashAt: (seq) => (seq === 0 ? GENESIS_HASH : selectOne.get(seq)?.hash.toString('hex')),
    flush,
    isInPlace,
    close: () => {
      flush();
      db.close();
    },
  };
};

const ENTRIES_AT_ONCE = 500;

/** The last `count` entries that still read as entries, oldest first, a few at a time in memory. */
export const recentEntries = function* (journal: Journal, count: number): Generator<Entry> {
  const last = journal.lastSeq();
  for (
    let first = Math.max(journal.firstSeq(), last - count + 1);
    first <= last;
    first += ENTRIES_AT_ONCE
  ) {
    for (const { text } of journal.read(first, Math.min(last, first + ENTRIES_AT_ONCE - 1))) {
      const parsed = parseEntry(text);
      if (parsed.ok) yield parsed.value;
    }
  }
};

/**
 * What `pick` makes of the last entries, newest first, at most `count` of them looked at: for lists of a whole
 * day, which are long at a large site. Between two slices of them touches go on.
 */
export const pickFromRecent = async <Picked>(
  journal: Journal,
  count: number,
  pick: (entry: Entry) => Picked | 'enough' | undefined,
): Promise<readonly Picked[]> => {
  const picked: Picked[] = [];
  const end = journal.lastSeq();
  for (let last = end; last > end - count && last >= journal.firstSeq(); last -= ENTRIES_AT_ONCE) {
    const first = Math.max(journal.firstSeq(), last - ENTRIES_AT_ONCE + 1);
    for (const { text } of journal.read(first, last).toReversed()) {
      const parsed = parseEntry(text);
      const found = parsed.ok ? pick(parsed.value) : undefined;
      if (found === 'enough') return picked;
      if (found !== undefined) picked.push(found);
    }
    await setImmediate();
  }
  return picked;
};

/** Wall time of the oldest touch that the gateway has not receipted. */
export const oldestUnsentTap = (journal: Journal): UtcMs | undefined => {
  if (journal.unsentTaps() === 0) return undefined;
  const first = Math.max(journal.firstSeq(), journal.settledSeq() + 1);
  for (const entry of recentEntries(journal, journal.lastSeq() - first + 1))
    if (entry.kind === 'tap') return entry.wallMs;
  return undefined;
};
