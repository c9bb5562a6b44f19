/** レベルまでの日数: what counts, and how far it is. */
import { describe, expect, test } from 'vitest';
import { criterionFor } from '../../../gateway/policies/level-criteria.ts';
import { workDate } from '../../../shared/time.ts';
import { registryDocument, SECOND_SITE, WORKER_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [assignment] = registryDocument.assignments;
const [worker] = registryDocument.workers;
const touches = ['2026-11-20T08:00 in', '2026-11-24T08:00 in', '2026-11-24T17:00 out'];
const rows = (tables: Record<string, unknown>, more: object = {}) =>
  reportOf('levels', { tables, touches, ...more }).rows;
const career = {
  workerId: WORKER_ID,
  trade: '10-01',
  asOf: '2026-11-20',
  days: 1_000,
  foremanDays: 100,
  crewLeaderDays: 50,
  source: 'CCUS',
};

describe('report levels', () => {
  test.each<[string, Record<string, unknown>, object, object]>([
    [
      'two days of 1,505, none of them as a leader',
      {},
      {},
      { level: 2, nextLevel: 3, days: 2, daysLeft: 1_503, leaderDaysLeft: 645 },
    ],
    [
      'days as foreman count as a leader’s',
      { assignments: [{ ...assignment, role: 'foreman' }] },
      {},
      { foremanDays: 2, leaderDays: 2, leaderDaysLeft: 643 },
    ],
    [
      'days as crew leader do not count as foreman’s',
      { assignments: [{ ...assignment, role: 'crew-leader' }], workers: [{ ...worker, level: 3 }] },
      {},
      { nextLevel: 4, foremanDays: 0, leaderDays: 2, foremanDaysLeft: 645 },
    ],
    [
      'what CCUS has counted already, and our days after it',
      { careerDays: [career] },
      {},
      { days: 1_001, foremanDays: 100, leaderDays: 150, daysLeft: 504, leaderDaysLeft: 495 },
    ],
    [
      'a count of CCUS that is not yet',
      { careerDays: [{ ...career, asOf: '2026-12-31' }] },
      {},
      { days: 2 },
    ],
    ['enough is nothing left', { careerDays: [{ ...career, days: 2_000 }] }, {}, { daysLeft: 0 }],
    [
      'no level known is level 1',
      { workers: [{ ...worker, level: undefined }] },
      {},
      { level: 1, nextLevel: 2, daysLeft: 643 },
    ],
    ['up to the end of the month asked for', {}, { month: '2026-10' }, {}],
    [
      'a lacking record is not counted yet, and is told',
      { employments: [] },
      {},
      { days: 0, incompleteDays: 2, daysLeft: 1_505 },
    ],
    [
      'a trade without a known criterion has no distance',
      { assignments: [{ ...assignment, trade: '99-01' }] },
      {},
      { days: 2, qualificationsToCheck: [] },
    ],
    [
      'the registry’s criterion goes before the printed one',
      { levelCriteria: [{ trade: '10-01', level: 3, days: 10, source: '試験団体' }] },
      {},
      { daysLeft: 8, source: '試験団体' },
    ],
  ])('%s', (_because, tables, more, expected) => {
    const found = rows(tables, more);
    if (Object.keys(expected).length === 0) expect(found).toEqual([]);
    else expect(found).toMatchObject([{ workerId: WORKER_ID, ...expected }]);
  });

  test('level 4 has no next level, and an unknown trade no days left', () => {
    const [gold] = rows({ workers: [{ ...worker, level: 4 }] });
    expect(gold).not.toHaveProperty('nextLevel');
    const [unknown] = rows({ assignments: [{ ...assignment, trade: '99-01' }] });
    expect(unknown).not.toHaveProperty('daysLeft');
  });

  test('two sites on one date are one day', () => {
    const tables = {
      organisation: [
        ...registryDocument.organisation,
        ...registryDocument.organisation.map((row) => ({ ...row, siteId: SECOND_SITE })),
      ],
      assignments: [assignment, { ...assignment, siteId: SECOND_SITE }],
    };
    const both = [
      '2026-11-24T08:00 in',
      '2026-11-24T12:00 out',
      `2026-11-24T13:00 in s${SECOND_SITE}`,
    ];
    expect(reportOf('levels', { tables, touches: both }).rows).toMatchObject([{ days: 1 }]);
  });
});

test.each<[string, 2 | 3 | 4, number | undefined, string]>([
  ['10-01', 2, 645, '鉄筋'],
  ['10-01', 4, 2_150, '鉄筋'],
  ['34-03', 3, 1_505, '大工 by its first part'],
  ['06-01', 3, 1_720, 'とび'],
  ['06-01', 4, undefined, 'とび level 4 could not be read'],
  ['99-01', 2, undefined, 'a trade of which nothing is printed'],
])('%s level %i asks %s days (%s)', (trade, level, days) => {
  expect(criterionFor([], trade, level, workDate('2026-11-24'))?.days).toBe(days);
});
