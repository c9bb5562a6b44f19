/**
 * The journal's file: opened, or, where it is broken, set aside whole so that a new one can begin.
 *
 * Nothing of a broken journal is deleted or repaired here: `genba rescue` reads what can be read of it.
 */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  openDurableSqlite,
  openSqliteToRead,
  type Sqlite,
  sqliteFailure,
} from '../shared/durable-sqlite.ts';
import type { TerminalId } from '../shared/ids.ts';
import { syncToDisk } from '../shared/replace-file.ts';
import { type Journal, openJournal } from './journal.ts';
import { endOfLog } from './write-ahead-log.ts';

/** 1,000 pages of 4 KiB bound the WAL to about 4 MB. */
const CHECKPOINT_PAGES = 1_000;
/** Shared memory and the write-ahead log belong to the database and go with it. */
const SUFFIXES = ['', '-wal', '-shm'];

export const JOURNAL_FILE = 'journal.db';

export interface OpenedJournal {
  readonly journal: Journal;
  /** Folder into which a broken journal was moved just now. */
  readonly setAside: string | undefined;
  /** The journal goes on without a commit that its log does not hold whole, such as the power cuts off. */
  readonly isCut: boolean;
}

const SET_ASIDE = /^set-aside-(\d+)$/;

/** Folders of journals that were set aside, by name, the oldest first. */
export const setAsideFolders = (dataDir: string): readonly string[] =>
  readdirSync(dataDir)
    .filter((name) => SET_ASIDE.test(name))
    .toSorted((a, b) => Number(SET_ASIDE.exec(a)?.[1]) - Number(SET_ASIDE.exec(b)?.[1]));

const moveInto = (folder: string, dataDir: string): void => {
  for (const suffix of SUFFIXES) {
    const file = join(dataDir, `${JOURNAL_FILE}${suffix}`);
    if (existsSync(file)) renameSync(file, join(folder, `${JOURNAL_FILE}${suffix}`));
  }
  syncToDisk(folder);
  syncToDisk(dataDir);
};

const setAside = (dataDir: string): string => {
  const last = SET_ASIDE.exec(setAsideFolders(dataDir).at(-1) ?? '')?.[1];
  const folder = join(dataDir, `set-aside-${Number(last ?? 0) + 1}`);
  mkdirSync(folder, { mode: 0o700 });
  moveInto(folder, dataDir);
  return folder;
};

/**
 * A log without its database is left where the power went while the two were set aside. SQLite would throw
 * it away, and with it the touches that were not in the database yet. The folder that got them, if so.
 */
const finishSettingAside = (dataDir: string): string | undefined => {
  const isThere = (suffix: string): boolean =>
    existsSync(join(dataDir, `${JOURNAL_FILE}${suffix}`));
  const name = setAsideFolders(dataDir).at(-1);
  if (isThere('') || !isThere('-wal') || name === undefined) return undefined;
  const folder = join(dataDir, name);
  moveInto(folder, dataDir);
  return folder;
};

const hasTables = (db: Sqlite): boolean =>
  db.prepare("select 1 from sqlite_schema where name = 'entry'").get() !== undefined;

/**
 * Whether entries are missing. SQLite finds nothing wrong with an older page that stands where a card lost
 * the newer one; we could not read on, nor send.
 */
const hasHoles = (db: Sqlite): boolean =>
  db
    .prepare<[], number>(
      `select case
         when entries = 0 then settled > 0
         else last - first + 1 <> entries or settled not between first - 1 and last
       end from (select
         (select count(*) from entry) as entries,
         (select min(seq) from entry) as first,
         (select max(seq) from entry) as last,
         (select settled_seq from journal) as settled)`,
    )
    .pluck()
    .get() !== 0;

const lastSeqOf = (db: Sqlite): number =>
  db.prepare<[], number>('select coalesce(max(seq), 0) from entry').pluck().get() ?? 0;

type Condition = 'sound' | 'cut' | 'broken';

/**
 * `broken`: the file cannot be gone on with. Throws for every other failure, such as a full disk. Only read: at
 * the end of a connection that may write, SQLite throws the log away, also what it could not read of it.
 */
const conditionOf = (path: string): Condition => {
  if (!existsSync(path)) return 'sound';
  let db: Sqlite | undefined;
  try {
    db = openSqliteToRead(path);
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') return 'broken';
    const isBegun = hasTables(db);
    if (isBegun && hasHoles(db)) return 'broken';
    const end = endOfLog(`${path}-wal`, isBegun ? lastSeqOf(db) : 0);
    if (end === 'hidden') return 'broken';
    return end === 'cut' ? 'cut' : 'sound';
  } catch (cause) {
    if (sqliteFailure(cause)?.kind !== 'corrupt') throw cause;
    return 'broken';
  } finally {
    db?.close();
  }
};

export const openJournalFile = (dataDir: string, terminalId: TerminalId): OpenedJournal => {
  const path = join(dataDir, JOURNAL_FILE);
  const finished = finishSettingAside(dataDir);
  const condition = conditionOf(path);
  const folder = condition === 'broken' ? setAside(dataDir) : finished;
  const db = openDurableSqlite(path, { checkpointPages: CHECKPOINT_PAGES });
  try {
    const journal = openJournal(db, terminalId);
    return { journal, setAside: folder, isCut: condition === 'cut' };
  } catch (cause) {
    // It is tried again every few seconds: nothing must be left open.
    db.close();
    throw cause;
  }
};
