/**
 * Rescue (救出): reads the entries of a journal off a dead terminal's card, also where its database is
 * broken, and however large it is.
 *
 * SQLite gives what it can read, in order of seq. What it cannot read is searched for in the bytes of the files
 * (`device/carved-entries.ts`), where it lies in any order and several times over, and is put in order in a scratch
 * database on disk. Memory holds neither.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { carveFile } from '../device/carved-entries.ts';
import { JOURNAL_FILE } from '../device/journal-file.ts';
import { type ChainHash, GENESIS_HASH, nextHash } from '../shared/chain.ts';
import { openScratchSqlite, openSqliteToRead, type Sqlite } from '../shared/durable-sqlite.ts';
import { type Entry, parseEntry } from '../shared/entry.ts';
import type { RescueAbout, RescuedEntry, SeqRun } from '../shared/rescue-file.ts';

export interface Rescue extends RescueAbout {
  /** By seq, each once; the same at every call. Throws SQLite's error where the card gives up meanwhile. */
  readonly entries: () => Generator<RescuedEntry>;
  readonly close: () => void;
}

interface Row {
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
}

const rescuedEntry = ({ seq, text, hash }: Row): RescuedEntry => ({
  seq,
  text,
  hash: hash.toString('hex'),
});

/** What SQLite can read of a journal. */
interface Readable {
  /** Undefined where it cannot read one entry. */
  readonly ids: Pick<Entry, 'terminalId' | 'journalId'> | undefined;
  /** By seq. */
  readonly runs: readonly SeqRun[];
  /** Where the table's beginning can be read, nothing is before it: what still lies in the file was pruned. */
  readonly beginsAt: number;
  readonly settledSeq: number | undefined;
  readonly entries: () => Generator<RescuedEntry>;
  readonly close: () => void;
}

const NOTHING_READABLE: Readable = {
  ids: undefined,
  runs: [],
  beginsAt: 0,
  settledSeq: undefined,
  entries: function* () {},
  close: () => undefined,
};

/** However a database is broken: what it does not give is searched for in its bytes. */
const asFarAsItGoes = (work: () => void): void => {
  try {
    work();
  } catch {
    // It got as far as it got.
  }
};

const readableOf = (path: string): Readable => {
  let db: Sqlite;
  try {
    db = openSqliteToRead(path);
    // One state of a journal that a running terminal writes to.
    db.exec('begin');
  } catch {
    return NOTHING_READABLE;
  }
  let settledSeq: number | undefined;
  asFarAsItGoes(() => {
    settledSeq = db.prepare<[], number>('select settled_seq from journal').pluck().get();
  });

  let ids: Readable['ids'];
  /** Whether it is an entry of this journal; the first one tells which that is. */
  const isOurs = ({ seq, text, hash }: Row): boolean => {
    const parsed = parseEntry(text);
    if (!parsed.ok || parsed.value.seq !== seq || hash.length !== 32) return false;
    ids ??= parsed.value;
    return parsed.value.journalId === ids.journalId;
  };
  const forward: SeqRun[] = [];
  const backward: SeqRun[] = [];
  const readIn = (direction: 'asc' | 'desc', runs: SeqRun[]): void =>
    asFarAsItGoes(() => {
      const end = forward.at(-1)?.last ?? 0;
      const rows = db.prepare<[number], Row>(
        `select seq, text, hash from entry where seq > ? order by seq ${direction}`,
      );
      for (const row of rows.iterate(end)) {
        if (!isOurs(row)) continue;
        const { seq } = row;
        const run = runs.at(-1);
        if (run?.last === seq - 1) runs[runs.length - 1] = { first: run.first, last: seq };
        else if (run?.first === seq + 1) runs[runs.length - 1] = { first: seq, last: run.last };
        else runs.push({ first: seq, last: seq });
      }
    });
  readIn('asc', forward);
  // From the other end, so that one broken page costs what is on it and no more.
  readIn('desc', backward);
  const runs = [...forward, ...backward.reverse()];
  return {
    ids,
    runs,
    beginsAt: forward[0]?.first ?? 0,
    settledSeq,
    entries: function* () {
      if (runs.length === 0) return;
      // Counted, so that SQLite does not look at what is behind the last of them, which may be broken.
      const rows = db.prepare<[number, number], Row>(
        'select seq, text, hash from entry where seq >= ? order by seq limit ?',
      );
      for (const { first, last } of runs)
        for (const row of rows.iterate(first, last - first + 1)) yield rescuedEntry(row);
    },
    close: () => {
      db.close();
    },
  };
};

