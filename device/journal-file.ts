/**
 * The journal's file: opened, or, where it is broken, set aside whole so that a new one can begin.
 *
 * Nothing of a broken journal is deleted or repaired here: `genba rescue` reads what can be read of it.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { openDurableSqlite, type Sqlite, sqliteFailure } from '../shared/durable-sqlite.ts';
import type { TerminalId } from '../shared/ids.ts';
import { type Journal, openJournal } from './journal.ts';

/** 1,000 pages of 4 KiB bound the WAL to about 4 MB. */
const CHECKPOINT_PAGES = 1_000;
/** Shared memory and the write-ahead log belong to the database and go with it. */
const SUFFIXES = ['', '-wal', '-shm'];

export const JOURNAL_FILE = 'journal.db';

export interface OpenedJournal {
  readonly journal: Journal;
  /** Folder in which the broken journal now lies. */
  readonly setAside: string | undefined;
}

const setAside = (dataDir: string): string => {
  let number = 1;
  while (existsSync(join(dataDir, `set-aside-${number}`))) number += 1;
  const folder = join(dataDir, `set-aside-${number}`);
  mkdirSync(folder, { mode: 0o700 });
  for (const suffix of SUFFIXES) {
    const file = join(dataDir, `${JOURNAL_FILE}${suffix}`);
    if (existsSync(file)) renameSync(file, join(folder, `${JOURNAL_FILE}${suffix}`));
  }
  return folder;
};

const isBroken = (db: Sqlite): boolean => db.pragma('quick_check(1)', { simple: true }) !== 'ok';

/** Undefined where the file is broken; throws for every other failure, such as a full disk. */
const openSound = (path: string, terminalId: TerminalId): Journal | undefined => {
  let db: Sqlite | undefined;
  try {
    db = openDurableSqlite(path, { checkpointPages: CHECKPOINT_PAGES });
    if (!isBroken(db)) return openJournal(db, terminalId);
  } catch (cause) {
    if (sqliteFailure(cause)?.kind !== 'corrupt') throw cause;
  }
  db?.close();
  return undefined;
};

export const openJournalFile = (dataDir: string, terminalId: TerminalId): OpenedJournal => {
  const path = join(dataDir, JOURNAL_FILE);
  const journal = openSound(path, terminalId);
  if (journal !== undefined) return { journal, setAside: undefined };
  const folder = setAside(dataDir);
  const fresh = openSound(path, terminalId);
  if (fresh === undefined) throw new Error(`${path}: a new journal is broken too`);
  return { journal: fresh, setAside: folder };
};
