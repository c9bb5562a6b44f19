/** Why a row of `model-works` (モデル工事) has its rates and points: who was counted on each date, and the targets. */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { percentHundredths, type Rate, rateOf } from '../policies/exact-rate.ts';
import { headcountGroups } from '../policies/headcount-analysis.ts';
import {
  judgeModelWorks,
  type ModelWorksScope,
  type ReasonedModelWorks,
  reasonedModelWorks,
  TARGETS,
} from '../policies/model-works.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { codeJa } from '../reports/code-words.ts';
import type { Explain, WhyInput } from './explain.ts';
import { noRow, registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import {
  count,
  decided,
  type Figure,
  link,
  mean,
  product,
  type RuleLeaf,
  sum,
  type WhyNode,
} from './why.ts';

const PERCENT = { unit: 'percent' } as const;

export const percentOf = (rate: Rate | undefined): number | undefined =>
  rate === undefined ? undefined : percentHundredths(rate) / 100;

const exactly = (rate: Rate | undefined): string | undefined =>
  rate === undefined ? undefined : `${rate.numerator}/${rate.denominator}`;

/** The part of the whole on one date; without a value where there is nobody to count. */
const shareOn = <Id extends string>(
  date: string,
  whole: readonly Id[],
  part: readonly Id[],
  leafOf: (id: Id) => WhyNode,
): Figure => {
  const people = { unit: 'people' } as const;
  return product(
    'sample',
    date,
    exactly(rateOf(part.length, whole.length)),
    [
      count(
        'registered',
        'CCUSに登録したもの',
        part.length,
        part.map((id) => decided('one', '一つ', true, [leafOf(id)], { unit: 'flag' })),
        { ...people, grounds: whole.map(leafOf) },
      ),
      {
        ...count(
          'all',
          '数えたもの',
          whole.length,
          whole.map((id) => decided('one', '一つ', true, [leafOf(id)], { unit: 'flag' })),
          people,
        ),
        role: 'divide',
      },
    ],
    PERCENT,
  );
};

export interface ModelRates {
  readonly company: (code: string) => Figure;
  readonly worker: (code: string) => Figure;
  readonly touch: (code: string) => Figure;
  readonly reasoned: ReasonedModelWorks;
}

/** The three rates of a contract's site; also for what authorities tie to them. */
export const modelRates = (
  { registry, index, days, asOf }: WhyInput,
  contract: RegistryIndex['contractById'] extends ReadonlyMap<string, infer Row> ? Row : never,
  scope: ModelWorksScope,
): ModelRates => {
  const { siteId } = scope;
  const { records } = workHistoryOf(
    days.filter((day) => day.siteId === siteId),
    index,
  );
  const reasoned = reasonedModelWorks(
    { registry: index, headcounts: registry.headcounts, records, asOf },
    scope,
  );
  const { rates, samples, records: touched, headcounts } = reasoned;
  const setting = registryRow('contracts', contract, 'siteId', 'modelWorks');
  const site = index.siteById.get(siteId);
  const siteLeaf = rowOrNone('sites', site, { siteId }, 'primeId');
  const companyLeaf = (companyId: CompanyId): WhyNode => {
    const company = index.companyById.get(companyId);
    return rowOrNone('companies', company, { companyId }, 'ccusRegistered');
  };
  const workerLeaf = (workerId: WorkerId): WhyNode => {
    const worker = index.workerById.get(workerId);
    return rowOrNone('workers', worker, { workerId }, 'ccusRegistered');
  };
  const counted = [
    sum(
      'records',
      '就業履歴の件数（日・会社・職種・レベルごと）',
      touched.length,
      headcountGroups(touched, index).map((group) => {
        const { workDate, companyId, trade, level } = group;
        return link(
          'headcount',
          {
            siteId,
            workDate,
            companyId,
            trade,
            level: level === undefined ? undefined : String(level),
          },
          'workers',
          group.records.length,
          { unit: 'people' },
        );
      }),
      { unit: 'days', grounds: [houseRule('record-per-day'), siteLeaf] },
    ),
    {
      ...sum(
        'headcount',
        '会社が報告した出面の人数',
        headcounts.reduce((total, { workers }) => total + workers, 0),
        headcounts.map((row) =>
          decided('reported', row.date, row.workers, [registryRow('headcounts', row, 'workers')], {
            unit: 'people',
          }),
        ),
        {
          unit: 'people',
          grounds: headcounts.length === 0 ? [noRow('headcounts', { siteId })] : [siteLeaf],
        },
      ),
      role: 'divide' as const,
    },
  ];
  return {
    reasoned,
    company: (code) =>
      mean(
        code,
        '確認日ごとの事業者登録率の平均',
        percentOf(rates.company),
        samples
          .filter(({ companies }) => companies.length > 0)
          .map(({ date, companies, registeredCompanies }) =>
            shareOn(date, companies, registeredCompanies, companyLeaf),
          ),
        { ...PERCENT, rounding: 'percent', grounds: [houseRule('company-rate'), setting] },
      ),
    worker: (code) =>
      mean(
        code,
        '確認日ごとの技能者登録率の平均',
        percentOf(rates.worker),
        samples
          .filter(({ workers }) => workers.length > 0)
          .map(({ date, workers, registeredWorkers }) =>
            shareOn(date, workers, registeredWorkers, workerLeaf),
          ),
        { ...PERCENT, rounding: 'percent', grounds: [houseRule('worker-rate'), setting] },
      ),
    touch: (code) =>
      product(code, '就業履歴 ÷ 出面の報告', percentOf(rates.touch), counted, {
        ...PERCENT,
        rounding: 'percent',
        grounds: [houseRule('touch-rate'), setting],
      }),
  };
};

const target = (id: 'company' | 'worker' | 'touch', textJa: string): RuleLeaf => {
  const { achieved, missed } = TARGETS[id];
  return {
    kind: 'rule',
    id: `target-${id}`,
    value: achieved,
    unit: 'percent',
    textJa: `${textJa}: ${achieved}%以上で達成、${missed}%未満で著しく下回る`,
    source: TARGETS.source,
  };
};

export const explainModelWorks: Explain = (input, key) => {
  const contract = input.index.contractById.get(key.contractId ?? '');
  const setting = contract?.modelWorks?.find(({ kind }) => kind === key.kind);
  if (contract === undefined || setting === undefined) return undefined;
  const siteId: SiteId = contract.siteId;
  const { reasoned, ...rates } = modelRates(input, contract, { siteId, setting });
  const judged = judgeModelWorks(setting.kind, reasoned.rates);
  const settingLeaf = registryRow('contracts', contract, 'siteId', 'modelWorks');
  const three = {
    parts: [rates.company('companyRate'), rates.worker('workerRate'), rates.touch('touchRate')],
  };
  const targets = [
    target('company', '事業者登録率'),
    target('worker', '技能者登録率'),
    target('touch', '就業履歴蓄積率'),
    settingLeaf,
  ];
  const attention = [...Map.groupBy(reasoned.rates.attention, (each) => each).keys()];
  return [
    decided('siteId', '契約の現場', siteId, [settingLeaf], { unit: 'site' }),
    ...three.parts,
    decided('points', '目標に対する点', judged.points, targets, { unit: 'number', ...three }),
    decided('verdict', '目標に対する結果', judged.verdict, targets, { unit: 'codes', ...three }),
    decided(
      'statementRequired',
      '活用推奨で著しく下回れば、公表する',
      judged.statementRequired,
      targets,
      { unit: 'flag', ...three },
    ),
    decided('attention', '確認が必要な点', reasoned.rates.attention, [settingLeaf], {
      unit: 'codes',
      parts: attention.map((code) =>
        decided(code, codeJa(code) ?? code, true, [settingLeaf], { unit: 'flag', ...three }),
      ),
    }),
  ];
};
