/**
 * CCUS利用の度合い of a contract: how many of its days have a touch at a reader, and so how closely an orderer
 * looks at its completion: 簡易に確認 where use is high, 特に注意して確認 where it is low or stamps are used.
 *
 * Source: 官民施策パッケージ 2020-03 (公共工事における建退共の履行強化, 完成時). From which share on use is "high" is
 * not published: a setting of the orderer's profile, by default the 50 % that model works ask of touches.
 */
import { type Month, monthOf } from '../../shared/time.ts';
import { type Evidence, evidenceFor } from './completion-summary.ts';
import { type Contract, type Use, useOf } from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { isAtLeast, type Rate, rateOf } from './exact-rate.ts';
import { TARGETS } from './model-works.ts';

export const HIGH_USE_PERCENT = TARGETS.touch.achieved;

export interface TouchCount extends Use {
  /** Worker-days with a touch at a reader. */
  readonly touchedDays: number;
  /** Worker-days that rest on a person's correction alone. */
  readonly enteredDays: number;
  /** Paid leave and closures: nobody was there to touch. */
  readonly leaveDays: number;
}

const isTouched = ({ evidence }: Contribution): boolean =>
  evidence.some((id) => !id.startsWith('correction/'));

const countTouches = (contributions: readonly Contribution[]): TouchCount => {
  const shifts = contributions.filter(({ basis }) => basis === 'shift');
  const touchedDays = shifts.filter(isTouched).length;
  return {
    ...useOf(contributions),
    touchedDays,
    enteredDays: shifts.length - touchedDays,
    leaveDays: contributions.length - shifts.length,
  };
};

export interface CcusUse extends TouchCount {
  /** What touches are measured by: days reported as worked where they are more, else days recorded. */
  readonly measure: 'reported' | 'recorded';
  readonly measuredDays: number;
  /** Undefined where nothing was worked. */
  readonly rate?: Rate;
  readonly isHigh: boolean;
}

export const ccusUse = (
  contributions: readonly Contribution[],
  {
    reportedWorkerDays,
    highUsePercent = HIGH_USE_PERCENT,
  }: { readonly reportedWorkerDays: number; readonly highUsePercent?: number | undefined },
): CcusUse => {
  const count = countTouches(contributions);
  const recorded = count.touchedDays + count.enteredDays;
  const measuredDays = Math.max(recorded, reportedWorkerDays);
  const rate = rateOf(count.touchedDays, measuredDays);
  return {
    ...count,
    measure: reportedWorkerDays > recorded ? 'reported' : 'recorded',
    measuredDays,
    ...(rate === undefined ? {} : { rate }),
    isHigh: rate !== undefined && isAtLeast(rate, highUsePercent),
  };
};

export type MonthOfUse = TouchCount & { readonly month: Month };

export const useByMonth = (contributions: readonly Contribution[]): readonly MonthOfUse[] =>
  [...Map.groupBy(contributions, ({ workDate }) => monthOf(workDate))]
    .map(([month, rows]) => ({ month, ...countTouches(rows) }))
    .sort((a, b) => (a.month < b.month ? -1 : 1));

export const useByCompany = (
  contributions: readonly Contribution[],
): readonly (TouchCount & Pick<Contribution, 'companyId'>)[] =>
  [...Map.groupBy(contributions, ({ companyId }) => companyId)]
    .map(([companyId, rows]) => ({ companyId, ...countTouches(rows) }))
    .sort((a, b) => (a.companyId < b.companyId ? -1 : 1));

/** Where use is low, the reports of all subcontractors go along also by points. */
export const evidenceByUse = (
  contract: Contract,
  isHigh: boolean,
): { readonly required: readonly Evidence[]; readonly onRequest: readonly Evidence[] } => {
  const { required, onRequest } = evidenceFor(contract);
  const isAdded = (each: Evidence): boolean => each === 'work-reports' && !isHigh;
  return {
    required: [...required, ...onRequest.filter(isAdded)],
    onRequest: onRequest.filter((each) => !isAdded(each)),
  };
};
