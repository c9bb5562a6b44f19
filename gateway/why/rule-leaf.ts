/** Rules as leaves of a "why": since when they hold and who says so, from the tables that the policies use. */
import type { WorkDate } from '../../shared/time.ts';
import { extractDate } from '../policies/correction-deadline.ts';
import type { EffectiveRow } from '../policies/effective-table.ts';
import { KENTAIKYO_RULES, type KentaikyoRule } from '../policies/kentaikyo-rules.ts';
import { HOUSE_RULES, type HouseRule } from './house-rules.ts';
import type { RuleLeaf, Unit } from './why.ts';

export const houseRule = (id: HouseRule): RuleLeaf => ({
  kind: 'rule',
  id,
  textJa: HOUSE_RULES[id].ruleJa,
  source: HOUSE_RULES[id].source,
});

export const kentaikyoRule = (id: KentaikyoRule): RuleLeaf => ({
  kind: 'rule',
  id,
  textJa: KENTAIKYO_RULES[id].ruleJa,
  source: KENTAIKYO_RULES[id].source,
});

/** From which day on what is mended of that work date's month is an addition. */
export const extractRule = (worked: WorkDate, extractDay: number | undefined): RuleLeaf => ({
  ...houseRule('extract-day'),
  value: extractDate(worked, extractDay),
  unit: 'date',
});

/** A row of a dated table, with the value that was taken from it. */
export const datedRule = (
  id: string,
  textJa: string,
  { from, source }: EffectiveRow<unknown>,
  value: unknown,
  unit: Unit = 'number',
): RuleLeaf => ({
  kind: 'rule',
  id,
  ...(from === undefined ? {} : { from }),
  ...(value === undefined ? {} : { value, unit }),
  textJa,
  source,
});
