/**
 * 掛金日数: how many contributed days the work of one shift would earn.
 *
 * Source: https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html
 * - Any paid work is one day, however short.
 * - Work beyond 8 hours adds one day for each full 8 hours.
 * - Work beyond 8 hours that in night work runs 4 hours or more into the next calendar day adds one.
 *   Printed example: 21:00 to 09:00 = 2 days (21–05 the first 8 hours, 05–09 four hours of the next day).
 *
 * Work is what lies between entry and exit touches. What the answer leaves open – breaks inside the
 * gate, and which 4 hours of the next day count – is read as `contribution-readings.ts` says. Work past
 * midnight is work between 22:00 and 05:00 too, so 深夜作業 asks for nothing more.
 */
import { DAY_MS, dateInJapan, HOUR_MS, MINUTE_MS, startOfDate, utcMs } from '../../shared/time.ts';
import type { Interval, Shift } from '../attendance/shifts.ts';
import { type ContributionReadings, DEFAULT_READINGS } from './contribution-readings.ts';

const UNIT_MS = 8 * HOUR_MS;
const NEXT_DAY_MS = 4 * HOUR_MS;

/** Cuts off the first `skipMs` of work. */
const after = (intervals: readonly Interval[], skipMs: number): readonly Interval[] => {
  let left = skipMs;
  return intervals.flatMap(({ inAt, outAt }) => {
    const cut = Math.min(left, outAt - inAt);
    left -= cut;
    return cut === outAt - inAt ? [] : [{ inAt: utcMs(inAt + cut), outAt }];
  });
};

const workedMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((total, { inAt, outAt }) => total + outAt - inAt, 0);

/** 労働基準法第34条: 45 minutes of break above 6 hours of work, 60 above 8. */
const statutoryBreakMs = (worked: number): number =>
  worked > 8 * HOUR_MS ? 60 * MINUTE_MS : worked > 6 * HOUR_MS ? 45 * MINUTE_MS : 0;

/** The part of the statutory break that was not taken outside the gate. */
const breakInsideMs = (intervals: readonly Interval[], worked: number): number => {
  const [first] = intervals;
  const last = intervals.at(-1);
  if (first === undefined || last === undefined) return 0;
  const outside = last.outAt - first.inAt - worked;
  return Math.max(0, statutoryBreakMs(worked) - outside);
};

/** The hours of a shift as its days are counted from them, in milliseconds. */
export interface CountedHours {
  readonly workedMs: number;
  /** The break inside the gate that the reading takes off. */
  readonly breakMs: number;
  /** Work beyond the first 8 hours and the break; not above 0 where there is none. */
  readonly beyondMs: number;
  /** Whole 8 hours beyond the first. */
  readonly units: number;
  /** What of the rest lies in the next calendar day; 0 where the reading does not look. */
  readonly nextDayMs: number;
  readonly days: number;
}

/**
 * At least 1 day: a shift of which only one touch is known is presence, hence one day.
 * The intervals are in order of time and do not overlap.
 */
export const countedHours = (
  { startAt, intervals }: Shift,
  readings: ContributionReadings = DEFAULT_READINGS,
): CountedHours => {
  const worked = workedMs(intervals);
  const breakMs = readings.breaks === 'statutory' ? breakInsideMs(intervals, worked) : 0;
  const firstUnitMs = UNIT_MS + breakMs;
  const beyondMs = worked - firstUnitMs;
  const counted = { workedMs: worked, breakMs, beyondMs };
  if (beyondMs < NEXT_DAY_MS) return { ...counted, units: 0, nextDayMs: 0, days: 1 };
  const units = Math.floor(beyondMs / UNIT_MS);
  if (units > 0 && readings.nextDayHours === 'without-whole-unit')
    return { ...counted, units, nextDayMs: 0, days: 1 + units };
  const midnight = startOfDate(dateInJapan(startAt)) + DAY_MS;
  const remainder = after(intervals, firstUnitMs + UNIT_MS * units);
  const nextDayMs = workedMs(
    remainder.flatMap(({ inAt, outAt }) =>
      outAt <= midnight ? [] : [{ inAt: utcMs(Math.max(inAt, midnight)), outAt }],
    ),
  );
  return {
    ...counted,
    units,
    nextDayMs,
    days: 1 + units + (nextDayMs >= NEXT_DAY_MS ? 1 : 0),
  };
};
