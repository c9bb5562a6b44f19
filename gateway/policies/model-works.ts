/**
 * モデル工事 (CCUS義務化・活用推奨モデル工事): three rates, the points they earn, and whether the prime owes
 * a public statement.
 *
 * Source of targets and points: 官民施策パッケージ 2020-03, III (一般土木, 国直轄). The national formula of the
 * rates is not readable; ours is stated at each function, and who counts is the contract's own setting
 * (宮崎県 2022-10-01: kensetsunet-pr.com/2022-10-6-2).
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { DAY_MS, type Dated, isValidOn, startOfDate, type WorkDate } from '../../shared/time.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import { isAtLeast, meanOf, type Rate, rateOf } from './exact-rate.ts';
import type { WorkHistoryRecord } from './work-history.ts';

type Contract = RegistryRow<'contracts'>;
export type ModelWorksSetting = NonNullable<Contract['modelWorks']>[number];

/** Percent. Below `missed`: 目標を著しく下回った. */
export const TARGETS = {
  company: { achieved: 90, missed: 70 },
  worker: { achieved: 80, missed: 60, twoPoints: 90 },
  touch: { achieved: 50, missed: 30 },
  source: '官民施策パッケージ 2020-03 III 3(1)、(3)',
} as const;

/** What makes the figures doubtful; a person looks before anybody is judged by them. */
export type ModelWorksAttention =
  | 'no-sample-dates'
  | 'sample-date-ahead'
  | 'sample-date-without-companies'
  | 'sample-date-without-workers'
  | 'no-headcounts'
  | 'more-touches-than-headcount';

export interface ModelWorksRates {
  readonly company: Rate | undefined;
  readonly worker: Rate | undefined;
  readonly touch: Rate | undefined;
  readonly attention: readonly ModelWorksAttention[];
}

/** Who was counted on a sample date. */
export interface ModelWorksSample {
  readonly date: WorkDate;
  readonly companies: readonly CompanyId[];
  readonly registeredCompanies: readonly CompanyId[];
  readonly workers: readonly WorkerId[];
  readonly registeredWorkers: readonly WorkerId[];
}

/** The rates with everything that they were counted from. */
export interface ReasonedModelWorks {
  readonly rates: ModelWorksRates;
  readonly samples: readonly ModelWorksSample[];
  readonly records: readonly WorkHistoryRecord[];
  readonly headcounts: Registry['headcounts'];
}

export interface ModelWorksScope {
  readonly siteId: SiteId;
  readonly setting: Omit<ModelWorksSetting, 'kind'>;
}

/** Days of a stay, both ends counted; an open end is a long stay. */
const stayDays = ({ from, to }: Dated): number =>
  from === undefined || to === undefined
    ? Number.POSITIVE_INFINITY
    : (startOfDate(to) - startOfDate(from)) / DAY_MS + 1;

/** Keys whose rows at the site together last longer than the contract leaves out. */
const longStayers = <Key, Row extends Dated>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  excludeUpToDays: number,
): ReadonlySet<Key> => {
  const daysByKey = new Map<Key, number>();
  for (const row of rows)
    daysByKey.set(keyOf(row), (daysByKey.get(keyOf(row)) ?? 0) + stayDays(row));
  return new Set([...daysByKey].filter(([, days]) => days > excludeUpToDays).map(([key]) => key));
};

/**
 * Companies of the 施工体制 on a date. The prime counts where the 施工体制 lists it, unless the contract
 * says `includePrime: false`; `true` counts it also where it is not listed.
 */
const companiesOn = (
  registry: RegistryIndex,
  { siteId, setting }: ModelWorksScope,
  date: WorkDate,
): ReadonlySet<CompanyId> => {
  const rows = registry.organisationBySite.get(siteId) ?? [];
  const prime = primeOf(registry, siteId);
  const stayers = longStayers(rows, (row) => row.companyId, setting.excludeStaysUpToDays ?? 0);
  const companies = new Set(
    rows
      .filter((row) => isValidOn(row, date) && stayers.has(row.companyId))
      .map(({ companyId }) => companyId),
  );
  if (prime !== undefined && setting.includePrime === true) companies.add(prime);
  if (prime !== undefined && setting.includePrime === false) companies.delete(prime);
  return companies;
};

/** Workers assigned to the site on a date, each once. */
const workersOn = (
  registry: RegistryIndex,
  { siteId, setting }: ModelWorksScope,
  date: WorkDate,
): ReadonlySet<WorkerId> => {
  const rows = registry.assignmentsBySite.get(siteId) ?? [];
  const prime = primeOf(registry, siteId);
  const stayers = longStayers(rows, (row) => row.workerId, setting.excludeStaysUpToDays ?? 0);
  return new Set(
    rows
      .filter(
        (row) =>
          isValidOn(row, date) &&
          stayers.has(row.workerId) &&
          !(setting.includePrime === false && row.companyId === prime) &&
          !(setting.excludeEngineers === true && row.role === 'engineer'),
      )
      .map(({ workerId }) => workerId),
  );
};

