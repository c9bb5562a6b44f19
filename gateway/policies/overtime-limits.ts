/**
 * Limits of overtime (時間外労働の上限規制) and warnings before they are reached.
 *
 * In force for construction since 2024-04-01 (労働基準法第36条, 第139条; kensetsu-roudou-jikan.mhlw.go.jp).
 * 45 h a month and 360 h a year; under a 特別条項 720 h a year, under 100 h a month, 80 h at most as the mean
 * of any two to six months, and six months a year above 45 h. Works of 災害の復旧・復興 do not count for
 * the 100 h and the 80 h. Which of them binds depends on the firm's 36協定: each that is reached is told.
 */
import { z } from 'zod';
import {
  addMonths,
  lastDateOf,
  type Month,
  monthOf,
  type WorkDate,
  workDate,
} from '../../shared/time.ts';
import { type EffectiveTable, rowOn } from './effective-table.ts';
import type { WorkedDate } from './working-time.ts';

interface Limits {
  readonly monthMinutes: number;
  readonly yearMinutes: number;
  readonly specialYearMinutes: number;
  /** The month must stay below this. */
  readonly monthMinutesBelow: number;
  readonly averageMinutes: number;
  readonly monthsAboveMax: number;
}

const HOUR_MINUTES = 60;

export const OVERTIME_LIMITS: EffectiveTable<Limits | undefined> = [
  {
    from: undefined,
    value: undefined,
    source: '労働基準法旧第139条 (建設の事業は2024-03-31まで適用猶予)',
  },
  {
    from: workDate('2024-04-01'),
    value: {
      monthMinutes: 45 * HOUR_MINUTES,
      yearMinutes: 360 * HOUR_MINUTES,
      specialYearMinutes: 720 * HOUR_MINUTES,
      monthMinutesBelow: 100 * HOUR_MINUTES,
      averageMinutes: 80 * HOUR_MINUTES,
      monthsAboveMax: 6,
    },
    source:
      '労働基準法第36条・第139条、https://kensetsu-roudou-jikan.mhlw.go.jp/kensetsu_overtime.html',
  },
];

/** From this share of a limit on it is "near": a default of this product, not of the law. */
const NEAR_PERCENT = 80;
/** Days of a month after which its pace is told. */
const PACE_FROM_DAY = 7;

export const OvertimeWarning = z.enum([
  'over-45-month',
  'over-360-year',
  'over-720-year',
  'over-100-month',
  'over-80-average',
  'over-45-months',
  'near-45-month',
  'near-360-year',
  'near-720-year',
  'near-100-month',
  'near-80-average',
  'near-45-months',
  'pace-45-month',
]);
export type OvertimeWarning = z.infer<typeof OvertimeWarning>;

export interface OvertimeMonth {
  readonly month: Month;
  readonly minutes: number;
  readonly overtimeMinutes: number;
  readonly nightMinutes: number;
  /** Whole hours of a month's overtime, below half an hour down, from half an hour up. */
  readonly roundedHours: number;
  readonly roundedNightHours: number;
  /** Overtime of the agreement's year, up to the end of this month. */
  readonly yearOvertimeMinutes: number;
  readonly incompleteDays: number;
  readonly warnings: readonly OvertimeWarning[];
  readonly evidence: readonly string[];
}

/**
 * Months' totals may be rounded to whole hours, and nothing shorter (昭和63年3月14日 基発第150号: the sums of
 * 時間外労働, 休日労働 and 深夜業 of one month, each).
 */
export const roundedHours = (minutes: number): number => Math.floor((minutes + 30) / HOUR_MINUTES);

export interface MonthSum {
  readonly overtime: number;
  /** Without 災害の復旧・復興. */
  readonly counted: number;
}

const sumOf = (dates: readonly WorkedDate[]): MonthSum => ({
  overtime: dates.reduce((sum, { overtimeMinutes }) => sum + overtimeMinutes, 0),
  counted: dates.reduce(
    (sum, { overtimeMinutes, isDisasterRecovery }) =>
      sum + (isDisasterRecovery ? 0 : overtimeMinutes),
    0,
  ),
});

const isNear = (minutes: number, limit: number): boolean => minutes * 100 >= limit * NEAR_PERCENT;

/** First month of the agreement's year that the month lies in. */
const yearStartOf = (month: Month, startMonth: number): Month =>
  addMonths(month, -((Number(month.slice(5)) - startMonth + 12) % 12));

const monthsFrom = (from: Month, to: Month): readonly Month[] => {
  const months: Month[] = [];
  for (let each = from; each <= to; each = addMonths(each, 1)) months.push(each);
  return months;
};

/** One limit, held against what was worked. */
export interface LimitCheck {
  readonly warning: OvertimeWarning;
  readonly isGiven: boolean;
  /** What was held against the limit: minutes or, of `-months`, months. */
  readonly value: number;
  readonly limit: number;
}

