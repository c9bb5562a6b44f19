/** Time between touches (在場時間): joined where two sites both claim it, and without the breaks of a site. */
import { DAY_MS, dateInJapan, HOUR_MS, MINUTE_MS, startOfDate, utcMs } from '../../shared/time.ts';
import type { Interval } from '../attendance/shifts.ts';

/** Clock times of a break; one that ends before it begins runs over midnight. */
export interface Break {
  readonly from: string;
  readonly to: string;
}

const clockMs = (clock: string): number =>
  Number(clock.slice(0, 2)) * HOUR_MS + Number(clock.slice(3)) * MINUTE_MS;

/** In order of time, overlapping ones joined: time that two sites both claim is worked once. */
export const mergeIntervals = (intervals: readonly Interval[]): readonly Interval[] => {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.inAt - b.inAt)) {
    const last = merged.at(-1);
    if (last === undefined || next.inAt > last.outAt) merged.push(next);
    else if (next.outAt > last.outAt) merged.splice(-1, 1, { ...last, outAt: next.outAt });
  }
  return merged;
};

const breaksDuring = ({ inAt, outAt }: Interval, breaks: readonly Break[]): readonly Interval[] => {
  const windows: Interval[] = [];
  const firstDay = startOfDate(dateInJapan(utcMs(inAt - DAY_MS)));
  for (let day = firstDay; day < outAt; day = utcMs(day + DAY_MS)) {
    for (const { from, to } of breaks) {
      const fromMs = clockMs(from);
      const toMs = clockMs(to) + (clockMs(to) <= fromMs ? DAY_MS : 0);
      windows.push({ inAt: utcMs(day + fromMs), outAt: utcMs(day + toMs) });
    }
  }
  return windows;
};

const cut = (interval: Interval, hole: Interval): readonly Interval[] =>
  [
    { inAt: interval.inAt, outAt: utcMs(Math.min(interval.outAt, hole.inAt)) },
    { inAt: utcMs(Math.max(interval.inAt, hole.outAt)), outAt: interval.outAt },
  ].filter(({ inAt, outAt }) => inAt < outAt);

/** What is left of the intervals outside the breaks. */
export const withoutBreaks = (
  intervals: readonly Interval[],
  breaks: readonly Break[],
): readonly Interval[] =>
  intervals.flatMap((interval) =>
    breaksDuring(interval, breaks).reduce<readonly Interval[]>(
      (left, hole) => left.flatMap((each) => cut(each, hole)),
      [interval],
    ),
  );
