/**
 * Attendance (出面): what touches mean, derived again whenever anything they rest on changes.
 *
 * Pure, and the same whatever the order of arrival: touches are put in order of time first, then folded
 * into shifts, then gathered by the date on which each shift starts.
 *
 * Our readings, where the domain rules leave room (all within the longest shift):
 * - The same direction again within `RETOUCH_MS` is one passage: entries count from the first, exits to
 *   the last. Later than that, the passage between was not touched: the day is flagged.
 * - An entry within `RETOUCH_MS` of an exit is the end of a break, also across midnight.
 * - The same direction again `NEW_SHIFT_MS` or more later begins a new shift, and so does an entry
 *   later than a break after an exit. Hence an exit that was forgotten never swallows the next day.
 */
import { z } from 'zod';
import type { CardId, Direction, SiteId, WorkerId } from '../shared/ids.ts';
import {
  DAY_MS,
  dateInJapan,
  HOUR_MS,
  MINUTE_MS,
  startOfDate,
  type UtcMs,
  utcMs,
  type WorkDate,
} from '../shared/time.ts';
import type { SiteRules } from './site-rules.ts';

export const RETOUCH_MS = 4 * HOUR_MS;
export const NEW_SHIFT_MS = 8 * HOUR_MS;

/** 深夜: 22:00 to 05:00 (労働基準法第37条第4項). */
const NIGHT_FROM_MS = 22 * HOUR_MS;
const NIGHT_TO_MS = 29 * HOUR_MS;

/** Whom a touch is counted for: a worker, or the card itself while nobody is known to hold it. */
export type Subject =
  | { readonly kind: 'worker'; readonly workerId: WorkerId }
  | { readonly kind: 'card'; readonly cardId: CardId };

export interface Touch {
  /** Entry id, or the line of a document: what the figure rests on. */
  readonly id: string;
  readonly siteId: SiteId;
  readonly readerId: string;
  readonly direction: Direction;
  readonly at: UtcMs;
  readonly subject: Subject;
}

export interface Interval {
  readonly inAt: UtcMs;
  readonly outAt: UtcMs;
}

export interface Shift {
  readonly startAt: UtcMs;
  readonly intervals: readonly Interval[];
}

export const AttendanceFlag = z.enum(['missing-out', 'missing-in', 'unknown-card']);
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
  /** Ids of the touches that made this day, in order of time. */
  readonly evidence: readonly string[];
  readonly shifts: readonly Shift[];
  /** The entry of the last shift that waits for its exit: still on site, or gone without a touch. */
  readonly openSince?: UtcMs;
}

/** A shift that is being built; `openInAt` while an entry waits for its exit. */
interface RunningShift {
  readonly startAt: UtcMs;
  readonly intervals: Interval[];
  readonly evidence: string[];
  openInAt: UtcMs | undefined;
  firstInAt: UtcMs | undefined;
  lastOutAt: UtcMs | undefined;
  lastAt: UtcMs;
  lastPassage: 'in' | 'out';
  isMissingIn: boolean;
  isMissingOut: boolean;
}

const begin = ({ at, id, direction }: Touch): RunningShift => {
  const isExit = direction === 'out';
  return {
    startAt: at,
    intervals: [],
    evidence: [id],
    openInAt: isExit ? undefined : at,
    firstInAt: isExit ? undefined : at,
    lastOutAt: isExit ? at : undefined,
    lastAt: at,
    lastPassage: isExit ? 'out' : 'in',
    isMissingIn: isExit,
    isMissingOut: false,
  };
};

const belongsTo = (shift: RunningShift, { at, direction }: Touch, maxShiftMs: number): boolean => {
  if (at - shift.startAt > maxShiftMs) return false;
  const isAwaitedExit = direction !== 'in' && shift.openInAt !== undefined;
  if (direction === 'auto' || isAwaitedExit) return true;
  const isAfterBreak = direction === 'in' && shift.lastPassage === 'out';
  return at - shift.lastAt < (isAfterBreak ? RETOUCH_MS : NEW_SHIFT_MS);
};

const enter = (shift: RunningShift, at: UtcMs): void => {
  if (shift.openInAt === undefined) shift.openInAt = at;
  else if (at - shift.lastAt >= RETOUCH_MS) {
    shift.isMissingOut = true;
    shift.openInAt = at;
  }
  shift.firstInAt ??= at;
};

