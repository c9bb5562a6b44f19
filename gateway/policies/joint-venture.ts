/**
 * 共同企業体の購入: members buy their own share of points; stamps the lead company may buy for all, but
 * they are not counted for the others (kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki02.html).
 *
 * By which measure the share goes is not published: the percentages of the contract's registry row are
 * used, whole days and whole yen by the largest remainder, so that the members' parts add up exactly.
 */
import type { CompanyId } from '../../shared/ids.ts';
import { apportion } from './apportion.ts';
import { type Contract, type Purchase, yenOfPurchases } from './contract-use.ts';

export interface MemberShare {
  readonly companyId: CompanyId;
  readonly sharePercent: number;
  readonly expectedYen: number;
  readonly purchasedYen: number;
}

/** A purchase without a buyer is the first member's. */
const purchasedBy = (
  { jointVenture = [] }: Pick<Contract, 'jointVenture'>,
  companyId: CompanyId,
  purchases: readonly Purchase[],
): number =>
  yenOfPurchases(
    purchases.filter((row) => (row.companyId ?? jointVenture[0]?.companyId) === companyId),
  );

/** Adds up to `expectedYen`, by the weight that each share has among all of them. */
export const memberShares = (
  contract: Pick<Contract, 'jointVenture'>,
  expectedYen: number,
  purchases: readonly Purchase[],
): readonly MemberShare[] => {
  const { jointVenture = [] } = contract;
  if (jointVenture.length === 0) return [];
  const parts = apportion(
    expectedYen,
    jointVenture.map(({ sharePercent }) => sharePercent),
  );
  return jointVenture.map(({ companyId, sharePercent }, at) => ({
    companyId,
    sharePercent,
    expectedYen: parts[at] ?? 0,
    purchasedYen: purchasedBy(contract, companyId, purchases),
  }));
};

/** What of a run's points each member bears. */
export interface MemberAllocation {
  readonly companyId: CompanyId;
  readonly sharePercent: number;
  readonly days: number;
  readonly yen: number;
  readonly purchasedYen: number;
}

/** `daysByYen`: days of the run that points pay, by what a day costs; below 0 where more was taken back. */
export const memberAllocations = (
  contract: Pick<Contract, 'jointVenture'>,
  daysByYen: ReadonlyMap<number, number>,
  purchases: readonly Purchase[],
): readonly MemberAllocation[] => {
  const { jointVenture = [] } = contract;
  if (jointVenture.length === 0) return [];
  const weights = jointVenture.map(({ sharePercent }) => sharePercent);
  const split = [...daysByYen].map(([dayYen, days]) => ({
    dayYen,
    parts: apportion(days, weights),
  }));
  return jointVenture.map(({ companyId, sharePercent }, at) => ({
    companyId,
    sharePercent,
    days: split.reduce((sum, { parts }) => sum + (parts[at] ?? 0), 0),
    yen: split.reduce((sum, { dayYen, parts }) => sum + dayYen * (parts[at] ?? 0), 0),
    purchasedYen: purchasedBy(contract, companyId, purchases),
  }));
};
