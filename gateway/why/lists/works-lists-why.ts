/** Why the lists beside reports on works say so: estimates, statements, periods, packs and grades. */
import { isValidOn } from '../../../shared/time.ts';
import { type CompanyGrade, companyMetrics, gradeItems } from '../../policies/company-metrics.ts';
import { isFourWeeksEightOff } from '../../policies/days-off.ts';
import { workHistoryOf } from '../../policies/work-history.ts';
import { codeJa } from '../../reports/code-words.ts';
import { companyMetricsReport } from '../../reports/company-metrics-report.ts';
import { daysOff } from '../../reports/days-off-report.ts';
import { labourCost } from '../../reports/labour-cost-report.ts';
import { localIncentives, profilesOf } from '../../reports/local-incentives-report.ts';
import { modelWorks } from '../../reports/model-works-report.ts';
import { daysOffCounted } from '../days-off-why.ts';
import { recordLink } from '../record-links.ts';
import { registryRow, rowOrNone } from '../registry-leaf.ts';
import { houseRule } from '../rule-leaf.ts';
import { count, decided, link, list, type RowLink, sum, type WhyNode } from '../why.ts';
import { explainListed } from './list-row.ts';

interface QuoteRow {
  readonly siteId: string;
  readonly companyId: string;
  readonly date: string;
  readonly estimateYen: number;
  readonly contractedYen?: number;
  readonly verdict: string;
  readonly source: string;
}

export const explainQuote = explainListed<QuoteRow>(labourCost, 'quotes', ({ registry }, row) => {
  const quote = registry.labourQuotes.find(
    ({ siteId, companyId, date }) =>
      siteId === row.siteId && companyId === row.companyId && date === row.date,
  );
  const told: readonly WhyNode[] =
    quote === undefined ? [] : [registryRow('labourQuotes', quote, 'estimateYen', 'contractedYen')];
  return [
    decided('estimateYen', '見積りの労務費', row.estimateYen, told, { unit: 'yen' }),
    decided('contractedYen', '契約の労務費', row.contractedYen, told, { unit: 'yen' }),
    decided('verdict', '見積りと契約の比較', row.verdict, [houseRule('quote-respect'), ...told], {
      unit: 'codes',
    }),
    decided('source', '出典', row.source, told, { unit: 'evidence' }),
  ];
});

interface StatementRow {
  readonly contractId: string;
  readonly kind: string;
  readonly draftJa: string;
}

/** The draft's figures are those of the row. */
export const explainStatementDraft = explainListed<StatementRow>(
  modelWorks,
  'statements',
  (input, { contractId, kind, draftJa }) => {
    const { rows } = modelWorks.make(input);
    const row = rows.find(
      (each) =>
        Reflect.get(each, 'contractId') === contractId && Reflect.get(each, 'kind') === kind,
    );
    const contract = input.index.contractById.get(contractId);
    const rate = (column: 'companyRate' | 'workerRate' | 'touchRate'): RowLink =>
      link('model-works', { contractId, kind }, column, row && Reflect.get(row, column), {
        unit: 'percent',
      });
    return [
      decided(
        'draftJa',
        '公表文の案',
        draftJa,
        [
          houseRule('model-works-statement'),
          ...(contract === undefined
            ? []
            : [registryRow('contracts', contract, 'name', 'ordererName')]),
        ],
        { parts: [rate('companyRate'), rate('workerRate'), rate('touchRate')] },
      ),
    ];
  },
);

interface PeriodRow {
  readonly contractId: string;
  readonly siteId: string;
  readonly from: string;
  readonly to: string;
}

export const explainDaysOffPeriod = explainListed<PeriodRow>(
  daysOff,
  'periods',
  ({ index, days, asOf }, { contractId, siteId, from, to }) => {
    const contract = index.contractById.get(contractId);
    const counted = contract && daysOffCounted(index, contract, days, asOf, () => true);
    if (contract === undefined || counted === undefined) return [];
    const site = index.siteById.get(contract.siteId);
    const told = [
      registryRow('contracts', contract, 'siteId', 'daysOff'),
      rowOrNone('sites', site, { siteId }),
    ];
    return [
      decided('siteId', '契約の現場', siteId, told, { unit: 'site' }),
      decided('from', '期間の始まり', from, told, { unit: 'date' }),
      decided('to', '期間の終わり（今日まで）', to, told, { unit: 'date' }),
      counted.days,
      counted.excludedDays,
      counted.closedDays,
      counted.rate('daysOffRate', 'percent'),
      decided(
        'reached',
        '閉所率が28.5%以上',
        counted.ratio !== undefined && isFourWeeksEightOff(counted.ratio),
        [houseRule('days-off')],
        { unit: 'flag', parts: [counted.rate('rate')] },
      ),
    ];
  },
);

