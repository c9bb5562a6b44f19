/**
 * 就業履歴の修正期限: until when a missing or incomplete day can still be entered by hand in CCUS, and
 * whether the month has been extracted already.
 *
 * 直接入力 and its approval by the prime: by the end of the month after the work day
 * (ccus-support.com/column_80317.html). The month's records are extracted in bulk about the 10th of the
 * next month; what is mended later arrives as an addition (追加分).
 */
import {
  addMonths,
  firstDateOf,
  lastDateOf,
  monthOf,
  type WorkDate,
  workDate,
} from '../../shared/time.ts';

/** "About the 10th": the exact day is not published, so this is the default of a setting (`closing.extractDay`). */
export const EXTRACT_DAY = 10;

export type CorrectionStage = 'before-extract' | 'after-extract' | 'closed';

/** Last day on which the day's record can be entered and approved. */
export const correctionDue = (worked: WorkDate): WorkDate =>
  lastDateOf(addMonths(monthOf(worked), 1));

/** `extractDay`: day of the month, 1 to 28. */
export const extractDate = (worked: WorkDate, extractDay = EXTRACT_DAY): WorkDate =>
  workDate(
    `${firstDateOf(addMonths(monthOf(worked), 1)).slice(0, 8)}${String(extractDay).padStart(2, '0')}`,
  );

/** On the day of the extract itself nobody knows whether it has run: counted as after it. */
export const correctionStage = (
  worked: WorkDate,
  asOf: WorkDate,
  extractDay?: number,
): CorrectionStage => {
  if (asOf > correctionDue(worked)) return 'closed';
  return asOf < extractDate(worked, extractDay) ? 'before-extract' : 'after-extract';
};
