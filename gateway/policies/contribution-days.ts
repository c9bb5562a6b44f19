/**
 * 掛金日数: how many contributed days the work of one shift would earn.
 *
 * Source: https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html
 * - Any paid work is one day, however short.
 * - Work beyond 8 hours adds one day for each full 8 hours.
 * - Work beyond 8 hours that in night work runs 4 hours or more into the next calendar day adds one.
 *   Printed example: 21:00 to 09:00 = 2 days (21–05 the first 8 hours, 05–09 four hours of the next day).
 *
 * Our reading, where the answer leaves it open:
 * - The 4 hours are those of the beyond-8 part that remain after whole 8-hour units, and that lie after
 *   the midnight which the shift crosses.
 * - Work is what lies between entry and exit touches; breaks inside the gate are not seen, so not
 *   subtracted, as in the printed example.
 */
import { DAY_MS, dateInJapan, HOUR_MS, startOfDate, utcMs } from '../../shared/time.ts';
import type { Interval, Shift } from '../shifts.ts';

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

/** A shift of which only one touch is known is presence, hence one day. */
export const contributionDays = ({ startAt, intervals }: Shift): number => {
  const beyond = Math.max(0, workedMs(intervals) - UNIT_MS);
  const units = Math.floor(beyond / UNIT_MS);
  const midnight = startOfDate(dateInJapan(startAt)) + DAY_MS;
  const remainder = after(intervals, UNIT_MS * (1 + units));
  const nextDay = remainder.flatMap(({ inAt, outAt }) =>
    outAt <= midnight ? [] : [{ inAt: utcMs(Math.max(inAt, midnight)), outAt }],
  );
  return 1 + units + (workedMs(nextDay) >= NEXT_DAY_MS ? 1 : 0);
};
