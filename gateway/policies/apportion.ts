/**
 * Splitting a whole number by weights (按分): each part whole, the sum exact. Largest remainder: everybody
 * gets the whole part, and what is left goes one by one to the largest rest, of equal ones to the earlier.
 */
import { strict as assert } from 'node:assert';

/** `total`: whole, may be negative (something is taken back). Weights: whole, not negative, one above 0. */
export const apportion = (total: number, weights: readonly number[]): readonly number[] => {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  assert(Number.isSafeInteger(total) && sum > 0, 'there is something to split, and by something');
  const size = BigInt(Math.abs(total));
  const parts = weights.map((weight, at) => {
    const share = size * BigInt(weight);
    return { at, whole: share / BigInt(sum), rest: share % BigInt(sum) };
  });
  const left = Number(size - parts.reduce((all, { whole }) => all + whole, 0n));
  const byRest = parts.toSorted((a, b) => Number(b.rest - a.rest) || a.at - b.at);
  const oneMore = new Set(byRest.slice(0, left).map(({ at }) => at));
  const sign = total < 0 ? -1 : 1;
  return parts.map(({ at, whole }) => {
    const part = Number(whole) + (oneMore.has(at) ? 1 : 0);
    return part === 0 ? 0 : sign * part;
  });
};
