/** Money as whole yen (円): exact fractions in, whole yen out, never through a float. */
import { strict as assert } from 'node:assert';

/** `numerator / denominator` rounded down; both non-negative, the denominator not 0. */
export const floorRatio = (numerator: bigint, denominator: bigint): bigint => {
  assert(numerator >= 0n && denominator > 0n, 'a ratio of money is not negative');
  return numerator / denominator;
};

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
