/** Why a row of `labour-cost` (レベル別労務費) costs so much: person-days by guideline, and who they are. */
import { type Guideline, type PricedRecord, reasonedLabourCosts } from '../policies/labour-cost.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { isAsked } from '../reports/report.ts';
import { exactValue, guidelineLeaf } from './day-pay.ts';
import { type Explain, isOfKey } from './explain.ts';
import { recordLink } from './record-links.ts';
import { noRow } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, product, sum } from './why.ts';

const dayCount = (code: string, textJa: string, records: readonly PricedRecord[]): Figure =>
  count(
    code,
    textJa,
    records.length,
    records.map(({ record }) => recordLink(record)),
    {
      unit: 'days',
    },
  );

/** What the days of one guideline cost, exactly: pay by the day, and 職長手当 for those who had it. */
const costsOf = (guideline: Guideline, of: readonly PricedRecord[]): readonly Figure[] => {
  const { yenPerYear, daysPerYear, foremanYenPerDay = 0 } = guideline;
  const leaf = guidelineLeaf(guideline);
  const foremen = of.filter(({ isForeman }) => isForeman);
  const yen = (code: string, textJa: string, value: number) =>
    decided(code, textJa, value, [leaf], { unit: 'yen' });
  return [
    product(
      'pay',
      '年収の目安 ÷ その日数 × 人日',
      exactValue({
        numerator: BigInt(yenPerYear) * BigInt(of.length),
        denominator: BigInt(daysPerYear),
      }),
      [
        yen('yenPerYear', '年収の目安', yenPerYear),
        {
          ...decided('daysPerYear', 'その日数', daysPerYear, [leaf], { unit: 'days' }),
          role: 'divide',
        },
        dayCount('days', '人日', of),
      ],
      { unit: 'yen' },
    ),
    ...(foremen.length === 0
      ? []
      : [
          product(
            'foreman-allowance',
            '職長手当 × 職長の人日',
            foremanYenPerDay * foremen.length,
            [
              yen('foremanYenPerDay', '1日の職長手当', foremanYenPerDay),
              dayCount('foremanDays', '職長の人日', foremen),
            ],
            { unit: 'yen' },
          ),
        ]),
  ];
};

export const explainLabourCost: Explain = ({ registry, index, days, filter }, key) => {
  const { records } = workHistoryOf(
    days.filter((day) => isAsked(filter, day)),
    index,
  );
  const found = reasonedLabourCosts(records, index, registry.payGuidelines).find(({ cost }) => {
    const { siteId, companyId, trade, level } = cost;
    return isOfKey(key, { siteId, companyId, trade, level });
  });
  if (found === undefined) return undefined;
  const { cost } = found;
  const unpriced = found.records.filter(({ guideline }) => guideline === undefined);
  const byGuideline = [...Map.groupBy(found.records, ({ guideline }) => guideline)];
  const costs = byGuideline.flatMap(([guideline, of]) =>
    guideline === undefined ? [] : costsOf(guideline, of),
  );
  const noGuideline = noRow('payGuidelines', {
    trade: cost.trade,
    level: cost.level === undefined ? undefined : String(cost.level),
  });
  const rule = houseRule('level-pay');
  return [
    dayCount('workerDays', '就業履歴のある人日', found.records),
    {
      ...dayCount(
        'foremanDays',
        '職長としての人日',
        found.records.filter(({ isForeman }) => isForeman),
      ),
      grounds: [houseRule('record-per-day')],
    },
    cost.guidelineYen === undefined
      ? decided(
          'guidelineYen',
          '目安のない人日があるため求めない',
          undefined,
          [rule, noGuideline],
          {
            unit: 'yen',
          },
        )
      : sum('guidelineYen', '目安額の合計（最後に一度だけ切り捨て）', cost.guidelineYen, costs, {
          unit: 'yen',
          rounding: 'down',
          grounds: [rule],
        }),
    {
      ...dayCount('daysWithoutGuideline', '目安のない人日', unpriced),
      grounds: [rule, ...(unpriced.length === 0 ? [] : [noGuideline])],
    },
    decided(
      'sources',
      '目安の出典',
      cost.sources,
      [
        rule,
        ...byGuideline.flatMap(([guideline]) =>
          guideline === undefined ? [noGuideline] : [guidelineLeaf(guideline)],
        ),
      ],
      { unit: 'evidence' },
    ),
  ];
};
