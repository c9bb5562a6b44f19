/**
 * Collects faults of a document from outside: all are counted, the first are kept, so that a million wrong
 * lines neither fill the memory nor the answer.
 */
import type { Fault } from '../shared/result.ts';

/** More than a person mends before asking again. */
export const FAULTS_MAX = 200;

export interface FaultList {
  readonly add: (place: string, message: string) => void;
  readonly addAll: (faults: readonly Fault[]) => void;
  /** All of another list, counted as it counted them; `toHere` says a fault's place in the words of this list. */
  readonly addList: (other: FaultList, toHere?: (fault: Fault) => Fault) => void;
  /** Whether one more would be kept; for whoever takes trouble to find out a place. */
  readonly hasRoom: () => boolean;
  /** How many there are, kept or not. */
  readonly count: () => number;
  /** Those kept, without the word on the others. */
  readonly kept: () => readonly Fault[];
  /** Those kept, the first ones first; the last one says how many more there are. */
  readonly faults: () => readonly Fault[];
}

/**
 * `rankOf`: where in the document a place is, for whoever finds faults in another order; those of one rank
 * stay in the order found. Without it all do.
 */
export const createFaultList = (rankOf: (place: string) => number = () => 0): FaultList => {
  let ranked: { readonly rank: number; readonly fault: Fault }[] = [];
  let count = 0;
  const cut = (): void => {
    ranked = ranked.toSorted((a, b) => a.rank - b.rank).slice(0, FAULTS_MAX);
  };
  const add = (place: string, message: string): void => {
    count += 1;
    ranked.push({ rank: rankOf(place), fault: { place, message } });
    if (ranked.length >= 2 * FAULTS_MAX) cut();
  };
  const kept = (): readonly Fault[] => {
    cut();
    return ranked.map(({ fault }) => fault);
  };
  return {
    add,
    addAll: (faults) => {
      for (const { place, message } of faults) add(place, message);
    },
    addList: (other, toHere = (fault) => fault) => {
      const taken = other.kept();
      for (const fault of taken) {
        const { place, message } = toHere(fault);
        add(place, message);
      }
      count += other.count() - taken.length;
    },
    hasRoom: () => count < FAULTS_MAX,
    count: () => count,
    kept,
    faults: () => {
      const told = kept();
      return count > told.length
        ? [...told, { place: '', message: `has ${count - told.length} more faults` }]
        : told;
    },
  };
};
