/** 週休2日: what closes a day, what is left out, and 28.5 % at its edge. */
import { describe, expect, test } from 'vitest';
import { isFourWeeksEightOff } from '../../../gateway/policies/days-off.ts';
import { rateOf } from '../../../gateway/policies/exact-rate.ts';
import { registryDocument, SITE_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [contract, second] = registryDocument.contracts;
const period = (daysOff: object) => ({ contracts: [{ ...contract, daysOff }, second] });
const fourWeeks = { from: '2026-11-01', to: '2026-11-28' };
const workedOn = (days: readonly number[]) =>
  days.flatMap((day) => {
    const date = `2026-11-${String(day).padStart(2, '0')}`;
    return [`${date}T08:00 in`, `${date}T17:00 out`];
  });
const firstDays = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const report = (daysOff: object, touches: readonly string[], asOf = '2026-12-31T12:00') =>
  reportOf('days-off', { tables: period(daysOff), touches, asOf });

describe('report days-off', () => {
  test.each<[string, object, readonly string[], object]>([
    [
      '8 of 28 reach it',
      fourWeeks,
      workedOn(firstDays(20)),
      { days: 28, closedDays: 8, daysOffRate: 28.57, reached: true },
    ],
    [
      '7 of 28 do not',
      fourWeeks,
      workedOn(firstDays(21)),
      { closedDays: 7, daysOffRate: 25, reached: false },
    ],
    [
      'what the orderer leaves out counts neither way',
      { ...fourWeeks, excluded: [{ from: '2026-11-27', to: '2026-11-28', reason: '一時中止' }] },
      workedOn(firstDays(20)),
      { days: 26, excludedDays: 2, closedDays: 6, daysOffRate: 23.08, reached: false },
    ],
    [
      'a night shift keeps the next day open',
      { from: '2026-11-01', to: '2026-11-03' },
      ['2026-11-01T21:00 in', '2026-11-02T06:00 out'],
      { days: 3, closedDays: 1 },
    ],
    [
      'gone at midnight sharp does not',
      { from: '2026-11-01', to: '2026-11-03' },
      ['2026-11-01T16:00 in', '2026-11-02T00:00 out'],
      { days: 3, closedDays: 2 },
    ],
    [
      'one touch opens the day',
      { from: '2026-11-01', to: '2026-11-02' },
      ['2026-11-01T08:00 in'],
      { days: 2, closedDays: 1 },
    ],
    [
      'a period that is all left out has no rate',
      {
        from: '2026-11-01',
        to: '2026-11-02',
        excluded: [{ from: '2026-11-01', to: '2026-11-30', reason: '工場製作' }],
      },
      [],
      { days: 0, excludedDays: 2, closedDays: 0, reached: false },
    ],
  ])('%s', (_because, daysOff, touches, expected) => {
    expect(report(daysOff, touches).periods).toMatchObject([{ contractId: 'K1', ...expected }]);
  });

  test('days to come are not closed days', () => {
    expect(report(fourWeeks, [], '2026-11-10T12:00').periods).toMatchObject([
      { to: '2026-11-10', days: 10 },
    ]);
  });

  test('month by month, and narrowed to one', () => {
    const over = { from: '2026-10-30', to: '2026-11-02' };
    expect(report(over, []).rows).toMatchObject([
      { month: '2026-10', days: 2, closedDays: 2 },
      { month: '2026-11', days: 2, closedDays: 2 },
    ]);
    const narrowed = reportOf('days-off', {
      tables: period(over),
      month: '2026-11',
      asOf: '2026-12-31T12:00',
    });
    expect(narrowed.rows).toHaveLength(1);
  });

  test('without a setting the accumulation period of the site counts; without that, nothing', () => {
    const sites = registryDocument.sites.map((site) =>
      site.siteId === SITE_ID ? { ...site, from: '2026-11-01', to: '2026-11-05' } : site,
    );
    expect(reportOf('days-off', { tables: { sites } }).periods).toMatchObject([
      { contractId: 'K1', from: '2026-11-01', to: '2026-11-05', days: 5 },
    ]);
    expect(reportOf('days-off', {}).periods).toEqual([]);
  });
});

test.each([
  [285, 1_000, true, '28.5 % sharp'],
  [2_849, 10_000, false, 'a hundredth below'],
])('%i of %i days: %s (%s)', (part, whole, reached) => {
  const rate = rateOf(part, whole);
  if (rate === undefined) throw new Error('no rate');
  expect(isFourWeeksEightOff(rate)).toBe(reached);
});