interface PackRow {
  readonly authority: string;
  readonly contractId: string;
  readonly points: number;
  readonly counting: 'sum' | 'best';
  readonly forms: readonly string[];
  readonly reports: readonly string[];
  readonly records: number;
  readonly source: string;
}

export const explainPack = explainListed<PackRow>(localIncentives, 'packs', (input, row) => {
  const { index, registry, days, asOf } = input;
  const contract = index.contractById.get(row.contractId);
  const profile =
    contract &&
    profilesOf(registry, contract, asOf).find(({ authority }) => authority === row.authority);
  if (contract === undefined || profile === undefined) return [];
  const told = registryRow('incentives', profile, 'ordererNames', 'rules', 'counting', 'forms');
  const points = localIncentives.make(input).rows.flatMap((each): readonly RowLink[] => {
    const {
      authority,
      contractId,
      rule,
      metric,
      atLeastPercent,
      points: of,
    } = each as Record<string, string>;
    return authority === row.authority && contractId === row.contractId
      ? [
          link(
            'local-incentives',
            { authority, contractId, rule, metric, atLeastPercent: String(atLeastPercent) },
            'points',
            of,
          ),
        ]
      : [];
  });
  const { records } = workHistoryOf(
    days.filter(({ siteId }) => siteId === contract.siteId),
    index,
  );
  const grounds = [houseRule('local-incentive'), told];
  return [
    row.counting === 'sum'
      ? sum('points', '届いた項目の点の合計', row.points, points, { grounds })
      : decided('points', '届いた項目の最も高い点', row.points, grounds, {
          unit: 'number',
          parts: points,
        }),
    decided('counting', '点の数え方', row.counting, [told], { unit: 'codes' }),
    decided('forms', '自治体の様式', row.forms, [told]),
    decided('reports', '率を示す帳票', row.reports, grounds, { unit: 'codes' }),
    count('records', '現場の就業履歴', row.records, records.map(recordLink), { grounds }),
    decided('source', '出典', row.source, [told], { unit: 'evidence' }),
  ];
});

export const explainGrade = explainListed<CompanyGrade>(
  companyMetricsReport,
  'grades',
  ({ registry, index, days, asOf }, row) => {
    const assessment = registry.assessments.find(
      (each) => each.body === row.body && each.block === row.block && isValidOn(each, asOf),
    );
    if (assessment === undefined) return [];
    const told = registryRow('assessments', assessment, 'items', 'stars');
    const rule = houseRule('company-grade');
    const { records } = workHistoryOf(days, index);
    const metrics = companyMetrics(registry, index, row.companyId, records, asOf);
    const items = gradeItems(metrics, assessment);
    const points = sum(
      'points',
      '項目ごとに届いた段の点の合計',
      row.points,
      items.map(({ item, metric, points: of }) =>
        decided(item, codeJa(item) ?? item, of, [told], {
          unit: 'number',
          parts:
            metric === undefined
              ? []
              : [
                  link(
                    'company-metrics',
                    {
                      companyId: row.companyId,
                      block: metric.block,
                      item,
                      source: metric.source,
                    },
                    'value',
                    metric.unit === 'percent-hundredths' ? metric.value / 100 : metric.value,
                    { unit: metric.unit === 'percent-hundredths' ? 'percent' : 'number' },
                  ),
                ],
        }),
      ),
      { grounds: [rule, told] },
    );
    return [
      points,
      decided('stars', '点が届いた☆の数', row.stars, [rule, told], {
        unit: 'number',
        parts: [points],
      }),
      list(
        'missingItems',
        '数字のない項目',
        row.missingItems,
        items.map(({ item, metric }) =>
          decided(item, codeJa(item) ?? item, metric === undefined, [told], { unit: 'flag' }),
        ),
        { unit: 'codes', grounds: [told] },
      ),
      decided('source', '出典', row.source, [told], { unit: 'evidence' }),
    ];
  },
);
