/** Report `labour-cost` (レベル別労務費): person-days and guideline cost; beside them the companies' estimates. */
import { z } from 'zod';
import { judgeQuote, labourCosts } from '../policies/labour-cost.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const LabourCostRow = z.object({
  siteId: z.string(),
  companyId: z.string().optional(),
  trade: z.string().optional(),
  level: z.int().optional(),
  workerDays: z.int(),
  foremanDays: z.int(),
  guidelineYen: z.int().optional(),
  daysWithoutGuideline: z.int(),
  sources: z.array(z.string()).readonly(),
});

const QuoteRow = z.object({
  siteId: z.string(),
  companyId: z.string(),
  date: z.string(),
  estimateYen: z.int(),
  contractedYen: z.int().optional(),
  verdict: z.enum(['respected', 'reduced', 'not-agreed']),
  source: z.string(),
});

export const labourCost: Report = {
  name: 'labour-cost',
  titleJa: 'レベル別労務費',
  key: ['siteId', 'companyId', 'trade', 'level'],
  row: LabourCostRow,
  beside: { quotes: z.array(QuoteRow).readonly() },
  besideKeys: { quotes: ['siteId', 'companyId', 'date'] },
  needs: monthAsked,
  make: ({ registry, index, days, filter }) => ({
    report: 'labour-cost',
    rows: [
      ...labourCosts(
        workHistoryOf(
          days.filter((day) => isAsked(filter, day)),
          index,
        ).records,
        index,
        registry.payGuidelines,
      ),
    ].sort(byKeys(['siteId', 'companyId', 'trade', 'level'])),
    quotes: registry.labourQuotes
      .filter(({ siteId }) => filter.siteId === undefined || siteId === filter.siteId)
      .map((quote) => ({ ...quote, verdict: judgeQuote(quote) }))
      .sort(byKeys(['siteId', 'companyId', 'date'])),
  }),
};
