/** How often something may be tried (試行回数の制限): so many times within so long. Pure, on uptime. */

export interface RateLimit {
  readonly tries: number;
  readonly withinMs: number;
}

/** Uptimes of the tries that still count. */
export type Tries = readonly number[];

export const tryNow = (
  tries: Tries,
  now: number,
  { tries: max, withinMs }: RateLimit,
): { readonly isAllowed: boolean; readonly tries: Tries } => {
  const counting = tries.filter((at) => now - at < withinMs);
  return counting.length < max
    ? { isAllowed: true, tries: [...counting, now] }
    : { isAllowed: false, tries: counting };
};
