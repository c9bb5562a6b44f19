/** Report `contributions` (掛金): one row per worker, work date and paying company, as the contract words it. */
import { z } from 'zod';
import { contributionsOf } from '../policies/contributions.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

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
  notPayable: z
    .enum(['officer', 'other-scheme', 'sole-contractor', 'no-member-no', 'too-late'])
    .optional(),
  rate: z.object({ yen: z.int(), source: z.string() }),
  evidence: z.array(z.string()).readonly(),
});

/** Days that are not in the rows, or lack something, with who can mend it. */
const UnresolvedRow = z.object({
  reason: z.enum(['unknown-card', 'unknown-worker', 'no-employer', 'no-contract']),
  mendedBy: z.enum(['prime', 'employer']),
  siteId: z.string(),
  workDate: z.string(),
  workerId: z.string().optional(),
  cardId: z.string().optional(),
  evidence: z.array(z.string()).readonly(),
});

export const contributions: Report = {
  name: 'contributions',
  titleJa: '掛金',
  row: ContributionRow,
  beside: { unresolved: z.array(UnresolvedRow).readonly() },
  needs: monthAsked,
  make: ({ index, days, filter, asOf }) => {
    const found = contributionsOf(days, index, { asOf, ...monthAsked(filter) });
    return {
      report: 'contributions',
      rows: found.contributions
        .filter((row) => isAsked(filter, row))
        .sort(byKeys(['workerId', 'workDate', 'companyId', 'siteId'])),
      unresolved: found.unresolved
        .filter((row) => isAsked(filter, row))
        .sort(byKeys(['siteId', 'workDate', 'workerId', 'cardId', 'reason'])),
    };
  },
};
