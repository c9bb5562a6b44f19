/**
 * Attendance (出面): what touches mean, derived again whenever anything they rest on changes.
 *
 * Pure, and the same whatever the order of arrival: touches are put in order of time first, then folded
 * into shifts, then gathered by the date on which each shift starts, then corrected by what people said.
 */
import { z } from 'zod';
import type { SiteId } from '../../shared/ids.ts';
import {
  DAY_MS,
  dateInJapan,
  HOUR_MS,
  MINUTE_MS,
  startOfDate,
  startOfDayInJapan,
  type UtcMs,
  utcMs,
  type WorkDate,
} from '../../shared/time.ts';
import { correctTouches, type DayCorrection } from '../corrections.ts';
import {
  type Interval,
  inOrderOfTime,
  type Passage,
  type RunningShift,
  type Shift,
  type Subject,
  shiftsOf,
  type Touch,
  touchesOfShift,
} from './shifts.ts';
import type { SiteRules } from './site-rules.ts';

/** 深夜: 22:00 to 05:00 (労働基準法第37条第4項). */
const NIGHT_FROM_MS = 22 * HOUR_MS;
const NIGHT_TO_MS = 29 * HOUR_MS;

export const AttendanceFlag = z.enum(['missing-out', 'missing-in', 'unknown-card', 'corrected']);
export type AttendanceFlag = z.infer<typeof AttendanceFlag>;

/** One subject, one site, one work date. */
export interface AttendanceDay {
  readonly siteId: SiteId;
  readonly subject: Subject;
  readonly workDate: WorkDate;
  readonly firstTouchAt: UtcMs;
  readonly firstIn?: UtcMs;
  readonly lastOut?: UtcMs;
  /** Whole minutes of the sum of in–out intervals. Never rounded otherwise: that is for months. */
  readonly minutes: number;
  readonly nightMinutes: number;
  readonly flags: readonly AttendanceFlag[];
  /** Ids of the touches that made this day, in order of time; then of what corrected it. */
  readonly evidence: readonly string[];
  readonly shifts: readonly Shift[];
  /** The entry of the last shift that waits for its exit: still on site, or gone without a touch. */
  readonly openSince?: UtcMs;
  /**
   * The first touch of the day, where derivation may begin anew: no touch before it, of whatever reader,
   * is within the repeat window, so nothing earlier has a say in what follows.
   */
  readonly boundaryAt?: UtcMs;
}

