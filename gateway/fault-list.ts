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
  /** Whether one more would be kept; for whoever takes trouble to find out a place. */
  readonly hasRoom: () => boolean;
  /** How many there are, kept or not. */
  readonly count: () => number;
  /** Those kept, in the order found; the last one says how many more there are. */
  readonly faults: () => readonly Fault[];
}

export const createFaultList = (max = FAULTS_MAX): FaultList => {
  const kept: Fault[] = [];
  let count = 0;
  const add = (place: string, message: string): void => {
    count += 1;
    if (kept.length < max) kept.push({ place, message });
  };
  return {
    add,
    addAll: (faults) => {
      for (const { place, message } of faults) add(place, message);
    },
    hasRoom: () => kept.length < max,
    count: () => count,
    faults: () =>
      count > kept.length
        ? [...kept, { place: '', message: `has ${count - kept.length} more faults` }]
        : kept,
  };
};
