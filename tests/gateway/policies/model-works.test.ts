/** モデル工事: points at every edge of the published targets, and who counts under each setting. */
import { describe, expect, test } from 'vitest';
import {
  isAtLeast,
  meanOf,
  percentHundredths,
  rateOf,
} from '../../../gateway/policies/exact-rate.ts';
import { judgeModelWorks } from '../../../gateway/policies/model-works.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  SITE_ID,
} from '../../fixtures/registry.ts';
import { reportOf, workerRow } from '../../fixtures/report.ts';

const percent = (value: number) => rateOf(Math.round(value * 100), 10_000);

describe('points', () => {
  test.each<['mandatory' | 'recommended', number, number, number, number, string, boolean, string]>(
    [
      ['mandatory', 90, 80, 50, 1, 'achieved', false, 'every target just met'],
      ['mandatory', 90, 90, 50, 2, 'achieved', false, 'workers at 90 earn two'],
      ['mandatory', 90, 89.99, 50, 1, 'achieved', false, 'workers just short of 90 earn one'],
      ['mandatory', 89.99, 80, 50, 0, 'neutral', false, 'companies just short of the target'],
      ['mandatory', 90, 79.99, 50, 0, 'neutral', false, 'workers just short of the target'],
      ['mandatory', 90, 80, 49.99, 0, 'neutral', false, 'touches just short of the target'],
      ['mandatory', 70, 60, 30, 0, 'neutral', false, 'on the lower edge nothing is far short'],
      ['mandatory', 69.99, 100, 100, -1, 'missed', false, 'companies far short'],
      ['mandatory', 100, 59.99, 100, -1, 'missed', false, 'workers far short'],
      ['mandatory', 100, 100, 29.99, -1, 'missed', false, 'touches far short'],
      ['recommended', 90, 80, 50, 1, 'achieved', false, 'earns the same points'],
      ['recommended', 100, 95, 80, 2, 'achieved', false, 'and two of them'],
      ['recommended', 100, 100, 29.99, 0, 'missed', true, 'loses none and owes a statement'],
    ],
  )('%s %d/%d/%d → %d %s', (kind, company, worker, touch, points, verdict, statementRequired) => {
    expect(
      judgeModelWorks(kind, {
        company: percent(company),
        worker: percent(worker),
        touch: percent(touch),
      }),
    ).toEqual({ points, verdict, statementRequired });
  });

  test('a rate that cannot be worked out neither earns nor costs', () => {
    const full = percent(100);
    expect(judgeModelWorks('mandatory', { company: full, worker: full, touch: undefined })).toEqual(
      {
        points: 0,
        verdict: 'neutral',
        statementRequired: false,
      },
    );
  });
});

test('rates stay exact: what rounds to 90.00 % is not yet 90 %', () => {
  const rate = rateOf(89_999, 100_000);
  if (rate === undefined) throw new Error('no rate');
  expect(percentHundredths(rate)).toBe(9_000);
  expect(isAtLeast(rate, 90)).toBe(false);
  const third = rateOf(1, 3);
  const whole = rateOf(1, 1);
  if (third === undefined || whole === undefined) throw new Error('no rate');
  expect(percentHundredths(third)).toBe(3_333);
  expect(meanOf([third, whole, whole])).toEqual({ numerator: 7n, denominator: 9n });
  expect(meanOf([])).toBeUndefined();
  expect(rateOf(1, 0)).toBeUndefined();
});

