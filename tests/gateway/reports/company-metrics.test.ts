/** 見える化: figures of a company counted by hand, and stars only where a body set them. */
import { describe, expect, test } from 'vitest';
import { FIRST_TIER, registryDocument } from '../../fixtures/registry.ts';
import { reportOf, workerRow } from '../../fixtures/report.ts';

const people = [
  workerRow(1, { level: 4 }),
  workerRow(2, { level: 3, ccusRegistered: false }),
  // 29 on the day of asking; the other turns 30 on it.
  workerRow(3, { level: 1, birthDate: '1996-11-26' }),
  workerRow(4, { birthDate: '1996-11-25' }),
];
const insured = (workerId: string) => ({
  workerId,
  health: 'kyokai',
  pension: 'employees',
  employment: 'general',
  source: 'ccus',
});
const tables = {
  workers: people,
  cards: [],
  assignments: [],
  employments: people.map(({ workerId }) => ({
    workerId,
    companyId: FIRST_TIER,
    kind: 'employee',
  })),
  insurance: [
    insured(people[0]?.workerId ?? ''),
    insured(people[1]?.workerId ?? ''),
    insured(people[2]?.workerId ?? ''),
  ],
  companyFacts: [
    { companyId: FIRST_TIER, block: 'basic', item: '許可年数', value: 12, source: '許可通知書' },
  ],
};
const assessment = {
  body: '試験団体',
  block: 'ability',
  items: [
    {
      item: 'workers',
      steps: [
        { atLeast: 1, points: 1 },
        { atLeast: 4, points: 3 },
        { atLeast: 5, points: 9 },
      ],
    },
    { item: 'level-3-or-higher-share', steps: [{ atLeast: 5_000, points: 2 }] },
    { item: '表彰', steps: [{ atLeast: 1, points: 5 }] },
  ],
  stars: [
    { stars: 1, atLeastPoints: 1 },
    { stars: 3, atLeastPoints: 5 },
    { stars: 4, atLeastPoints: 6 },
  ],
  source: '試験団体 2026',
};
const figures = (more: object = {}, question: object = {}) =>
  new Map(
    reportOf('company-metrics', { tables: { ...tables, ...more }, ...question })
      .rows.filter(({ companyId }: { companyId: string }) => companyId === FIRST_TIER)
      .map(({ item, value }: { item: string; value: number }) => [item, value]),
  );

describe('report company-metrics', () => {
  test.each([
    ['workers', 4, 'employed on the day'],
    ['registered-workers', 3, 'one is not in CCUS'],
    ['level-4-workers', 1, 'one'],
    ['level-2-workers', 0, 'none'],
    ['level-3-or-higher-share', 50, 'two of four'],
    ['young-share', 25, 'one of four is 29 or younger'],
    ['insured-share', 75, 'three of four'],
    ['worker-days', 0, 'none worked'],
    ['許可年数', 12, 'a fact that only a person can know'],
  ])('%s is %d (%s)', (item, value) => {
    expect(figures().get(item)).toBe(value);
  });

  test('a rate of nothing is no rate', () => {
    expect(figures().has('complete-history-share')).toBe(false);
    expect(figures({ employments: [] }).has('young-share')).toBe(false);
    const touches = [`2026-11-24T08:00 in w${people[0]?.workerId}`];
    expect(figures({}, { touches }).get('complete-history-share')).toBe(0);
  });

  test('grades: the highest step reached, the highest star reached, what is missing named', () => {
    const { grades } = reportOf('company-metrics', {
      tables: { ...tables, assessments: [assessment] },
    });
    expect(grades.find(({ companyId }: { companyId: string }) => companyId === FIRST_TIER)).toEqual(
      {
        companyId: FIRST_TIER,
        body: '試験団体',
        block: 'ability',
        points: 5,
        stars: 3,
        missingItems: ['表彰'],
        source: '試験団体 2026',
      },
    );
  });

  test('no body, no stars', () => {
    expect(reportOf('company-metrics', { tables }).grades).toEqual([]);
  });

  test('a site narrows to its companies', () => {
    const { rows } = reportOf('company-metrics', {
      tables,
      siteId: registryDocument.sites[1]?.siteId ?? '',
    });
    expect(rows).toEqual([]);
  });
});
