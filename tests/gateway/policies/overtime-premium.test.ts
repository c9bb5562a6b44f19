/** 時間外の割増賃金の目安: printed and hand-computed sums, and what is said where no guideline is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type OvertimeToPrice,
  overtimePremium,
  pricedOvertime,
} from '../../../gateway/policies/overtime-premium.ts';
import { addDays, workDate } from '../../../shared/time.ts';
import { registryDocument, SECOND_SITE } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [assignment] = registryDocument.assignments;
const [worker] = registryDocument.workers;
const DAYS = 234;
/** 16,000円 a day: 2,000円 an hour, 2,500円 an hour of overtime, 3,000円 beyond 60 hours. */
const plain = { level: 2, yenPerYear: 16_000 * DAYS, daysPerYear: DAYS, source: '試験の目安' };
const rebar = { ...plain, trade: '10-01', yenPerYear: 24_000 * DAYS };

const shift = (date: string, from: string, to: string, more = '') => [
  `${date}T${from} in ${more}`.trim(),
  `${date}T${to} out ${more}`.trim(),
];
/** 08:00 to 18:00 from Monday the 23rd on: two hours of overtime a date. */
const tens = (...dates: readonly string[]) =>
  dates.flatMap((date) => shift(date, '08:00', '18:00'));
/** 4 h of overtime on every date: in five dates of each week, so that no week adds to it. */
const twelves = (month: string, days: readonly number[]) =>
  days.flatMap((day) => shift(`${month}-${String(day).padStart(2, '0')}`, '06:00', '18:00'));

const rowOf = (tables: Record<string, unknown>, touches: readonly string[], isReversed = false) =>
  reportOf('overtime', { tables, touches, asOf: '2026-12-05T09:00', isReversed }).rows.at(-1);

