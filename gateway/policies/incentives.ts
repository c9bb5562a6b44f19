/**
 * 自治体の評価・加点: what the rules of an authority make of a contract's rates.
 *
 * Forty-odd prefectures have a rule of their own, and each revises it: name, metric, threshold, points,
 * forms and source are rows `incentives` of the registry. Nothing of any authority is built in.
 */
import type { RegistryRow } from '../registry/registry-document.ts';
import type { IncentiveMetric } from '../registry/registry-labour-tables.ts';
import { isAtLeast, type Rate } from './exact-rate.ts';

type Profile = RegistryRow<'incentives'>;

export interface RuleOutcome {
  readonly rule: Profile['rules'][number];
  readonly rate: Rate | undefined;
  /** A rate that cannot be worked out meets nothing. */
  readonly isMet: boolean;
}

export interface ProfileOutcome {
  readonly rules: readonly RuleOutcome[];
  readonly points: number;
}

export const applyProfile = (
  { rules, counting }: Pick<Profile, 'rules' | 'counting'>,
  rates: Readonly<Record<IncentiveMetric, Rate | undefined>>,
): ProfileOutcome => {
  const outcomes = rules.map((rule) => {
    const rate = rates[rule.metric];
    return { rule, rate, isMet: rate !== undefined && isAtLeast(rate, rule.atLeastPercent) };
  });
  const met = outcomes.filter(({ isMet }) => isMet).map(({ rule }) => rule.points);
  const points =
    counting === 'sum' ? met.reduce((sum, each) => sum + each, 0) : Math.max(0, ...met);
  return { rules: outcomes, points };
};
