/** Money as whole yen (円): exact fractions in, whole yen out, never through a float. */
import { strict as assert } from 'node:assert';

/** `numerator / denominator` rounded down; both non-negative, the denominator not 0. */
export const floorRatio = (numerator: bigint, denominator: bigint): bigint => {
  assert(numerator >= 0n && denominator > 0n, 'a ratio of money is not negative');
  return numerator / denominator;
};

/** `numerator / denominator` to the nearest whole, half up (50銭未満切捨て、50銭以上切上げ). */
export const halfUpRatio = (numerator: bigint, denominator: bigint): bigint =>
  floorRatio(2n * numerator + denominator, 2n * denominator);

/** Whole yen as the number that rows carry; more than 9 quadrillion is a bug. */
export const wholeYen = (yen: bigint): number => {
  const value = Number(yen);
  assert(Number.isSafeInteger(value), `${yen} is no sum of yen`);
  return value;
};

export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The same in whatever order; denominators above 0. Nothing in sum is 0. */
export const sumOfRatios = (ratios: readonly Ratio[]): Ratio =>
  ratios.reduce(
    (sum, ratio) => {
      // Most of what is summed has one denominator: multiplying it anew for each would make it huge.
      const factor = sum.denominator % ratio.denominator === 0n ? 1n : ratio.denominator;
      const denominator = sum.denominator * factor;
      return {
        numerator: sum.numerator * factor + ratio.numerator * (denominator / ratio.denominator),
        denominator,
      };
    },
    { numerator: 0n, denominator: 1n },
  );

/** The decimal that a person wrote (62.5) as an exact ratio (625/10). Not negative. */
export const exactRatio = (decimal: number): Ratio => {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e-(\d+))?$/.exec(String(decimal)) ?? [];
  assert(whole !== '', `${decimal} is no decimal that can be read exactly`);
  return {
    numerator: BigInt(whole + fraction),
    denominator: 10n ** (BigInt(fraction.length) + BigInt(exponent)),
  };
};
