/** The feed of changes names every day of which a registry change makes another row, and no others than it can reach. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subject } from '../../gateway/attendance/shifts.ts';
import { subjectKey } from '../../gateway/attendance/subject-key.ts';
import { type ChangedDays, changedDays } from '../../gateway/changed-days.ts';
import { indexRegistry } from '../../gateway/registry/registry.ts';
import { diffRegistry } from '../../gateway/registry/registry-diff.ts';
import type { Registry } from '../../gateway/registry/registry-document.ts';
import { reportNamed } from '../../gateway/reports/catalogue.ts';
import { isValidOn } from '../../shared/time.ts';
import {
  RANDOM_AS_OF,
  RANDOM_NOW,
  type RandomSite,
  randomSite,
  worldOf,
} from '../fixtures/random-site.ts';
import { SITE, WORKER } from '../fixtures/viewing-cast.ts';

type Row = Readonly<Record<string, unknown>>;

const rowsOf = (name: string, { days }: RandomSite, registry: Registry): Map<string, Row> => {
  const report = reportNamed(name);
  if (report === undefined) throw new Error(name);
  const { rows } = report.make({
    registry,
    index: indexRegistry(registry),
    days,
    filter: {},
    asOf: RANDOM_AS_OF,
    now: RANDOM_NOW,
  });
  return new Map(
    (rows as readonly Row[]).map((row) => [
      JSON.stringify(report.key.map((field) => row[field] ?? null)),
      row,
    ]),
  );
};

/** Worker and date of every row that is not the same under both registries; days off have no attendance to name. */
const differing = (world: RandomSite, before: Registry, after: Registry): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const name of ['attendance', 'work-history', 'contributions']) {
    const [was, is] = [rowsOf(name, world, before), rowsOf(name, world, after)];
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      const row = is.get(key) ?? was.get(key);
      if (JSON.stringify(was.get(key)) === JSON.stringify(is.get(key))) continue;
      if (row?.basis !== undefined && row.basis !== 'shift') continue;
      if (row?.workerId !== undefined) found.add(`${row.workerId} ${row.workDate}`);
    }
  }
  return found;
};

/** Who may get a row of what the subject did: the worker, or whoever ever held the card. */
const peopleOf = ({ registry }: RandomSite, subject: Subject): readonly string[] =>
  subject.kind === 'worker'
    ? [subject.workerId]
    : registry.cards
        .filter(({ cardId }) => cardId === subject.cardId)
        .map(({ workerId }) => workerId);

const namedDays = (world: RandomSite, changes: readonly ChangedDays[]): ReadonlySet<string> =>
  new Set(
    world.days.flatMap(({ siteId, subject, workDate }) =>
      changes.some(
        (days) =>
          (days.siteId === undefined || days.siteId === siteId) &&
          (days.subject === undefined || subjectKey(days.subject) === subjectKey(subject)) &&
          isValidOn(days, workDate),
      )
        ? peopleOf(world, subject).map((workerId) => `${workerId} ${workDate}`)
        : [],
    ),
  );

/** Tables that attendance does not rest on. */
const TABLES = [
  'companies',
  'workers',
  'employments',
  'organisation',
  'assignments',
  'leave',
  'approvals',
  'surcharges',
  'contributionReadings',
] as const;

describe('the days that a registry change is said to reach', () => {
  test('hold every day of which a row is another one', () => {
    let changed = 0;
    fc.assert(
      fc.property(randomSite, randomSite, fc.constantFrom(...TABLES), (one, other, table) => {
        const world = worldOf(...one);
        const before = world.registry;
        const source = worldOf(...other).registry;
        const rows = source[table] as readonly object[];
        const sites = new Set<unknown>(before.sites.map(({ siteId }) => siteId));
        const contracts = new Set<unknown>(before.contracts.map(({ contractId }) => contractId));
        const after = {
          ...before,
          [table]: rows.filter((row) => {
            const [siteId, contractId] = [
              Reflect.get(row, 'siteId'),
              Reflect.get(row, 'contractId'),
            ];
            return (
              (siteId === undefined || sites.has(siteId)) &&
              (contractId === undefined || contracts.has(contractId))
            );
          }),
        };
        const named = namedDays(world, changedDays(diffRegistry(before, after), after));
        const worked = new Set(
          world.days.flatMap(({ subject, workDate }) =>
            peopleOf(world, subject).map((workerId) => `${workerId} ${workDate}`),
          ),
        );
        for (const day of differing(world, before, after)) {
          if (!worked.has(day)) continue;
          changed += 1;
          expect(named, `${table} ${day}`).toContain(day);
        }
      }),
      { numRuns: 400 },
    );
    expect(changed).toBeGreaterThan(0);
  });

  const worker = { kind: 'worker', workerId: WORKER } as const;
  test.each<[string, Partial<Registry>, Partial<Registry>, readonly object[]]>([
    [
      'an assignment that ends earlier: only the days between',
      { assignments: [{ workerId: WORKER, siteId: SITE, to: '2026-11-30' }] as never },
      { assignments: [{ workerId: WORKER, siteId: SITE, to: '2026-11-20' }] as never },
      [{ from: '2026-11-21', to: '2026-11-30', subject: worker, siteId: SITE }],
    ],
    [
      'a name that is spelled otherwise: none',
      { workers: [{ workerId: WORKER, name: '高橋' }] as never },
      { workers: [{ workerId: WORKER, name: '髙橋' }] as never },
      [],
    ],
    [
      'an employer: the worker’s days, and those of the card that was the worker’s',
      { cards: [{ workerId: WORKER, cardId: '00000001', to: '2026-10-31' }] as never },
      {
        cards: [{ workerId: WORKER, cardId: '00000001', to: '2026-10-31' }] as never,
        employments: [{ workerId: WORKER, companyId: 'c', from: '2026-11-01' }] as never,
      },
      [
        { from: '2026-11-01', subject: worker },
        { from: '2026-11-01', subject: { kind: 'card', cardId: '00000001' } },
      ],
    ],
    [
      'an approval: its day',
      {},
      { approvals: [{ workerId: WORKER, workDate: '2026-11-24', days: 2 }] as never },
      [{ from: '2026-11-24', to: '2026-11-24', subject: worker }],
    ],
  ])('%s', (_because, before, after, days) => {
    const empty = { assignments: [], employments: [], workers: [], approvals: [], cards: [] };
    const changes = diffRegistry({ ...empty, ...before } as never, { ...empty, ...after } as never);
    expect(changedDays(changes, { ...empty, ...after } as never)).toEqual(days);
  });
});