const leave = (shift: RunningShift, at: UtcMs, isAuto: boolean): void => {
  const last = shift.intervals.at(-1);
  if (shift.openInAt !== undefined) {
    shift.intervals.push({ inAt: shift.openInAt, outAt: at });
    shift.openInAt = undefined;
  } else if (isAuto || at - shift.lastAt < RETOUCH_MS) {
    if (last !== undefined) shift.intervals.splice(-1, 1, { ...last, outAt: at });
  } else {
    shift.isMissingIn = true;
  }
  shift.lastOutAt = at;
};

const add = (shift: RunningShift, { at, id, direction }: Touch): void => {
  if (direction === 'in') enter(shift, at);
  else leave(shift, at, direction === 'auto');
  shift.lastAt = at;
  shift.lastPassage = direction === 'in' ? 'in' : 'out';
  shift.evidence.push(id);
};

/** The same person at the same reader within the repeat window touched once. */
const withoutRepeats = (touches: readonly Touch[], repeatWindowMs: number): readonly Touch[] => {
  const countedAt = new Map<string, UtcMs>();
  return touches.filter(({ readerId, at }) => {
    const last = countedAt.get(readerId);
    if (last !== undefined && at - last < repeatWindowMs) return false;
    countedAt.set(readerId, at);
    return true;
  });
};

const inOrderOfTime = (touches: readonly Touch[]): readonly Touch[] =>
  [...touches].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

const shiftsOf = (touches: readonly Touch[], rules: SiteRules): readonly RunningShift[] => {
  const shifts: RunningShift[] = [];
  for (const touch of withoutRepeats(inOrderOfTime(touches), rules.repeatWindowMs)) {
    const running = shifts.at(-1);
    if (running !== undefined && belongsTo(running, touch, rules.maxShiftHours * HOUR_MS)) {
      add(running, touch);
    } else {
      shifts.push(begin(touch));
    }
  }
  return shifts;
};

/** Milliseconds of an interval that lie in 22:00–05:00. */
export const nightMs = ({ inAt, outAt }: Interval): number => {
  let sum = 0;
  for (
    let day = startOfDate(dateInJapan(utcMs(inAt - DAY_MS)));
    day < outAt;
    day = utcMs(day + DAY_MS)
  ) {
    const from = Math.max(inAt, day + NIGHT_FROM_MS);
    const to = Math.min(outAt, day + NIGHT_TO_MS);
    sum += Math.max(0, to - from);
  }
  return sum;
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const defined = <T>(values: readonly (T | undefined)[]): readonly T[] =>
  values.filter((value) => value !== undefined);

const dayOf = (
  siteId: SiteId,
  subject: Subject,
  workDate: WorkDate,
  shifts: readonly [RunningShift, ...RunningShift[]],
): AttendanceDay => {
  const intervals = shifts.flatMap((shift) => shift.intervals);
  const firstIn = defined(shifts.map(({ firstInAt }) => firstInAt))[0];
  const lastOut = defined(shifts.map(({ lastOutAt }) => lastOutAt)).at(-1);
  const isMissingOut = shifts.some((shift) => shift.isMissingOut || shift.openInAt !== undefined);
  const isMissingIn = shifts.some((shift) => shift.isMissingIn);
  const openSince = shifts.at(-1)?.openInAt;
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
    ],
    evidence: shifts.flatMap(({ evidence }) => evidence),
    shifts: shifts.map((shift) => ({ startAt: shift.startAt, intervals: shift.intervals })),
    ...(openSince === undefined ? {} : { openSince }),
  };
};

/**
 * The attendance days of one subject at one site, by date.
 * A shift belongs to the date on which it starts, days beginning at `dayStartMinutes`.
 */
export const attendanceDays = (
  touches: readonly Touch[],
  rules: SiteRules,
): readonly AttendanceDay[] => {
  const [any] = touches;
  if (any === undefined) return [];
  const shiftsByDate = new Map<WorkDate, [RunningShift, ...RunningShift[]]>();
  for (const shift of shiftsOf(touches, rules)) {
    const date = dateInJapan(utcMs(shift.startAt - rules.dayStartMinutes * MINUTE_MS));
    const ofDate = shiftsByDate.get(date);
    if (ofDate === undefined) shiftsByDate.set(date, [shift]);
    else ofDate.push(shift);
  }
  return [...shiftsByDate].map(([date, shifts]) => dayOf(any.siteId, any.subject, date, shifts));
};
