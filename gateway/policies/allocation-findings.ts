/**
 * What a person should look at before a run is confirmed (充当前の確認): what contradicts itself, with its place
 * in the registry and who can mend it. None of it is guessed right; days that it concerns stay out of the run
 * or are told, and the run can go on with the others.
 */
import { lastDateOf, type Month, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import { isBrokenPurchase } from './allocation-accounts.ts';
import type { AllocationPlan } from './allocation-run.ts';
import { areSharesWhole, type Contract, knowsMethod } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { isAwaitingApproval, type Unresolved } from './contribution-doubts.ts';

/** In the order in which they are told. */
const ALLOCATION_FINDING = {
  'month-not-over': {
    mendedBy: 'prime',
    textJa: 'この月はまだ終わっていません。今から後の就労日は、次の充当で追加になります',
  },
  short: { mendedBy: 'prime', textJa: '購入した分が足りません。追加で購入してください' },
  lapsed: {
    mendedBy: 'prime',
    textJa:
      '充当されないまま730日を過ぎた（期限切れの）就労日があります。もう充当できません。所属事業者に知らせ、扱いを建退共に確かめてください',
  },
  'balance-negative': {
    mendedBy: 'prime',
    textJa: '充当済みの額が購入額を超えています。購入の登録を確かめてください',
  },
  'allocated-elsewhere': {
    mendedBy: 'prime',
    textJa: '別の契約で充当済みの就労日があります。先にその契約で充当を行うと、取消になります',
  },
  'purchase-before-contract': {
    mendedBy: 'prime',
    textJa: '契約日より前の購入です。購入日か工事を確かめてください',
  },
  'purchase-other-method': {
    mendedBy: 'prime',
    textJa: 'この工事で使われていない納付方式の購入です。方式か例外の会社を登録してください',
  },
  'purchase-not-whole-days': {
    mendedBy: 'prime',
    textJa: '証紙の購入額が1日分の整数倍になっていません。枚数か金額を確かめてください',
  },
  'stamps-handed-under-points': {
    mendedBy: 'prime',
    textJa: '証紙を使わない工事に証紙の交付が登録されています。方式か例外の会社を登録してください',
  },
  'joint-venture-shares': {
    mendedBy: 'prime',
    textJa: '共同企業体の出資比率の合計が100%になっていません',
  },
  'approval-without-work': {
    mendedBy: 'prime',
    textJa: '就労のない日の承認です。日付か技能者を確かめてください',
  },
  'approval-beyond-shift': {
    mendedBy: 'prime',
    textJa: '勤務で得られる日数より多い承認です。日数を確かめてください',
  },
  'awaiting-approval': {
    mendedBy: 'prime',
    textJa: '1日を超える日数の承認待ちです。今は1日分だけ充当します',
  },
  'member-no-shared': {
    mendedBy: 'employer',
    textJa: '被共済者番号が二人に登録されています。番号を直すまで充当しません',
  },
  'no-member-no': {
    mendedBy: 'employer',
    textJa: '被共済者番号がなく充当できません。手帳の申込みか番号の登録をしてください',
  },
  'no-contractor-no': {
    mendedBy: 'employer',
    textJa: '共済契約者番号が登録されていない会社です。番号を登録してください',
  },
} as const satisfies Readonly<
  Record<string, { readonly mendedBy: 'prime' | 'employer'; readonly textJa: string }>
>;

export type AllocationFindingId = keyof typeof ALLOCATION_FINDING;

export const ALLOCATION_FINDINGS = Object.keys(ALLOCATION_FINDING) as [
  AllocationFindingId,
  ...AllocationFindingId[],
];

export interface AllocationFinding {
  readonly id: AllocationFindingId;
  /** JSON pointer into the registry document, or a date range; empty = the run as a whole. */
  readonly place: string;
  readonly mendedBy: 'prime' | 'employer';
  readonly textJa: string;
}

export interface FindingsQuestion {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  readonly contract: Contract;
  readonly month: Month;
  readonly asOf: WorkDate;
  /** Of the contract, up to the end of the month; also days that are too late for any run. */
  readonly contributions: readonly Contribution[];
  readonly unresolved: readonly Unresolved[];
  readonly plan: AllocationPlan;
}

const PLACES_MAX = 100;

/** Places of the rows of a table that answer to a question. */
const placesIn = <Row>(
  table: string,
  rows: readonly Row[],
  isAsked: (row: Row) => boolean,
  field = '',
): readonly string[] =>
  rows.flatMap((row, at) => (isAsked(row) ? [`/${table}/${at}${field}`] : []));

/** Where each finding is; what is not listed does not compile. */
const PLACES: Readonly<
  Record<AllocationFindingId, (asked: FindingsQuestion) => readonly string[]>
> = {
  'month-not-over': ({ month, asOf }) => (asOf <= lastDateOf(month) ? [''] : []),
  short: ({ plan }) => (plan.balances.some(({ short }) => short !== undefined) ? [''] : []),
  lapsed: ({ contributions }) => {
    const dates = contributions
      .flatMap(({ notPayable, workDate }) => (notPayable === 'too-late' ? [workDate] : []))
      .sort();
    return dates.length === 0 ? [] : [`${dates[0]}/${dates.at(-1)}`];
  },
  'balance-negative': ({ plan }) =>
    plan.balances.some(({ beforeYen }) => beforeYen < 0) ? [''] : [],
  'allocated-elsewhere': ({ plan, registry }) => {
    const others = new Set(plan.held.map(({ otherContractId }) => otherContractId));
    return placesIn('contracts', registry.contracts, ({ contractId }) => others.has(contractId));
  },
  'purchase-before-contract': ({ registry, contract }) =>
    placesIn(
      'purchases',
      registry.purchases,
      ({ contractId, date }) => contractId === contract.contractId && date < contract.contractDate,
      '/date',
    ),
  'purchase-other-method': ({ registry, contract }) =>
    placesIn(
      'purchases',
      registry.purchases,
      ({ contractId, method }) =>
        contractId === contract.contractId && !knowsMethod(contract, method),
      '/method',
    ),
  'purchase-not-whole-days': ({ registry, contract }) =>
    placesIn(
      'purchases',
      registry.purchases,
      (row) =>
        row.contractId === contract.contractId && row.method === 'stamps' && isBrokenPurchase(row),
      '/yen',
    ),
  'stamps-handed-under-points': ({ registry, contract }) =>
    knowsMethod(contract, 'stamps')
      ? []
      : placesIn(
          'stampIssues',
          registry.stampIssues,
          ({ contractId }) => contractId === contract.contractId,
        ),
  'joint-venture-shares': ({ registry, contract }) =>
    areSharesWhole(contract)
      ? []
      : placesIn(
          'contracts',
          registry.contracts,
          ({ contractId }) => contractId === contract.contractId,
          '/jointVenture',
        ),
  'approval-without-work': (asked) => approvalPlaces(asked, 'approval-without-work'),
  'approval-beyond-shift': (asked) => approvalPlaces(asked, 'approval-beyond-shift'),
  'awaiting-approval': ({ index, contributions }) =>
    contributions.some((row) => isAwaitingApproval(index, row)) ? ['/approvals'] : [],
  'member-no-shared': ({ registry, plan }) => {
    const concerned = new Set(
      plan.held.flatMap(({ reason, workerId }) =>
        reason === 'member-no-shared' ? [workerId] : [],
      ),
    );
    return placesIn(
      'workers',
      registry.workers,
      ({ workerId }) => concerned.has(workerId),
      '/memberNo',
    );
  },
  'no-member-no': ({ registry, contributions }) => {
    const concerned = new Set(
      contributions.flatMap(({ notPayable, workerId }) =>
        notPayable === 'no-member-no' ? [workerId] : [],
      ),
    );
    return placesIn(
      'workers',
      registry.workers,
      ({ workerId }) => concerned.has(workerId),
      '/memberNo',
    );
  },
  'no-contractor-no': ({ registry, contributions }) => {
    const paying = new Set(
      contributions.flatMap(({ days, companyId }) => (days > 0 ? [companyId] : [])),
    );
    return placesIn(
      'companies',
      registry.companies,
      ({ companyId, contractorNo }) => contractorNo === undefined && paying.has(companyId),
      '/contractorNo',
    );
  },
};

const approvalPlaces = (
  { registry, unresolved }: FindingsQuestion,
  asked: Unresolved['reason'],
): readonly string[] => {
  const concerned = new Set(
    unresolved.flatMap(({ reason, workerId, workDate }) =>
      reason === asked ? [`${workerId} ${workDate}`] : [],
    ),
  );
  return concerned.size === 0
    ? []
    : placesIn('approvals', registry.approvals, ({ workerId, workDate }) =>
        concerned.has(`${workerId} ${workDate}`),
      );
};

/** At most 100 places of each. */
export const allocationFindings = (asked: FindingsQuestion): readonly AllocationFinding[] =>
  ALLOCATION_FINDINGS.flatMap((id) =>
    PLACES[id](asked)
      .slice(0, PLACES_MAX)
      .map((place) => ({ id, place, ...ALLOCATION_FINDING[id] })),
  );
