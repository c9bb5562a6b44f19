/** What an older program took does not keep a newer one from starting: it counts as it is, and what it breaks is told. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import { importTable } from '../../../gateway/registry/registry-import.ts';
import { storedRegistry } from '../../../gateway/registry/stored-registry.ts';
import type { Ledger } from '../../../gateway/store/ledger.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { utcMs } from '../../../shared/time.ts';
import { registryDocument } from '../../fixtures/registry.ts';

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
});
afterEach(() => ledger.close());

const [worker] = registryDocument.workers;
/** A name from a spreadsheet, with a space of no width: once taken, now refused. */
const older = { ...registryDocument, workers: [{ ...worker, name: '山田\u200B太郎' }] };

const stored = (text: string) => {
  ledger.saveRegistryText(text, utcMs(0));
  const told: string[] = [];
  const registry = storedRegistry(ledger, (_message, fields) => told.push(String(fields?.places)));
  return { registry, told };
};

test('one that breaks no rule is read, and nothing told', () => {
  const { registry, told } = stored(JSON.stringify(registryDocument));
  expect(registry).toMatchObject(registryDocument);
  expect(told).toEqual([]);
});

test('one that breaks a newer rule counts as it is, with the tables that it lacks empty', () => {
  const { registry, told } = stored(JSON.stringify(older));
  expect(registry).toMatchObject({ ...older, stampExchanges: [] });
  expect(told).toEqual(['/workers/0/name']);
});

test('is not written anew: what today would be one letter stays the two that it was', () => {
  const assignments = registryDocument.assignments.map((row) => ({ ...row, trade: 'か\u3099' }));
  const { registry } = stored(JSON.stringify({ ...registryDocument, assignments }));
  expect(registry?.assignments).toEqual(assignments);
});

test('its other tables can be imported, and the one that is wrong only when it is right', async () => {
  let standing = stored(JSON.stringify(older)).registry as Registry;
  const deps = {
    registry: () => standing,
    importRegistry: (next: Registry) => {
      standing = next;
    },
  };
  expect((await importTable(deps, 'cards', [])).ok).toBe(true);
  expect((await importTable(deps, 'workers', older.workers)).ok).toBe(false);
  expect((await importTable(deps, 'workers', registryDocument.workers)).ok).toBe(true);
});

test.each([
  '',
  '[]',
  'null',
  '{"workers":null}',
  '{"workers":{}}',
  '{"workers":[1]}',
  '{"plans":[]}',
])('%s was never a registry, and is a bug', (text) => {
  expect(() => stored(text)).toThrow();
});
