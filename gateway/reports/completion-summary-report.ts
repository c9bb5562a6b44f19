/**
 * Report `completion-summary` (掛金充当実績総括表): one row per contract and company; beside them the totals
 * of each contract against its purchases, how many of the days were touched, and the evidence to keep.
 */
import { z } from 'zod';
import { companySummaries, contractSummary, evidenceFor } from '../policies/completion-summary.ts';
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
  key: ['contractId', 'companyId'],
  row: CompletionSummaryRow,
  beside: { totals: z.array(TotalRow).readonly() },
  besideKeys: { totals: ['contractId'] },
  needs: allDates,
  make: (input) => {
    const { contracts, ofContract } = contractFacts(input);
    return {
      report: 'completion-summary',
      rows: contracts.flatMap((contract) =>
        companySummaries(contract, ofContract(contract.contractId)),
      ),
      totals: contracts.map((contract) => {
        const { contractId, name, ordererName, contractDate, completionDate, method } = contract;
        return {
          contractId,
          name,
          ordererName,
          contractDate,
          ...(completionDate === undefined ? {} : { completionDate }),
          method,
          ...contractSummary(input.index, input.registry.headcounts, contract, {
            contributions: ofContract(contractId),
            asOf: input.asOf,
          }),
          evidence: evidenceFor(contract),
        };
      }),
    };
  },
};