describe('report overtime: premiumYen', () => {
  test.each<[string, Record<string, unknown>, readonly string[], number]>([
    // (13,000 + 2,000) ÷ 8 × 1.25 × 2 = 4,687.5
    [
      'the printed example: half a yen rises',
      { payGuidelines: [{ ...plain, yenPerYear: 15_000 * DAYS }] },
      tens('2026-11-24'),
      4_688,
    ],
    // 15,000 ÷ 480 min × 1.25 = 39.06
    [
      'a minute is paid as a minute',
      { payGuidelines: [{ ...plain, yenPerYear: 15_000 * DAYS }] },
      shift('2026-11-24', '08:00', '16:01'),
      39,
    ],
    // 2 × 4,687.5: rounding each date would give 9,376
    [
      'rounded once a month, not once a date',
      { payGuidelines: [{ ...plain, yenPerYear: 15_000 * DAYS }] },
      tens('2026-11-24', '2026-11-25'),
      9_375,
    ],
    [
      'no overtime costs nothing',
      { payGuidelines: [plain] },
      shift('2026-11-24', '08:00', '16:00'),
      0,
    ],
    [
      'no overtime costs nothing, also without a guideline',
      {},
      shift('2026-11-24', '08:00', '16:00'),
      0,
    ],
    [
      'a sixth day beyond 40 hours of its week is overtime as well',
      { payGuidelines: [plain] },
      ['02', '03', '04', '05', '06', '07'].flatMap((day) =>
        shift(`2026-11-${day}`, '08:00', '16:00'),
      ),
      8 * 2_500,
    ],
    [
      'night costs what overtime costs: its own premium is not in it',
      { payGuidelines: [plain] },
      ['2026-11-24T14:00 in', '2026-11-25T00:00 out'],
      2 * 2_500,
    ],
    [
      'the trade of the roster goes before the row for all',
      { payGuidelines: [plain, rebar] },
      tens('2026-11-24'),
      2 * 3_750,
    ],
    [
      '職長手当 on the dates as 職長 only',
      {
        payGuidelines: [{ ...plain, foremanYenPerDay: 1_600 }],
        assignments: [
          { ...assignment, to: '2026-11-24' },
          { ...assignment, from: '2026-11-25', role: 'foreman' },
        ],
      },
      tens('2026-11-24', '2026-11-25'),
      2 * 2_500 + 2 * 2_750,
    ],
    [
      'a 職長 whose guideline says no 職長手当 costs as the others',
      { payGuidelines: [plain], assignments: [{ ...assignment, role: 'foreman' }] },
      tens('2026-11-24'),
      2 * 2_500,
    ],
    // 16,000 → 16,800 a day: 2,625 an hour
    [
      'a guideline revised within the month: each date by its own',
      {
        payGuidelines: [
          { ...plain, to: '2026-11-24' },
          { ...plain, from: '2026-11-25', yenPerYear: 16_800 * 240, daysPerYear: 240 },
        ],
      },
      tens('2026-11-24', '2026-11-25'),
      2 * 2_500 + 2 * 2_625,
    ],
    [
      'two sites a date: by the trade of the site entered last',
      {
        payGuidelines: [plain, rebar, { ...plain, trade: '20-01', yenPerYear: 32_000 * DAYS }],
        assignments: [assignment, { ...assignment, siteId: SECOND_SITE, trade: '20-01' }],
      },
      [
        ...shift('2026-11-24', '08:00', '12:00'),
        ...shift('2026-11-24', '13:00', '19:00', `s${SECOND_SITE}`),
      ],
      2 * 5_000,
    ],
    [
      'and in the other order by the other',
      {
        payGuidelines: [plain, rebar, { ...plain, trade: '20-01', yenPerYear: 32_000 * DAYS }],
        assignments: [assignment, { ...assignment, siteId: SECOND_SITE, trade: '20-01' }],
      },
      [
        ...shift('2026-11-24', '08:00', '12:00', `s${SECOND_SITE}`),
        ...shift('2026-11-24', '13:00', '19:00'),
      ],
      2 * 3_750,
    ],
    [
      'who is on no roster of the site is priced by the row for every trade',
      { payGuidelines: [plain, rebar], assignments: [] },
      tens('2026-11-24'),
      2 * 2_500,
    ],
    // 2026-11: 15 dates × 4 h = 60 h
    [
      '60 hours of a month are within',
      { payGuidelines: [plain] },
      twelves('2026-11', [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20]),
      60 * 2_500,
    ],
    // 14 dates × 4 h = 56 h, then 7 h on the 20th: 4 within, 3 beyond; then 2 h beyond
    [
      '60 hours are crossed within a date',
      { payGuidelines: [plain] },
      [
        ...twelves('2026-11', [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19]),
        ...shift('2026-11-20', '06:00', '21:00'),
        ...tens('2026-11-24'),
      ],
      60 * 2_500 + 5 * 3_000,
    ],
    [
      'the crossing date is priced by its own guideline on both sides',
      {
        payGuidelines: [
          { ...plain, to: '2026-11-19' },
          { ...plain, from: '2026-11-20', yenPerYear: 32_000 * DAYS },
        ],
      },
      [
        ...twelves('2026-11', [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19]),
        ...shift('2026-11-20', '06:00', '21:00'),
      ],
      56 * 2_500 + 4 * 5_000 + 3 * 6_000,
    ],
    [
      '60 hours are of each month: the next begins anew',
      { payGuidelines: [plain] },
      [
        ...twelves('2026-10', [1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20, 21, 22]),
        ...tens('2026-11-24'),
      ],
      2 * 2_500,
    ],
    [
      'from 2023-04 on every firm pays half more beyond 60 hours',
      { payGuidelines: [plain] },
      twelves('2023-04', [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 24]),
      60 * 2_500 + 4 * 3_000,
    ],
    [
      'before that a quarter: which firm is large is not known',
      { payGuidelines: [plain] },
      twelves('2023-03', [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 20, 21, 22]),
      64 * 2_500,
    ],
  ])('%s', (_because, tables, touches, premiumYen) => {
    for (const isReversed of [false, true])
      expect(rowOf(tables, touches, isReversed)).toMatchObject({
        premiumYen,
        overtimeMinutesWithoutGuideline: 0,
      });
  });

  test.each<[string, Record<string, unknown>, readonly string[], number]>([
    ['none at all', {}, tens('2026-11-24'), 120],
    [
      'none for one of the dates: half a sum is no sum',
      { payGuidelines: [{ ...plain, to: '2026-11-24' }] },
      tens('2026-11-24', '2026-11-25'),
      120,
    ],
    [
      'none for the trade of the roster',
      { payGuidelines: [{ ...rebar, trade: '20-01' }] },
      tens('2026-11-24'),
      120,
    ],
    ['another level’s only', { payGuidelines: [{ ...plain, level: 3 }] }, tens('2026-11-24'), 120],
    [
      'a worker without a level has none',
      { payGuidelines: [plain], workers: [{ ...worker, level: undefined }] },
      tens('2026-11-24'),
      120,
    ],
  ])('without a guideline: %s', (_because, tables, touches, minutes) => {
    const row = rowOf(tables, touches);
    expect(row).toMatchObject({ overtimeMinutesWithoutGuideline: minutes });
    expect(row).not.toHaveProperty('premiumYen');
  });

  test('a date without overtime asks for no guideline', () => {
    const until = { payGuidelines: [{ ...plain, to: '2026-11-24' }] };
    expect(
      rowOf(until, [...tens('2026-11-24'), ...shift('2026-11-25', '08:00', '16:00')]),
    ).toMatchObject({ premiumYen: 5_000, overtimeMinutesWithoutGuideline: 0 });
  });
});

