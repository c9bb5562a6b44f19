/** Which programs speak under a terminal's name, by what they tell and by what the broker sees (証明書の複製). */
import type { TerminalId } from '../../shared/ids.ts';
import {
  type CloneFinding,
  type ConnectionCount,
  noteSeen,
  noteToldStart,
  noteTries,
  type ToldStarts,
} from './clone-watch.ts';

/** What a terminal tells of the program that speaks: which start it is, and how many connections it tried. */
export interface ToldLife {
  readonly start: string;
  /** Undefined of older terminals. */
  readonly tries: number | undefined;
}

export interface LifeWatch {
  readonly onTold: (terminalId: TerminalId, life: ToldLife) => void;
  /** The broker let somebody in under its name. */
  readonly onSeen: (terminalId: TerminalId) => void;
}

/** `onTwoAlive` once for each time that two of one terminal are alive for certain, whichever broker they came through. */
export const watchLives = (
  onTwoAlive: (terminalId: TerminalId, why: CloneFinding['why']) => void,
): LifeWatch => {
  const startsOf = new Map<TerminalId, ToldStarts>();
  const countOf = new Map<TerminalId, ConnectionCount>();
  return {
    onTold: (terminalId, { start, tries }) => {
      const { told, areTwoAlive } = noteToldStart(startsOf.get(terminalId) ?? [], start);
      startsOf.set(terminalId, told);
      if (areTwoAlive) onTwoAlive(terminalId, 'two-starts-alive');
      if (tries === undefined) return;
      const noted = noteTries(countOf.get(terminalId), start, tries);
      countOf.set(terminalId, noted.count);
      if (noted.areTwoAlive) onTwoAlive(terminalId, 'more-connections-than-tried');
    },
    onSeen: (terminalId) => {
      const count = countOf.get(terminalId);
      if (count !== undefined) countOf.set(terminalId, noteSeen(count));
    },
  };
};
