/**
 * Who is on site (在場者), as this terminal saw it: a fold over its own tap entries.
 *
 * It serves the screen and the repeat window. What counts is derived at the gateway, from every
 * terminal of the site. Moments of this boot are measured by uptime, so a wall clock that jumps, as at
 * the first synchronisation, neither empties the site nor moves a touch to another day.
 */
import type { Entry, ManualBody, TapEntry } from '../shared/entry.ts';
import {
  type ClockReading,
  DAY_MS,
  dateInJapan,
  HOUR_MS,
  type Month,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../shared/time.ts';
import type { LastTouch } from './gate.ts';

/** What the screen says: 入場 or 退場. */
export type Passage = 'in' | 'out';

type Stamp = Pick<ClockReading, 'wallMs' | 'uptimeMs' | 'bootId'> & {
  /** Of the entry that says so. */
  readonly seq: number;
};

type ManualEntry = Extract<Entry, { kind: 'manual' }>;
type ManualAdd = Extract<ManualBody['change'], { do: 'add' }>;

interface Person {
  readonly passage: Passage;
  readonly stamp: Stamp;
  /** Who touched last, as it was shown, so that a list can name people whom no roster knows. */
  readonly presented: TapEntry['presented'];
}

export interface PersonOnSite {
  readonly identity: string;
  readonly presented: TapEntry['presented'];
  readonly since: UtcMs;
}

/** A touch that was no repeat, for a list of the latest. */
export interface LatestTouch {
  readonly seq: number;
  readonly identity: string;
  readonly passage: Passage;
  readonly verdict: TapEntry['verdict'];
  readonly at: UtcMs;
}

export interface Presence {
  /** The way a touch now would be shown: an `auto` reader turns the person round. */
  readonly passageOf: (
    identity: string,
    direction: TapEntry['direction'],
    now: ClockReading,
  ) => Passage;
  readonly note: (identity: string, tap: TapEntry) => void;
  /** A passage that a manager wrote down; one before the last known passage changes nothing now. */
  readonly noteManual: (identity: string, entry: ManualEntry, add: ManualAdd) => void;
  /** Takes back the passage of the entry with this seq. */
  readonly voidSeq: (seq: number) => void;
  readonly lastTouch: (identity: string, readerId: string) => LastTouch | undefined;
  /** People whose last passage was an entry less than `maxShiftMs` ago. */
  readonly onSite: (now: ClockReading) => readonly PersonOnSite[];
  readonly countOnSite: (now: ClockReading) => number;
  readonly isOnSite: (identity: string, now: ClockReading) => boolean;
  /** The last few touches, newest first; without those that a manager took back. */
  readonly latestTouches: (now: ClockReading) => readonly LatestTouch[];
  /** Dates of the month of `now` on which the person entered here. */
  readonly datesEntered: (identity: string, now: ClockReading) => readonly WorkDate[];
  /** Lets go of what no answer needs any more. */
  readonly forget: (now: ClockReading) => void;
}

/** Entrances of this long ago are still known one by one; of those before, the day of the month. */
const ENTRANCES_KEPT_MS = DAY_MS;

/** Days of one month on which somebody entered, a bit a day: small, because thousands of people have one. */
interface DaysOfMonth {
  readonly month: Month;
  readonly bits: number;
}

const withDay = (days: DaysOfMonth | undefined, date: WorkDate): DaysOfMonth => {
  const bit = 1 << (Number(date.slice(8)) - 1);
  const month = monthOf(date);
  if (days === undefined || days.month < month) return { month, bits: bit };
  return days.month === month ? { month, bits: days.bits | bit } : days;
};

const datesIn = ({ month, bits }: DaysOfMonth): readonly WorkDate[] =>
  Array.from({ length: 31 }, (_, index) => index)
    .filter((index) => (bits & (1 << index)) !== 0)
    .map((index) => `${month}-${String(index + 1).padStart(2, '0')}` as WorkDate);
/** More than a sign shows: a manager may take some back. */
const LATEST_KEPT = 20;

/** Longer than any repeat window. */
const TOUCHES_KEPT_MS = HOUR_MS;

/** When it was, by the wall clock of now. */
const momentOf = (stamp: Stamp, now: ClockReading): UtcMs =>
  (stamp.bootId === now.bootId
    ? Math.max(0, now.wallMs - (now.uptimeMs - stamp.uptimeMs))
    : stamp.wallMs) as UtcMs;

export const createPresence = (maxShiftMs: number): Presence => {
  const personByIdentity = new Map<string, Person>();
  const touchByReader = new Map<string, Stamp>();
  const entrancesByIdentity = new Map<string, Stamp[]>();
  const daysByIdentity = new Map<string, DaysOfMonth>();
  /** Newest first. */
  let latest: readonly (Omit<LatestTouch, 'seq' | 'at'> & { readonly stamp: Stamp })[] = [];

  const isInside = (person: Person | undefined, now: ClockReading): person is Person =>
    person?.passage === 'in' && now.wallMs - momentOf(person.stamp, now) < maxShiftMs;

  const passageOf: Presence['passageOf'] = (identity, direction, now) =>
    direction === 'auto'
      ? isInside(personByIdentity.get(identity), now)
        ? 'out'
        : 'in'
      : direction;

  const noteEntrance = (identity: string, stamp: Stamp): void => {
    const entrances = entrancesByIdentity.get(identity);
    if (entrances === undefined) entrancesByIdentity.set(identity, [stamp]);
    else entrances.push(stamp);
  };

  return {
    passageOf,
    note: (identity, tap) => {
      if (tap.verdict === 'repeat') return;
      const { seq, wallMs, uptimeMs, bootId, presented } = tap;
      const stamp = { seq, wallMs, uptimeMs, bootId };
      const passage = passageOf(identity, tap.direction, { ...stamp, trust: tap.clock });
      personByIdentity.set(identity, { passage, stamp, presented });
      touchByReader.set(`${tap.readerId} ${identity}`, stamp);
      latest = [
        { identity, passage, verdict: tap.verdict, stamp },
        ...latest.slice(0, LATEST_KEPT - 1),
      ];
      if (passage === 'in') noteEntrance(identity, stamp);
    },
    noteManual: (identity, entry, { workerId, direction, at }) => {
      // Of no boot: the manager names a time of day.
      const stamp = { seq: entry.seq, wallMs: at, uptimeMs: entry.uptimeMs, bootId: '' };
      const last = personByIdentity.get(identity);
      const now = { ...entry, trust: entry.clock };
      if (last === undefined || momentOf(last.stamp, now) <= at) {
        const presented = { by: 'typed', workerId } as const;
        personByIdentity.set(identity, { passage: direction, stamp, presented });
      }
      if (direction === 'in') noteEntrance(identity, stamp);
    },
    voidSeq: (seq) => {
      latest = latest.filter(({ stamp }) => stamp.seq !== seq);
      for (const [identity, { stamp }] of personByIdentity)
        if (stamp.seq === seq) personByIdentity.delete(identity);
      for (const [key, stamp] of touchByReader) if (stamp.seq === seq) touchByReader.delete(key);
      for (const [identity, entrances] of entrancesByIdentity)
        entrancesByIdentity.set(
          identity,
          entrances.filter((stamp) => stamp.seq !== seq),
        );
    },
    lastTouch: (identity, readerId) => touchByReader.get(`${readerId} ${identity}`),
    onSite: (now) =>
      [...personByIdentity]
        .filter(([, person]) => isInside(person, now))
        .map(([identity, { presented, stamp }]) => ({
          identity,
          presented,
          since: momentOf(stamp, now),
        })),
    countOnSite: (now) => {
      let count = 0;
      for (const person of personByIdentity.values()) if (isInside(person, now)) count += 1;
      return count;
    },
    isOnSite: (identity, now) => isInside(personByIdentity.get(identity), now),
    latestTouches: (now) =>
      latest.map(({ stamp, ...touch }) => ({
        ...touch,
        seq: stamp.seq,
        at: momentOf(stamp, now),
      })),
    datesEntered: (identity, now) => {
      const thisMonth = monthOf(dateInJapan(now.wallMs));
      const days = daysByIdentity.get(identity);
      const dates = [
        ...(days === undefined ? [] : datesIn(days)),
        ...(entrancesByIdentity.get(identity) ?? []).map((stamp) =>
          dateInJapan(momentOf(stamp, now)),
        ),
      ];
      return [...new Set(dates)].filter((date) => monthOf(date) === thisMonth);
    },
    forget: (now) => {
      const isOlder = (stamp: Stamp, ms: number): boolean => now.wallMs - momentOf(stamp, now) > ms;
      for (const [identity, person] of personByIdentity)
        if (!isInside(person, now)) personByIdentity.delete(identity);
      for (const [key, stamp] of touchByReader)
        if (isOlder(stamp, TOUCHES_KEPT_MS)) touchByReader.delete(key);
      for (const [identity, entrances] of entrancesByIdentity) {
        const kept: Stamp[] = [];
        for (const stamp of entrances) {
          if (!isOlder(stamp, ENTRANCES_KEPT_MS)) kept.push(stamp);
          else
            daysByIdentity.set(
              identity,
              withDay(daysByIdentity.get(identity), dateInJapan(momentOf(stamp, now))),
            );
        }
        if (kept.length === 0) entrancesByIdentity.delete(identity);
        else if (kept.length < entrances.length) entrancesByIdentity.set(identity, kept);
      }
      const thisMonth = monthOf(dateInJapan(now.wallMs));
      for (const [identity, { month }] of daysByIdentity)
        if (month < thisMonth) daysByIdentity.delete(identity);
    },
  };
};
