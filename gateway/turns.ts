/**
 * Long work in turns: a generator yields where it may be interrupted, and whoever runs it decides whether
 * anything else gets a chance. Batches from terminals must have their receipts while a million rows come in.
 *
 * Turns and no worker thread: the registry lives in the memory of the thread that answers, and handing
 * millions of rows over costs that thread about as much as reading them.
 */
import { setImmediate } from 'node:timers/promises';

/** Yields nothing; returns the outcome. */
export type Steps<Outcome> = Generator<undefined, Outcome>;

/** At most about this long between two chances for others; one step may take longer. */
const TURN_MS = 20;

export const runToEnd = <Outcome>(steps: Steps<Outcome>): Outcome => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

export const runInTurns = async <Outcome>(steps: Steps<Outcome>): Promise<Outcome> => {
  for (;;) {
    const turnEndsAt = performance.now() + TURN_MS;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < turnEndsAt);
    await setImmediate();
  }
};
