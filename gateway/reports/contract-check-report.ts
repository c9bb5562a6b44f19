/** Report `contract-check` (工事ごとの掛金確認): one row per contract, as the contract with outside words it. */
import { z } from 'zod';
import { CONTRACT_ATTENTION, CONTRACT_ATTENTIONS } from '../policies/contract-attention.ts';
import { contractCheck } from '../policies/contract-check.ts';
import { contractFacts } from './contract-facts.ts';
import { allDates, type Report } from './report.ts';

const Method = z.enum(['points', 'stamps']);

const ContractCheckRow = z.object({
  contractId: z.string(),
  method: Method,
  expectedYen: z.int(),
  estimateYen: z.int(),
  purchasedYen: z.int(),
  receiptDue: z.string(),
  receiptOn: z.string().optional(),
  workerDays: z.int(),
  allocatedDays: z.int(),
  allocatedYen: z.int(),
  /** Days worked less days allocated. */
  difference: z.int(),
  balanceYen: z.int(),
  verdict: z.enum(['missing', 'short', 'over', 'adequate']),
  attention: z.array(z.enum(CONTRACT_ATTENTIONS)).readonly(),
  basis: z.enum(['planned-days', 'table']),
  basisSource: z.string(),
  progressPercent: z.int().optional(),
  usedPercent: z.int(),
  balances: z
    .array(
      z.object({
        method: Method,
        purchasedYen: z.int(),
        usedYen: z.int(),
        lapsedYen: z.int(),
        balanceYen: z.int(),
        monthlyYen: z.int(),
        runsOutIn: z.string().optional(),
      }),
    )
    .readonly(),
  jointVenture: z
    .array(
      z.object({
        companyId: z.string(),
        sharePercent: z.int(),
        expectedYen: z.int(),
        purchasedYen: z.int(),
      }),
    )
    .readonly(),
  isReceiptAsked: z.boolean().optional(),
});

const AttentionText = z.object({
  id: z.enum(CONTRACT_ATTENTIONS),
  phase: z.enum(['contract', 'works', 'completion']),
  mendedBy: z.enum(['prime', 'employer', 'orderer']),
  textJa: z.string(),
});

export const contractCheckReport: Report = {
  name: 'contract-check',
  titleJa: '工事ごとの掛金確認',
  key: ['contractId'],
  row: ContractCheckRow,
  beside: { attentionTexts: z.array(AttentionText).readonly() },
  needs: allDates,
  make: (input) => {
    const { contracts, ofContract, movementsOf } = contractFacts(input);
    const rows = contracts.map((contract) =>
      contractCheck({
        index: input.index,
        contract,
        contributions: ofContract(contract.contractId),
        movements: movementsOf(contract.contractId),
        asOf: input.asOf,
      }),
    );
    const used = new Set(rows.flatMap(({ attention }) => attention));
    return {
      report: 'contract-check',
      rows,
      attentionTexts: CONTRACT_ATTENTIONS.filter((id) => used.has(id)).map((id) => ({
        id,
        ...CONTRACT_ATTENTION[id],
      })),
    };
  },
};
