/** 人工・在場: sums by day, week and hour, and who is there now. */
import { describe, expect, test } from 'vitest';
import { FIRST_TIER, registryDocument, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';
import { reportOf, workerRow } from '../../fixtures/report.ts';

const other = workerRow(2);
const [assignment] = registryDocument.assignments;
const tables = {
  workers: [...registryDocument.workers, other],
  employments: [
    ...registryDocument.employments,
    { workerId: other.workerId, companyId: FIRST_TIER, kind: 'employee' },
  ],
  assignments: [assignment, { ...assignment, workerId: other.workerId }],
};

describe('report headcount', () => {
  // 2026-11-22 is a Sunday.
  const touches = [
    '2026-11-20T08:00 in',
    '2026-11-20T17:00 out',
    '2026-11-24T08:30 in',
    '2026-11-24T11:00 out',
    `2026-11-24T21:00 in w${other.workerId}`,
    `2026-11-25T01:30 out w${other.workerId}`,
    '2026-11-25T08:00 in',
  ];
  const report = (asOf = '2026-11-25T12:00') => reportOf('headcount', { tables, touches, asOf });

  test('people per day by company, trade and level', () => {
    const of = { siteId: SITE_ID, companyId: FIRST_TIER, trade: '10-01' };
    expect(report().rows).toEqual([
      { ...of, workDate: '2026-11-20', level: 2, workers: 1 },
      { ...of, workDate: '2026-11-24', workers: 1 },
      { ...of, workDate: '2026-11-24', level: 2, workers: 1 },
      { ...of, workDate: '2026-11-25', level: 2, workers: 1 },
    ]);
  });

  test('weeks begin on Sunday', () => {
    expect(report().weeks).toEqual([
      {
        siteId: SITE_ID,
        week: '2026-11-15',
        workerDays: 1,
        workers: 1,
        companies: 1,
        workingDates: 1,
      },
      {
        siteId: SITE_ID,
        week: '2026-11-22',
        workerDays: 3,
        workers: 2,
        companies: 1,
        workingDates: 2,
      },
    ]);
  });

  test('each clock hour in which somebody was there, over midnight too', () => {
    const hours = new Map(
      report().hours.map((row: { hour: number; workerDays: number }) => [row.hour, row.workerDays]),
    );
    // 20th: 8–16; 24th: 8–10 and 21–1; 25th, not out yet: 8
    expect([8, 9, 10, 11, 16, 17, 20, 21, 23, 0, 1, 2].map((hour) => hours.get(hour) ?? 0)).toEqual(
      [3, 2, 2, 1, 1, 0, 0, 1, 1, 1, 1, 0],
    );
  });

  test.each<[string, string, readonly object[]]>([
    [
      'since the entry',
      '2026-11-25T12:00',
      [
        {
          siteId: SITE_ID,
          companyId: FIRST_TIER,
          workerId: WORKER_ID,
          since: '2026-11-25T08:00:00+09:00',
        },
      ],
    ],
    ['nobody whose entry is still to come', '2026-11-24T23:00', []],
    ['no longer than the longest shift', '2026-11-26T02:01', []],
  ])('on site: %s', (_because, asOf, expected) => {
    expect(report(asOf).onSite).toEqual(expected);
  });

  test('who forgot an exit in the evening and came again is one person, since the last entry', () => {
    const { onSite } = reportOf('headcount', {
      touches: ['2026-11-24T20:00 in', '2026-11-25T08:00 in'],
      asOf: '2026-11-25T09:00',
    });
    expect(onSite).toMatchObject([{ workerId: WORKER_ID, since: '2026-11-25T08:00:00+09:00' }]);
  });

  test('a night shift is on site after midnight, and an unknown card is somebody too', () => {
    const { onSite } = reportOf('headcount', {
      touches: ['2026-11-24T21:00 in', '2026-11-24T22:00 in cFFFFFFFF'],
      asOf: '2026-11-25T03:00',
    });
    expect(onSite).toMatchObject([{ cardId: 'FFFFFFFF' }, { workerId: WORKER_ID }]);
  });
});