export interface ModelWorksInput {
  readonly registry: RegistryIndex;
  readonly headcounts: Registry['headcounts'];
  /** Records of the site over all dates. */
  readonly records: readonly WorkHistoryRecord[];
  readonly asOf: WorkDate;
}

/**
 * Company rate = registered ÷ all companies of the 施工体制; worker rate = registered ÷ all assigned
 * workers; each the mean of the rates on the sample dates. Touch rate = work-history records ÷ workers
 * really there as the companies reported (出面), over the accumulation period of the site.
 */
export const reasonedModelWorks = (
  { registry, headcounts, records, asOf }: ModelWorksInput,
  scope: ModelWorksScope,
): ReasonedModelWorks => {
  const { siteId, setting } = scope;
  const samples = setting.sampleDates.map((date): ModelWorksSample => {
    const companies = [...companiesOn(registry, scope, date)];
    const workers = [...workersOn(registry, scope, date)];
    return {
      date,
      companies,
      registeredCompanies: companies.filter((id) => registry.companyById.get(id)?.ccusRegistered),
      workers,
      registeredWorkers: workers.filter((id) => registry.workerById.get(id)?.ccusRegistered),
    };
  });
  const companyRates = samples.map(({ companies, registeredCompanies }) =>
    rateOf(registeredCompanies.length, companies.length),
  );
  const workerRates = samples.map(({ workers, registeredWorkers }) =>
    rateOf(registeredWorkers.length, workers.length),
  );
  const prime = primeOf(registry, siteId);
  const counts = (companyId: CompanyId | undefined): boolean =>
    !(setting.includePrime === false && companyId === prime);
  const period = registry.siteById.get(siteId) ?? {};
  const touched = records.filter(
    (record) =>
      record.siteId === siteId && isValidOn(period, record.workDate) && counts(record.companyId),
  );
  const reported = headcounts.filter(
    (row) => row.siteId === siteId && isValidOn(period, row.date) && counts(row.companyId),
  );
  const worked = reported.reduce((sum, { workers }) => sum + workers, 0);
  const rates: ModelWorksRates = {
    company: meanOf(companyRates.filter((each) => each !== undefined)),
    worker: meanOf(workerRates.filter((each) => each !== undefined)),
    touch: rateOf(touched.length, worked),
    attention: [
      ...(setting.sampleDates.length === 0 ? (['no-sample-dates'] as const) : []),
      ...(setting.sampleDates.some((date) => date > asOf) ? (['sample-date-ahead'] as const) : []),
      ...(companyRates.includes(undefined) ? (['sample-date-without-companies'] as const) : []),
      ...(workerRates.includes(undefined) ? (['sample-date-without-workers'] as const) : []),
      ...(worked === 0 ? (['no-headcounts'] as const) : []),
      ...(touched.length > worked && worked > 0 ? (['more-touches-than-headcount'] as const) : []),
    ],
  };
  return { rates, samples, records: touched, headcounts: reported };
};

/** The rates alone. */
export const modelWorksRates = (input: ModelWorksInput, scope: ModelWorksScope): ModelWorksRates =>
  reasonedModelWorks(input, scope).rates;

export interface ModelWorksVerdict {
  readonly verdict: 'achieved' | 'neutral' | 'missed';
  readonly points: number;
  /** 活用推奨 only: instead of the lost point, fact, cause and improvement on the prime's web site. */
  readonly statementRequired: boolean;
}

/** A rate that nobody can work out neither earns nor costs a point. */
export const judgeModelWorks = (
  kind: ModelWorksSetting['kind'],
  { company, worker, touch }: Pick<ModelWorksRates, 'company' | 'worker' | 'touch'>,
): ModelWorksVerdict => {
  const isBelow = (rate: Rate | undefined, percent: number): boolean =>
    rate !== undefined && !isAtLeast(rate, percent);
  const reaches = (rate: Rate | undefined, percent: number): boolean =>
    rate !== undefined && isAtLeast(rate, percent);
  if (
    isBelow(company, TARGETS.company.missed) ||
    isBelow(worker, TARGETS.worker.missed) ||
    isBelow(touch, TARGETS.touch.missed)
  ) {
    const isMandatory = kind === 'mandatory';
    return { verdict: 'missed', points: isMandatory ? -1 : 0, statementRequired: !isMandatory };
  }
  if (
    reaches(company, TARGETS.company.achieved) &&
    reaches(worker, TARGETS.worker.achieved) &&
    reaches(touch, TARGETS.touch.achieved)
  ) {
    const points = reaches(worker, TARGETS.worker.twoPoints) ? 2 : 1;
    return { verdict: 'achieved', points, statementRequired: false };
  }
  return { verdict: 'neutral', points: 0, statementRequired: false };
};
