/**
 * Which dates and months are to be closed in a night (締める対象). Pure.
 *
 * A date is over when no shift of it can begin any more, as the site reckons its days. While somebody's shift
 * of it is still open it waits, at most as long as a shift can last: a night shift is then closed whole.
 */
import type { SiteId } from '../../shared/ids.ts';
import {
  addDays,
  addMonths,
  type Dated,
  dateInJapan,
  firstDateOf,
  HOUR_MS,
  isValidOn,
  lastDateOf,
  type Month,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import { workDateOf } from '../attendance/attendance.ts';
import type { SiteRules } from '../attendance/site-rules.ts';
import { endOfPeriod } from '../statements/period.ts';

export interface SiteToClose {
  readonly siteId: SiteId;
  readonly rules: SiteRules;
  /** 就業履歴蓄積期間; absent for a site that the registry does not know. */
  readonly accumulation: Dated | undefined;
  readonly lastClosedDate: WorkDate | undefined;
  readonly lastClosedMonth: Month | undefined;
  /** Dates with attendance that are not closed. */
  readonly openDates: readonly WorkDate[];
  /** Months with attendance that are not closed. */
  readonly openMonths: readonly Month[];
  /** Whether a shift of that date waits for its exit. */
  readonly hasOpenShift: (date: WorkDate) => boolean;
}

const isClosable = ({ rules, hasOpenShift }: SiteToClose, date: WorkDate, now: UtcMs): boolean => {
  const end = endOfPeriod(date, rules);
  if (now < end) return false;
  return now >= end + rules.maxShiftHours * HOUR_MS || !hasOpenShift(date);
};

/** Dates that the site is in its period and nobody has closed, from the last closed one on. */
const datesInPeriod = (site: SiteToClose, now: UtcMs): readonly WorkDate[] => {
  const { accumulation, lastClosedDate } = site;
  const yesterday = addDays(workDateOf(now, site.rules), -1);
  const dates: WorkDate[] = [];
  // Where nothing was ever closed, dates without work begin with yesterday.
  let date = lastClosedDate === undefined ? yesterday : addDays(lastClosedDate, 1);
  for (; date <= yesterday; date = addDays(date, 1))
    if (accumulation !== undefined && isValidOn(accumulation, date)) dates.push(date);
  return dates;
};

/** In order; also dates on which nobody worked, so that what comes late is an amendment. */
export const datesToClose = (site: SiteToClose, now: UtcMs): readonly WorkDate[] =>
  [...new Set([...site.openDates, ...datesInPeriod(site, now)])]
    .sort()
    .filter((date) => isClosable(site, date, now));

const isInMonth = ({ from, to }: Dated, month: Month): boolean =>
  (from === undefined || from <= lastDateOf(month)) &&
  (to === undefined || firstDateOf(month) <= to);

/** In order. A month is due from `monthDay` of the next one on; `by-hand`: never by itself. */
export const monthsToClose = (
  site: SiteToClose,
  now: UtcMs,
  monthDay: number | 'by-hand',
): readonly Month[] => {
  if (monthDay === 'by-hand') return [];
  const today = dateInJapan(now);
  const isPast = Number(today.slice(8)) >= monthDay;
  const lastDue = addMonths(monthOf(today), isPast ? -1 : -2);
  const { accumulation, lastClosedMonth } = site;
  const months: Month[] = [];
  let month = lastClosedMonth === undefined ? lastDue : addMonths(lastClosedMonth, 1);
  for (; month <= lastDue; month = addMonths(month, 1))
    if (accumulation !== undefined && isInMonth(accumulation, month)) months.push(month);
  return [...new Set([...site.openMonths, ...months])].sort().filter((each) => each <= lastDue);
};
