/** A figure of the bench: what was measured, and what the same thing costs without us in the same run. */

export interface Figure {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is held against. */
  readonly baseline: string;
  readonly baselineValue: number;
  readonly ratio: number;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

export const figure = (
  bench: string,
  value: number,
  unit: string,
  baseline: string,
  baselineValue: number,
): Figure => ({
  bench,
  value: rounded(value),
  unit,
  baseline,
  baselineValue: rounded(baselineValue),
  ratio: rounded(value / baselineValue),
});

/** The value below which `share` of the samples lie; sorts a copy. */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('no samples');
  return value;
};

export const milliseconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
