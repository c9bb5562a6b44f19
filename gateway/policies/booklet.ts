/**
 * 共済手帳: a book holds 250 days. The first one (掛金助成手帳) has 200 days to pay and 50 that the state
 * pays: of every 5 days the fifth is exempt, so 25 days take 20 stamps
 * (kentaikyo.taisyokukin.go.jp/m/menu6.html, sizkk-net.or.jp/kentaikyo/process).
 *
 * How the exempt days are treated under points is not published: they are counted for stamps only, and
 * points pay every day. That is a reading of this product.
 */
import { addDays, monthsAfter, type WorkDate } from '../../shared/time.ts';

export const BOOKLET_DAYS = 250;
const EXEMPT_EVERY_DAYS = 5;
/** 次回更新時期: two years after issue (kumaken.or.jp/smarts/index/141, kentaikyo … /m/menu5.html). */
const RENEWAL_MONTHS = 24;

/** Whether the `ordinal`-th day of a book (1 to 250) is exempt. */
export const isExemptDay = (bookletNumber: number, ordinal: number): boolean =>
  bookletNumber === 1 && ordinal <= BOOKLET_DAYS && ordinal % EXEMPT_EVERY_DAYS === 0;

export interface BookletProgress {
  /** Days in the book, at most 250. */
  readonly days: number;
  readonly stamps: number;
  readonly exemptDays: number;
  readonly daysLeft: number;
  /** Days beyond the full book: they belong into the next one. */
  readonly daysBeyond: number;
}

export const bookletProgress = (bookletNumber: number, contributed: number): BookletProgress => {
  const days = Math.min(contributed, BOOKLET_DAYS);
  const exemptDays = bookletNumber === 1 ? Math.floor(days / EXEMPT_EVERY_DAYS) : 0;
  return {
    days,
    stamps: days - exemptDays,
    exemptDays,
    daysLeft: BOOKLET_DAYS - days,
    daysBeyond: contributed - days,
  };
};

/** 更新: when the book is full, or two years after its issue, whichever comes first. */
export const bookletRenewalDue = (
  issuedOn: WorkDate,
  filledOn: WorkDate | undefined,
): { readonly due: WorkDate; readonly because: 'full' | 'two-years' } => {
  const twoYears = monthsAfter(issuedOn, RENEWAL_MONTHS);
  return filledOn !== undefined && filledOn < twoYears
    ? { due: addDays(filledOn, 1), because: 'full' }
    : { due: twoYears, because: 'two-years' };
};
