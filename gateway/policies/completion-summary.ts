/**
 * 掛金充当実績総括表: what was worked under a contract and what was allocated, company by company, against
 * what was bought; and the evidence that an orderer may ask for.
 *
 * Known content: 延べ就業日数, 掛金充当日数, comparison with the purchase (kensetsunet-pr.com/2020-7-2-1,
 * senmonshi.com … SBG8). For stamps the evidence goes along (wise-pds.jp/news/2021/news2021040201.htm).
 */
import type { CompanyId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Method, Registry } from '../registry/registry-document.ts';
import {
  type Contract,
  knowsMethod,
  methodOf,
  notPayableCounts,
  purchasesBy,
  type Use,
  useOf,
  yenOfPurchases,
} from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import type { NotPayable } from './not-payable.ts';

export interface CompanySummary extends Use {
  readonly contractId: string;
  readonly companyId: CompanyId;
  readonly method: Method;
  readonly workers: number;
  /** Worked days without allocation, by reason. */
  readonly notPayable: Readonly<Partial<Record<NotPayable, number>>>;
  readonly difference: number;
}

/** A company's line with the contributions that it is the sum of. */
export interface ReasonedSummary {
  readonly summary: CompanySummary;
  readonly contributions: readonly Contribution[];
}

export const reasonedSummaries = (
  contract: Contract,
  contributions: readonly Contribution[],
): readonly ReasonedSummary[] =>
  [...Map.groupBy(contributions, ({ companyId }) => companyId)]
    .map(([companyId, rows]) => {
      const use = useOf(rows);
      const summary = {
        contractId: contract.contractId,
        companyId,
        method: methodOf(contract, companyId),
        workers: new Set(rows.map(({ workerId }) => workerId)).size,
        ...use,
        notPayable: notPayableCounts(rows),
        difference: use.workerDays - use.allocatedDays,
      };
      return { summary, contributions: rows };
    })
    .sort((a, b) => (a.summary.companyId < b.summary.companyId ? -1 : 1));

/** The lines alone. */
export const companySummaries = (
  contract: Contract,
  contributions: readonly Contribution[],
): readonly CompanySummary[] =>
  reasonedSummaries(contract, contributions).map(({ summary }) => summary);

/** What an orderer looks at for a contract at its end. */
export type Evidence = 'completion-summary' | 'stamp-ledger' | 'work-reports' | 'worker-statements';

/** Points: the summary is enough, the rest on request. Stamps, also of some firms only: with the evidence, in principle. */
export const evidenceFor = (
  contract: Contract,
): { readonly required: readonly Evidence[]; readonly onRequest: readonly Evidence[] } =>
  knowsMethod(contract, 'stamps')
    ? {
        required: ['completion-summary', 'stamp-ledger', 'work-reports'],
        onRequest: ['worker-statements'],
      }
    : {
        required: ['completion-summary'],
        onRequest: ['work-reports', 'worker-statements'],
      };

/** A contract as a whole: what was worked and allocated against what was bought and reported. */
export interface ContractSummary extends Use {
  readonly workers: number;
  readonly difference: number;
  readonly purchasedYen: number;
  readonly balanceYen: number;
  /** 人日 that the companies reported as really worked; 0 = nobody reported. */
  readonly reportedWorkerDays: number;
}

export const contractSummary = (
  index: RegistryIndex,
  headcounts: Registry['headcounts'],
  contract: Contract,
  {
    contributions,
    asOf,
  }: { readonly contributions: readonly Contribution[]; readonly asOf: WorkDate },
): ContractSummary => {
  const use = useOf(contributions);
  const purchasedYen = yenOfPurchases(
    purchasesBy(index.purchasesByContract.get(contract.contractId), asOf),
  );
  return {
    workers: new Set(contributions.map(({ workerId }) => workerId)).size,
    ...use,
    difference: use.workerDays - use.allocatedDays,
    purchasedYen,
    balanceYen: purchasedYen - use.allocatedYen,
    reportedWorkerDays: headcounts.reduce(
      (sum, row) => (row.siteId === contract.siteId ? sum + row.workers : sum),
      0,
    ),
  };
};
