/** Rows of a registry that contradict each other are told by place; everyday business is no contradiction. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  SITE_ID,
  WORKER_ID,
} from '../fixtures/registry.ts';

const faultsOf = (tables: Readonly<Record<string, unknown>>): readonly string[] => {
  const parsed = parseRegistryDocument({ ...registryDocument, ...tables });
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};
const [employment] = registryDocument.employments;
const [assignment] = registryDocument.assignments;
const { organisation } = registryDocument;
const [, firstTier] = organisation;
const leave = {
  workerId: WORKER_ID,
  companyId: FIRST_TIER,
  date: '2026-11-20',
  kind: 'paid-leave',
};
const insurance = {
  workerId: WORKER_ID,
  health: 'kyokai',
  pension: 'employees',
  employment: 'general',
  source: 'ccus',
};
const headcount = (workers: number) => ({
  siteId: SITE_ID,
  companyId: FIRST_TIER,
  date: '2026-11-20',
  workers,
});
const approval = (days: number, time = '19:00') => ({
  workerId: WORKER_ID,
  workDate: '2026-11-20',
  days,
  by: '所長',
  at: `2026-11-21T${time}:00+09:00`,
});
const correction = (kind: string, at?: string) => ({
  siteId: SITE_ID,
  workerId: WORKER_ID,
  workDate: '2026-11-20',
  kind,
  ...(at === undefined ? {} : { at }),
  by: '所長',
  reason: 'カード忘れ',
  recordedAt: '2026-11-21T08:00:00+09:00',
});

type Tier = Readonly<Record<'companyId' | 'upperId', string>> & {
  readonly from?: string;
  readonly to?: string;
};
const tier = (companyId: string, upperId: string, more: object = {}): Tier => ({
  ...{ siteId: SITE_ID, companyId, upperId, accepted: true },
  ...more,
});

/** By following every path upwards on one date: slow, and plain to see. */
const hasCircle = (tiers: readonly Tier[], date: string): boolean => {
  const upward = tiers.filter(({ from = '', to = '9' }) => from <= date && date <= to);
  const climbs = (company: string, seen: readonly string[]): boolean =>
    seen.includes(company) ||
    upward
      .filter(({ companyId }) => companyId === company)
      .some(({ upperId }) => climbs(upperId, [...seen, company]));
  return upward.some(({ companyId }) => climbs(companyId, []));
};

