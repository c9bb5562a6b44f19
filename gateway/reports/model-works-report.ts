/** Report `model-works` (モデル工事): rates, points and verdict per contract, and drafts of statements owed. */
import { z } from 'zod';
import { type ChecklistItem, reasonJa } from '../../shared/verdict.ts';
import { percentHundredths, type Rate } from '../policies/exact-rate.ts';
import {
  judgeModelWorks,
  type ModelWorksAttention,
  modelWorksRates,
} from '../policies/model-works.ts';
import { type WorkHistoryRecord, workHistoryOf } from '../policies/work-history.ts';
import { primeOf } from '../registry/registry.ts';
import { modelWorksStatementJa } from './model-works-statement.ts';
import { allDates, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const Attention = z.enum([
  'no-sample-dates',
  'sample-date-ahead',
  'sample-date-without-companies',
  'sample-date-without-workers',
  'no-headcounts',
  'more-touches-than-headcount',
]) satisfies z.ZodType<ModelWorksAttention>;

const ModelWorksRow = z.object({
  contractId: z.string(),
  siteId: z.string(),
  kind: z.enum(['mandatory', 'recommended']),
  /** Percent with two decimals; absent where there is nothing to divide by. */
  companyRate: z.number().optional(),
  workerRate: z.number().optional(),
  touchRate: z.number().optional(),
  points: z.int(),
  verdict: z.enum(['achieved', 'neutral', 'missed']),
  statementRequired: z.boolean(),
  attention: z.array(Attention).readonly(),
});
type ModelWorksRow = z.infer<typeof ModelWorksRow>;

const Statement = z.object({
  contractId: z.string(),
  kind: z.enum(['mandatory', 'recommended']),
  draftJa: z.string(),
});

export const percent = (rate: Rate | undefined): number | undefined =>
  rate === undefined ? undefined : percentHundredths(rate) / 100;

const frequentObstacles = (records: readonly WorkHistoryRecord[]): readonly string[] => {
  const countByItem = new Map<ChecklistItem, number>();
  for (const item of records.flatMap(({ missing }) => missing))
    countByItem.set(item, (countByItem.get(item) ?? 0) + 1);
  return [...countByItem]
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .map(([item, count]) => `${reasonJa(item)} ${count}件`);
};

export const modelWorks: Report = {
  name: 'model-works',
  titleJa: 'モデル工事',
  key: ['contractId', 'kind'],
  row: ModelWorksRow,
  beside: { statements: z.array(Statement).readonly() },
  besideKeys: { statements: ['contractId', 'kind'] },
  needs: allDates,
  make: ({ registry, index, days, filter, asOf }) => {
    const rows: ModelWorksRow[] = [];
    const statements: z.infer<typeof Statement>[] = [];
    for (const contract of registry.contracts) {
      const { contractId, siteId } = contract;
      if (filter.siteId !== undefined && siteId !== filter.siteId) continue;
      for (const setting of contract.modelWorks ?? []) {
        const { records } = workHistoryOf(
          days.filter((day) => day.siteId === siteId),
          index,
        );
        const input = { registry: index, headcounts: registry.headcounts, records, asOf };
        const rates = modelWorksRates(input, { siteId, setting });
        const judged = judgeModelWorks(setting.kind, rates);
        const companyRate = percent(rates.company);
        const workerRate = percent(rates.worker);
        const touchRate = percent(rates.touch);
        rows.push({
          contractId,
          siteId,
          kind: setting.kind,
          ...(companyRate === undefined ? {} : { companyRate }),
          ...(workerRate === undefined ? {} : { workerRate }),
          ...(touchRate === undefined ? {} : { touchRate }),
          points: judged.points,
          verdict: judged.verdict,
          statementRequired: judged.statementRequired,
          attention: rates.attention,
        });
        if (!judged.statementRequired) continue;
        const prime = primeOf(index, siteId);
        statements.push({
          contractId,
          kind: setting.kind,
          draftJa: modelWorksStatementJa({
            contractName: contract.name,
            ordererName: contract.ordererName,
            primeName: (prime && index.companyById.get(prime)?.name) ?? '',
            companyRate,
            workerRate,
            touchRate,
            obstaclesJa: frequentObstacles(records),
          }),
        });
      }
    }
    return {
      report: 'model-works',
      rows: rows.sort(byKeys(['contractId', 'kind'])),
      statements: statements.sort(byKeys(['contractId', 'kind'])),
    };
  },
};
