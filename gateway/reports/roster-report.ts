/** Report `roster` (作業員名簿): every assignment of the time asked for, and dated changes beside. */
import { z } from 'zod';
import { isValidOn } from '../../shared/time.ts';
import { rosterChanges, rosterEntry } from '../policies/site-roster.ts';
import { assignmentsAsked } from './insurance-report.ts';
import { monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const RosterRow = z.object({
  siteId: z.string(),
  siteName: z.string(),
  companyId: z.string(),
  companyName: z.string(),
  tier: z.int().optional(),
  workerId: z.string(),
  name: z.string(),
  kana: z.string(),
  birthDate: z.string(),
  age: z.int(),
  trade: z.string(),
  role: z.enum(['foreman', 'crew-leader', 'general', 'safety', 'engineer']),
  work: z.string().optional(),
  level: z.int().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  health: z.enum(['association', 'kyokai', 'construction-nhi', 'nhi', 'exempt', 'none']).optional(),
  pension: z.enum(['employees', 'national', 'recipient', 'none']).optional(),
  employment: z.enum(['general', 'day-labour', 'exempt', 'none']).optional(),
  insuranceDecision: z.enum(['allow', 'allow-with-reason', 'hold']),
  mutualAid: z.enum(['kentaikyo', 'chutaikyo', 'seitaikyo', 'rintaikyo', 'none']),
  qualifications: z.array(z.string()).readonly().optional(),
});

const ChangeRow = z.object({
  date: z.string(),
  siteId: z.string(),
  companyId: z.string(),
  workerId: z.string(),
  kind: z.enum(['joined', 'left', 'changed']),
});

export const roster: Report = {
  name: 'roster',
  titleJa: '作業員名簿',
  key: ['siteId', 'companyId', 'workerId', 'from'],
  row: RosterRow,
  beside: { changes: z.array(ChangeRow).readonly() },
  besideKeys: { changes: ['date', 'siteId', 'companyId', 'workerId'] },
  needs: monthAsked,
  make: (input) => {
    const { registry, index, filter } = input;
    const asked = registry.assignments.filter(
      ({ siteId }) => filter.siteId === undefined || siteId === filter.siteId,
    );
    const rows = assignmentsAsked(input).flatMap(({ assignment, date }) => {
      const entry = rosterEntry(index, assignment, date);
      if (entry === undefined) return [];
      const siteName = index.siteById.get(entry.siteId)?.name ?? entry.siteId;
      const companyName = index.companyById.get(entry.companyId)?.name ?? entry.companyId;
      return [{ ...entry, siteName, companyName }];
    });
    return {
      report: 'roster',
      rows: rows.sort(byKeys(['siteId', 'tier', 'companyId', 'workerId', 'from'])),
      changes: rosterChanges(asked)
        .filter(({ date }) => isValidOn(monthAsked(filter), date))
        .sort(byKeys(['date', 'siteId', 'companyId', 'workerId', 'kind'])),
    };
  },
};
