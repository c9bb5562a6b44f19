/**
 * What attendance says of who is on site (在場の算出), and up to when each gate's touches are known. Pure.
 *
 * By the same rule as the report of who is on site now: entered, not left, and within the longest shift of the site.
 */
import {
  DAY_MS,
  dateInJapan,
  HOUR_MS,
  MINUTE_MS,
  type UtcMs,
  utcMs,
  type WorkDate,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { TerminalContact } from '../fleet/contacts.ts';
import { isOpenAt } from '../policies/headcount-analysis.ts';

export interface DerivedPassage {
  readonly passage: 'in' | 'out';
  readonly at: UtcMs;
  readonly day: WorkDate;
}

interface Until {
  readonly maxShiftHours: number;
  readonly now: UtcMs;
}

const passageOfDay = (day: AttendanceDay, { maxShiftHours, now }: Until): DerivedPassage => {
  const { openSince, lastOut, firstTouchAt, shifts, workDate } = day;
  if (openSince === undefined)
    // Who is vouched for without a time was there, and nobody knows that they are.
    return { passage: 'out', at: lastOut ?? firstTouchAt, day: workDate };
  // Clocks are never quite equal: an entry of a moment to come has happened.
  const at = utcMs(Math.max(now, openSince));
  if (isOpenAt(day, maxShiftHours, at)) return { passage: 'in', at: openSince, day: workDate };
  const startAt = shifts.at(-1)?.startAt ?? openSince;
  return { passage: 'out', at: utcMs(startAt + maxShiftHours * HOUR_MS), day: workDate };
};

/**
 * The last that the days of one person at one site say; undefined where that is a day ago and no list asks for it any
 * more. An entry that still waits for its exit goes before whatever else there is.
 */
export const lastPassageOf = (
  days: readonly AttendanceDay[],
  until: Until,
): DerivedPassage | undefined => {
  const passages = days
    .map((day) => passageOfDay(day, until))
    .toSorted((a, b) => (a.passage === b.passage ? a.at - b.at : a.passage === 'in' ? 1 : -1));
  const last = passages.at(-1);
  if (last === undefined) return undefined;
  const day = passages.reduce((latest, each) => (each.day > latest ? each.day : latest), last.day);
  const isAsked =
    last.passage === 'in' || until.now - last.at < DAY_MS || day >= dateInJapan(until.now);
  return isAsked ? { ...last, day } : undefined;
};

/** Terminals speak once a minute. */
const SILENT_MS = 3 * MINUTE_MS;
/** A queue that was there when a terminal spoke has usually gone a second later. */
const QUEUE_MS = 2 * MINUTE_MS;
/** An older touch that waits for its date changes nothing now. */
const WAITING_MS = 2 * DAY_MS;

type Waiting = Pick<WaitingTouch, 'terminalId' | 'receivedAt'>;

/** Touches that make no day yet and may be of people who are on site. */
export const stillOfNow = <Touch extends Waiting>(
  waiting: readonly Touch[],
  now: UtcMs,
): readonly Touch[] => waiting.filter(({ receivedAt }) => now - receivedAt < WAITING_MS);

/**
 * Up to when the ledger has what a gate noted: 0 = nothing was ever heard of it, undefined = up to now. `waiting`: of
 * that terminal, not counted until a person dates them.
 */
export const knownUntil = (
  contact: Pick<TerminalContact, 'isOnline' | 'lastHeardAt' | 'state' | 'stateAt'>,
  waiting: readonly Pick<Waiting, 'receivedAt'>[],
  now: UtcMs,
): UtcMs | undefined => {
  const { isOnline, lastHeardAt, state, stateAt } = contact;
  if (lastHeardAt === undefined) return utcMs(0);
  const { unsentTaps, oldestMs } = state?.queue ?? { unsentTaps: 0 };
  const hasQueue =
    unsentTaps > 0 && oldestMs !== undefined && (stateAt ?? now) - oldestMs > QUEUE_MS;
  const bounds = [
    ...(isOnline && now - lastHeardAt < SILENT_MS ? [] : [lastHeardAt]),
    ...(hasQueue ? [Math.min(oldestMs, lastHeardAt)] : []),
    ...waiting.map(({ receivedAt }) => receivedAt),
  ];
  return bounds.length === 0 ? undefined : utcMs(Math.min(...bounds));
};
