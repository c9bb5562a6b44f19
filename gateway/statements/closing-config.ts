/** When dates and months are closed (締めの設定). None of the days comes from a rule of CCUS or 建退共. */
import { z } from 'zod';
import { EXTRACT_DAY } from '../policies/correction-deadline.ts';

/** Every month has it. */
const DayOfMonth = z.int().min(1).max(28);

export const ClosingConfig = z.strictObject({
  /** Nightly work begins, JST. */
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
    .default('02:00'),
  /**
   * Day of the next month in whose night a month is closed by itself, or `by-hand`. The default is the day
   * of the extract, so that a statement holds what was extracted.
   */
  monthDay: z.union([DayOfMonth, z.literal('by-hand')]).default(EXTRACT_DAY),
  /** Day of the next month about which the month's records are extracted in bulk: what is amended from then on is 追加分. */
  extractDay: DayOfMonth.default(EXTRACT_DAY),
});
export type ClosingConfig = z.infer<typeof ClosingConfig>;
