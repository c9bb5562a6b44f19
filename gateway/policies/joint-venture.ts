/**
 * 共同企業体の購入: members buy their own share of points; stamps the lead company may buy for all, but
 * they are not counted for the others (kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki02.html).
 *
 * By which measure the share goes is not published: the percentages of the contract's registry row are
 * used, each member's sum rounded down and the rest with the first.
 */
import type { CompanyId } from '../../shared/ids.ts';
import { type Contract, type Purchase, yenOfPurchases } from './contract-use.ts';

export interface MemberShare {
  readonly companyId: CompanyId;
  readonly sharePercent: number;
  readonly expectedYen: number;
  readonly purchasedYen: number;
}

/** Adds up to `expectedYen` where the shares add up to 100. A purchase without a buyer is the first's. */
export const memberShares = (
  { jointVenture = [] }: Pick<Contract, 'jointVenture'>,
  expectedYen: number,
  purchases: readonly Purchase[],
): readonly MemberShare[] => {
  const [lead, ...others] = jointVenture;
  if (lead === undefined) return [];
  const shareYen = (percent: number): number => Math.floor((expectedYen * percent) / 100);
  const totalPercent = jointVenture.reduce((sum, { sharePercent }) => sum + sharePercent, 0);
  const othersYen = others.reduce((sum, { sharePercent }) => sum + shareYen(sharePercent), 0);
  return jointVenture.map(({ companyId, sharePercent }) => ({
    companyId,
    sharePercent,
    expectedYen:
      companyId === lead.companyId ? shareYen(totalPercent) - othersYen : shareYen(sharePercent),
    purchasedYen: yenOfPurchases(
      purchases.filter((row) => (row.companyId ?? lead.companyId) === companyId),
    ),
  }));
};
