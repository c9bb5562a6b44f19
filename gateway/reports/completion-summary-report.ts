/**
 * Report `completion-summary` (掛金充当実績総括表): one row per contract and company; beside them the totals
 * of each contract against its purchases, how many of the days were touched, and the evidence to keep.
 */
import { z } from 'zod';
import { companySummaries, evidenceFor } from '../policies/completion-summary.ts';
import { purchasesBy, useOf, yenOfPurchases } from '../policies/contract-use.ts';
import { NOT_PAYABLES } from '../policies/not-payable.ts';
import { contractFacts } from './contract-facts.ts';
import { allDates, type Report } from './report.ts';

const Method = z.enum(['points', 'stamps']);
const Use = { workerDays: z.int(), allocatedDays: z.int(), allocatedYen: z.int() };
const Evidence = z
  .array(z.enum(['completion-summary', 'stamp-ledger', 'work-reports', 'worker-statements']))
  .readonly();

const CompletionSummaryRow = z.object({
  contractId: z.string(),
  companyId: z.string(),
  method: Method,
  workers: z.int(),
  ...Use,
  difference: z.int(),
  notPayable: z.partialRecord(z.enum(NOT_PAYABLES), z.int()),
});

const TotalRow = z.object({
  contractId: z.string(),
  name: z.string(),
  ordererName: z.string(),
  contractDate: z.string(),
  completionDate: z.string().optional(),
  method: Method,
  workers: z.int(),
  ...Use,
  difference: z.int(),
  purchasedYen: z.int(),
  balanceYen: z.int(),
  /** 人日 that the companies reported as really worked; 0 = nobody reported. */
  reportedWorkerDays: z.int(),
  evidence: z.object({ required: Evidence, onRequest: Evidence }),
});

export const completionSummary: Report = {
  name: 'completion-summary',
  titleJa: '掛金充当実績総括表',
  row: CompletionSummaryRow,
  beside: { totals: z.array(TotalRow).readonly() },
  needs: allDates,
  make: (input) => {
    const { contracts, ofContract } = contractFacts(input);
    const reportedAt = (siteId: string): number =>
      input.registry.headcounts.reduce(
        (sum, row) => (row.siteId === siteId ? sum + row.workers : sum),
        0,
      );
    return {
      report: 'completion-summary',
      rows: contracts.flatMap((contract) =>
        companySummaries(contract, ofContract(contract.contractId)),
      ),
      totals: contracts.map((contract) => {
        const { contractId, siteId, name, ordererName, contractDate, completionDate, method } =
          contract;
        const rows = ofContract(contractId);
        const use = useOf(rows);
        const purchasedYen = yenOfPurchases(
          purchasesBy(input.index.purchasesByContract.get(contractId), input.asOf),
        );
        return {
          contractId,
          name,
          ordererName,
          contractDate,
          ...(completionDate === undefined ? {} : { completionDate }),
          method,
          workers: new Set(rows.map(({ workerId }) => workerId)).size,
          ...use,
          difference: use.workerDays - use.allocatedDays,
          purchasedYen,
          balanceYen: purchasedYen - use.allocatedYen,
          reportedWorkerDays: reportedAt(siteId),
          evidence: evidenceFor(method),
        };
      }),
    };
  },
};