const isWithin = (runs: readonly SeqRun[], seq: number): boolean => {
  let [from, to] = [0, runs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const run = runs[middle];
    if (run === undefined) return false;
    if (seq < run.first) to = middle;
    else if (seq > run.last) from = middle + 1;
    else return true;
  }
  return false;
};

/** Entries out of the files' bytes, put in order. */
interface Found {
  /** Of several journals, the one with the most entries; undefined where there is none. */
  readonly ids: () => Readable['ids'];
  /** By seq; what was found of each, which may differ. */
  readonly candidates: (journalId: string) => Generator<readonly RescuedEntry[]>;
  readonly close: () => void;
}

const SCRATCH = `
  create table found (
    seq integer not null,
    terminal_id text not null,
    journal_id text not null,
    text text not null,
    hash text not null
  ) strict;
  create index found_seq on found (seq);
  begin;`;

const findIn = (
  files: readonly string[],
  { ids, runs, beginsAt }: Readable,
  chunkBytes?: number,
): Found => {
  const scratch = openScratchSqlite();
  scratch.exec(SCRATCH);
  // Pages lie in a log many times over.
  const insert = scratch.prepare(
    `insert into found select @seq, @terminalId, @journalId, @text, @hash where not exists
       (select 1 from found where seq = @seq and text = @text and hash = @hash)`,
  );
  for (const file of files)
    for (const { entry, text, hash } of carveFile(file, chunkBytes)) {
      const { seq, terminalId, journalId } = entry;
      if (seq < beginsAt || isWithin(runs, seq)) continue;
      if (ids !== undefined && journalId !== ids.journalId) continue;
      insert.run({ seq, terminalId, journalId, text, hash });
    }
  return {
    ids: () =>
      scratch
        .prepare<[], Pick<Entry, 'terminalId' | 'journalId'>>(
          `select terminal_id as terminalId, journal_id as journalId from found
           group by journal_id order by count(distinct seq) desc limit 1`,
        )
        .get(),
    candidates: function* (journalId) {
      const rows = scratch.prepare<[string], RescuedEntry>(
        'select seq, text, hash from found where journal_id = ? order by seq, rowid',
      );
      let group: RescuedEntry[] = [];
      for (const row of rows.iterate(journalId)) {
        if (group.length > 0 && group[0]?.seq !== row.seq) {
          yield group;
          group = [];
        }
        group.push(row);
      }
      if (group.length > 0) yield group;
    },
    close: () => {
      scratch.close();
    },
  };
};

/** What SQLite read and what was found, which share no seq, in one order. */
const inOrder = function* (
  read: Generator<RescuedEntry>,
  found: Generator<readonly RescuedEntry[]>,
): Generator<RescuedEntry> {
  let before: { readonly seq: number; readonly hash: ChainHash } = { seq: 0, hash: GENESIS_HASH };
  const follows = ({ seq, text, hash }: RescuedEntry): boolean =>
    seq === before.seq + 1 && hash === nextHash(before.hash, text);
  try {
    let next = read.next();
    for (const candidates of found) {
      const seq = candidates[0]?.seq ?? 0;
      for (; next.done !== true && next.value.seq < seq; next = read.next()) {
        before = next.value;
        yield next.value;
      }
      // What a log holds of a commit that never was may stand beside what came in its place.
      const chosen = candidates.find(follows) ?? candidates.at(-1);
      if (chosen === undefined) continue;
      before = chosen;
      yield chosen;
    }
    for (; next.done !== true; next = read.next()) yield next.value;
  } finally {
    read.return(undefined);
  }
};

/**
 * Undefined where not one entry is left. Throws the file system's error where a file cannot be read, and SQLite's
 * where there is no room for the scratch database.
 *
 * @param folder     holds a journal's files, also one set aside
 * @param chunkBytes of a file that are searched at once
 */
export const openRescue = (folder: string, chunkBytes?: number): Rescue | undefined => {
  const path = join(folder, JOURNAL_FILE);
  const readable = existsSync(path) ? readableOf(path) : NOTHING_READABLE;
  // The log first: what a terminal that runs takes over into the database meanwhile is then read there.
  const files = [`${path}-wal`, path].filter((file) => existsSync(file));
  const found = findIn(files, readable, chunkBytes);
  const close = (): void => {
    readable.close();
    found.close();
  };
  const ids = readable.ids ?? found.ids();
  if (ids === undefined) {
    close();
    return undefined;
  }
  const { terminalId, journalId } = ids;
  return {
    terminalId,
    journalId,
    settledSeq: readable.settledSeq,
    entries: () => inOrder(readable.entries(), found.candidates(journalId)),
    close,
  };
};
