/**
 * When derivation runs: soon after commits have come to rest, so that a terminal that drains weeks of
 * touches is not held up, and in any case before long.
 */

const QUIET_MS = 50;
const LATEST_MS = 10_000;

export interface DeriveSchedule {
  /** Something became stale. While commits keep coming, derivation gives way to them. */
  readonly request: () => void;
  readonly stop: () => void;
}

/** `derive` works off some of what is stale and says how much; 0 ends the run. */
export const createDeriveSchedule = (derive: () => number): DeriveSchedule => {
  let timer: NodeJS.Timeout | undefined;
  let staleSince: number | undefined;

  /** One turn at a time, so that batches and requests get in between. */
  const run = (): void => {
    if (derive() > 0) timer = setTimeout(run, 0);
    else staleSince = undefined;
  };

  return {
    request: () => {
      const now = performance.now();
      staleSince ??= now;
      clearTimeout(timer);
      timer = setTimeout(run, Math.max(0, Math.min(QUIET_MS, staleSince + LATEST_MS - now)));
    },
    stop: () => clearTimeout(timer),
  };
};
