/** Values that a rule-maker changes from a date on. Each row says since when, and who says so. */
import type { WorkDate } from '../../shared/time.ts';

export interface EffectiveRow<Value> {
  /** First work date on which the row holds; the first row's is open. */
  readonly from: WorkDate | undefined;
  readonly value: Value;
  readonly source: string;
}

/** At least one row, the first open, from-dates rising. */
export type EffectiveTable<Value> = readonly [EffectiveRow<Value>, ...EffectiveRow<Value>[]];

/** The row in force on a work date. */
export const rowOn = <Value>(table: EffectiveTable<Value>, date: WorkDate): EffectiveRow<Value> =>
  table.findLast(({ from }) => from === undefined || from <= date) ?? table[0];
