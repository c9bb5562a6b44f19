/** Report `company-metrics` (見える化): figures of each company in three blocks, and grades where a body set them. */
import { z } from 'zod';
import { isValidOn } from '../../shared/time.ts';
import { companyMetrics, gradeCompany } from '../policies/company-metrics.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { AssessmentBlock } from '../registry/registry-labour-tables.ts';
import { monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const MetricRow = z.object({
  companyId: z.string(),
  block: AssessmentBlock,
  item: z.string(),
  value: z.number(),
  unit: z.enum(['people', 'days', 'percent', 'as-recorded']),
  source: z.string().optional(),
});

const GradeRow = z.object({
  companyId: z.string(),
  body: z.string(),
  block: AssessmentBlock,
  points: z.int(),
  stars: z.int(),
  missingItems: z.array(z.string()).readonly(),
  source: z.string(),
});

export const companyMetricsReport: Report = {
  name: 'company-metrics',
  titleJa: '事業者の見える化',
  key: ['companyId', 'block', 'item', 'source'],
  row: MetricRow,
  beside: { grades: z.array(GradeRow).readonly() },
  besideKeys: { grades: ['companyId', 'body', 'block'] },
  needs: monthAsked,
  make: ({ registry, index, days, filter, asOf }) => {
    const { records } = workHistoryOf(days, index);
    const ofSite = new Set(
      registry.organisation
        .filter(({ siteId }) => siteId === filter.siteId)
        .map(({ companyId }) => companyId),
    );
    const companies = registry.companies
      .map(({ companyId }) => companyId)
      .filter((companyId) => filter.siteId === undefined || ofSite.has(companyId))
      .map((companyId) => ({
        companyId,
        metrics: companyMetrics(registry, index, companyId, records, asOf),
      }));
    const assessments = registry.assessments.filter((row) => isValidOn(row, asOf));
    return {
      report: 'company-metrics',
      rows: companies
        .flatMap(({ metrics }) => metrics)
        .map(({ unit, value, ...rest }) =>
          unit === 'percent-hundredths'
            ? { ...rest, unit: 'percent' as const, value: value / 100 }
            : { ...rest, unit, value },
        )
        .sort(byKeys(['companyId', 'block', 'item'])),
      grades: companies
        .flatMap(({ companyId, metrics }) =>
          assessments.map((assessment) => gradeCompany(metrics, companyId, assessment)),
        )
        .sort(byKeys(['companyId', 'body', 'block'])),
    };
  },
};
