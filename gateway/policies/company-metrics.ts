/**
 * 施工能力等の見える化: the figures of a company in the three blocks, and what an assessing body makes of them.
 *
 * Figures follow the items that are published (tokyo-doken.or.jp/?p=2851, jbn-support.jp/builder/service/
 * mieruka): workers, level 3 and above, people of 29 or younger, insurance. Points and stars are data of the
 * assessing body; none are built in, and without its row there are figures and no stars.
 */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import type { AssessmentBlock } from '../registry/registry-labour-tables.ts';
import { percentHundredths, rateOf } from './exact-rate.ts';
import { ageOn, decideInsurance } from './social-insurance.ts';
import type { WorkHistoryRecord } from './work-history.ts';

const YOUNG_AGE_MAX = 29;
const HIGH_LEVEL_FROM = 3;

export interface CompanyMetric {
  readonly companyId: CompanyId;
  readonly block: AssessmentBlock;
  /** Ours, or the item of a fact that the registry holds. */
  readonly item: string;
  /** `percent-hundredths`: 6667 is 66.67 %. */
  readonly unit: 'people' | 'days' | 'percent-hundredths' | 'as-recorded';
  readonly value: number;
  readonly source?: string;
}

/** Of all people or records of the company, those that the item asks for. */
interface CountedOf<Kind, Item> {
  readonly kind: Kind;
  readonly asked: readonly Item[];
  readonly of: readonly Item[];
}

/** A figure with what it was counted from. */
export interface ReasonedMetric {
  readonly metric: CompanyMetric;
  readonly counted:
    | { readonly kind: 'fact'; readonly row: RegistryRow<'companyFacts'> }
    | CountedOf<'people', WorkerId>
    | CountedOf<'people-share', WorkerId>
    | CountedOf<'records', WorkHistoryRecord>
    | CountedOf<'records-share', WorkHistoryRecord>;
}

export interface CompanyGrade {
  readonly companyId: CompanyId;
  readonly body: string;
  readonly block: AssessmentBlock;
  readonly points: number;
  /** 0 where the points reach no star. */
  readonly stars: number;
  readonly missingItems: readonly string[];
  readonly source: string;
}

const workersOf = (
  registry: Registry,
  companyId: CompanyId,
  date: WorkDate,
): readonly WorkerId[] => [
  ...new Set(
    registry.employments
      .filter((row) => row.companyId === companyId && isValidOn(row, date))
      .map(({ workerId }) => workerId),
  ),
];

/** Figures of one company on a date, in a fixed order. `records`: over the time that is looked at. */
export const reasonedMetrics = (
  registry: Registry,
  index: RegistryIndex,
  companyId: CompanyId,
  records: readonly WorkHistoryRecord[],
  asOf: WorkDate,
): readonly ReasonedMetric[] => {
  const all = workersOf(registry, companyId, asOf);
  const rowOf = (workerId: WorkerId) => index.workerById.get(workerId);
  const own = records.filter((record) => record.companyId === companyId);
  const metric = (
    block: AssessmentBlock,
    item: string,
    unit: CompanyMetric['unit'],
    value: number,
  ): CompanyMetric => ({ companyId, block, item, unit, value });
  const people = (item: string, test: (workerId: WorkerId) => boolean): ReasonedMetric => {
    const counted = all.filter(test);
    return {
      metric: metric('ability', item, 'people', counted.length),
      counted: { kind: 'people', asked: counted, of: all },
    };
  };
  const share = (
    block: AssessmentBlock,
    item: string,
    counted: ReasonedMetric['counted'] & { readonly of: readonly unknown[] },
    part: number,
  ): readonly ReasonedMetric[] => {
    const rate = rateOf(part, counted.of.length);
    return rate === undefined
      ? []
      : [{ metric: metric(block, item, 'percent-hundredths', percentHundredths(rate)), counted }];
  };
  const peopleShare = (
    block: AssessmentBlock,
    item: string,
    test: (workerId: WorkerId) => boolean,
  ): readonly ReasonedMetric[] => {
    const counted = all.filter(test);
    return share(block, item, { kind: 'people-share', asked: counted, of: all }, counted.length);
  };
  const complete = own.filter((record) => record.complete);
  const facts = registry.companyFacts.filter(
    (row) => row.companyId === companyId && isValidOn(row, asOf),
  );
  return [
    ...facts.map(
      (row): ReasonedMetric => ({
        metric: { ...metric(row.block, row.item, 'as-recorded', row.value), source: row.source },
        counted: { kind: 'fact', row },
      }),
    ),
    people('workers', () => true),
    people('registered-workers', (workerId) => rowOf(workerId)?.ccusRegistered === true),
    ...([1, 2, 3, 4] as const).map((level) =>
      people(`level-${level}-workers`, (workerId) => rowOf(workerId)?.level === level),
    ),
    ...peopleShare(
      'ability',
      'level-3-or-higher-share',
      (workerId) => (rowOf(workerId)?.level ?? 0) >= HIGH_LEVEL_FROM,
    ),
    ...peopleShare('ability', 'young-share', (workerId) => {
      const birthDate = rowOf(workerId)?.birthDate;
      return birthDate !== undefined && ageOn(birthDate, asOf) <= YOUNG_AGE_MAX;
    }),
    {
      metric: metric('ability', 'worker-days', 'days', own.length),
      counted: { kind: 'records', asked: own, of: own },
    },
    ...peopleShare(
      'compliance',
      'insured-share',
      (workerId) =>
        decideInsurance(index, { workerId, companyId, date: asOf }).missing.length === 0,
    ),
    ...share(
      'compliance',
      'complete-history-share',
      { kind: 'records-share', asked: complete, of: own },
      complete.length,
    ),
  ];
};

/** The figures alone. */
export const companyMetrics = (
  ...question: Parameters<typeof reasonedMetrics>
): readonly CompanyMetric[] => reasonedMetrics(...question).map(({ metric }) => metric);

export interface GradedItem {
  readonly item: string;
  /** Absent where the company has no such figure. */
  readonly metric: CompanyMetric | undefined;
  readonly points: number;
}

/** The highest step that the value reaches earns its points; a figure that is missing earns none. */
export const gradeItems = (
  metrics: readonly CompanyMetric[],
  { block, items }: Pick<RegistryRow<'assessments'>, 'block' | 'items'>,
): readonly GradedItem[] =>
  items.map(({ item, steps }) => {
    const metric = metrics.find((each) => each.block === block && each.item === item);
    const reached = steps.filter(({ atLeast }) => metric !== undefined && metric.value >= atLeast);
    const best = reached.reduce<(typeof reached)[number] | undefined>(
      (top, step) => (top === undefined || step.atLeast > top.atLeast ? step : top),
      undefined,
    );
    return { item, metric, points: best?.points ?? 0 };
  });

/** What the items come to, and the stars that this is. */
export const gradeCompany = (
  metrics: readonly CompanyMetric[],
  companyId: CompanyId,
  { body, block, items, stars, source }: RegistryRow<'assessments'>,
): CompanyGrade => {
  const graded = gradeItems(metrics, { block, items });
  const points = graded.reduce((sum, each) => sum + each.points, 0);
  return {
    companyId,
    body,
    block,
    points,
    stars: Math.max(
      0,
      ...stars.filter(({ atLeastPoints }) => points >= atLeastPoints).map((each) => each.stars),
    ),
    missingItems: graded.filter(({ metric }) => metric === undefined).map(({ item }) => item),
    source,
  };
};
