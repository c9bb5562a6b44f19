/**
 * Working time per worker and work date (労働時間), with what of it is overtime (時間外労働).
 *
 * Source: 労働基準法第32条 (40 h a week, 8 h a day), 第37条第4項 (22:00–05:00); a shift over midnight belongs
 * to the day of its beginning and a week runs from Sunday where the work rules say nothing else
 * (昭和63年1月1日 基発第1号); hours at different sites and employers add up (第38条第1項).
 *
 * Our readings: time between entry and exit touch counts, less the breaks that the site sets; gate time is
 * evidence, not by itself paid time. Beyond 8 h of a date is overtime; of what remains, what exceeds 40 h in
 * its week is overtime of the date on which it is exceeded, also where a month ends within the week.
 * Holiday work is not told apart, because nobody tells us which day of the week is the 法定休日.
 */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import {
  addDays,
  DAY_MS,
  isValidOn,
  MINUTE_MS,
  startOfDate,
  type WorkDate,
} from '../../shared/time.ts';
import { type AttendanceDay, type AttendanceFlag, nightMs } from '../attendance/attendance.ts';
import type { Interval } from '../attendance/shifts.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import { mergeIntervals, withoutBreaks } from './intervals.ts';

export const DAY_MINUTES_MAX = 8 * 60;
const WEEK_MINUTES_MAX = 40 * 60;

const INCOMPLETE_FLAGS: ReadonlySet<AttendanceFlag> = new Set(['missing-out', 'missing-in']);

export interface WorkedDate {
  readonly date: WorkDate;
  readonly minutes: number;
  readonly nightMinutes: number;
  readonly overtimeMinutes: number;
  /** A touch is missing, so more may have been worked than is counted. */
  readonly isIncomplete: boolean;
  /** Every site of the date is 災害の復旧・復興の事業. */
  readonly isDisasterRecovery: boolean;
  readonly evidence: readonly string[];
}

/** A worked date with what it was reckoned from. */
export interface ReasonedDate extends WorkedDate {
  /** In order of their first touch. */
  readonly days: readonly AttendanceDay[];
  /** Time between touches less the breaks of the sites, joined where two sites claim it. */
  readonly intervals: readonly Interval[];
  readonly beyondDayMinutes: number;
  readonly beyondWeekMinutes: number;
  /** Of the week before that date, without what was beyond a day. */
  readonly weekBeforeMinutes: number;
}

type Reckoned = Omit<
  ReasonedDate,
  'overtimeMinutes' | 'beyondDayMinutes' | 'beyondWeekMinutes' | 'weekBeforeMinutes'
>;

/** Sunday of the date's week; 1970-01-01 was a Thursday. */
export const weekOf = (date: WorkDate): WorkDate =>
  addDays(date, -((Math.floor(startOfDate(date) / DAY_MS) + 1 + 4) % 7));

const wholeMinutes = (parts: readonly number[]): number =>
  Math.floor(parts.reduce((sum, part) => sum + part, 0) / MINUTE_MS);

const dateOf = (
  registry: RegistryIndex,
  date: WorkDate,
  days: readonly AttendanceDay[],
  isExempt: (siteId: SiteId, date: WorkDate) => boolean,
): Reckoned => {
  const inOrder = [...days].sort(
    (a, b) => a.firstTouchAt - b.firstTouchAt || (a.siteId < b.siteId ? -1 : 1),
  );
  const intervals = mergeIntervals(
    inOrder.flatMap((day) =>
      withoutBreaks(
        day.shifts.flatMap((shift) => shift.intervals),
        registry.siteById.get(day.siteId)?.breaks ?? [],
      ),
    ),
  );
  return {
    date,
    minutes: wholeMinutes(intervals.map(({ inAt, outAt }) => outAt - inAt)),
    nightMinutes: wholeMinutes(intervals.map(nightMs)),
    isIncomplete: days.some(({ flags }) => flags.some((flag) => INCOMPLETE_FLAGS.has(flag))),
    isDisasterRecovery: days.every(({ siteId }) => isExempt(siteId, date)),
    evidence: inOrder.flatMap(({ evidence }) => evidence),
    days: inOrder,
    intervals,
  };
};

/** Dates in order; the overtime of each, given all dates of its week before it. */
const withOvertime = (dates: readonly Reckoned[]): readonly ReasonedDate[] => {
  const regularByWeek = new Map<WorkDate, number>();
  return dates.map((worked) => {
    const beyondDay = Math.max(0, worked.minutes - DAY_MINUTES_MAX);
    const week = weekOf(worked.date);
    const before = regularByWeek.get(week) ?? 0;
    const after = before + worked.minutes - beyondDay;
    regularByWeek.set(week, after);
    const beyondWeek =
      Math.max(0, after - WEEK_MINUTES_MAX) - Math.max(0, before - WEEK_MINUTES_MAX);
    return {
      ...worked,
      overtimeMinutes: beyondDay + beyondWeek,
      beyondDayMinutes: beyondDay,
      beyondWeekMinutes: beyondWeek,
      weekBeforeMinutes: before,
    };
  });
};

/**
 * Every date that anybody worked, in order, by worker. `days`: attendance of all sites; where months are
 * asked for, from the Sunday on or before their first day.
 */
export const workedDates = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  exemptions: Registry['overtimeExemptions'],
): ReadonlyMap<WorkerId, readonly ReasonedDate[]> => {
  const isExempt = (siteId: SiteId, date: WorkDate): boolean =>
    exemptions.some((row) => row.siteId === siteId && isValidOn(row, date));
  const daysByWorker = new Map<WorkerId, Map<WorkDate, AttendanceDay[]>>();
  for (const day of days) {
    if (day.subject.kind === 'card') continue;
    const { workerId } = day.subject;
    const byDate = daysByWorker.get(workerId) ?? new Map<WorkDate, AttendanceDay[]>();
    byDate.set(day.workDate, [...(byDate.get(day.workDate) ?? []), day]);
    daysByWorker.set(workerId, byDate);
  }
  return new Map(
    [...daysByWorker].map(([workerId, byDate]) => [
      workerId,
      withOvertime(
        [...byDate]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([date, of]) => dateOf(registry, date, of, isExempt)),
      ),
    ]),
  );
};
