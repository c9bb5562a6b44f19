/** A backup is as good as the program that reads it: those of every version before this one are ledgers again. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeLedgerOf, readBackup, writeBackup } from '../../gateway/backup-file.ts';
import { openSqliteAuditLog } from '../../gateway/store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { MIGRATIONS } from '../../gateway/store/sqlite-migrations.ts';
import { openDurableSqlite, type Sqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';

const JOURNAL = '0b0c9f5e-6f0a-4c57-9d9a-0d6d1f3f6a11';
const NOW = utcMs(Date.parse('2026-11-24T08:00:00+09:00'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string): Sqlite => openDurableSqlite(path, { checkpointPages: 1_000 });

test.each(MIGRATIONS.map((_sql, index) => index + 1))('schema %i', (version) => {
  const [ledger, backup, restored] = ['ledger.db', 'backup', 'restored.db'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const old = open(ledger);
  for (const sql of MIGRATIONS.slice(0, version)) old.exec(sql);
  old.pragma(`user_version = ${version}`);
  old.exec(`insert into journal values (1, 'gate-1', '${JOURNAL}', 1, zeroblob(32))`);
  old.exec(`insert into entry (journal_no, seq, kind, text, hash, received_at_ms)
    values (1, 1, 'boot', '{}', zeroblob(32), 0)`);
  old.close();

  writeBackup(ledger, backup, { madeAtMs: NOW, version: '0.0.9' }, [], open);
  const read = readBackup(backup);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  copyFileSync(backup, restored);
  const db = open(restored);
  makeLedgerOf(db, read.value, NOW);
  expect(openSqliteLedger(db).journals()).toEqual([{ terminalId: 'gate-1', journalId: JOURNAL }]);
  expect(db.prepare('select count(*) from session').pluck().get()).toBe(0);
  const audit = openSqliteAuditLog(db, () => NOW);
  expect(audit.page({ limit: 9 })).toMatchObject([
    {
      kind: 'restored',
      detail: { madeAt: '2026-11-24T08:00:00+09:00', version: '0.0.9', entries: 1 },
    },
  ]);
  expect(audit.verify().kind).toBe('intact');
  db.close();
});
