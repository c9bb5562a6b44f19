/**
 * Who is on site (在場者), as this terminal saw it: a fold over its own tap entries.
 *
 * It serves the screen and the repeat window. What counts is derived at the gateway, from every
 * terminal of the site.
 */
import type { TapEntry } from '../shared/entry.ts';
import { dateInJapan, monthOf, type UtcMs, type WorkDate } from '../shared/time.ts';
import type { LastTouch } from './gate.ts';

/** What the screen says: 入場 or 退場. */
export type Passage = 'in' | 'out';

interface Person {
  readonly passage: Passage;
  readonly at: UtcMs;
}

export interface Presence {
  /** The way a touch now would be shown: an `auto` reader turns the person round. */
  readonly passageOf: (identity: string, direction: TapEntry['direction'], at: UtcMs) => Passage;
  readonly note: (identity: string, tap: TapEntry) => void;
  readonly lastTouch: (identity: string, readerId: string) => LastTouch | undefined;
  /** People whose last passage was an entry less than `maxShiftMs` ago. */
  readonly onSite: (now: UtcMs) => number;
  /** Dates of the month of `now` on which the person entered here. */
  readonly datesEntered: (identity: string, now: UtcMs) => readonly WorkDate[];
}

export const createPresence = (maxShiftMs: number): Presence => {
  const personByIdentity = new Map<string, Person>();
  const touchByReader = new Map<string, LastTouch>();
  const datesByIdentity = new Map<string, Set<WorkDate>>();

  const isInside = (person: Person | undefined, now: UtcMs): boolean =>
    person?.passage === 'in' && now - person.at < maxShiftMs;

  const passageOf: Presence['passageOf'] = (identity, direction, at) =>
    direction === 'auto'
      ? isInside(personByIdentity.get(identity), at)
        ? 'out'
        : 'in'
      : direction;

  return {
    passageOf,
    note: (identity, tap) => {
      if (tap.verdict === 'repeat') return;
      const passage = passageOf(identity, tap.direction, tap.wallMs);
      personByIdentity.set(identity, { passage, at: tap.wallMs });
      touchByReader.set(`${tap.readerId} ${identity}`, tap);
      if (passage === 'in') {
        const dates = datesByIdentity.get(identity) ?? new Set();
        datesByIdentity.set(identity, dates.add(dateInJapan(tap.wallMs)));
      }
    },
    lastTouch: (identity, readerId) => touchByReader.get(`${readerId} ${identity}`),
    onSite: (now) => {
      let count = 0;
      for (const person of personByIdentity.values()) if (isInside(person, now)) count += 1;
      return count;
    },
    datesEntered: (identity, now) => {
      const thisMonth = monthOf(dateInJapan(now));
      return [...(datesByIdentity.get(identity) ?? [])].filter(
        (date) => monthOf(date) === thisMonth,
      );
    },
  };
};
