/** 時間外労働: what counts as overtime, and each limit at its edge. */
import { describe, expect, test } from 'vitest';
import { overtimeMonths, roundedHours } from '../../../gateway/policies/overtime-limits.ts';
import { type WorkedDate, weekOf } from '../../../gateway/policies/working-time.ts';
import { addMonths, month, workDate } from '../../../shared/time.ts';
import { registryDocument, SECOND_SITE, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [site, secondSite] = registryDocument.sites;
const noon = { sites: [{ ...site, breaks: [{ from: '12:00', to: '13:00' }] }, secondSite] };
const shift = (date: string, from = '08:00', to = '16:00', more = '') => [
  `${date}T${from} in ${more}`.trim(),
  `${date}T${to} out ${more}`.trim(),
];

describe('report overtime', () => {
  // 2026-11-02 is a Monday.
  test.each<[string, readonly string[], object, readonly [number, number, number]]>([
    ['eight hours are none', shift('2026-11-02'), {}, [480, 0, 0]],
    ['a minute more is a minute', shift('2026-11-02', '08:00', '16:01'), {}, [481, 1, 0]],
    [
      'gate time counts where no break is set',
      shift('2026-11-02', '08:00', '17:00'),
      {},
      [540, 60, 0],
    ],
    ['a break of the site is no work', shift('2026-11-02', '08:00', '17:00'), noon, [480, 0, 0]],
    [
      'a break that was left for is not taken off twice',
      [...shift('2026-11-02', '08:00', '12:00'), ...shift('2026-11-02', '13:00', '17:00')],
      noon,
      [480, 0, 0],
    ],
    [
      'a sixth day is beyond forty hours',
      ['02', '03', '04', '05', '06', '07'].flatMap((day) => shift(`2026-11-${day}`)),
      {},
      [2880, 480, 0],
    ],
    [
      'a seventh adds its own hours, and not those of the sixth again',
      ['01', '02', '03', '04', '05', '06', '07'].flatMap((day) => shift(`2026-11-${day}`)),
      {},
      [3360, 960, 0],
    ],
    [
      'hours beyond eight are not counted again for the week',
      ['02', '03', '04', '05', '06'].flatMap((day) => shift(`2026-11-${day}`, '08:00', '18:00')),
      {},
      [3000, 600, 0],
    ],
    [
      'a new week begins on Sunday',
      ['06', '07', '08', '09', '10', '11'].flatMap((day) => shift(`2026-11-${day}`)),
      {},
      [2880, 0, 0],
    ],
    [
      'night is 22:00 to 05:00, of the day of its beginning',
      ['2026-11-02T21:00 in', '2026-11-03T06:00 out'],
      {},
      [540, 60, 420],
    ],
    [
      'two sites on one day add up',
      [
        ...shift('2026-11-02', '08:00', '13:00'),
        ...shift('2026-11-02', '14:00', '18:30', `s${SECOND_SITE}`),
      ],
      {},
      [570, 90, 0],
    ],
    [
      'time that two sites both claim counts once',
      [...shift('2026-11-02'), ...shift('2026-11-02', '12:00', '17:00', `s${SECOND_SITE}`)],
      {},
      [540, 60, 0],
    ],
    ['a touch on its own is a day without minutes', ['2026-11-02T08:00 in'], {}, [0, 0, 0]],
  ])('%s', (_because, touches, tables, [minutes, overtimeMinutes, nightMinutes]) => {
    const { rows } = reportOf('overtime', { touches, tables: tables as Record<string, unknown> });
    expect(rows).toMatchObject([
      { workerId: WORKER_ID, month: '2026-11', minutes, overtimeMinutes, nightMinutes },
    ]);
  });

  test('a week over the end of a month: its sixth day is overtime of the new month', () => {
    // Monday 2026-09-28 to Saturday 2026-10-03
    const touches = ['09-28', '09-29', '09-30', '10-01', '10-02', '10-03'].flatMap((day) =>
      shift(`2026-${day}`),
    );
    const of = (question: object) =>
      reportOf('overtime', { touches, ...question }).rows.map(
        (row: { month: string; overtimeMinutes: number }) => [row.month, row.overtimeMinutes],
      );
    expect(of({})).toEqual([
      ['2026-09', 0],
      ['2026-10', 480],
    ]);
    expect(of({ month: '2026-10' })).toEqual([['2026-10', 480]]);
  });

  test('a site narrows to its people, with all of their hours', () => {
    const touches = [
      ...shift('2026-11-02', '08:00', '13:00'),
      ...shift('2026-11-02', '14:00', '18:30', `s${SECOND_SITE}`),
    ];
    expect(reportOf('overtime', { touches, siteId: SECOND_SITE }).rows).toMatchObject([
      { minutes: 570 },
    ]);
    expect(
      reportOf('overtime', { touches: shift('2026-11-02'), siteId: SECOND_SITE }).rows,
    ).toEqual([]);
  });

  test('works of disaster recovery count for the month and the year, not for the 100 hours', () => {
    // 26 days of 12 hours: 26 × 4 h beyond the day, and beyond 40 h in each of three whole weeks more.
    const touches = Array.from({ length: 26 }, (_, index) =>
      shift(`2026-11-${String(index + 1).padStart(2, '0')}`, '06:00', '18:00'),
    ).flat();
    const exempt = {
      overtimeExemptions: [{ siteId: SITE_ID, reason: 'disaster-recovery', source: '36協定届' }],
    };
    const warnings = (tables: Record<string, unknown>) =>
      reportOf('overtime', { touches, tables, asOf: '2026-12-01T09:00' }).rows[0].warnings;
    expect(warnings({})).toContain('over-100-month');
    expect(warnings(exempt)).toContain('over-45-month');
    expect(warnings(exempt)).not.toContain('over-100-month');
  });
});

test.each([
  [0, 0, 'nothing'],
  [29, 0, 'below half an hour down'],
  [30, 1, 'from half an hour up'],
  [89, 1, 'below half an hour down'],
  [90, 2, 'from half an hour up'],
])('%i minutes of a month are %i hours (%s)', (minutes, hours) => {
  expect(roundedHours(minutes)).toBe(hours);
});

test.each([
  ['2026-11-01', '2026-11-01', 'a Sunday begins its week'],
  ['2026-11-07', '2026-11-01', 'a Saturday ends it'],
  ['2026-01-01', '2025-12-28', 'over the year'],
])('the week of %s begins on %s (%s)', (date, week) => {
  expect(weekOf(workDate(date))).toBe(week);
});

describe('limits', () => {
  const HOUR = 60;
  /** Overtime minutes of months, the last one being November 2026. */
  const monthsOf = (minutes: readonly number[], last = '2026-11'): readonly WorkedDate[] =>
    minutes.map((overtimeMinutes, index) => ({
      date: workDate(`${addMonths(month(last), index + 1 - minutes.length)}-15`),
      minutes: 0,
      nightMinutes: 0,
      overtimeMinutes,
      isIncomplete: false,
      isDisasterRecovery: false,
      evidence: [],
    }));
  const warnings = (
    minutes: readonly number[],
    last?: string,
    asOf = '2027-01-31',
    yearStartMonth = 4,
  ) =>
    overtimeMonths(monthsOf(minutes, last), { yearStartMonth, asOf: workDate(asOf) }).at(-1)
      ?.warnings;

  test.each<[string, readonly number[], readonly string[]]>([
    ['below 80 % of 45 hours nothing is said', [36 * HOUR - 1], []],
    ['from 80 % on it is near', [36 * HOUR], ['near-45-month']],
    ['45 hours are allowed', [45 * HOUR], ['near-45-month']],
    ['a minute more is not', [45 * HOUR + 1], ['over-45-month']],
    ['99 hours 59 are below 100, and near', [100 * HOUR - 1], ['over-45-month', 'near-100-month']],
    ['100 hours are not below 100', [100 * HOUR], ['over-45-month', 'over-100-month']],
    [
      '80 hours as the mean of two months are allowed',
      [79 * HOUR, 81 * HOUR],
      ['over-45-month', 'near-100-month', 'near-80-average'],
    ],
    [
      'a minute more is not',
      [79 * HOUR, 81 * HOUR + 1],
      ['over-45-month', 'near-100-month', 'over-80-average'],
    ],
    [
      '360 hours a year are allowed',
      Array<number>(8).fill(45 * HOUR),
      ['near-45-month', 'near-360-year'],
    ],
    [
      'a minute more is not',
      [...Array<number>(7).fill(45 * HOUR), 45 * HOUR + 1],
      ['over-45-month', 'over-360-year'],
    ],
    [
      'six months above 45 hours are allowed, the next is not',
      Array<number>(7).fill(46 * HOUR),
      ['over-45-month', 'near-360-year', 'over-45-months'],
    ],
  ])('%s', (_because, minutes, expected) => {
    expect(warnings(minutes)).toEqual(expected);
  });

  test('the year begins with the agreement’s month', () => {
    const eight = Array<number>(8).fill(45 * HOUR + 1);
    expect(warnings(eight)).toContain('over-360-year');
    expect(warnings(eight, '2026-11', '2027-01-31', 11)).toEqual(['over-45-month']);
  });

  test('720 hours a year', () => {
    const twelve = (each: number) => Array<number>(12).fill(each);
    expect(warnings(twelve(60 * HOUR), '2027-03')).toContain('near-720-year');
    expect(warnings(twelve(60 * HOUR + 1), '2027-03')).toContain('over-720-year');
  });

  test('before 2024-04 the limits did not hold for construction', () => {
    expect(warnings([101 * HOUR], '2024-03')).toEqual([]);
    expect(warnings([101 * HOUR], '2024-04')).toContain('over-100-month');
  });

  test.each([
    [20 * HOUR, '2026-11-10', ['pace-45-month'], '20 h in ten days are 60 h in thirty'],
    [15 * HOUR, '2026-11-10', [], '15 h in ten days are just 45 h in thirty'],
    [20 * HOUR, '2026-11-06', [], 'six days say little'],
    [20 * HOUR, '2026-12-10', [], 'a month that is over has no pace'],
  ])('%i minutes on %s: %o (%s)', (minutes, asOf, expected) => {
    expect(warnings([minutes], '2026-11', asOf)).toEqual(expected);
  });
});
