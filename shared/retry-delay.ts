/** How long to wait before trying again: doubling, bounded, and spread so that a site's terminals do not knock together. */

export interface RetryBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/** `random` in [0, 1) spreads the delay over 75 % to 125 %. `failures` counts from 0. */
export const retryDelayMs = (
  { minMs, maxMs }: RetryBounds,
  failures: number,
  random: number,
): number => Math.round(Math.min(maxMs, minMs * 2 ** Math.min(failures, 20)) * (0.75 + random / 2));
