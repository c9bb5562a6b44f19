/**
 * The journal's file: opened, or, where it is broken, set aside whole so that a new one can begin.
 *
 * Nothing of a broken journal is deleted or repaired here: `genba rescue` reads what can be read of it.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  lockFile,
  openDurableSqlite,
  openSqliteToRead,
  type Sqlite,
  sqliteFailure,
} from '../shared/durable-sqlite.ts';
import type { TerminalId } from '../shared/ids.ts';
import { syncToDisk } from '../shared/replace-file.ts';
import { type Journal, openJournal } from './journal.ts';
import { endOfLog, headOfLog, type LogEnd } from './write-ahead-log.ts';

/** 1,000 pages of 4 KiB bound the WAL to about 4 MB. */
const CHECKPOINT_PAGES = 1_000;
/** Shared memory and the write-ahead log belong to the database and go with it. */
const SUFFIXES = ['', '-wal', '-shm'];

export const JOURNAL_FILE = 'journal.db';
const LOCK_FILE = 'terminal.lock';

export interface OpenedJournal {
  readonly journal: Journal;
  /** Folder into which a broken journal was moved just now. */
  readonly setAside: string | undefined;
  /** The journal goes on without a commit that its log does not hold whole, such as the power cuts off. */
  readonly isCut: boolean;
  /**
   * Closes a journal that is not in its place any more. What the gateway has not receipted is set aside, because
   * nobody else has it; the folder that got it, if so. Throws where the disk does not take it, and stays open.
   */
  readonly leave: () => string | undefined;
}

const SET_ASIDE = /^set-aside-(\d+)$/;