describe('rows that contradict each other', () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['leave of a day twice', { leave: [leave, leave] }, ['/leave/1']],
    [
      'two head counts of one company and day',
      { headcounts: [headcount(3), headcount(4)] },
      ['/headcounts/1'],
    ],
    [
      'two approvals of one moment, of which neither is the later',
      { approvals: [approval(1), approval(2)] },
      ['/approvals/1'],
    ],
    [
      'two employments at one company at once',
      {
        employments: [
          { ...employment, from: '2026-04-01', to: '2026-09-30' },
          { ...employment, kind: 'officer', from: '2026-09-30' },
        ],
      },
      ['/employments/1'],
    ],
    [
      'the later row is told, also where it begins earlier',
      {
        employments: [
          { ...employment, from: '2026-04-01' },
          { ...employment, to: '2026-04-01' },
        ],
      },
      ['/employments/1'],
    ],
    [
      'a long interval overlaps one that begins after a short one',
      {
        assignments: [
          { ...assignment, from: '2026-04-01', to: '2026-12-31' },
          { ...assignment, from: '2027-01-01', to: '2027-01-31' },
          { ...assignment, from: '2026-11-01', to: '2026-11-30' },
        ],
      },
      ['/assignments/2'],
    ],
    [
      'two insurances of one source at once',
      { insurance: [insurance, { ...insurance, health: 'association', from: '2026-04-01' }] },
      ['/insurance/1'],
    ],
    [
      'a place in the tiers twice',
      { organisation: [...organisation, { ...firstTier, from: '2026-04-01' }] },
      ['/organisation/2'],
    ],
    ['a company above itself', { organisation: [tier(PRIME, PRIME)] }, ['/organisation/0/upperId']],
    [
      'tiers that go in a circle',
      { organisation: [tier(FIRST_TIER, OTHER_COMPANY), tier(OTHER_COMPANY, FIRST_TIER)] },
      ['/organisation/0/upperId'],
    ],
    [
      'tiers that go in a circle on a single day',
      {
        organisation: [
          tier(FIRST_TIER, OTHER_COMPANY, { to: '2026-06-01' }),
          tier(OTHER_COMPANY, FIRST_TIER, { from: '2026-06-01' }),
        ],
      },
      ['/organisation/0/upperId'],
    ],
    [
      'tiers in a circle, one row of which holds for every contract',
      {
        organisation: [
          tier(FIRST_TIER, OTHER_COMPANY, { contractId: 'K1' }),
          tier(OTHER_COMPANY, FIRST_TIER),
        ],
      },
      ['/organisation/0/upperId'],
    ],
    [
      'a contract of another site',
      { organisation: [tier(FIRST_TIER, PRIME, { contractId: 'K2' })] },
      ['/organisation/0/contractId'],
    ],
    [
      'two exceptions of one company',
      {
        contracts: [
          {
            ...registryDocument.contracts[0],
            exceptions: [
              { companyId: FIRST_TIER, method: 'stamps' },
              { companyId: FIRST_TIER, method: 'points' },
            ],
          },
          registryDocument.contracts[1],
        ],
      },
      ['/contracts/0/exceptions/1/companyId'],
    ],
    [
      'works completed before the contract',
      {
        contracts: [
          { ...registryDocument.contracts[0], completionDate: '2026-03-31' },
          registryDocument.contracts[1],
        ],
      },
      ['/contracts/0/completionDate'],
    ],
    [
      'work before birth',
      { employments: [{ ...employment, from: '1926-04-01' }] },
      ['/employments/0/from'],
    ],
    ['a correction to no time', { corrections: [correction('set-in')] }, ['/corrections/0/at']],
    [
      'a correction to a time of another day',
      { corrections: [correction('set-out', '2026-11-24T17:00:00+09:00')] },
      ['/corrections/0/at'],
    ],
    [
      'a correction to the day before, by the clock of Japan',
      { corrections: [correction('set-in', '2026-11-19T14:59:59Z')] },
      ['/corrections/0/at'],
    ],
  ])('%s', (_what, tables, places) => {
    expect(faultsOf(tables)).toEqual(places);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    [
      'two employers at once (kentaikyo-facts §1.4: each pays its day)',
      { employments: [employment, { ...employment, companyId: OTHER_COMPANY }] },
    ],
    [
      'an employment that ends, and one that begins the day after',
      {
        employments: [
          { ...employment, to: '2026-09-30' },
          { ...employment, from: '2026-10-01' },
        ],
      },
    ],
    [
      'a worker lent to another company of the site',
      { assignments: [assignment, { ...assignment, companyId: OTHER_COMPANY }] },
    ],
    [
      'insurance from CCUS, and from paper beside it',
      { insurance: [insurance, { ...insurance, source: 'paper' }] },
    ],
    ['an approval, and a later one', { approvals: [approval(1), approval(2, '20:00')] }],
    [
      'the same purchase twice on one day',
      {
        purchases: [3_200, 3_200].map((yen) => ({
          contractId: 'K1',
          method: 'points',
          date: '2026-04-10',
          yen,
          colour: 'red',
        })),
      },
    ],
    [
      'companies that change places under each other',
      {
        organisation: [
          tier(FIRST_TIER, OTHER_COMPANY, { to: '2026-05-31' }),
          tier(OTHER_COMPANY, FIRST_TIER, { from: '2026-06-01' }),
        ],
      },
    ],
    [
      'companies above each other under two contracts of one site',
      {
        contracts: [
          ...registryDocument.contracts,
          { ...registryDocument.contracts[0], contractId: 'K3' },
        ],
        organisation: [
          tier(FIRST_TIER, OTHER_COMPANY, { contractId: 'K1' }),
          tier(OTHER_COMPANY, FIRST_TIER, { contractId: 'K3' }),
        ],
      },
    ],
    [
      'an entry that is set on a day, and an added day',
      {
        corrections: [correction('set-in', '2026-11-20T07:00:00+09:00'), correction('add')],
      },
    ],
    [
      'an exit in the morning after a night shift',
      { corrections: [correction('set-out', '2026-11-21T06:00:00+09:00')] },
    ],
  ])('takes %s', (_what, tables) => {
    expect(faultsOf(tables)).toEqual([]);
  });

  test('a circle is named by who is in it', () => {
    const parsed = parseRegistryDocument({
      ...registryDocument,
      organisation: [tier(FIRST_TIER, OTHER_COMPANY), tier(OTHER_COMPANY, FIRST_TIER)],
    });
    expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([
      `goes in a circle: ${FIRST_TIER} → ${OTHER_COMPANY} → ${FIRST_TIER}`,
    ]);
  });

  test('tiers are refused exactly where some date has a circle', () => {
    const companies = [PRIME, FIRST_TIER, OTHER_COMPANY];
    const day = (index: number): string => `2026-06-0${index}`;
    const row = fc.record({
      company: fc.constantFrom(...companies),
      upper: fc.constantFrom(...companies),
      from: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      to: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const tiers = rows
          .filter(({ from, to }) => (from ?? 0) <= (to ?? 9))
          .map(({ company, upper, from, to }) =>
            tier(company, upper, {
              ...(from === undefined ? {} : { from: day(from) }),
              ...(to === undefined ? {} : { to: day(to) }),
            }),
          );
        const places = faultsOf({ organisation: tiers }).filter((place) =>
          place.endsWith('/upperId'),
        );
        const circles = [1, 2, 3, 4, 5, 6, 7].some((index) => hasCircle(tiers, day(index)));
        expect(places.length).toBe(circles ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });
});
