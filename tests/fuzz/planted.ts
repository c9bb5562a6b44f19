/** Parsers with faults of every kind, to show that a run finds them. */
import { setTimeout as later } from 'node:timers/promises';
import type { Target } from './target.ts';

const planted = (name: string, run: () => void | Promise<void>): Target => ({
  name,
  share: 1,
  open: () => ({ samples: [Buffer.from('{"a":1}')], words: [], run }),
});

/** Each does its worst at whatever comes: one input a target is enough to find it. */
export const TARGETS: readonly Target[] = [
  planted('sound', () => undefined),
  planted('throws', () => {
    throw new Error('caught by the run');
  }),
  planted('rejects', async () => {
    throw new Error('caught by the run');
  }),
  planted('throws-later', async () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    await later(1_000);
  }),
  planted('never-ends', () => {
    for (;;);
  }),
  planted('eats-memory', () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(new Array<number>(1_000_000).fill(eaten.length));
  }),
];
