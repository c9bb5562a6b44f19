/** The difference of two registries: named by table and kind, and enough to make the one from the other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countChanges,
  diffRegistry,
  type RegistryChange,
} from '../../../gateway/registry/registry-diff.ts';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import { ALL_TABLES, randomRegistry } from '../../fixtures/random-registry.ts';
import { registryDocument, registryWith, WORKER_ID } from '../../fixtures/registry.ts';

const [worker] = registryDocument.workers;
const [employment] = registryDocument.employments;
const [assignment] = registryDocument.assignments;
const OTHER_WORKER = '10000000000002';

const told = (changes: readonly RegistryChange[]): readonly string[] =>
  changes.map(({ table, kind }) => `${kind} ${table}`);

describe('diffRegistry', () => {
  test.each<
    [
      string,
      Readonly<Record<string, unknown>>,
      Readonly<Record<string, unknown>>,
      readonly string[],
    ]
  >([
    ['the same document is no change', {}, {}, []],
    [
      'a row more',
      {},
      { workers: [worker, { ...worker, workerId: OTHER_WORKER }] },
      ['added workers'],
    ],
    ['a row less', { leave: [] }, { assignments: [] }, ['removed assignments']],
    ['a field of a row', {}, { workers: [{ ...worker, level: 3 }] }, ['changed workers']],
    [
      'a field that is gone',
      {},
      { workers: [{ ...worker, level: undefined }] },
      ['changed workers'],
    ],
    [
      'an interval that was closed is the same fact',
      {},
      { employments: [{ ...employment, to: '2026-10-31' }] },
      ['changed employments'],
    ],
    [
      'an interval that begins elsewhere is another',
      {},
      { employments: [{ ...employment, from: '2026-04-01' }] },
      ['removed employments', 'added employments'],
    ],
    [
      'the order of rows says nothing',
      { workers: [worker, { ...worker, workerId: OTHER_WORKER }] },
      { workers: [{ ...worker, level: 2, workerId: OTHER_WORKER }, worker] },
      [],
    ],
    [
      'of two equal purchases one is taken back',
      { purchases: [purchase(3_200), purchase(3_200), purchase(6_400)] },
      { purchases: [purchase(3_200), purchase(6_400)] },
      ['removed purchases'],
    ],
    [
      'one of several rows of a key has changed',
      { purchases: [purchase(3_200), purchase(6_400)] },
      { purchases: [purchase(6_400), purchase(9_600)] },
      ['changed purchases'],
    ],
    [
      'several tables, in the order of the document',
      {},
      { assignments: [{ ...assignment, role: 'foreman' }], workers: [{ ...worker, level: 3 }] },
      ['changed workers', 'changed assignments'],
    ],
  ])('%s', (_what, before, after, changes) => {
    expect(told(diffRegistry(registryWith(before), registryWith(after)))).toEqual(changes);
  });

  test('says what was and what is', () => {
    const [change] = diffRegistry(
      registryWith(),
      registryWith({ workers: [{ ...worker, level: 3 }] }),
    );
    expect(change).toMatchObject({
      table: 'workers',
      kind: 'changed',
      before: { workerId: WORKER_ID, level: 2 },
      after: { workerId: WORKER_ID, level: 3 },
    });
  });

  test('counts for the log name tables and numbers only', () => {
    const changes = diffRegistry(
      registryWith(),
      registryWith({ workers: [], assignments: [], cards: [], employments: [] }),
    );
    expect(countChanges(changes)).toEqual({
      workers: { added: 0, removed: 1, changed: 0 },
      cards: { added: 0, removed: 1, changed: 0 },
      employments: { added: 0, removed: 1, changed: 0 },
      assignments: { added: 0, removed: 1, changed: 0 },
    });
  });

  test('whatever was done to a registry, the difference does it again', () => {
    fc.assert(
      fc.property(
        randomRegistry(),
        randomRegistry(),
        fc.infiniteStream(fc.nat(9)),
        (one, two, dice) => {
          const after = Object.fromEntries(
            ALL_TABLES.map((table) => [table, mixed(one[table], two[table], dice)]),
          ) as Registry;
          expect(multisets(applied(one, diffRegistry(one, after)))).toEqual(multisets(after));
          expect(diffRegistry(after, after)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

function purchase(yen: number): object {
  return { contractId: 'K1', method: 'points', date: '2026-04-10', yen, colour: 'red' };
}

/** Some rows kept, some dropped, doubled or given fields of another, and some of the other document. */
const mixed = (
  rows: readonly object[],
  others: readonly object[],
  dice: Iterator<number>,
): readonly object[] => {
  const die = (): number => dice.next().value ?? 0;
  return [
    ...others.filter(() => die() < 5),
    ...rows.flatMap((row) => {
      const thrown = die();
      if (thrown < 2) return [];
      if (thrown < 4) return [row, row];
      return thrown < 6 ? [{ ...row, ...others[0] }] : [row];
    }),
  ];
};

const applied = (before: Registry, changes: readonly RegistryChange[]): Registry =>
  Object.fromEntries(
    ALL_TABLES.map((table) => {
      const rows: unknown[] = [...before[table]];
      for (const change of changes.filter((each) => each.table === table)) {
        if ('before' in change) rows.splice(rows.indexOf(change.before), 1);
        if ('after' in change) rows.push(change.after);
      }
      return [table, rows];
    }),
  ) as Registry;

const multisets = (registry: Registry) =>
  ALL_TABLES.map((table) =>
    registry[table].map((row) => JSON.stringify(Object.entries(row).sort())).sort(),
  );