/** Milliseconds of an interval that lie in 22:00–05:00. */
export const nightMs = ({ inAt, outAt }: Interval): number => {
  let sum = 0;
  for (let day = startOfDayInJapan(inAt) - DAY_MS; day < outAt; day += DAY_MS) {
    const from = Math.max(inAt, day + NIGHT_FROM_MS);
    const to = Math.min(outAt, day + NIGHT_TO_MS);
    sum += Math.max(0, to - from);
  }
  return sum;
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const dayOf = (
  siteId: SiteId,
  subject: Subject,
  workDate: WorkDate,
  shifts: readonly [RunningShift, ...RunningShift[]],
  voided: readonly Touch[],
): AttendanceDay => {
  const intervals = shifts.flatMap((shift) => shift.intervals);
  const firstIn = shifts.map(({ firstInAt }) => firstInAt).filter((each) => each !== undefined)[0];
  const lastOut = shifts
    .map(({ lastOutAt }) => lastOutAt)
    .filter((each) => each !== undefined)
    .at(-1);
  const isMissingOut = shifts.some((shift) => shift.isMissingOut || shift.openInAt !== undefined);
  const isMissingIn = shifts.some((shift) => shift.isMissingIn);
  const openSince = shifts.at(-1)?.openInAt;
  const touches = shifts.flatMap(touchesOfShift);
  const isCorrected = voided.length > 0 || touches.some(({ isManual }) => isManual === true);
  return {
    siteId,
    subject,
    workDate,
    firstTouchAt: shifts[0].startAt,
    ...(firstIn === undefined ? {} : { firstIn }),
    ...(lastOut === undefined ? {} : { lastOut }),
    minutes: Math.floor(sum(intervals.map(({ inAt, outAt }) => outAt - inAt)) / MINUTE_MS),
    nightMinutes: Math.floor(sum(intervals.map(nightMs)) / MINUTE_MS),
    flags: [
      ...(isMissingOut ? (['missing-out'] as const) : []),
      ...(isMissingIn ? (['missing-in'] as const) : []),
      ...(subject.kind === 'card' ? (['unknown-card'] as const) : []),
      ...(isCorrected ? (['corrected'] as const) : []),
    ],
    evidence: [
      ...touches.map(({ id }) => id),
      ...voided
        .map(({ voidedBy }) => voidedBy)
        .filter((each) => each !== undefined)
        .toSorted(),
    ],
    shifts: shifts.map((shift) => ({ startAt: shift.startAt, intervals: shift.intervals })),
    ...(openSince === undefined ? {} : { openSince }),
    ...(shifts[0].isBoundary ? { boundaryAt: shifts[0].startAt } : {}),
  };
};

/** The work date of a moment; days begin at `dayStartMinutes`. */
export const workDateOf = (at: UtcMs, { dayStartMinutes }: SiteRules): WorkDate =>
  dateInJapan(utcMs(at - dayStartMinutes * MINUTE_MS));

/** The first moment of a work date. */
export const startOfWorkDate = (date: WorkDate, { dayStartMinutes }: SiteRules): UtcMs =>
  utcMs(startOfDate(date) + dayStartMinutes * MINUTE_MS);

const byDate = <Item>(
  items: readonly Item[],
  dateOf: (item: Item) => WorkDate,
): Map<WorkDate, [Item, ...Item[]]> => {
  const grouped = new Map<WorkDate, [Item, ...Item[]]>();
  for (const item of items) {
    const date = dateOf(item);
    const ofDate = grouped.get(date);
    if (ofDate === undefined) grouped.set(date, [item]);
    else ofDate.push(item);
  }
  return grouped;
};

/** A date with the touches that count for it. */
interface FoldedDate {
  readonly workDate: WorkDate;
  readonly shifts: readonly [RunningShift, ...RunningShift[]];
  /** Touches of that date that were taken back. */
  readonly voided: readonly Touch[];
}

const foldedDates = (touches: readonly Touch[], rules: SiteRules): readonly FoldedDate[] => {
  const inOrder = inOrderOfTime(touches);
  const voidedByDate = byDate(
    inOrder.filter(({ voidedBy }) => voidedBy !== undefined),
    ({ at }) => workDateOf(at, rules),
  );
  const counting = inOrder.filter(({ voidedBy }) => voidedBy === undefined);
  const shiftsByDate = byDate(shiftsOf(counting, rules), ({ startAt }) =>
    workDateOf(startAt, rules),
  );
  return [...shiftsByDate].map(([workDate, shifts]) => ({
    workDate,
    shifts,
    voided: voidedByDate.get(workDate) ?? [],
  }));
};

/** A person said what the day was: then no length of a shift is too long. */
const CORRECTED_SHIFT_HOURS = 48;

/** A work date with everything that had a say in it: what answers "why this time?". */
export interface ReckonedDay {
  readonly workDate: WorkDate;
  /** Undefined where a person said that nothing of the day counts. */
  readonly day: AttendanceDay | undefined;
  /** As they were counted, each touch with what it was taken for. */
  readonly shifts: readonly RunningShift[];
  /** Touches of the date that were taken back. */
  readonly voided: readonly Touch[];
  /** What the touches alone said and the counted shifts do not hold: a person's word stands in its place. */
  readonly setAside: readonly Passage[];
  readonly corrections: readonly DayCorrection[];
}

const correctedDay = (
  siteId: SiteId,
  subject: Subject,
  workDate: WorkDate,
  folded: FoldedDate | undefined,
  corrections: readonly DayCorrection[],
  rules: SiteRules,
): ReckonedDay => {
  const touches = folded?.shifts.flatMap(touchesOfShift) ?? [];
  const corrected = correctTouches(touches, corrections, (id, at, direction) => ({
    id,
    siteId,
    readerId: id,
    direction,
    at,
    subject,
    isManual: true,
  }));
  const kept = new Set(corrected?.touches);
  const what = {
    workDate,
    voided: folded?.voided ?? [],
    setAside: (folded?.shifts ?? []).flatMap(({ passages }) =>
      passages.filter(({ touch }) => !kept.has(touch)),
    ),
    corrections,
  };
  if (corrected === undefined) return { ...what, day: undefined, shifts: [] };
  const [first, ...rest] = shiftsOf(inOrderOfTime(corrected.touches), {
    ...rules,
    maxShiftHours: CORRECTED_SHIFT_HOURS,
  });
  const boundary = folded?.shifts[0];
  const day =
    first === undefined
      ? presenceDay(siteId, subject, workDate, rules)
      : dayOf(siteId, subject, workDate, [first, ...rest], folded?.voided ?? []);
  const { boundaryAt: _, ...withoutBoundary } = day;
  return {
    ...what,
    day: {
      ...withoutBoundary,
      flags: [...new Set([...day.flags, 'corrected' as const])],
      evidence: [...new Set([...day.evidence, ...corrected.ids])],
      // What the touches alone say is what a later derivation may begin with.
      ...(boundary?.isBoundary === true ? { boundaryAt: boundary.startAt } : {}),
    },
    shifts: first === undefined ? [] : [first, ...rest],
  };
};

/** A day that a person vouches for without saying when somebody came. */
const presenceDay = (
  siteId: SiteId,
  subject: Subject,
  workDate: WorkDate,
  rules: SiteRules,
): AttendanceDay => {
  const startAt = startOfWorkDate(workDate, rules);
  return {
    siteId,
    subject,
    workDate,
    firstTouchAt: startAt,
    minutes: 0,
    nightMinutes: 0,
    flags: [],
    evidence: [],
    shifts: [{ startAt, intervals: [] }],
  };
};

export interface PersonAtSite {
  readonly siteId: SiteId;
  readonly subject: Subject;
  readonly rules: SiteRules;
  /** Of this person at this site, in the order in which they were made. */
  readonly corrections?: readonly DayCorrection[];
}

/**
 * Every work date of one subject at one site, in order, with what it was reckoned from.
 * A shift belongs to the date on which it starts. A corrected date is folded again by itself, so that a
 * person's word about one day never moves another.
 */
export const reckonedDays = (
  touches: readonly Touch[],
  { siteId, subject, rules, corrections = [] }: PersonAtSite,
): readonly ReckonedDay[] => {
  const asTouched = ({ workDate, shifts, voided }: FoldedDate): ReckonedDay => ({
    workDate,
    day: dayOf(siteId, subject, workDate, shifts, voided),
    shifts,
    voided,
    setAside: [],
    corrections: [],
  });
  const folded = foldedDates(touches, rules);
  if (corrections.length === 0) return folded.map(asTouched);
  const foldedByDate = new Map(folded.map((date) => [date.workDate, date]));
  const correctionsByDate = byDate(corrections, ({ workDate }) => workDate);
  return [...new Set([...foldedByDate.keys(), ...correctionsByDate.keys()])]
    .toSorted()
    .flatMap((workDate) => {
      const date = foldedByDate.get(workDate);
      const ofDate = correctionsByDate.get(workDate);
      if (ofDate !== undefined)
        return [correctedDay(siteId, subject, workDate, date, ofDate, rules)];
      return date === undefined ? [] : [asTouched(date)];
    });
};

/** The attendance days of one subject at one site, in order of date. */
export const attendanceDays = (
  touches: readonly Touch[],
  person: PersonAtSite,
): readonly AttendanceDay[] =>
  reckonedDays(touches, person).flatMap(({ day }) => (day === undefined ? [] : [day]));
