/**
 * Rescue (救出): reads the entries of a journal off a dead terminal's card, also where its database is
 * broken.
 *
 * An entry's text lies in the file as it was written, followed by its chain hash. So where SQLite cannot
 * read on, the bytes themselves are searched; the chain then tells whether an entry is what the terminal
 * wrote.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE } from '../device/journal-file.ts';
import { openSqliteToRead } from '../shared/durable-sqlite.ts';
import { ENTRY_BYTES_MAX, type Entry, parseEntry } from '../shared/entry.ts';
import { brokenIn, gapsIn, type Rescue, type RescuedEntry } from '../shared/rescue-file.ts';

const HASH_BYTES = 32;
const ENTRY_START = Buffer.from('{"v":1,"terminalId":"');

/** Length of the JSON object that begins at `start`; undefined where it does not end in time. */
const objectLength = (bytes: Buffer, start: number): number | undefined => {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < bytes.length && at - start < ENTRY_BYTES_MAX; at += 1) {
    const byte = bytes[at];
    if (isInText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) isInText = false;
    } else if (byte === 0x22) isInText = true;
    else if (byte === 0x7b) depth += 1;
    else if (byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1 - start;
    }
  }
  return undefined;
};

/** Every entry that lies whole in these bytes, in the order in which it lies there. */
export const carve = (bytes: Buffer): readonly RescuedEntry[] => {
  const found: RescuedEntry[] = [];
  let at = bytes.indexOf(ENTRY_START);
  while (at >= 0) {
    const length = objectLength(bytes, at);
    const text = length === undefined ? '' : bytes.toString('utf8', at, at + length);
    const parsed = parseEntry(text);
    if (parsed.ok && length !== undefined) {
      const hash = bytes.toString('hex', at + length, at + length + HASH_BYTES);
      found.push({ seq: parsed.value.seq, text, hash });
    }
    at = bytes.indexOf(ENTRY_START, at + 1);
  }
  return found;
};

interface ReadBySqlite {
  readonly entries: readonly RescuedEntry[];
  readonly settledSeq: number | undefined;
}

/** As far as SQLite gets; it stops at the first page that it cannot read. */
const readBySqlite = (path: string): ReadBySqlite => {
  const entries: RescuedEntry[] = [];
  let settledSeq: number | undefined;
  try {
    const db = openSqliteToRead(path);
    try {
      settledSeq = db
        .prepare<[], { settled_seq: number }>('select settled_seq from journal')
        .get()?.settled_seq;
      const rows = db.prepare<[], { seq: number; text: string; hash: Buffer }>(
        'select seq, text, hash from entry order by seq',
      );
      for (const { seq, text, hash } of rows.iterate())
        entries.push({ seq, text, hash: hash.toString('hex') });
    } finally {
      db.close();
    }
  } catch {
    // However it is broken, the bytes are searched next.
  }
  return { entries, settledSeq };
};

const idsOf = (text: string): Pick<Entry, 'terminalId' | 'journalId'> | undefined => {
  const parsed = parseEntry(text);
  return parsed.ok ? parsed.value : undefined;
};

/** Of several journals in one folder, the one with the most entries. */
const mainJournal = (entries: readonly RescuedEntry[]): string | undefined => {
  const count = new Map<string, number>();
  for (const { text } of entries) {
    const id = idsOf(text)?.journalId;
    if (id !== undefined) count.set(id, (count.get(id) ?? 0) + 1);
  }
  return [...count].sort(([, a], [, b]) => b - a)[0]?.[0];
};

/** Undefined where not one entry is left. `folder` holds a journal's files, also one set aside. */
export const rescueFrom = (folder: string): Rescue | undefined => {
  const path = join(folder, JOURNAL_FILE);
  const read = existsSync(path) ? readBySqlite(path) : { entries: [], settledSeq: undefined };
  // The log first: what a terminal that runs takes over into the database meanwhile is then read there.
  const carved = [`${path}-wal`, path]
    .filter((file) => existsSync(file))
    .flatMap((file) => carve(readFileSync(file)));
  const journalId = mainJournal([...read.entries, ...carved]);
  const entryBySeq = new Map<number, RescuedEntry>();
  // What SQLite read counts for more than what lay about in the file.
  for (const entry of [...carved, ...read.entries])
    if (idsOf(entry.text)?.journalId === journalId) entryBySeq.set(entry.seq, entry);
  const entries = [...entryBySeq.values()].sort((a, b) => a.seq - b.seq);
  const [first] = entries;
  const ids = first && idsOf(first.text);
  if (ids === undefined) return undefined;
  return {
    terminalId: ids.terminalId,
    journalId: ids.journalId,
    entries,
    missing: [...gapsIn(entries.map(({ seq }) => seq))],
    broken: [...brokenIn(entries)],
    settledSeq: read.settledSeq,
  };
};
