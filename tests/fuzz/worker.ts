/** A thread of a fuzzing run: does its slices in order, says what it found, and leaves word of where it is. */
import { parentPort, workerData } from 'node:worker_threads';
import { runSlice, type Slice } from './slice.ts';
import type { Target } from './target.ts';

export interface WorkerOrder {
  /** Module with `TARGETS`. */
  readonly catalogue: string;
  readonly seed: number;
  readonly slices: readonly Slice[];
  /** Two numbers: which slice, which input. */
  readonly place: SharedArrayBuffer;
}

const { catalogue, seed, slices, place } = workerData as WorkerOrder;
const { TARGETS } = (await import(catalogue)) as { TARGETS: readonly Target[] };
const told = new Int32Array(place);

for (const [index, slice] of slices.entries()) {
  const target = TARGETS.find(({ name }) => name === slice.target);
  if (target === undefined) throw new Error(`no target ${slice.target}`);
  await runSlice(target, slice, seed, {
    at: (_slice, input) => {
      Atomics.store(told, 0, index);
      Atomics.store(told, 1, input);
    },
    found: (finding) => parentPort?.postMessage(finding),
  });
}
// What a target left open must not keep the run from ending.
process.exit(0);
