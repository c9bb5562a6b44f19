/** A table made anew out of the registry that stands: what came in between is kept. */
import { expect, test } from 'vitest';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import { amendTable } from '../../../gateway/registry/registry-import.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openSqliteStatements } from '../../../gateway/store/sqlite-statements.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { ok } from '../../../shared/result.ts';
import { utcMs } from '../../../shared/time.ts';
import { registryDocument, registryWith, WORKER_ID } from '../../fixtures/registry.ts';

const approval = (workDate: string) => ({
  workerId: WORKER_ID,
  workDate,
  days: 2,
  by: 'user:prime',
  at: '2026-11-26T09:00:00+09:00',
});

test('two people who amend one table at once both have their row', async () => {
  let standing: Registry = registryWith();
  const deps = {
    registry: () => standing,
    importRegistry: (registry: Registry) => {
      standing = registry;
    },
  };
  let isFirst = true;
  const imported = await amendTable(deps, 'approvals', ({ approvals }) => {
    // Somebody else's comes in after this one was judged.
    const rows = [...approvals, ...registryWith({ approvals: [approval('2026-11-24')] }).approvals];
    if (isFirst) {
      isFirst = false;
      standing = registryWith({ ...registryDocument, approvals: [approval('2026-11-25')] });
    }
    return ok(rows);
  });
  expect(imported.ok).toBe(true);
  expect(standing.approvals.map(({ workDate }) => workDate)).toEqual(['2026-11-25', '2026-11-24']);
});

test('a row that the registry refuses changes nothing', async () => {
  const standing = registryWith();
  const imported = await amendTable(
    { registry: () => standing, importRegistry: () => expect.unreachable() },
    'approvals',
    () => ({ ok: false, faults: [{ place: '/workDate', message: 'is no day of work' }] }),
  );
  expect(imported).toEqual({
    ok: false,
    faults: [{ place: '/workDate', message: 'is no day of work' }],
  });
});

test('the same registry again is no import: whoever sends it every minute fills no disk', () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  const { frontier } = openSqliteStatements(db);
  const [one, other] = [registryWith(), registryWith({ approvals: [approval('2026-11-24')] })];
  const imports = [one, one, other, other, one].map((registry) => {
    ledger.saveRegistryText(JSON.stringify(registry), utcMs(1));
    expect(ledger.registryText()).toBe(JSON.stringify(registry));
    return frontier().importNo;
  });
  expect(imports).toEqual([1, 1, 2, 2, 3]);
  ledger.close();
});