describe('report model-works', () => {
  const workers = [1, 2, 3, 4, 5].map((no) => workerRow(no, { ccusRegistered: no <= 3 }));
  const [contract] = registryDocument.contracts;
  const organisation = [
    ...registryDocument.organisation,
    // There for ten days only, and not registered.
    {
      siteId: SITE_ID,
      companyId: OTHER_COMPANY,
      upperId: FIRST_TIER,
      accepted: true,
      from: '2026-11-01',
      to: '2026-11-10',
    },
  ];
  const companies = registryDocument.companies.map((company) => ({
    ...company,
    ccusRegistered: company.companyId !== OTHER_COMPANY,
  }));
  const assigned = (no: number, more: object = {}) => ({
    siteId: SITE_ID,
    workerId: workers[no - 1]?.workerId,
    companyId: FIRST_TIER,
    trade: '10-01',
    role: 'general',
    ...more,
  });
  const tables = (modelWorks: object, more: object = {}) => ({
    companies,
    workers,
    cards: [],
    employments: [],
    organisation,
    assignments: [
      assigned(1),
      assigned(2),
      assigned(3, { companyId: PRIME, role: 'engineer' }),
      assigned(4),
      assigned(5, { from: '2026-11-01', to: '2026-11-10' }),
    ],
    headcounts: [
      { siteId: SITE_ID, companyId: FIRST_TIER, date: '2026-11-05', workers: 4 },
      { siteId: SITE_ID, companyId: FIRST_TIER, date: '2026-11-20', workers: 2 },
      { siteId: SITE_ID, companyId: PRIME, date: '2026-11-20', workers: 1 },
    ],
    contracts: [{ ...contract, modelWorks: [modelWorks] }],
    ...more,
  });
  const touches = [
    `2026-11-05T08:00 in w${workers[0]?.workerId}`,
    `2026-11-05T17:00 out w${workers[0]?.workerId}`,
    `2026-11-20T08:00 in w${workers[0]?.workerId}`,
    `2026-11-20T08:00 in w${workers[2]?.workerId}`,
  ];
  const sampleDates = ['2026-11-05', '2026-11-20'];
  const rates = (setting: object, more: object = {}) => {
    const { rows } = reportOf('model-works', {
      tables: tables({ kind: 'mandatory', sampleDates, ...setting }, more),
      touches,
    });
    return [rows[0].companyRate, rows[0].workerRate, rows[0].touchRate];
  };

  test.each<[string, object, readonly number[]]>([
    // companies 2/3 and 2/2; workers 3/5 and 3/4; touches 3 of 7
    ['each rate is the mean over the sample dates', {}, [83.33, 67.5, 42.86]],
    ['one date', { sampleDates: ['2026-11-05'] }, [66.67, 60, 42.86]],
    // companies 1/2 and 1/1; workers 2/4 and 2/3; touches 2 of 6
    ['without the prime', { includePrime: false }, [75, 58.33, 33.33]],
    ['short stays left out', { excludeStaysUpToDays: 14 }, [100, 75, 42.86]],
    ['a stay of just that many days is left out', { excludeStaysUpToDays: 10 }, [100, 75, 42.86]],
    ['a stay one day longer counts', { excludeStaysUpToDays: 9 }, [83.33, 67.5, 42.86]],
    // workers 2/4 and 2/3
    ['without 技術者', { excludeEngineers: true }, [83.33, 58.33, 42.86]],
  ])('%s', (_because, setting, expected) => {
    expect(rates(setting)).toEqual(expected);
  });

  test('the prime counts on its word also where the 施工体制 does not list it', () => {
    const withoutPrime = {
      organisation: organisation.filter(({ companyId }) => companyId !== PRIME),
    };
    expect(rates({}, withoutPrime)[0]).toBe(75);
    expect(rates({ includePrime: true }, withoutPrime)[0]).toBe(83.33);
  });

  test('only the accumulation period counts for touches', () => {
    const sites = registryDocument.sites.map((site) => ({ ...site, from: '2026-11-10' }));
    // two records of three heads
    expect(rates({}, { sites })[2]).toBe(66.67);
  });

  test('what makes the figures doubtful is said', () => {
    const { rows } = reportOf('model-works', {
      tables: tables(
        { kind: 'mandatory', sampleDates: ['2027-01-01'] },
        { headcounts: [], organisation: [], assignments: [] },
      ),
      touches,
    });
    expect(rows).toEqual([
      {
        contractId: 'K1',
        siteId: SITE_ID,
        kind: 'mandatory',
        points: 0,
        verdict: 'neutral',
        statementRequired: false,
        attention: [
          'sample-date-ahead',
          'sample-date-without-companies',
          'sample-date-without-workers',
          'no-headcounts',
        ],
      },
    ]);
  });

  test('the recommended kind far short gets the draft of its statement', () => {
    const { rows, statements } = reportOf('model-works', {
      tables: tables(
        { kind: 'recommended', sampleDates },
        {
          headcounts: [{ siteId: SITE_ID, companyId: FIRST_TIER, date: '2026-11-05', workers: 20 }],
        },
      ),
      touches,
    });
    expect(rows).toMatchObject([
      { touchRate: 15, verdict: 'missed', points: 0, statementRequired: true },
    ]);
    expect(statements).toHaveLength(1);
    for (const words of ['試験工事', '試験県', '試験建設', '15.00%', '83.33%', '要因', '改善策'])
      expect(statements[0].draftJa).toContain(words);
  });
});
