/**
 * 不足の見込み: on which day what was bought will no longer do, told before it happens.
 *
 * Two methods of this product, and each answer says which: `planned-days` spreads the planned days that are
 * left evenly over the calendar days to completion; `recent-pace` goes on with what the last 28 days cost.
 * Planned days are taken where the contract names them with its completion and everything is paid out of one
 * account, because nobody plans by account; else the pace of each account.
 */
import { addDays, daysBetween, type WorkDate } from '../../shared/time.ts';
import { type Account, accountKey, accountOf } from './allocation-accounts.ts';
import type { AccountBalance } from './allocation-run.ts';
import type { Contract } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { stampValueOn } from './purchase-estimate.ts';

const PACE_DAYS = 28;
/** How far ahead it is looked where the contract names no completion; a default of this product. */
const AHEAD_DAYS = 180;

export interface ShortageForecast extends Account {
  readonly basis: 'planned-days' | 'recent-pace';
  /** What is left once all that is owed until today is paid; below 0 it is short already. */
  readonly leftYen: number;
  /** What `spanDays` from tomorrow on are expected to cost. */
  readonly expectedYen: number;
  readonly spanDays: number;
  /** Until when it was looked. */
  readonly until: WorkDate;
  /** The first day that is not covered; absent where it lasts until then. */
  readonly runsOutOn?: WorkDate;
  /** What is missing until then, in yen and in whole days of the base rate. */
  readonly missingYen: number;
  readonly missingDays: number;
}

export interface ForecastQuestion {
  readonly contract: Pick<Contract, 'plannedWorkerDays' | 'completionDate'>;
  readonly balances: readonly AccountBalance[];
  /** What is owed under the contract, of every date until `asOf`. */
  readonly contributions: readonly Contribution[];
  /** Of what is owed, what no run has paid yet and this one does not either, by account. */
  readonly openYen: ReadonlyMap<string, number>;
  readonly asOf: WorkDate;
}

/** Cost of the first `days` of a span that costs `yen` evenly. */
const costOf = (yen: number, spanDays: number, days: number): number =>
  Number((BigInt(yen) * BigInt(days)) / BigInt(spanDays));

export const shortageForecasts = (question: ForecastQuestion): readonly ShortageForecast[] => {
  const { contract, balances, contributions, openYen, asOf } = question;
  const { plannedWorkerDays, completionDate } = contract;
  if (completionDate !== undefined && completionDate <= asOf) return [];
  const until = completionDate ?? addDays(asOf, AHEAD_DAYS);
  const lookDays = daysBetween(asOf, until);
  const dayYen = stampValueOn(asOf);
  const paid = contributions.filter(({ days, workDate }) => days > 0 && workDate <= asOf);
  const isPlanned =
    plannedWorkerDays !== undefined && completionDate !== undefined && balances.length === 1;
  const plannedYen = isPlanned
    ? Math.max(0, plannedWorkerDays - paid.reduce((sum, { days }) => sum + days, 0)) * dayYen
    : 0;
  const paceFrom = addDays(asOf, -PACE_DAYS);
  const paceYen = new Map<string, number>();
  for (const { workDate, method = 'points', colour, rate, yen } of paid) {
    if (workDate <= paceFrom) continue;
    const key = accountKey(accountOf({ method, colour, dayYen: rate.yen }));
    paceYen.set(key, (paceYen.get(key) ?? 0) + yen);
  }
  return balances.flatMap(({ method, valueYen, colour, afterYen }): readonly ShortageForecast[] => {
    const key = accountKey({
      method,
      ...(valueYen === undefined ? {} : { valueYen }),
      ...(colour === undefined ? {} : { colour }),
    });
    const leftYen = afterYen - (openYen.get(key) ?? 0);
    const expectedYen = isPlanned ? plannedYen : (paceYen.get(key) ?? 0);
    const spanDays = isPlanned ? lookDays : PACE_DAYS;
    if (expectedYen === 0 && leftYen >= 0) return [];
    const missingYen = Math.max(0, costOf(expectedYen, spanDays, lookDays) - leftYen);
    const runsOutOn = firstUncovered({ leftYen, expectedYen, spanDays, lookDays });
    return [
      {
        method,
        ...(valueYen === undefined ? {} : { valueYen }),
        ...(colour === undefined ? {} : { colour }),
        basis: isPlanned ? 'planned-days' : 'recent-pace',
        leftYen,
        expectedYen,
        spanDays,
        until,
        ...(runsOutOn === undefined ? {} : { runsOutOn: addDays(asOf, runsOutOn) }),
        missingYen,
        missingDays: Math.ceil(missingYen / (valueYen ?? dayYen)),
      },
    ];
  });
};

/** Days from today until the first that is not covered; 0 where it is short already. */
const firstUncovered = ({
  leftYen,
  expectedYen,
  spanDays,
  lookDays,
}: {
  readonly leftYen: number;
  readonly expectedYen: number;
  readonly spanDays: number;
  readonly lookDays: number;
}): number | undefined => {
  if (leftYen < 0) return 0;
  if (expectedYen === 0) return undefined;
  // The first whole number of days whose cost, rounded down, is above what is left.
  const days = Number(
    (BigInt(leftYen + 1) * BigInt(spanDays) + BigInt(expectedYen) - 1n) / BigInt(expectedYen),
  );
  return days <= lookDays ? days : undefined;
};
