/**
 * When derivation runs: soon after commits have come to rest, so that a terminal that drains weeks of
 * touches is not held up, and in any case before long.
 */

const QUIET_MS = 50;
const LATEST_MS = 2_000;

export interface DeriveSchedule {
  readonly request: () => void;
  readonly stop: () => void;
}

/** `derive` works off some of what is stale and says how much; 0 ends the run. */
export const createDeriveSchedule = (derive: () => number): DeriveSchedule => {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  let requestedAt: number | undefined;

  /** One turn at a time, so that batches and requests get in between. */
  const run = (): void => {
    requestedAt = undefined;
    turn = derive() > 0 ? setImmediate(run) : undefined;
  };

  return {
    request: () => {
      if (turn !== undefined) return;
      const now = performance.now();
      requestedAt ??= now;
      clearTimeout(timer);
      timer = setTimeout(run, Math.max(0, Math.min(QUIET_MS, requestedAt + LATEST_MS - now)));
    },
    stop: () => {
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
};
