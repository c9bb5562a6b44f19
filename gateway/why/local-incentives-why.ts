/** Why a row of `local-incentives` (自治体の加点) is met or not: the rate that the rule asks for, and its threshold. */
import { applyProfile } from '../policies/incentives.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { IncentiveMetric } from '../registry/registry-labour-tables.ts';
import { profilesOf, ratesOf, sampleDatesOf } from '../reports/local-incentives-report.ts';
import { daysOffCounted } from './days-off-why.ts';
import { type Explain, isOfKey, type WhyInput } from './explain.ts';
import { modelRates, percentOf } from './model-works-why.ts';
import { completeLink } from './record-links.ts';
import { registryRow } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { count, decided, type Figure, product } from './why.ts';

type Contract = RegistryRow<'contracts'>;

const completeRate = (input: WhyInput, contract: Contract, value: number | undefined): Figure => {
  const { records } = workHistoryOf(
    input.days.filter(({ siteId }) => siteId === contract.siteId),
    input.index,
  );
  const days = { unit: 'days' } as const;
  return product(
    'rate',
    '完全な就業履歴 ÷ 就業履歴',
    value,
    [
      count(
        'complete',
        '完全な就業履歴',
        records.filter(({ complete }) => complete).length,
        records.filter(({ complete }) => complete).map(completeLink),
        { ...days, grounds: [houseRule('history-checklist')] },
      ),
      {
        ...count('all', '就業履歴', records.length, records.map(completeLink), {
          ...days,
          grounds: [houseRule('record-per-day')],
        }),
        role: 'divide',
      },
    ],
    { unit: 'percent', rounding: 'percent', grounds: [houseRule('history-checklist')] },
  );
};

const rateFigure = (
  input: WhyInput,
  contract: Contract,
  metric: IncentiveMetric,
  value: number | undefined,
): Figure => {
  const { siteId } = contract;
  const sampleDates = [...sampleDatesOf(contract, input.asOf)];
  const setting = { ...contract.modelWorks?.[0], sampleDates };
  switch (metric) {
    case 'company-rate':
      return modelRates(input, contract, { siteId, setting }).company('rate');
    case 'worker-rate':
      return modelRates(input, contract, { siteId, setting }).worker('rate');
    case 'touch-rate':
      return modelRates(input, contract, { siteId, setting }).touch('rate');
    case 'complete-history-rate':
      return completeRate(input, contract, value);
    case 'days-off-rate':
      return (
        daysOffCounted(input.index, contract, input.days, input.asOf, () => true)?.rate(
          'rate',
          'percent',
        ) ??
        decided('rate', '期間が決まっていないため求めない', undefined, [
          houseRule('days-off'),
          registryRow('contracts', contract, 'siteId', 'daysOff'),
        ])
      );
  }
};

export const explainLocalIncentives: Explain = (input, key) => {
  const contract = input.index.contractById.get(key.contractId ?? '');
  const profile =
    contract &&
    profilesOf(input.registry, contract, input.asOf).find(
      ({ authority }) => authority === key.authority,
    );
  if (contract === undefined || profile === undefined) return undefined;
  const outcome = applyProfile(profile, ratesOf(input, contract).rates).rules.find(
    ({ rule: { name, metric, atLeastPercent } }) =>
      isOfKey(key, {
        authority: profile.authority,
        contractId: contract.contractId,
        rule: name,
        metric,
        atLeastPercent,
      }),
  );
  if (outcome === undefined) return undefined;
  const { rule, isMet } = outcome;
  const profileLeaf = registryRow('incentives', profile, 'ordererNames', 'rules', 'counting');
  const rate = rateFigure(input, contract, rule.metric, percentOf(outcome.rate));
  const contractLeaf = registryRow('contracts', contract, 'siteId', 'ordererName');
  const met = decided(
    'met',
    `率が${rule.atLeastPercent}%以上`,
    isMet,
    [houseRule('local-incentive'), profileLeaf, contractLeaf],
    { unit: 'flag', parts: [rate] },
  );
  return [
    decided('siteId', '契約の現場', contract.siteId, [contractLeaf], { unit: 'site' }),
    rate,
    met,
    decided('points', '届けば加わる点', isMet ? rule.points : 0, [profileLeaf], {
      unit: 'number',
      parts: [met],
    }),
  ];
};
