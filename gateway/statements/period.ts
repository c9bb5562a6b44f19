/** What a statement is of (締めの対象): one work date, or one month. Both are texts, told apart by their length. */
import {
  addDays,
  firstDateOf,
  lastDateOf,
  type Month,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import { startOfWorkDate } from '../attendance/attendance.ts';
import type { SiteRules } from '../attendance/site-rules.ts';

export type Period = WorkDate | Month;

export const isDate = (period: Period): period is WorkDate => period.length === 10;

/** Both ends inclusive. */
export const datesOf = (period: Period): { readonly from: WorkDate; readonly to: WorkDate } =>
  isDate(period)
    ? { from: period, to: period }
    : { from: firstDateOf(period), to: lastDateOf(period) };

export const monthOfPeriod = (period: Period): Month => (isDate(period) ? monthOf(period) : period);

/** The moment from which no shift of the period begins any more at a site with those rules. */
export const endOfPeriod = (period: Period, rules: SiteRules): UtcMs =>
  startOfWorkDate(addDays(datesOf(period).to, 1), rules);
