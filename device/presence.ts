/**
 * Who is on site (在場者), as this terminal knows it: what it was told of the whole site, and over that its own entries
 * which are not in there yet. Alone, a fold over its own entries.
 *
 * It serves the screens, the lists and the repeat window. What counts is derived at the gateway. Moments of this
 * boot are measured by uptime, so a wall clock that jumps, as at the first synchronisation, neither empties the site
 * nor moves a touch to another day.
 */
import type { Entry, ManualBody, TapEntry } from '../shared/entry.ts';
import type { TerminalId } from '../shared/ids.ts';
import type { LastPassage } from '../shared/presence-statement.ts';
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
import { momentOf, type Stamp } from './stamp.ts';

/** What the screen says: 入場 or 退場. */
export type Passage = 'in' | 'out';

type ManualEntry = Extract<Entry, { kind: 'manual' }>;
type ManualAdd = Extract<ManualBody['change'], { do: 'add' }>;
type Presented = TapEntry['presented'];

/** A passage that this terminal wrote down. */
interface OwnPassage {
  /** Of the entry that says so. */
  readonly seq: number;
  readonly direction: TapEntry['direction'];
  /** As the screen said at the time. */
  readonly shown: Passage;
  readonly stamp: Stamp;
  /** When it was written down: of a touch the same. */
  readonly noted: Stamp;
  readonly isManual: boolean;
  readonly presented: Presented;
}

interface Person {
  readonly passage: Passage;
  readonly stamp: Stamp;
  /** Who touched last, as it was shown, so that a list can name people whom no roster knows. */
  readonly presented: Presented;
  /** Where; undefined where a person in the office said it. */
  readonly gate: TerminalId | undefined;
  readonly isTold: boolean;
}

export interface PersonOnSite {
  readonly identity: string;
  readonly presented: Presented;
  readonly since: UtcMs;
  readonly gate: TerminalId | undefined;
}

/** A touch that was no repeat, for a list of the latest. */
export interface LatestTouch {
  readonly seq: number;
  readonly identity: string;
  readonly passage: Passage;
  readonly verdict: TapEntry['verdict'];
  readonly at: UtcMs;
}

/** What the ledger says of a person, placed on this terminal's clocks. */
export interface ToldPerson extends Pick<LastPassage, 'passage' | 'gate' | 'day'> {
  readonly stamp: Stamp;
  readonly presented: Presented;
}

/** The site as the ledger has it. */
export interface ToldSite {
  readonly maxShiftMs: number;
  /** Of this terminal's journal it holds the entries up to here. */
  readonly heldSeq: number;
  readonly personByIdentity: ReadonlyMap<string, ToldPerson>;
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
  /** Takes back the passage of the entry with seq `voided`; `seq`: of the entry that says so. */
  readonly voidSeq: (voided: number, seq: number) => void;
  /** From now on this is what the ledger says, in place of what it said before. */
  readonly hear: (site: ToldSite) => void;
  readonly lastTouch: (identity: string, readerId: string) => LastTouch | undefined;
  /** People whose last passage was an entry less than the longest shift ago. */
  readonly onSite: (now: ClockReading) => readonly PersonOnSite[];
  readonly countOnSite: (now: ClockReading) => number;
  /** Whether the person entered today, at whichever gate, or is here since a shift that began before. */
  readonly wasHereToday: (identity: string, now: ClockReading) => boolean;
  /** The last few touches, newest first; without those that a manager took back. */
  readonly latestTouches: (now: ClockReading) => readonly LatestTouch[];
  /** Dates of the month of `now` on which the person entered here. */
  readonly datesEntered: (identity: string, now: ClockReading) => readonly WorkDate[];
  /** Lets go of what no answer needs any more. */
  readonly forget: (now: ClockReading) => void;
}

/** Own passages of this long ago are still known one by one; of entrances before, the day of the month. */
const PASSAGES_KEPT_MS = DAY_MS;

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

/** A touch whose boot the gateway dated later than the terminal knew is the same touch. */
const SAME_MOMENT_MS = 2_000;

