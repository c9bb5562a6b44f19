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
import type { AttendanceDay } from '../attendance/attendance.ts';
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

/** Every calendar day on which somebody was on site, with the attendance that says so. */
export const openDates = (
  days: readonly AttendanceDay[],
  siteId: SiteId,
): ReadonlyMap<WorkDate, readonly AttendanceDay[]> => {
  const open = new Map<WorkDate, AttendanceDay[]>();
  const opened = (date: WorkDate, by: AttendanceDay): void => {
    const known = open.get(date);
    if (known === undefined) open.set(date, [by]);
    else if (known.at(-1) !== by) known.push(by);
  };
  for (const day of days) {
    if (day.siteId !== siteId) continue;
    opened(dateInJapan(day.firstTouchAt), day);
    for (const { inAt, outAt } of day.shifts.flatMap(({ intervals }) => intervals)) {
      // Gone at midnight sharp is not there on the new day.
      const last = dateInJapan(utcMs(Math.max(inAt, outAt - 1)));
      for (let date = dateInJapan(inAt); date <= last; date = addDays(date, 1)) opened(date, day);
    }
  }
  return open;
};

export interface PeriodDay {
  readonly date: WorkDate;
  readonly state: 'excluded' | 'open' | 'closed';
}

/** Each day of the period, both ends inclusive. */
export const daysOfPeriod = (
  open: { readonly has: (date: WorkDate) => boolean },
  period: { readonly from: WorkDate; readonly to: WorkDate },
  excluded: readonly Dated[],
): readonly PeriodDay[] => {
  const days: PeriodDay[] = [];
  for (let date = period.from; date <= period.to; date = addDays(date, 1)) {
    const isExcluded = excluded.some((span) => isValidOn(span, date));
    days.push({ date, state: isExcluded ? 'excluded' : open.has(date) ? 'open' : 'closed' });
  }
  return days;
};

const countOf = (days: readonly PeriodDay[]): DaysOffCount => {
  const ofState = (asked: PeriodDay['state']): number =>
    days.filter(({ state }) => state === asked).length;
  const excludedDays = ofState('excluded');
  return { days: days.length - excludedDays, excludedDays, closedDays: ofState('closed') };
};

/** Both ends of the period inclusive. Excluded days count neither as days nor as closed. */
export const countDaysOff = (
  open: { readonly has: (date: WorkDate) => boolean },
  period: { readonly from: WorkDate; readonly to: WorkDate },
  excluded: readonly Dated[],
): DaysOff => {
  const days = daysOfPeriod(open, period, excluded);
  return {
    ...countOf(days),
    months: [...Map.groupBy(days, ({ date }) => monthOf(date))].map(([month, of]) => ({
      month,
      ...countOf(of),
    })),
  };
};
