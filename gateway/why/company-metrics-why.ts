/** Why a row of `company-metrics` (見える化) counts so: whose people and records they are, or which fact. */
import type { WorkerId } from '../../shared/ids.ts';
import { isValidOn } from '../../shared/time.ts';
import { type ReasonedMetric, reasonedMetrics } from '../policies/company-metrics.ts';
import { reasonedInsurance } from '../policies/social-insurance.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { codeJa } from '../reports/code-words.ts';
import type { Explain, WhyInput } from './explain.ts';
import { isOfKey } from './explain.ts';
import { decisionFigure } from './insurance-why.ts';
import { completeLink, recordLink } from './record-links.ts';
import { registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, product, type Unit, type WhyNode } from './why.ts';

/** The rows by which somebody is counted for an item, or not. */
const personFigure = (
  { index, registry, asOf }: WhyInput,
  { companyId, item }: ReasonedMetric['metric'],
  workerId: WorkerId,
): Figure => {
  const worker = index.workerById.get(workerId);
  const employment = registry.employments.find(
    (row) => row.workerId === workerId && row.companyId === companyId && isValidOn(row, asOf),
  );
  const grounds: readonly WhyNode[] = [
    rowOrNone('employments', employment, { workerId, companyId, from: asOf }, 'kind'),
    rowOrNone('workers', worker, { workerId }, 'level', 'birthDate', 'ccusRegistered'),
  ];
  const question = { siteId: '', workerId, companyId, date: asOf };
  const parts =
    item === 'insured-share'
      ? [
          decisionFigure(
            'insurance',
            reasonedInsurance(index, { workerId, companyId, date: asOf }),
            question,
          ),
        ]
      : [];
  return decided('person', '一人', true, grounds, { unit: 'flag', parts });
};

const UNIT: Readonly<Record<ReasonedMetric['metric']['unit'], Unit>> = {
  people: 'people',
  days: 'days',
  'percent-hundredths': 'percent',
  'as-recorded': 'number',
};

const valueFigure = (input: WhyInput, { metric, counted }: ReasonedMetric): Figure => {
  const { item, value } = metric;
  const textJa = codeJa(item) ?? item;
  const told = { unit: UNIT[metric.unit], grounds: [houseRule('company-metrics')] };
  switch (counted.kind) {
    case 'fact':
      return decided('value', item, value, [registryRow('companyFacts', counted.row, 'value')], {
        unit: 'number',
      });
    case 'people':
      return count(
        'value',
        textJa,
        value,
        counted.asked.map((workerId) => personFigure(input, metric, workerId)),
        told,
      );
    case 'records':
      return count('value', textJa, value, counted.asked.map(recordLink), told);
    case 'people-share': {
      const persons = (ids: readonly WorkerId[]) =>
        ids.map((workerId) => personFigure(input, metric, workerId));
      return share(textJa, value, persons(counted.asked), persons(counted.of), 'people');
    }
    case 'records-share':
      return share(
        textJa,
        value,
        counted.asked.map(completeLink),
        counted.of.map(completeLink),
        'days',
      );
  }
};

const share = (
  textJa: string,
  hundredths: number,
  part: readonly WhyNode[],
  whole: readonly WhyNode[],
  unit: 'people' | 'days',
): Figure => {
  const grounds = [houseRule('company-metrics')];
  return product(
    'value',
    textJa,
    hundredths / 100,
    [
      count('part', '当てはまるもの', part.length, part, { unit, grounds }),
      { ...count('whole', '全体', whole.length, whole, { unit }), role: 'divide' },
    ],
    { unit: 'percent', rounding: 'percent', grounds },
  );
};

export const explainCompanyMetrics: Explain = (input, key) => {
  const { registry, index, days, asOf } = input;
  const company = registry.companies.find(({ companyId }) => companyId === key.companyId);
  if (company === undefined) return undefined;
  const { records } = workHistoryOf(days, index);
  const found = reasonedMetrics(registry, index, company.companyId, records, asOf).find(
    ({ metric: { companyId, block, item, source } }) =>
      isOfKey(key, { companyId, block, item, source }),
  );
  if (found === undefined) return undefined;
  const value = valueFigure(input, found);
  const { unit } = found.metric;
  return [
    value,
    decided(
      'unit',
      '値の単位',
      unit === 'percent-hundredths' ? 'percent' : unit,
      [houseRule('company-metrics')],
      { unit: 'codes' },
    ),
  ];
};