/** Every limit in the order in which it is told; none before the law asked for them. */
export const limitChecks = (
  month: Month,
  sums: ReadonlyMap<Month, MonthSum>,
  { yearStartMonth, asOf }: OvertimeQuestion,
): readonly LimitCheck[] => {
  const limits = rowOn(OVERTIME_LIMITS, lastDateOf(month)).value;
  if (limits === undefined) return [];
  const of = (each: Month): MonthSum => sums.get(each) ?? { overtime: 0, counted: 0 };
  const { overtime, counted } = of(month);
  const year = monthsFrom(yearStartOf(month, yearStartMonth), month);
  const yearOvertime = year.reduce((sum, each) => sum + of(each).overtime, 0);
  const monthsAbove = year.filter((each) => of(each).overtime > limits.monthMinutes).length;
  const means = [2, 3, 4, 5, 6].map((count) => ({
    count,
    sum: monthsFrom(addMonths(month, 1 - count), month).reduce(
      (sum, each) => sum + of(each).counted,
      0,
    ),
  }));
  const highestMean = means.reduce((most, each) =>
    each.sum * most.count > most.sum * each.count ? each : most,
  );
  const graded = (
    names: readonly [over: OvertimeWarning, near: OvertimeWarning],
    value: number,
    limit: number,
    isOver: boolean,
    isClose = isNear(value, limit),
  ): readonly LimitCheck[] => [
    { warning: names[0], isGiven: isOver, value, limit },
    { warning: names[1], isGiven: !isOver && isClose, value, limit },
  ];
  const day = Number(asOf.slice(8));
  const isRunning = monthOf(asOf) === month && day >= PACE_FROM_DAY;
  const pace = overtime * Number(lastDateOf(month).slice(8));
  return [
    ...graded(
      ['over-45-month', 'near-45-month'],
      overtime,
      limits.monthMinutes,
      overtime > limits.monthMinutes,
    ),
    {
      warning: 'pace-45-month',
      isGiven:
        isRunning && pace > limits.monthMinutes * day && !isNear(overtime, limits.monthMinutes),
      value: Math.floor(pace / day),
      limit: limits.monthMinutes,
    },
    ...graded(
      ['over-360-year', 'near-360-year'],
      yearOvertime,
      limits.yearMinutes,
      yearOvertime > limits.yearMinutes,
    ),
    ...graded(
      ['over-720-year', 'near-720-year'],
      yearOvertime,
      limits.specialYearMinutes,
      yearOvertime > limits.specialYearMinutes,
    ),
    ...graded(
      ['over-100-month', 'near-100-month'],
      counted,
      limits.monthMinutesBelow,
      counted >= limits.monthMinutesBelow,
    ),
    ...graded(
      ['over-80-average', 'near-80-average'],
      Math.floor(highestMean.sum / highestMean.count),
      limits.averageMinutes,
      highestMean.sum > limits.averageMinutes * highestMean.count,
      isNear(highestMean.sum, limits.averageMinutes * highestMean.count),
    ),
    ...graded(
      ['over-45-months', 'near-45-months'],
      monthsAbove,
      limits.monthsAboveMax,
      monthsAbove > limits.monthsAboveMax,
      monthsAbove === limits.monthsAboveMax,
    ),
  ];
};

export interface OvertimeQuestion {
  /** In which month the year of the 36協定 begins. */
  readonly yearStartMonth: number;
  readonly asOf: WorkDate;
}

/** What was worked in each month, in order. */
export const datesByMonth = <Worked extends WorkedDate>(
  dates: readonly Worked[],
): ReadonlyMap<Month, readonly Worked[]> => Map.groupBy(dates, ({ date }) => monthOf(date));

/** The months of the agreement's year up to and including that one. */
export const yearMonths = (month: Month, yearStartMonth: number): readonly Month[] =>
  monthsFrom(yearStartOf(month, yearStartMonth), month);

/** The overtime of each month, as the limits count it. */
export const monthSums = (dates: readonly WorkedDate[]): ReadonlyMap<Month, MonthSum> =>
  new Map([...datesByMonth(dates)].map(([month, of]) => [month, sumOf(of)]));

/** Every month with work, in order. Limits that reach back need the twelve months before as well. */
export const overtimeMonths = (
  dates: readonly WorkedDate[],
  question: OvertimeQuestion,
): readonly OvertimeMonth[] => {
  const sums = monthSums(dates);
  return [...datesByMonth(dates)].map(([month, of]) => {
    const total = (pick: (worked: WorkedDate) => number): number =>
      of.reduce((sum, worked) => sum + pick(worked), 0);
    const overtimeMinutes = total((worked) => worked.overtimeMinutes);
    const nightMinutes = total((worked) => worked.nightMinutes);
    return {
      month,
      minutes: total(({ minutes }) => minutes),
      overtimeMinutes,
      nightMinutes,
      roundedHours: roundedHours(overtimeMinutes),
      roundedNightHours: roundedHours(nightMinutes),
      yearOvertimeMinutes: yearMonths(month, question.yearStartMonth).reduce(
        (sum, each) => sum + (sums.get(each)?.overtime ?? 0),
        0,
      ),
      incompleteDays: of.filter(({ isIncomplete }) => isIncomplete).length,
      warnings: limitChecks(month, sums, question).flatMap(({ warning, isGiven }) =>
        isGiven ? [warning] : [],
      ),
      evidence: of.flatMap(({ evidence }) => evidence),
    };
  });
};
