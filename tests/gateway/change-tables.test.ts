/** A ledger from before days of leave were in the feed of changes: whoever follows it goes on where they were. */
import { expect, test } from 'vitest';
import { CHANGE_REPORTS } from '../../gateway/store/change-tables.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { WorkerId } from '../../shared/ids.ts';
import { utcMs, workDate } from '../../shared/time.ts';
import { SITE } from '../fixtures/identities.ts';
import { WORKER_ID } from '../fixtures/registry.ts';

const workerId = WorkerId.parse(WORKER_ID);

test('keeps its changes and their numbers, and gives no number again', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  db.exec(`drop table change;
    create table change (
      change_no integer primary key autoincrement,
      site_id text not null,
      subject text not null,
      work_date text not null,
      at_ms integer not null,
      unique (site_id, subject, work_date)
    ) strict;
    insert into change values (4, '${SITE}', 'worker:${WORKER_ID}', '2026-11-02', 5),
      (9, '${SITE}', 'worker:${WORKER_ID}', '2020-01-02', 6);
    delete from change where change_no = 9`);
  db.exec(CHANGE_REPORTS);
  const day = { siteId: SITE, workerId, workDate: workDate('2026-11-02') };
  ledger.noteLeave([day], utcMs(7));
  const subject = { kind: 'worker', workerId };
  expect(ledger.changesAfter(0, 10, undefined)).toEqual([
    { changeNo: 4, report: 'attendance', siteId: SITE, subject, workDate: day.workDate, at: 5 },
    { changeNo: 10, report: 'contributions', siteId: SITE, subject, workDate: day.workDate, at: 7 },
  ]);
  ledger.close();
});
