/** The feed of changes names every day of which a registry change makes another row, and no others than it can reach. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subject } from '../../gateway/attendance/shifts.ts';
import { subjectKey } from '../../gateway/attendance/subject-key.ts';
import { type ChangedDays, changedDays } from '../../gateway/changed-days.ts';
import { changedLeave } from '../../gateway/changed-leave.ts';
import { indexRegistry } from '../../gateway/registry/registry.ts';
import { diffRegistry } from '../../gateway/registry/registry-diff.ts';
import { EMPTY_REGISTRY, type Registry } from '../../gateway/registry/registry-document.ts';
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

interface Differing {
  /** Worker and date. */
  readonly worked: ReadonlySet<string>;
  /** Site, worker and date, on either side. */
  readonly leave: ReadonlySet<string>;
}

/** Every row that is not the same under both registries. */
const differing = (world: RandomSite, before: Registry, after: Registry): Differing => {
  const leave = new Set<string>();
  const found = new Set<string>();
  for (const name of ['attendance', 'work-history', 'contributions']) {
    const [was, is] = [rowsOf(name, world, before), rowsOf(name, world, after)];
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      if (JSON.stringify(was.get(key)) === JSON.stringify(is.get(key))) continue;
      for (const row of [was.get(key), is.get(key)]) {
        if (row?.workerId === undefined) continue;
        if (row.basis === undefined || row.basis === 'shift')
          found.add(`${row.workerId} ${row.workDate}`);
        else leave.add(`${row.siteId} ${row.workerId} ${row.workDate}`);
      }
    }
  }
  return { worked: found, leave };
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
    const changedOfLeave = new Set<string>();
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
        const found = differing(world, before, after);
        for (const day of found.worked) {
          if (!worked.has(day)) continue;
          changed += 1;
          expect(named, `${table} ${day}`).toContain(day);
        }
        const leave = new Set(
          changedLeave(
            changedDays(diffRegistry(before, after), after),
            indexRegistry(before),
            indexRegistry(after),
          ).map(({ siteId, workerId, workDate }) => `${siteId} ${workerId} ${workDate}`),
        );
        for (const day of found.leave) {
          changedOfLeave.add(table);
          expect(leave, `${table} ${day}`).toContain(day);
        }
      }),
      { numRuns: 400 },
    );
    expect(changed).toBeGreaterThan(0);
    expect([...changedOfLeave]).toEqual(
      expect.arrayContaining(['leave', 'workers', 'assignments', 'companies', 'employments']),
    );
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
  ])('%s', (_because, one, other, days) => {
    const after = { ...EMPTY_REGISTRY, ...other };
    const changes = diffRegistry({ ...EMPTY_REGISTRY, ...one }, after);
    expect(changedDays(changes, after)).toEqual(days);
  });
});

describe('the days of leave that a registry change is said to reach', () => {
  const OTHER_SITE = '30000000000009';
  const leave = (workDate: string, kind = 'paid-leave') => ({
    workerId: WORKER,
    companyId: 'c',
    date: workDate,
    kind,
  });
  const assigned = (siteId: string, companyId = 'c') => ({ workerId: WORKER, siteId, companyId });
  const [first, second] = [leave('2026-11-02'), leave('2026-11-03')];
  const booked = (workDate: string, siteId?: string) => ({ siteId, workerId: WORKER, workDate });

  test.each<[string, object, object, readonly object[]]>([
    [
      'a day more: that one, where the company has assigned the worker',
      { leave: [first], assignments: [assigned(SITE)] },
      { leave: [first, second], assignments: [assigned(SITE)] },
      [booked('2026-11-03', SITE)],
    ],
    [
      'a day less of somebody who is assigned nowhere by that company: at no site',
      { leave: [first], assignments: [assigned(SITE, 'other')] },
      { assignments: [assigned(SITE, 'other')] },
      [booked('2026-11-02')],
    ],
    [
      'paid leave that was a closure: its kind is another',
      { leave: [first] },
      { leave: [leave('2026-11-02', 'employer-closure')] },
      [booked('2026-11-02')],
    ],
    [
      'another site: the day is gone from the one and is at the other',
      { leave: [first], assignments: [assigned(SITE)] },
      { leave: [first], assignments: [assigned(OTHER_SITE)] },
      [booked('2026-11-02', SITE), booked('2026-11-02', OTHER_SITE)],
    ],
    [
      'the pay day of the company, which employs nobody: when it is to be reported is another',
      { leave: [first], companies: [{ companyId: 'c', payDay: 20 }] },
      { leave: [first], companies: [{ companyId: 'c', payDay: 'end' }] },
      [booked('2026-11-02')],
    ],
    [
      'a contract of the site: the days that are booked there',
      { leave: [first], assignments: [assigned(SITE)], contracts: [] },
      {
        leave: [first],
        assignments: [assigned(SITE)],
        contracts: [{ contractId: 'k', siteId: SITE }],
      },
      [booked('2026-11-02', SITE)],
    ],
    [
      'a contract of another site: none',
      { leave: [first], assignments: [assigned(SITE)] },
      {
        leave: [first],
        assignments: [assigned(SITE)],
        contracts: [{ contractId: 'k', siteId: OTHER_SITE }],
      },
      [],
    ],
    [
      'a card: none, as nobody touched',
      { leave: [first] },
      { leave: [first], cards: [{ cardId: '00000001', workerId: WORKER }] },
      [],
    ],
    ['nothing: none', { leave: [first] }, { leave: [first] }, []],
  ])('%s', (_because, one, other, days) => {
    const before = { ...EMPTY_REGISTRY, ...one } as Registry;
    const after = { ...EMPTY_REGISTRY, ...other } as Registry;
    const changes = changedDays(diffRegistry(before, after), after);
    expect(changedLeave(changes, indexRegistry(before), indexRegistry(after))).toEqual(days);
  });
});
