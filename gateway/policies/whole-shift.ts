/** The work of one worker, employer and date as one shift (1日の労働), also across sites. */
import type { UtcMs } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { Interval, Shift } from '../attendance/shifts.ts';
import { mergeIntervals } from './intervals.ts';

export interface WholeShift extends Shift {
  readonly startAt: UtcMs;
  readonly intervals: readonly Interval[];
}

/** Undefined where there is no shift at all. */
export const wholeShift = (attendance: readonly AttendanceDay[]): WholeShift | undefined => {
  const [day] = attendance;
  // Nearly every day is one shift at one site: nothing to put together.
  if (day !== undefined && attendance.length === 1 && day.shifts.length === 1) return day.shifts[0];
  const shifts = attendance.flatMap((each) => each.shifts).sort((a, b) => a.startAt - b.startAt);
  const [first] = shifts;
  return (
    first && {
      startAt: first.startAt,
      intervals: mergeIntervals(shifts.flatMap((shift) => shift.intervals)),
    }
  );
};