/** `gate`: this terminal. `ownMaxShiftMs`: until the ledger's is known. */
export const createPresence = (ownMaxShiftMs: number, gate: TerminalId): Presence => {
  const personByIdentity = new Map<string, Person>();
  const ownByIdentity = new Map<string, readonly OwnPassage[]>();
  const touchByReader = new Map<string, Stamp & { readonly seq: number }>();
  const daysByIdentity = new Map<string, DaysOfMonth>();
  /** Seq of the entry that took the passage of a seq back. */
  const voidedBySeq = new Map<number, number>();
  /** Newest first. */
  let latest: readonly (Omit<LatestTouch, 'at'> & { readonly stamp: Stamp })[] = [];
  let told: ToldSite | undefined;

  const maxShiftMs = (): number => told?.maxShiftMs ?? ownMaxShiftMs;
  const heldSeq = (): number => told?.heldSeq ?? 0;
  const isInside = (person: Person | undefined, now: Stamp): person is Person =>
    person?.passage === 'in' && now.wallMs - momentOf(person.stamp, now) < maxShiftMs();
  const turned = (person: Person | undefined, now: Stamp): Passage =>
    isInside(person, now) ? 'out' : 'in';
  const ownOf = (identity: string): readonly OwnPassage[] => ownByIdentity.get(identity) ?? [];
  const counting = (own: readonly OwnPassage[]): readonly OwnPassage[] =>
    own.filter(({ seq }) => !voidedBySeq.has(seq));

  /** What is dated by people, or by other terminals' clocks, may lie either side of what is known. */
  const isBefore = ({ stamp, noted }: OwnPassage, person: Person): boolean =>
    momentOf(stamp, noted) < momentOf(person.stamp, noted);
  const after = (person: Person | undefined, own: OwnPassage): Person => {
    if (person !== undefined && (person.isTold || own.isManual) && isBefore(own, person))
      return person;
    const { direction, stamp, noted, presented } = own;
    const passage = direction === 'auto' ? turned(person, noted) : direction;
    return { passage, stamp, presented, gate, isTold: false };
  };
  const fold = (first: Person | undefined, own: readonly OwnPassage[]): Person | undefined =>
    own.reduce<Person | undefined>(after, first);

  /** Whether what the ledger says of a person is what was written down here at that moment. */
  const isSamePassage = (
    person: { readonly gate?: TerminalId | undefined; readonly stamp: Stamp },
    { stamp, noted }: Pick<OwnPassage, 'stamp' | 'noted'>,
  ): boolean =>
    person.gate === gate &&
    Math.abs(momentOf(stamp, noted) - momentOf(person.stamp, noted)) < SAME_MOMENT_MS;
  /** The ledger does not know yet that this passage was taken back here. */
  const restsOnVoided = (person: Person, own: readonly OwnPassage[]): boolean =>
    own.some((each) => (voidedBySeq.get(each.seq) ?? 0) > heldSeq() && isSamePassage(person, each));

  const personNow = (identity: string): Person | undefined => {
    const own = ownOf(identity);
    if (told === undefined) return fold(undefined, counting(own));
    const row = told.personByIdentity.get(identity);
    const ledgers = row && {
      passage: row.passage,
      stamp: row.stamp,
      presented: row.presented,
      gate: row.gate,
      isTold: true,
    };
    if (ledgers === undefined || !restsOnVoided(ledgers, own))
      return fold(
        ledgers,
        counting(own).filter(({ seq }) => seq > heldSeq()),
      );
    // Whoever did not leave after all is here, wherever they came in.
    const entered =
      ledgers.passage === 'out' ? ({ ...ledgers, passage: 'in' } as const) : undefined;
    return fold(undefined, counting(own)) ?? entered;
  };

  const settle = (identity: string): void => {
    const person = personNow(identity);
    if (person === undefined) personByIdentity.delete(identity);
    else personByIdentity.set(identity, person);
  };

  const passageOf: Presence['passageOf'] = (identity, direction, now) =>
    direction === 'auto' ? turned(personByIdentity.get(identity), now) : direction;

  /** Of a touch that is read again: what the ledger knows now came later than it. */
  const shownAgain = (identity: string, direction: TapEntry['direction'], at: Stamp): Passage => {
    if (direction !== 'auto') return direction;
    const row = told?.personByIdentity.get(identity);
    return row !== undefined && isSamePassage(row, { stamp: at, noted: at })
      ? row.passage
      : turned(fold(undefined, counting(ownOf(identity))), at);
  };

  const add = (identity: string, own: OwnPassage): void => {
    ownByIdentity.set(identity, [...ownOf(identity), own]);
    settle(identity);
  };

  const enteredOn = (own: readonly OwnPassage[], now: Stamp): readonly WorkDate[] =>
    counting(own)
      .filter(({ shown }) => shown === 'in')
      .map(({ stamp }) => dateInJapan(momentOf(stamp, now)));

  const datesEntered: Presence['datesEntered'] = (identity, now) => {
    const thisMonth = monthOf(dateInJapan(now.wallMs));
    const days = daysByIdentity.get(identity);
    const dates = [
      ...(days === undefined ? [] : datesIn(days)),
      ...enteredOn(ownOf(identity), now),
    ];
    return [...new Set(dates)].filter((date) => monthOf(date) === thisMonth);
  };

  return {
    passageOf,
    note: (identity, tap) => {
      if (tap.verdict === 'repeat') return;
      const { seq, wallMs, uptimeMs, bootId, presented, direction, verdict } = tap;
      const stamp = { wallMs, uptimeMs, bootId };
      const shown =
        seq <= heldSeq()
          ? shownAgain(identity, direction, stamp)
          : passageOf(identity, direction, { ...stamp, trust: tap.clock });
      touchByReader.set(`${tap.readerId} ${identity}`, { ...stamp, seq });
      latest = [{ seq, identity, passage: shown, verdict, stamp }, ...latest].slice(0, LATEST_KEPT);
      add(identity, { seq, direction, shown, stamp, noted: stamp, isManual: false, presented });
    },
    noteManual: (identity, { seq, wallMs, uptimeMs, bootId }, { workerId, direction, at }) => {
      add(identity, {
        seq,
        direction,
        shown: direction,
        // Of no boot: the manager names a time of day.
        stamp: { wallMs: at, uptimeMs, bootId: '' },
        noted: { wallMs, uptimeMs, bootId },
        isManual: true,
        presented: { by: 'typed', workerId },
      });
    },
    voidSeq: (voided, seq) => {
      voidedBySeq.set(voided, seq);
      latest = latest.filter((touch) => touch.seq !== voided);
      for (const [key, stamp] of touchByReader) if (stamp.seq === voided) touchByReader.delete(key);
      for (const [identity, own] of ownByIdentity)
        if (own.some((passage) => passage.seq === voided)) settle(identity);
    },
    hear: (site) => {
      told = site;
      personByIdentity.clear();
      for (const identity of ownByIdentity.keys()) settle(identity);
      for (const identity of site.personByIdentity.keys())
        if (!ownByIdentity.has(identity)) settle(identity);
    },
    lastTouch: (identity, readerId) => touchByReader.get(`${readerId} ${identity}`),
    onSite: (now) =>
      [...personByIdentity]
        .filter(([, person]) => isInside(person, now))
        .map(([identity, { presented, stamp, gate: where }]) => ({
          identity,
          presented,
          since: momentOf(stamp, now),
          gate: where,
        })),
    countOnSite: (now) => {
      let count = 0;
      for (const person of personByIdentity.values()) if (isInside(person, now)) count += 1;
      return count;
    },
    wasHereToday: (identity, now) => {
      const today = dateInJapan(now.wallMs);
      if (isInside(personByIdentity.get(identity), now)) return true;
      if (told === undefined) return datesEntered(identity, now).includes(today);
      const own = ownOf(identity).filter(({ seq }) => seq > heldSeq());
      return (
        told.personByIdentity.get(identity)?.day === today || enteredOn(own, now).includes(today)
      );
    },
    latestTouches: (now) =>
      latest.map(({ stamp, ...touch }) => ({ ...touch, at: momentOf(stamp, now) })),
    datesEntered,
    forget: (now) => {
      const isOlder = (stamp: Stamp, ms: number): boolean => now.wallMs - momentOf(stamp, now) > ms;
      for (const [key, stamp] of touchByReader)
        if (isOlder(stamp, TOUCHES_KEPT_MS)) touchByReader.delete(key);
      const keptMs = Math.max(PASSAGES_KEPT_MS, maxShiftMs());
      const seqs = new Set<number>();
      for (const [identity, own] of ownByIdentity) {
        const kept = own.filter(({ stamp }) => !isOlder(stamp, keptMs));
        for (const date of enteredOn(
          own.filter((passage) => !kept.includes(passage)),
          now,
        ))
          daysByIdentity.set(identity, withDay(daysByIdentity.get(identity), date));
        for (const { seq } of kept) seqs.add(seq);
        if (kept.length === own.length) continue;
        if (kept.length === 0) ownByIdentity.delete(identity);
        else ownByIdentity.set(identity, kept);
        settle(identity);
      }
      for (const seq of voidedBySeq.keys()) if (!seqs.has(seq)) voidedBySeq.delete(seq);
      for (const [identity, person] of personByIdentity)
        if (!isInside(person, now)) personByIdentity.delete(identity);
      const thisMonth = monthOf(dateInJapan(now.wallMs));
      for (const [identity, { month }] of daysByIdentity)
        if (month < thisMonth) daysByIdentity.delete(identity);
    },
  };
};
