/** 累計 for the terminals: every month before this one, of any age, and anew when the registry is another. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContributedTotals } from '../../gateway/contributed-totals.ts';
import { indexRegistry } from '../../gateway/registry/registry.ts';
import type { Ledger } from '../../gateway/store/ledger.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { startOfDate, workDate } from '../../shared/time.ts';
import { attendanceDay } from '../fixtures/attendance-day.ts';
import { SITE, TERMINAL, WORKER } from '../fixtures/identities.ts';
import { registryDocument, registryWith } from '../fixtures/registry.ts';
import { storeDays } from '../fixtures/store-days.ts';

let ledger: Ledger;
let index = indexRegistry(registryWith());
let today = '2026-11-24';

beforeEach(() => {
  ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
  index = indexRegistry(registryWith());
  today = '2026-11-24';
});
afterEach(() => ledger.close());

const open = () =>
  createContributedTotals({
    ledger,
    registryIndex: () => index,
    siteByTerminal: new Map([[TERMINAL, SITE]]),
    now: () => startOfDate(workDate(today)),
  });

test('counts the months before this one, also days that are older than two years', async () => {
  storeDays(
    ledger,
    ['2023-05-10', '2026-09-01', '2026-10-30', '2026-11-02'].map((date) => attendanceDay(date)),
  );
  const totals = open();
  expect(totals.daysBefore(WORKER)).toBeUndefined();
  await totals.refresh();
  expect(totals.daysBefore(WORKER)).toBe(3);

  today = '2026-12-01';
  await totals.refresh();
  expect(totals.daysBefore(WORKER)).toBe(4);
});

test('a registry that says otherwise is reckoned with, and what is of today is not reckoned twice', async () => {
  storeDays(ledger, [attendanceDay('2026-10-30')]);
  const totals = open();
  expect(await totals.refresh()).toBe(true);
  storeDays(ledger, [attendanceDay('2026-10-31')]);
  expect(await totals.refresh()).toBe(false);
  expect(totals.daysBefore(WORKER)).toBe(1);

  index = indexRegistry(
    registryWith({ employments: [{ ...registryDocument.employments[0], kind: 'officer' }] }),
  );
  await totals.refresh();
  expect(totals.daysBefore(WORKER)).toBe(0);
});
