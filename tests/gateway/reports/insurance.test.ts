/** 社会保険: one row an assignment, asked on the day that matters for it. */
import { describe, expect, test } from 'vitest';
import { registryDocument, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [assignment] = registryDocument.assignments;
const insured = {
  workerId: WORKER_ID,
  health: 'kyokai',
  pension: 'employees',
  employment: 'general',
  source: 'ccus',
};
const rows = (tables: Record<string, unknown>, question: object = {}) =>
  reportOf('insurance', { tables, ...question }).rows;

describe('report insurance', () => {
  test.each<[string, Record<string, unknown>, object]>([
    [
      'all there, from CCUS',
      { insurance: [insured] },
      { decision: 'allow', missing: [], papersNeeded: false },
    ],
    [
      'all there, from paper',
      { insurance: [{ ...insured, source: 'paper' }] },
      { decision: 'allow', papersNeeded: true },
    ],
    ['nothing known', {}, { decision: 'hold', missing: ['health', 'pension', 'employment'] }],
    [
      'a 特段の理由 of the site',
      {
        insurance: [{ ...insured, employment: 'none' }],
        insuranceReasons: [
          { siteId: SITE_ID, workerId: WORKER_ID, reason: 'enrolling', approvedBy: '所長' },
        ],
      },
      { decision: 'allow-with-reason', missing: ['employment'], reason: 'enrolling' },
    ],
  ])('%s', (_because, tables, expected) => {
    expect(rows(tables)).toMatchObject([{ siteId: SITE_ID, workerId: WORKER_ID, ...expected }]);
  });

  test.each<[string, object, object, string]>([
    ['while it runs', {}, {}, '2026-11-25'],
    ['before it begins', { from: '2026-12-01' }, {}, '2026-12-01'],
    ['after it ended', { from: '2026-10-01', to: '2026-10-31' }, {}, '2026-10-31'],
    ['within the month asked for', {}, { month: '2026-10' }, '2026-10-31'],
  ])('an assignment is asked of %s', (_when, dates, question, date) => {
    const tables = { assignments: [{ ...assignment, ...dates }] };
    expect(rows(tables, question).map((row: { date: string }) => row.date)).toEqual([date]);
  });

  test('one row per assignment; a month narrows them', () => {
    const tables = {
      assignments: [
        { ...assignment, to: '2026-10-31' },
        { ...assignment, from: '2026-11-01', role: 'foreman' },
      ],
    };
    expect(rows(tables)).toHaveLength(2);
    expect(rows(tables, { month: '2026-11' })).toHaveLength(1);
    expect(rows(tables, { siteId: '30000000000002' })).toHaveLength(0);
  });
});
