/**
 * A ledger from before days of leave were in the feed of changes: whoever follows it goes on where they were, and
 * hears of the days that are there.
 */
import { expect, test } from 'vitest';
import { createGateway } from '../../gateway/gateway.ts';
import { storedRegistry } from '../../gateway/registry/stored-registry.ts';
import { CHANGE_REPORTS, LEAVE_UNTOLD } from '../../gateway/store/change-tables.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { WorkerId } from '../../shared/ids.ts';
import { utcMs, workDate } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { gatewaySigner, SITE } from '../fixtures/identities.ts';
import { FIRST_TIER, registryWith, WORKER_ID } from '../fixtures/registry.ts';

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

const SECOND = '10000000000002';
const leave = (id: string, date: string) => ({
  workerId: id,
  companyId: FIRST_TIER,
  date,
  kind: 'paid-leave',
});
/** Who is assigned to the site, and somebody who is assigned nowhere. */
const withLeave = (...days: readonly object[]) => {
  const [worker] = registryWith().workers;
  return registryWith({ workers: [worker, { ...worker, workerId: SECOND }], leave: days });
};

/** The gateway as it comes up on a ledger. */
const startOn = (ledger: ReturnType<typeof openSqliteLedger>) =>
  createGateway({
    ledger,
    clock: createFakeClock('2026-11-24T08:00:00+09:00'),
    signer: gatewaySigner,
    terminals: new Map(),
    registry: storedRegistry(ledger),
    send: () => undefined,
    stale: () => undefined,
    log: () => undefined,
  });
const told = (ledger: ReturnType<typeof openSqliteLedger>) =>
  ledger
    .changesAfter(0, 100, undefined)
    .map(({ changeNo, siteId, subject, workDate: date }) =>
      [changeNo, siteId ?? 'nowhere', subject.kind === 'worker' && subject.workerId, date].join(
        ' ',
      ),
    );

test('days of leave from before are told once at the first start, behind what was told already', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  const standing = withLeave(leave(WORKER_ID, '2026-11-04'), leave(SECOND, '2026-11-05'));
  ledger.saveRegistryText(JSON.stringify(standing), utcMs(1));
  // One was told since: it keeps its number.
  ledger.noteLeave([{ siteId: SITE, workerId, workDate: workDate('2026-11-04') }], utcMs(2));
  db.exec(`drop table leave_untold; ${LEAVE_UNTOLD}`);
  startOn(ledger);
  const first = told(ledger);
  expect(first).toEqual([`1 ${SITE} ${WORKER_ID} 2026-11-04`, `2 nowhere ${SECOND} 2026-11-05`]);
  startOn(ledger);
  expect(told(ledger)).toEqual(first);
  ledger.close();
});

test('a ledger that is new tells its leave when it is imported, and no start tells it again', () => {
  const ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
  const standing = withLeave(leave(WORKER_ID, '2026-11-04'));
  startOn(ledger).importRegistry(standing);
  startOn(ledger).importRegistry(withLeave(...standing.leave, leave(WORKER_ID, '2026-11-06')));
  startOn(ledger);
  expect(told(ledger)).toEqual([
    `1 ${SITE} ${WORKER_ID} 2026-11-04`,
    `2 ${SITE} ${WORKER_ID} 2026-11-06`,
  ]);
  ledger.close();
});
