/** A ledger from before there were exports: what was rescued into it stands in its audit log. */
import { expect, test } from 'vitest';
import { EXPORT_TABLES } from '../../../gateway/store/export-tables.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { utcMs } from '../../../shared/time.ts';

test('gets its runs of rescued entries from there', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  db.exec('drop table rescue; drop table terminal_key');
  db.exec(`insert into journal values (7, 'gate-1', 'a', 9, zeroblob(32)),
    (8, 'gate-1', 'b', 9, zeroblob(32))`);
  const audit = openSqliteAuditLog(db, () => utcMs(5));
  const rescued = (journalId: string, firstSeq: number, entries: number): void =>
    audit.append({
      kind: 'rescue-imported',
      actor: 'command',
      detail: { terminalId: 'gate-1', journalId, firstSeq, entries, isSigned: false },
    });
  rescued('b', 4, 3);
  rescued('b', 7, 0);
  rescued('elsewhere', 1, 1);
  audit.append({ kind: 'started', actor: 'gateway', detail: { version: '1' } });
  db.exec(EXPORT_TABLES);
  expect(db.prepare('select * from rescue').all()).toEqual([
    { journal_no: 8, first_seq: 4, count: 3, received_at_ms: 5 },
  ]);
  ledger.close();
});
