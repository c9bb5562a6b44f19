/**
 * A backup of the gateway in one file (控え): the ledger as of one moment, and beside it the files without
 * which it is worth little – the signing key that terminals know the gateway by, and the configuration.
 *
 * The file is a SQLite database: the ledger's own tables, and two of the backup's. It holds names and
 * keys, so it is made readable by its owner alone.
 */
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { openSqliteToRead, type Sqlite } from '../shared/durable-sqlite.ts';
import { syncToDisk } from '../shared/replace-file.ts';
import { faulty, ok, type Result } from '../shared/result.ts';
import { isoInJapan, UtcMs } from '../shared/time.ts';
import { openSqliteAuditLog } from './store/sqlite-audit-log.ts';
import { isOfLaterVersion, migrate } from './store/sqlite-migrations.ts';

export interface BackedUpFile {
  /** `config`, `signing-key`, or a path below the data folder. */
  readonly name: string;
  readonly bytes: Buffer;
}

const About = z.object({ madeAtMs: UtcMs, version: z.string() });
export type BackupAbout = z.infer<typeof About>;

const SCHEMA = `
  create table backup_about (made_at_ms integer not null, version text not null) strict;
  create table backup_file (name text primary key, bytes blob not null) strict, without rowid;`;

/**
 * Copies the ledger as it is at this moment, also while the service writes on, and adds the files. One
 * reading transaction: SQLite's own step-by-step copy begins anew whenever another process commits.
 */
export const writeBackup = (
  ledgerFile: string,
  to: string,
  { madeAtMs, version }: BackupAbout,
  files: readonly BackedUpFile[],
  open: (path: string) => Sqlite,
): void => {
  const ledger = openSqliteToRead(ledgerFile);
  try {
    ledger.prepare('vacuum into ?').run(to);
  } finally {
    ledger.close();
  }
  chmodSync(to, 0o600);
  const db = open(to);
  try {
    db.exec(SCHEMA);
    db.prepare('insert into backup_about values (?, ?)').run(madeAtMs, version);
    const insert = db.prepare('insert into backup_file values (?, ?)');
    for (const { name, bytes } of files) insert.run(name, bytes);
    // One file, with nothing beside it.
    db.pragma('journal_mode = delete');
  } finally {
    db.close();
  }
  syncToDisk(to);
  syncToDisk(dirname(to));
};

export interface ReadBackup {
  readonly about: BackupAbout;
  readonly files: readonly BackedUpFile[];
  readonly entries: number;
}

/** Reads and checks all of it; the fault says in Japanese what is wrong with the file. */
export const readBackup = (path: string): Result<ReadBackup> => {
  let db: Sqlite | undefined;
  try {
    db = openSqliteToRead(path);
    const health = String(db.pragma('integrity_check(1)', { simple: true }));
    if (health !== 'ok') return faulty({ place: path, message: `壊れています（${health}）` });
    if (isOfLaterVersion(db))
      return faulty({
        place: path,
        message: 'この版より新しい genba-tap の控えです。その版を入れてから戻してください',
      });
    const about = About.safeParse(
      db.prepare('select made_at_ms as madeAtMs, version from backup_about').get(),
    );
    if (!about.success) return faulty({ place: path, message: '控えとして完全ではありません' });
    const files = db.prepare<[], BackedUpFile>('select name, bytes from backup_file').all();
    const entries = db.prepare<[], number>('select count(*) from entry').pluck().get() ?? 0;
    return ok({ about: about.data, files, entries });
  } catch (cause) {
    return faulty({
      place: path,
      message: `控えではありません（${cause instanceof Error ? cause.message : cause}）`,
    });
  } finally {
    db?.close();
  }
};

/**
 * Numbers that a restored ledger must not give out again. Whoever follows the cursor may have gone beyond
 * what was backed up, and a terminal takes no roster that is older than the one it has.
 */
const LEDGER_NUMBERS_SKIPPED = 1_000_000_000;
const ROSTER_VERSIONS_SKIPPED = 1_000_000;

/**
 * Makes a ledger of a copy of a backup, also of one of an earlier version. Nobody is logged in to it: who was logged
 * out or closed since must not come back in by an old cookie.
 */
export const makeLedgerOf = (db: Sqlite, { about, entries }: ReadBackup, now: UtcMs): void => {
  migrate(db);
  db.transaction(() => {
    db.exec('drop table backup_about; drop table backup_file; delete from session');
    const last = db.prepare<[], number>('select max(ledger_no) from entry').pluck().get() ?? 0;
    db.prepare("delete from sqlite_sequence where name = 'entry'").run();
    db.prepare("insert into sqlite_sequence (name, seq) values ('entry', ?)").run(
      last + LEDGER_NUMBERS_SKIPPED,
    );
    db.prepare('update counter set roster_version = roster_version + ?').run(
      ROSTER_VERSIONS_SKIPPED,
    );
    openSqliteAuditLog(db, () => now).append({
      kind: 'restored',
      actor: 'command',
      detail: { madeAt: isoInJapan(about.madeAtMs), version: about.version, entries },
    });
  }).immediate();
};
