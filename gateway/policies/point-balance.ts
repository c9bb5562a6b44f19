/**
 * 残高と不足の見込み: what is left of a contract's purchases by each method, and when it runs out.
 *
 * Points: one point is one yen. Whether red and blue points of one contract may stand in for each other
 * is not published, so they are one balance here; stamps of two colours are counted apart in their book.
 */
import { addMonths, type Month, monthOf, type WorkDate } from '../../shared/time.ts';
import type { Method } from '../registry/registry-document.ts';
import { type Purchase, yenOfPurchases } from './contract-use.ts';
import type { Contribution } from './contribution.ts';

export interface Balance {
  readonly method: Method;
  readonly purchasedYen: number;
  readonly usedYen: number;
  /** What days cost that lapsed unpaid (730 days): once in `usedYen`, now in the balance again. */
  readonly lapsedYen: number;
  /** Below 0: more is due than was bought. */
  readonly balanceYen: number;
  /** What the last whole month used; the forecast goes on with that much. */
  readonly monthlyYen: number;
  /** The first month whose use is no longer covered; absent where nothing is used. */
  readonly runsOutIn?: Month;
}

/** A balance that lasts longer than this says nothing of use. */
const FORECAST_MONTHS_MAX = 600;

const runsOut = (
  balanceYen: number,
  monthlyYen: number,
  lastUsed: Month | undefined,
): Month | undefined => {
  if (lastUsed === undefined) return undefined;
  if (balanceYen < 0) return lastUsed;
  if (monthlyYen === 0) return undefined;
  const covered = Math.floor(balanceYen / monthlyYen);
  return covered > FORECAST_MONTHS_MAX ? undefined : addMonths(lastUsed, covered + 1);
};

/** `contributions` and `purchases`: of one contract and method. The month of `asOf` is not whole yet. */
export const balanceOf = (
  method: Method,
  purchases: readonly Purchase[],
  contributions: readonly Contribution[],
  asOf: WorkDate,
): Balance => {
  const purchasedYen = yenOfPurchases(purchases);
  const usedYen = contributions.reduce((sum, { yen }) => sum + yen, 0);
  const lapsedYen = contributions.reduce(
    (sum, { lapsedDays = 0, rate }) => sum + lapsedDays * rate.yen,
    0,
  );
  const byMonth = Map.groupBy(
    contributions.filter(({ yen }) => yen > 0),
    ({ workDate }) => monthOf(workDate),
  );
  const months = [...byMonth.keys()].sort();
  const lastWhole = months.findLast((month) => month < monthOf(asOf)) ?? months.at(-1);
  const monthlyYen =
    lastWhole === undefined
      ? 0
      : (byMonth.get(lastWhole) ?? []).reduce((sum, { yen }) => sum + yen, 0);
  const balanceYen = purchasedYen - usedYen;
  const runsOutIn = runsOut(balanceYen, monthlyYen, months.at(-1));
  return {
    method,
    purchasedYen,
    usedYen,
    lapsedYen,
    balanceYen,
    monthlyYen,
    ...(runsOutIn === undefined ? {} : { runsOutIn }),
  };
};
