/**
 * Opens a SQLite file whose commit means "on the disk".
 *
 * WAL with synchronous=FULL: one fsync a commit. better-sqlite3 is compiled so that WAL may come up
 * as NORMAL, which passes kill -9 and loses commits at a power cut; so FULL is set on every open, and
 * read back.
 */
import { chmodSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isSystemError } from './system-error.ts';

export type Sqlite = Database.Database;

export interface SqliteOptions {
  /** WAL pages before a checkpoint; small on SD cards to bound the WAL, large for bulk ingest. */
  readonly checkpointPages: number;
  /** Page cache; SQLite's own 2 MiB where absent. */
  readonly cacheKiB?: number;
}

/**
 * SQLite makes its files readable to everybody who may enter the folder, whatever its mode is. What it makes beside the
 * database from then on has the database's mode.
 */
const keepToOwner = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    try {
      if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
    } catch (cause) {
      // Who works on it without owning it has been let in by somebody, and cannot change that.
      if (!isSystemError(cause)) throw cause;
    }
  }
};

/**
 * `:memory:`, or the bytes of a database in place of a path, is for tests and simulation; every file is
 * durable or this throws.
 */
export const openDurableSqlite = (
  path: string | Buffer,
  { checkpointPages, cacheKiB = 2_048 }: SqliteOptions,
): Sqlite => {
  const db = new Database(path);
  try {
    const mode = db.pragma('journal_mode = wal', { simple: true });
    db.pragma('synchronous = full');
    db.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    db.pragma(`cache_size = -${cacheKiB}`);
    db.pragma('foreign_keys = on');
    const synchronous = db.pragma('synchronous', { simple: true });
    const isDurable = synchronous === 2 && (mode === 'wal' || db.memory);
    if (!isDurable) throw new Error(`${path}: journal_mode=${mode} synchronous=${synchronous}`);
    if (!db.memory) keepToOwner(String(path));
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
};

/** For reading what somebody else wrote, and for nothing else. */
export const openSqliteToRead = (path: string): Sqlite =>
  new Database(path, { readonly: true, fileMustExist: true });

/** A database on disk for what is too large for memory: in SQLite's folder for such things, gone with its connection. */
export const openScratchSqlite = (): Sqlite => {
  const db = new Database('');
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  return db;
};

export interface FileLock {
  readonly release: () => void;
}

/**
 * The kernel's lock on an empty file, which Node cannot ask for: gone with the program, however it ends. Undefined
 * where another program has it; throws SQLite's error where the disk gives no such file.
 */
export const lockFile = (path: string): FileLock | undefined => {
  const lock = new Database(path, { timeout: 0 });
  try {
    // Nothing is ever written that would have to be taken back.
    lock.pragma('journal_mode = memory');
    lock.exec('begin exclusive');
    keepToOwner(path);
    return { release: () => void lock.close() };
  } catch (cause) {
    lock.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY'))
      return undefined;
    throw cause;
  }
};

export type SqliteFailure = {
  readonly kind: 'disk-full' | 'io-error' | 'corrupt';
  readonly message: string;
};

/** Names the failures of the disk under SQLite; undefined for anything else, which is our bug. */
export const sqliteFailure = (cause: unknown): SqliteFailure | undefined => {
  if (!(cause instanceof Database.SqliteError)) return undefined;
  const { code, message } = cause;
  if (code.startsWith('SQLITE_FULL')) return { kind: 'disk-full', message };
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code)) return { kind: 'io-error', message };
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'))
    return { kind: 'corrupt', message };
  return undefined;
};
