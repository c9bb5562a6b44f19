/**
 * 週休2日の状況 (4週8休): on how many days of the contract's period the site was closed.
 *
 * Closed = nobody on site all through the calendar day; a night shift that runs into a day keeps it open.
 * Reached at 28.5 % (8 of 28) or more; 年末年始, 夏季休暇, 一時中止 and the like are left out as the orderer
 * sets it (web.pref.hyogo.lg.jp/ks30/syukyuhutuka.html). Rounds of inspection do not open a site by that rule;
 * touches do not say what somebody came for, so every touch opens it here.
 */
import type { SiteId } from '../../shared/ids.ts';
import {
  addDays,
  type Dated,
  dateInJapan,
  isValidOn,
  type Month,
  monthOf,
  utcMs,
  type WorkDate,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance.ts';
import { type Rate, rateOf } from './exact-rate.ts';

export interface DaysOffCount {
  readonly days: number;
  readonly excludedDays: number;
  readonly closedDays: number;
}

export interface DaysOff extends DaysOffCount {
  readonly months: readonly (DaysOffCount & { readonly month: Month })[];
}

/** 28.5 %, in thousandths. */
const REACHED_PERMILLE = 285n;

export const daysOffRate = ({ days, closedDays }: DaysOffCount): Rate | undefined =>
  rateOf(closedDays, days);

export const isFourWeeksEightOff = ({ numerator, denominator }: Rate): boolean =>
  numerator * 1_000n >= REACHED_PERMILLE * denominator;

/** Every calendar day on which somebody was on site. */
export const openDates = (
  days: readonly AttendanceDay[],
  siteId: SiteId,
): ReadonlySet<WorkDate> => {
  const open = new Set<WorkDate>();
  for (const day of days) {
    if (day.siteId !== siteId) continue;
    open.add(dateInJapan(day.firstTouchAt));
    for (const { inAt, outAt } of day.shifts.flatMap(({ intervals }) => intervals)) {
      // Gone at midnight sharp is not there on the new day.
      const last = dateInJapan(utcMs(Math.max(inAt, outAt - 1)));
      for (let date = dateInJapan(inAt); date <= last; date = addDays(date, 1)) open.add(date);
    }
  }
  return open;
};

/** Both ends of the period inclusive. Excluded days count neither as days nor as closed. */
export const countDaysOff = (
  open: ReadonlySet<WorkDate>,
  period: { readonly from: WorkDate; readonly to: WorkDate },
  excluded: readonly Dated[],
): DaysOff => {
  const byMonth = new Map<Month, { days: number; excludedDays: number; closedDays: number }>();
  const total = { days: 0, excludedDays: 0, closedDays: 0 };
  for (let date = period.from; date <= period.to; date = addDays(date, 1)) {
    const month = byMonth.get(monthOf(date)) ?? { days: 0, excludedDays: 0, closedDays: 0 };
    byMonth.set(monthOf(date), month);
    for (const count of [total, month]) {
      if (excluded.some((span) => isValidOn(span, date))) count.excludedDays += 1;
      else {
        count.days += 1;
        if (!open.has(date)) count.closedDays += 1;
      }
    }
  }
  return { ...total, months: [...byMonth].map(([month, count]) => ({ month, ...count })) };
};
