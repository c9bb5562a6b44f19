/** What a contract has bought and used up (購入と充当): the sums that checks, summaries and balances share. */
import type { CompanyId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { Method, RegistryRow } from '../registry/registry-document.ts';
import type { Contribution } from './contribution.ts';
import type { NotPayable } from './not-payable.ts';

export type Contract = RegistryRow<'contracts'>;
export type Purchase = RegistryRow<'purchases'>;

export interface Use {
  /** 延べ就業日数: worker × date, also of those who cannot be paid; a two-day shift is one. */
  readonly workerDays: number;
  readonly allocatedDays: number;
  readonly allocatedYen: number;
}

export const useOf = (contributions: readonly Contribution[]): Use => ({
  workerDays: contributions.length,
  allocatedDays: contributions.reduce((sum, { days }) => sum + days, 0),
  allocatedYen: contributions.reduce((sum, { yen }) => sum + yen, 0),
});

/** How many days cannot be paid, by why. */
export const notPayableCounts = (
  contributions: readonly Contribution[],
): Readonly<Partial<Record<NotPayable, number>>> => {
  const counts: Partial<Record<NotPayable, number>> = {};
  for (const { notPayable } of contributions)
    if (notPayable !== undefined) counts[notPayable] = (counts[notPayable] ?? 0) + 1;
  return counts;
};

export const contributionsByContract = (
  contributions: readonly Contribution[],
): ReadonlyMap<string, readonly Contribution[]> =>
  Map.groupBy(
    contributions.filter((row) => row.contractId !== undefined),
    ({ contractId = '' }) => contractId,
  );

/** What was bought by that day; a purchase of a later date is not known yet. */
export const purchasesBy = (
  purchases: readonly Purchase[] | undefined,
  asOf: WorkDate,
): readonly Purchase[] => (purchases ?? []).filter(({ date }) => date <= asOf);

export const yenOfPurchases = (purchases: readonly Purchase[]): number =>
  purchases.reduce((sum, { yen }) => sum + yen, 0);

/** Whether the shares of a joint venture (JV) make up the whole; true where there is none. */
export const areSharesWhole = ({ jointVenture }: Pick<Contract, 'jointVenture'>): boolean =>
  jointVenture === undefined ||
  jointVenture.reduce((sum, { sharePercent }) => sum + sharePercent, 0) === 100;

/** By points or by stamps: the company's exception, else the contract's method. */
export const methodOf = (contract: Contract, companyId: CompanyId): Method =>
  contract.exceptions?.find((each) => each.companyId === companyId)?.method ?? contract.method;

/** Whether anybody under the contract pays that way. */
export const knowsMethod = ({ method, exceptions }: Contract, asked: Method): boolean =>
  method === asked || (exceptions ?? []).some((each) => each.method === asked);

/** The first purchase, or the day on which the receipt was handed in, where that is written down. */
export const receiptOn = (
  contract: Contract,
  purchases: readonly Purchase[],
): WorkDate | undefined =>
  contract.receiptSubmittedOn ?? purchases.map(({ date }) => date).toSorted()[0];
