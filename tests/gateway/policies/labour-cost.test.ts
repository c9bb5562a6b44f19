/** レベル別労務費: hand-computed sums, and what is said where no guideline is. */
import { describe, expect, test } from 'vitest';
import { judgeQuote } from '../../../gateway/policies/labour-cost.ts';
import { FIRST_TIER, registryDocument, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [assignment] = registryDocument.assignments;
const every = {
  level: 2,
  yenPerYear: 5_690_000,
  daysPerYear: 234,
  source: '国交省 2023-06 (全国, 全職種, 中位)',
};
const rebar = { ...every, trade: '10-01', yenPerYear: 6_000_000, source: '試験団体 2025' };
const days = ['2026-11-24T08:00 in', '2026-11-25T08:00 in', '2026-11-26T08:00 in'];
const rowsOf = (tables: Record<string, unknown>, touches = days) =>
  reportOf('labour-cost', { tables, touches, asOf: '2026-11-30T09:00' }).rows;

describe('report labour-cost', () => {
  test('without a guideline the report says so and invents none', () => {
    expect(rowsOf({})).toEqual([
      {
        siteId: SITE_ID,
        companyId: FIRST_TIER,
        trade: '10-01',
        level: 2,
        workerDays: 3,
        foremanDays: 0,
        daysWithoutGuideline: 3,
        sources: [],
      },
    ]);
  });

  test.each<[string, Record<string, unknown>, number]>([
    // 3 × 5,690,000 / 234 = 72,948.7…
    ['days of a year’s pay, rounded down once', { payGuidelines: [every] }, 72_948],
    // 3 × 6,000,000 / 234 = 76,923.07…
    ['the trade’s own row goes before that for all', { payGuidelines: [every, rebar] }, 76_923],
    // 2 days at 6,000,000 / 234 and one at 6,600,000 / 240: 51,282.05… + 27,500
    [
      'a guideline revised on the way',
      {
        payGuidelines: [
          { ...rebar, to: '2026-11-25' },
          { ...rebar, from: '2026-11-26', yenPerYear: 6_600_000, daysPerYear: 240 },
        ],
      },
      78_782,
    ],
    // 72,948.7… + 3 × 1,000
    [
      '職長手当 for the days as foreman',
      {
        payGuidelines: [{ ...every, foremanYenPerDay: 1_000 }],
        assignments: [{ ...assignment, role: 'foreman' }],
      },
      75_948,
    ],
  ])('%s', (_because, tables, guidelineYen) => {
    expect(rowsOf(tables)).toMatchObject([
      { workerDays: 3, guidelineYen, daysWithoutGuideline: 0 },
    ]);
  });

  test('half a sum is no sum', () => {
    const [row] = rowsOf({ payGuidelines: [{ ...every, to: '2026-11-24' }] });
    expect(row).toMatchObject({ daysWithoutGuideline: 2 });
    expect(row).not.toHaveProperty('guidelineYen');
  });

  test('a worker without a level has no guideline', () => {
    const workers = registryDocument.workers.map(({ level: _level, ...worker }) => worker);
    const [row] = rowsOf({ workers, payGuidelines: [every] });
    expect(row).toMatchObject({ workerDays: 3, daysWithoutGuideline: 3 });
    expect(row).not.toHaveProperty('level');
  });

  test('many touches of a day are one person-day', () => {
    expect(
      rowsOf({}, [
        '2026-11-24T08:00 in',
        '2026-11-24T17:00 out',
        `2026-11-24T18:00 in w${WORKER_ID}`,
      ]),
    ).toMatchObject([{ workerDays: 1 }]);
  });

  test('estimates stand beside, with what became of them', () => {
    const quote = {
      siteId: SITE_ID,
      companyId: FIRST_TIER,
      date: '2026-04-01',
      estimateYen: 100,
      source: '見積書',
    };
    const { quotes } = reportOf('labour-cost', {
      tables: { labourQuotes: [{ ...quote, contractedYen: 99 }] },
    });
    expect(quotes).toMatchObject([{ estimateYen: 100, contractedYen: 99, verdict: 'reduced' }]);
  });
});

test.each<[number, number | undefined, string, string]>([
  [100, 100, 'respected', 'just what was estimated'],
  [100, 101, 'respected', 'more'],
  [100, 99, 'reduced', 'a yen less'],
  [100, undefined, 'not-agreed', 'nothing agreed yet'],
])('estimated %i, agreed %s: %s (%s)', (estimateYen, contractedYen, verdict) => {
  expect(judgeQuote({ estimateYen, contractedYen })).toBe(verdict);
});