test.each([
  ['2010-03-31', [125, 125], 'the first row is open'],
  ['2023-03-31', [125, 125], 'the last day before the exception for 中小事業主 ended'],
  ['2023-04-01', [125, 150], 'the first day after it'],
])('rates on %s: %o (%s)', (date, rates) => {
  const [priced] = pricedOvertime([
    { date: workDate(date), overtimeMinutes: 1, guideline: undefined, isForeman: false },
  ]);
  expect([priced?.rates.value.percent, priced?.rates.value.beyondPercent]).toEqual(rates);
});

describe('whatever was worked in a month', () => {
  const guideline = fc.record({
    level: fc.constant(2 as const),
    yenPerYear: fc.integer({ min: 0, max: 1_000_000_000_000 }),
    daysPerYear: fc.integer({ min: 1, max: 366 }),
    foremanYenPerDay: fc.integer({ min: 0, max: 1_000_000_000_000 }),
    source: fc.constant('試験の目安'),
  });
  const months = fc
    .array(
      fc.record({
        overtimeMinutes: fc.integer({ min: 0, max: 960 }),
        guideline,
        isForeman: fc.boolean(),
      }),
      { maxLength: 31 },
    )
    .chain((dates) => {
      const inOrder = dates.map((each, at) => ({
        ...each,
        date: addDays(workDate('2026-10-01'), at),
      }));
      return fc.record({
        inOrder: fc.constant(inOrder),
        shuffled: fc.shuffledSubarray(inOrder, { minLength: inOrder.length }),
      });
    });
  const yenOf = (dates: readonly OvertimeToPrice[]) => overtimePremium(pricedOvertime(dates));

  test('the sum is exact, minute by minute, and rounded once, half up', () => {
    fc.assert(
      fc.property(months, ({ inOrder }) => {
        // Over one common denominator, each minute by itself: no order, no split of dates, no float.
        const common = inOrder.reduce(
          (all, { guideline: { daysPerYear } }) => all * BigInt(daysPerYear),
          1n,
        );
        let minute = 0;
        let sum = 0n;
        for (const { guideline: pay, overtimeMinutes, isForeman } of inOrder) {
          const day =
            BigInt(pay.yenPerYear) * (common / BigInt(pay.daysPerYear)) +
            (isForeman ? BigInt(pay.foremanYenPerDay) * common : 0n);
          for (let each = 0; each < overtimeMinutes; each += 1, minute += 1)
            sum += day * (minute < 3_600 ? 5n : 6n);
        }
        const denominator = common * 480n * 4n;
        const { premiumYen } = yenOf(inOrder);
        const off = 2n * (BigInt(premiumYen ?? -1) * denominator - sum);
        expect(off > -denominator && off <= denominator).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the order in which dates come says nothing', () => {
    fc.assert(
      fc.property(months, ({ inOrder, shuffled }) => {
        expect(yenOf(shuffled)).toEqual(yenOf(inOrder));
      }),
    );
  });

  test('a guideline that is missing is told in minutes, and no sum', () => {
    fc.assert(
      fc.property(months, fc.array(fc.boolean(), { minLength: 31, maxLength: 31 }), (of, known) => {
        const dates = of.inOrder.map((each, at) => ({
          ...each,
          guideline: known[at] ? each.guideline : undefined,
        }));
        const minutes = dates.reduce(
          (sum, { guideline: pay, overtimeMinutes }) =>
            sum + (pay === undefined ? overtimeMinutes : 0),
          0,
        );
        const premium = yenOf(dates);
        expect(premium.overtimeMinutesWithoutGuideline).toBe(minutes);
        expect(premium.premiumYen === undefined).toBe(minutes > 0);
      }),
    );
  });
});