/** Folders of journals that were set aside, by name, the oldest first; none where the folder itself is gone. */
export const setAsideFolders = (dataDir: string): readonly string[] => {
  const names = statSync(dataDir, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(dataDir)
    : [];
  return names
    .filter((name) => SET_ASIDE.test(name))
    .toSorted((a, b) => Number(SET_ASIDE.exec(a)?.[1]) - Number(SET_ASIDE.exec(b)?.[1]));
};

const moveInto = (folder: string, dataDir: string): void => {
  for (const suffix of SUFFIXES) {
    const file = join(dataDir, `${JOURNAL_FILE}${suffix}`);
    if (existsSync(file)) renameSync(file, join(folder, `${JOURNAL_FILE}${suffix}`));
  }
  syncToDisk(folder);
  syncToDisk(dataDir);
};

const nextFolder = (dataDir: string): string => {
  const last = SET_ASIDE.exec(setAsideFolders(dataDir).at(-1) ?? '')?.[1];
  return join(dataDir, `set-aside-${Number(last ?? 0) + 1}`);
};

const setAside = (dataDir: string): string => {
  const folder = nextFolder(dataDir);
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

/** Which file stands behind a path now; undefined = none. */
const fileAt = (path: string): string | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
};

/** Out of files that have no name any more, or another one; the last settled entry too, to which the next is chained. */
const COPY_UNSENT = `
  create table aside.journal as select * from main.journal;
  create table aside.entry
    (seq integer primary key, text text not null, hash blob not null, taps integer not null) strict;
  insert into aside.entry select seq, text, hash, taps from main.entry where seq >= `;

const copyUnsent = (db: Sqlite, dataDir: string, settledSeq: number): string => {
  const folder = nextFolder(dataDir);
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  db.prepare('attach database ? as aside').run(join(unfinished, JOURNAL_FILE));
  try {
    db.transaction(() => db.exec(`${COPY_UNSENT}${settledSeq}`))();
  } finally {
    db.exec('detach database aside');
  }
  renameSync(unfinished, folder);
  syncToDisk(dataDir);
  return folder;
};

/** A journal's files as they are now, for as long as it is open. */
const placeOf = (path: string) => {
  const [own, ...beside] = SUFFIXES.map((suffix) => fileAt(`${path}${suffix}`));
  const [, log] = SUFFIXES;
  return {
    isInPlace: () => fileAt(path) === own && fileAt(`${path}${log}`) === beside[0],
    isDatabaseTaken: () => fileAt(path) !== own,
    /** What is left of ours beside another database SQLite would read into that. */
    removeLeftovers: (): void => {
      for (const [index, file] of beside.entries()) {
        const left = `${path}${SUFFIXES[index + 1]}`;
        if (file !== undefined && fileAt(left) === file) rmSync(left);
      }
    },
  };
};

/** Whether a journal was begun in it. */
export const hasTables = (db: Sqlite): boolean =>
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

/** Looks at a log in which somebody writes all the while; a commit takes longer than a look. */
const LOOKS_MAX = 50;

/** Also while the terminal writes: a look during which something was committed, or the log begun anew, proves nothing. */
const logEndOf = (db: Sqlite, path: string): LogEnd => {
  const log = `${path}-wal`;
  const moment = (): string =>
    `${db.pragma('data_version', { simple: true })} ${headOfLog(log)?.toString('hex')}`;
  for (let looks = 1; ; looks += 1) {
    const before = moment();
    const end = endOfLog(log, hasTables(db) ? lastSeqOf(db) : 0);
    if (end === 'whole' || moment() === before || looks === LOOKS_MAX) return end;
  }
};

/**
 * `broken`: SQLite cannot read it, or entries are missing. `hidden`: SQLite reads it and finds nothing wrong, but a
 * rotten page in its log hides commits behind it. Neither can be gone on with. `cut`: of the last commit alone a
 * part is missing.
 */
export type JournalCondition = 'sound' | 'cut' | 'hidden' | 'broken';

/**
 * Throws for every other failure, such as a full disk. Only reads, also beside a running terminal: at the end of a
 * connection that may write, SQLite throws the log away, also what it could not read of it.
 */
export const conditionOf = (path: string): JournalCondition => {
  if (!existsSync(path)) return 'sound';
  let db: Sqlite | undefined;
  try {
    db = openSqliteToRead(path);
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') return 'broken';
    if (hasTables(db) && hasHoles(db)) return 'broken';
    const end = logEndOf(db, path);
    return end === 'whole' ? 'sound' : end;
  } catch (cause) {
    if (sqliteFailure(cause)?.kind !== 'corrupt') throw cause;
    return 'broken';
  } finally {
    db?.close();
  }
};

/**
 * The folder is this program's until the journal is closed: two that wrote to one journal would each break the
 * other's chain. Throws where another one has it.
 */
export const openJournalFile = (dataDir: string, terminalId: TerminalId): OpenedJournal => {
  const lock = lockFile(join(dataDir, LOCK_FILE));
  if (lock === undefined) throw new Error(`another terminal works in ${dataDir}`);
  try {
    const opened = openIn(dataDir, terminalId);
    const close = (): void => {
      opened.journal.close();
      lock.release();
    };
    const leave = (): string | undefined => {
      const aside = opened.leave();
      lock.release();
      return aside;
    };
    return { ...opened, journal: { ...opened.journal, close }, leave };
  } catch (cause) {
    lock.release();
    throw cause;
  }
};

const openIn = (dataDir: string, terminalId: TerminalId): OpenedJournal => {
  const path = join(dataDir, JOURNAL_FILE);
  const finished = finishSettingAside(dataDir);
  const condition = conditionOf(path);
  const isLost = condition === 'broken' || condition === 'hidden';
  const folder = isLost ? setAside(dataDir) : finished;
  const db = openDurableSqlite(path, { checkpointPages: CHECKPOINT_PAGES });
  try {
    const journal = openJournal(db, terminalId, () => place.isInPlace());
    // The log is there when the database was read or written.
    const place = placeOf(path);
    const leave = (): string | undefined => {
      const isTaken = place.isDatabaseTaken();
      const hasUnsent = journal.lastSeq() > journal.settledSeq();
      const aside =
        isTaken && hasUnsent ? copyUnsent(db, dataDir, journal.settledSeq()) : undefined;
      journal.close();
      if (isTaken) place.removeLeftovers();
      return aside;
    };
    return { journal, setAside: folder, isCut: condition === 'cut', leave };
  } catch (cause) {
    // It is tried again every few seconds: nothing must be left open.
    db.close();
    throw cause;
  }
};
