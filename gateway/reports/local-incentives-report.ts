/** Report `local-incentives` (自治体の加点): each rule of an authority per contract, and the pack of evidence. */
import { z } from 'zod';
import { addMonths, isValidOn, lastDateOf, monthOf, type WorkDate } from '../../shared/time.ts';
import { daysOffRate } from '../policies/days-off.ts';
import { percentHundredths, rateOf } from '../policies/exact-rate.ts';
import { applyProfile } from '../policies/incentives.ts';
import { modelWorksRates } from '../policies/model-works.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import { IncentiveMetric } from '../registry/registry-labour-tables.ts';
import { daysOffOf } from './days-off-report.ts';
import { allDates, type Report, type ReportInput } from './report.ts';
import { byKeys } from './row-order.ts';

const RuleRow = z.object({
  authority: z.string(),
  contractId: z.string(),
  siteId: z.string(),
  rule: z.string(),
  metric: IncentiveMetric,
  /** Percent with two decimals; absent where it cannot be worked out. */
  rate: z.number().optional(),
  atLeastPercent: z.int(),
  met: z.boolean(),
  points: z.int(),
});

const PackRow = z.object({
  authority: z.string(),
  contractId: z.string(),
  points: z.int(),
  counting: z.enum(['sum', 'best']),
  forms: z.array(z.string()).readonly(),
  /** Reports of this system that prove the rates. */
  reports: z.array(z.string()).readonly(),
  records: z.int(),
  source: z.string(),
});

type Contract = RegistryRow<'contracts'>;

/** Where a contract names no sample dates: the last day of each month of the works, and today. */
export const sampleDatesOf = (contract: Contract, asOf: WorkDate): readonly WorkDate[] => {
  const set = contract.modelWorks?.[0]?.sampleDates;
  if (set !== undefined) return set;
  const end =
    contract.completionDate !== undefined && contract.completionDate < asOf
      ? contract.completionDate
      : asOf;
  const dates: WorkDate[] = [];
  for (
    let month = monthOf(contract.contractDate);
    lastDateOf(month) < end;
    month = addMonths(month, 1)
  )
    dates.push(lastDateOf(month));
  return [...dates, end];
};

export const ratesOf = ({ registry, index, days, asOf }: ReportInput, contract: Contract) => {
  const { siteId } = contract;
  const { records } = workHistoryOf(
    days.filter((day) => day.siteId === siteId),
    index,
  );
  const setting = { ...contract.modelWorks?.[0], sampleDates: [...sampleDatesOf(contract, asOf)] };
  const input = { registry: index, headcounts: registry.headcounts, records, asOf };
  const { company, worker, touch } = modelWorksRates(input, { siteId, setting });
  const off = daysOffOf(index, contract, days, asOf);
  return {
    records: records.length,
    rates: {
      'company-rate': company,
      'worker-rate': worker,
      'touch-rate': touch,
      'complete-history-rate': rateOf(
        records.filter(({ complete }) => complete).length,
        records.length,
      ),
      'days-off-rate': off && daysOffRate(off),
    },
  };
};

/** The profiles of authorities that order the contract. */
export const profilesOf = (
  registry: Pick<Registry, 'incentives'>,
  contract: Contract,
  asOf: WorkDate,
): readonly RegistryRow<'incentives'>[] =>
  registry.incentives.filter(
    (profile) =>
      isValidOn(profile, contract.completionDate ?? asOf) &&
      profile.ordererNames.includes(contract.ordererName),
  );

const PROOF: Readonly<Record<IncentiveMetric, string>> = {
  'company-rate': 'model-works',
  'worker-rate': 'model-works',
  'touch-rate': 'model-works',
  'complete-history-rate': 'work-history',
  'days-off-rate': 'days-off',
};

export const localIncentives: Report = {
  name: 'local-incentives',
  titleJa: '自治体の評価・加点',
  key: ['authority', 'contractId', 'rule', 'metric', 'atLeastPercent'],
  row: RuleRow,
  beside: { packs: z.array(PackRow).readonly() },
  besideKeys: { packs: ['authority', 'contractId'] },
  needs: allDates,
  make: (input) => {
    const { registry, filter, asOf } = input;
    const outcomes = registry.contracts
      .filter(({ siteId }) => filter.siteId === undefined || siteId === filter.siteId)
      .flatMap((contract) =>
        profilesOf(registry, contract, asOf).map((profile) => {
          const { rates, records } = ratesOf(input, contract);
          return { contract, profile, records, outcome: applyProfile(profile, rates) };
        }),
      );
    return {
      report: 'local-incentives',
      rows: outcomes
        .flatMap(({ contract: { contractId, siteId }, profile: { authority }, outcome }) =>
          outcome.rules.map(({ rule, rate, isMet }) => ({
            authority,
            contractId,
            siteId,
            rule: rule.name,
            metric: rule.metric,
            ...(rate === undefined ? {} : { rate: percentHundredths(rate) / 100 }),
            atLeastPercent: rule.atLeastPercent,
            met: isMet,
            points: isMet ? rule.points : 0,
          })),
        )
        .sort(byKeys(['authority', 'contractId', 'rule'])),
      packs: outcomes
        .map(({ contract: { contractId }, profile, records, outcome }) => ({
          authority: profile.authority,
          contractId,
          points: outcome.points,
          counting: profile.counting,
          forms: profile.forms ?? [],
          reports: [...new Set(profile.rules.map(({ metric }) => PROOF[metric]))].sort(),
          records,
          source: profile.source,
        }))
        .sort(byKeys(['authority', 'contractId'])),
    };
  },
};
