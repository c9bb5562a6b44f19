/** 率: fractions kept exact, so that 89.996 % never passes for 90 %. Percent only where people read it. */

/** Denominator above zero. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Undefined where there is nothing to divide by. */
export const rateOf = (part: number, whole: number): Rate | undefined =>
  whole === 0 ? undefined : { numerator: BigInt(part), denominator: BigInt(whole) };

/** The mean of rates, each counting the same; undefined where there is none. */
export const meanOf = (rates: readonly Rate[]): Rate | undefined => {
  if (rates.length === 0) return undefined;
  const sum = rates.reduce((total, rate) => ({
    numerator: total.numerator * rate.denominator + rate.numerator * total.denominator,
    denominator: total.denominator * rate.denominator,
  }));
  return { ...sum, denominator: sum.denominator * BigInt(rates.length) };
};

export const isAtLeast = ({ numerator, denominator }: Rate, percent: number): boolean =>
  numerator * 100n >= BigInt(percent) * denominator;

/** Percent in hundredths, half up: 2/3 is 6667. */
export const percentHundredths = ({ numerator, denominator }: Rate): number =>
  Number((numerator * 20_000n + denominator) / (2n * denominator));
