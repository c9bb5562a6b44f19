/** Report `contributions` (掛金): one row per worker, work date and paying company, as the contract words it. */
import { z } from 'zod';
import { isoInJapan } from '../../shared/time.ts';
import type { Contribution } from '../policies/contribution.ts';
import { waitingDays } from '../policies/contribution-doubts.ts';
import { type ContributionReadings, readingsOn } from '../policies/contribution-readings.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { KENTAIKYO_RULES, type KentaikyoRule } from '../policies/kentaikyo-rules.ts';
import { NOT_PAYABLES } from '../policies/not-payable.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const RuleId = z.enum(Object.keys(KENTAIKYO_RULES) as [KentaikyoRule, ...KentaikyoRule[]]);

const Readings = z.object({
  breaks: z.enum(['not-subtracted', 'statutory']),
  nextDayHours: z.enum(['of-remainder', 'without-whole-unit']),
});

const ContributionRow = z.object({
  workerId: z.string(),
  workDate: z.string(),
  companyId: z.string(),
  siteId: z.string().optional(),
  contractId: z.string().optional(),
  days: z.int(),
  candidateDays: z.int(),
  yen: z.int(),
  method: z.enum(['points', 'stamps']).optional(),
  colour: z.enum(['red', 'blue']),
  basis: z.enum(['shift', 'paid-leave', 'employer-closure']),
  reportDue: z.string(),
  notPayable: z.enum(NOT_PAYABLES).optional(),
  /** Of a day that is too late: how many could have been paid in time. */
  lapsedDays: z.int().optional(),
  rate: z.object({ yen: z.int(), surchargeYen: z.int().optional(), source: z.string() }),
  /** Ids of the rules beside the rows. */
  rules: z.array(RuleId).readonly(),
  /** The work that more than one day was counted from, and how open questions were read. */
  counted: z
    .object({
      intervals: z.array(z.object({ in: z.string(), out: z.string() })).readonly(),
      readings: Readings,
    })
    .optional(),
  evidence: z.array(z.string()).readonly(),
});
type ContributionRow = z.infer<typeof ContributionRow>;

/** Days that are not in the rows, or lack something, with who can mend it. */
const UnresolvedRow = z.object({
  reason: z.enum([
    'unknown-card',
    'unknown-worker',
    'no-employer',
    'no-contract',
    'awaiting-approval',
    'approval-without-work',
    'approval-beyond-shift',
    'member-no-shared',
    'too-late',
    'future-dated',
    'undated',
  ]),
  mendedBy: z.enum(['prime', 'employer']),
  siteId: z.string().optional(),
  workDate: z.string(),
  workerId: z.string().optional(),
  cardId: z.string().optional(),
  companyId: z.string().optional(),
  candidateDays: z.int().optional(),
  evidence: z.array(z.string()).readonly(),
});

const RuleText = z.object({ id: RuleId, ruleJa: z.string(), source: z.string() });

export const countedOf = (
  index: RegistryIndex,
  { shift, candidateDays, workDate }: Contribution,
):
  | {
      readonly intervals: readonly { readonly in: string; readonly out: string }[];
      readonly readings: ContributionReadings;
    }
  | undefined =>
  shift === undefined || candidateDays === 1
    ? undefined
    : {
        intervals: shift.intervals.map(({ inAt, outAt }) => ({
          in: isoInJapan(inAt),
          out: isoInJapan(outAt),
        })),
        readings: readingsOn(index, workDate),
      };

const rowOf = (index: RegistryIndex, contribution: Contribution): ContributionRow => {
  const { shift: _shift, ...row } = contribution;
  const counted = countedOf(index, contribution);
  return { ...row, ...(counted === undefined ? {} : { counted }) };
};

export const contributions: Report = {
  name: 'contributions',
  titleJa: '掛金',
  key: ['workerId', 'workDate', 'companyId'],
  row: ContributionRow,
  beside: {
    unresolved: z.array(UnresolvedRow).readonly(),
    rules: z.array(RuleText).readonly(),
  },
  besideKeys: {
    unresolved: ['reason', 'siteId', 'workDate', 'workerId', 'cardId', 'companyId'],
  },
  needs: monthAsked,
  make: ({ index, days, filter, asOf, now, settled, waitingTouches = [] }) => {
    const found = contributionsOf(days, index, {
      asOf,
      ...monthAsked(filter),
      isSettled: settled?.isAllocated,
    });
    const rows = found.contributions
      .filter((row) => isAsked(filter, row))
      .sort(byKeys(['workerId', 'workDate', 'companyId', 'siteId']));
    const used = new Set(rows.flatMap(({ rules }) => rules));
    return {
      report: 'contributions',
      rows: rows.map((row) => rowOf(index, row)),
      unresolved: [...found.unresolved, ...waitingDays(index, waitingTouches, now)]
        .filter((row) => isAsked(filter, row))
        .sort(byKeys(['siteId', 'workDate', 'workerId', 'cardId', 'reason'])),
      rules: [...used].sort().map((id) => ({ id, ...KENTAIKYO_RULES[id] })),
    };
  },
};
