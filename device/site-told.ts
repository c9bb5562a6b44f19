/** What a statement of who is on site means at this terminal (在場の照合): people as its own touches know them, on its own clocks. */
import type { Presented } from '../shared/entry.ts';
import type { JournalId } from '../shared/ids.ts';
import { presentedBy } from '../shared/presence-statement.ts';
import { HOUR_MS } from '../shared/time.ts';
import { type HeardStatement, toldStamp } from './other-gates.ts';
import type { ToldPerson, ToldSite } from './presence.ts';

/** `journalId`: of this terminal. `identify`: by what a touch of that card or worker is known here. */
export const toldSite = (
  last: HeardStatement,
  journalId: JournalId,
  identify: (presented: Presented) => string,
): ToldSite => {
  const { passageByWho, gates, maxShiftHours } = last.statement;
  const personByIdentity = new Map<string, ToldPerson>();
  // The later ones last: who is told of by card and by id, as the roster here knows the holder, is one person.
  const inOrder = [...passageByWho.values()].sort((a, b) => a.at - b.at);
  for (const { who, passage, at, gate, day } of inOrder) {
    const presented = presentedBy(who);
    const stamp = toldStamp(last, at);
    personByIdentity.set(identify(presented), { passage, gate, day, stamp, presented });
  }
  const journals = gates.flatMap((gate) => gate.journals);
  return {
    maxShiftMs: maxShiftHours * HOUR_MS,
    heldSeq: journals.find(([id]) => id === journalId)?.[1] ?? 0,
    personByIdentity,
  };
};
