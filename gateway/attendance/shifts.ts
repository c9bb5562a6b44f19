/**
 * Shifts (勤務): touches of one person at one site, folded in order of time.
 *
 * Pure, and the same whatever the order of arrival.
 *
 * Our readings, where the domain rules leave room (all within the longest shift):
 * - The same direction again within `RETOUCH_MS` is one passage: entries count from the first, exits to
 *   the last. Later than that, the passage between was not touched: the day is flagged.
 * - An entry within `RETOUCH_MS` of an exit is the end of a break, also across midnight.
 * - The same direction again `NEW_SHIFT_MS` or more later begins a new shift, and so does an entry
 *   later than a break after an exit. Hence an exit that was forgotten never swallows the next day.
 */
import type { CardId, Direction, SiteId, WorkerId } from '../../shared/ids.ts';
import { HOUR_MS, type UtcMs } from '../../shared/time.ts';
import type { SiteRules } from './site-rules.ts';

const RETOUCH_MS = 4 * HOUR_MS;
const NEW_SHIFT_MS = 8 * HOUR_MS;

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
  /** A person's word in place of a touch: the day that it counts for is flagged. */
  readonly isManual?: boolean;
  /** Id of the entry that took this touch back. It counts for nothing, and the day says so. */
  readonly voidedBy?: string;
}

export interface Interval {
  readonly inAt: UtcMs;
  readonly outAt: UtcMs;
}

export interface Shift {
  readonly startAt: UtcMs;
  readonly intervals: readonly Interval[];
}

/**
 * What a touch was taken for: the entry or exit of an interval, the same passage again, a passage whose
 * other half was not touched, or the same touch again, which counts for nothing.
 */
export type PassageMeaning =
  | 'entry'
  | 'entry-again'
  | 'entry-without-exit'
  | 'exit'
  | 'exit-again'
  | 'exit-without-entry'
  | 'repeat';

export interface Passage {
  readonly touch: Touch;
  readonly meaning: PassageMeaning;
}

/** A shift that is being built; `openInAt` while an entry waits for its exit. */
export interface RunningShift {
  readonly startAt: UtcMs;
  readonly intervals: Interval[];
  /** Every touch of it in order of time, also the repeats. */
  readonly passages: Passage[];
  /** No touch of whatever reader lies within the repeat window before the first one. */
  readonly isBoundary: boolean;
  openInAt: UtcMs | undefined;
  firstInAt: UtcMs | undefined;
  lastOutAt: UtcMs | undefined;
  lastAt: UtcMs;
  lastPassage: 'in' | 'out';
  isMissingIn: boolean;
  isMissingOut: boolean;
}

const begin = (touch: Touch, isBoundary: boolean): RunningShift => {
  const { at, direction } = touch;
  const isExit = direction === 'out';
  return {
    startAt: at,
    intervals: [],
    passages: [{ touch, meaning: isExit ? 'exit-without-entry' : 'entry' }],
    isBoundary,
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

const enter = (shift: RunningShift, at: UtcMs): PassageMeaning => {
  shift.firstInAt ??= at;
  if (shift.openInAt === undefined) {
    shift.openInAt = at;
    return 'entry';
  }
  if (at - shift.lastAt < RETOUCH_MS) return 'entry-again';
  shift.isMissingOut = true;
  shift.openInAt = at;
  return 'entry-without-exit';
};

const leave = (shift: RunningShift, at: UtcMs, isAuto: boolean): PassageMeaning => {
  const last = shift.intervals.at(-1);
  shift.lastOutAt = at;
  if (shift.openInAt !== undefined) {
    shift.intervals.push({ inAt: shift.openInAt, outAt: at });
    shift.openInAt = undefined;
    return 'exit';
  }
  if (isAuto || at - shift.lastAt < RETOUCH_MS) {
    if (last !== undefined) shift.intervals.splice(-1, 1, { ...last, outAt: at });
    return 'exit-again';
  }
  shift.isMissingIn = true;
  return 'exit-without-entry';
};

const add = (shift: RunningShift, touch: Touch): void => {
  const { at, direction } = touch;
  const meaning = direction === 'in' ? enter(shift, at) : leave(shift, at, direction === 'auto');
  shift.lastAt = at;
  shift.lastPassage = direction === 'in' ? 'in' : 'out';
  shift.passages.push({ touch, meaning });
};

/** The touches that count. */
export const touchesOfShift = ({ passages }: RunningShift): readonly Touch[] =>
  passages.flatMap(({ touch, meaning }) => (meaning === 'repeat' ? [] : [touch]));

/** By time; touches of one moment by id. */
export const inOrderOfTime = (touches: readonly Touch[]): readonly Touch[] =>
  [...touches].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/**
 * Touches in order of time, none of them taken back. The same person at the same reader within the
 * repeat window touched once; a person who enters two passages by hand means two.
 */
export const shiftsOf = (touches: readonly Touch[], rules: SiteRules): readonly RunningShift[] => {
  const { repeatWindowMs, maxShiftHours } = rules;
  const shifts: RunningShift[] = [];
  const countedAt = new Map<string, UtcMs>();
  let lastAt: UtcMs | undefined;
  for (const touch of touches) {
    const { at, readerId, isManual } = touch;
    const isBoundary = lastAt === undefined || at - lastAt > repeatWindowMs;
    lastAt = at;
    const last = countedAt.get(readerId);
    const running = shifts.at(-1);
    if (isManual !== true && last !== undefined && at - last < repeatWindowMs) {
      running?.passages.push({ touch, meaning: 'repeat' });
      continue;
    }
    countedAt.set(readerId, at);
    if (running !== undefined && belongsTo(running, touch, maxShiftHours * HOUR_MS)) {
      add(running, touch);
    } else shifts.push(begin(touch, isBoundary));
  }
  return shifts;
};
