/** Report `insurance` (社会保険の加入確認): one row per assignment, on the day that matters for it. */
import { z } from 'zod';
import type { Dated, WorkDate } from '../../shared/time.ts';
import { decideInsurance } from '../policies/social-insurance.ts';
import type { RegistryRow } from '../registry-document.ts';
import { type DateSpan, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const InsuranceRow = z.object({
  siteId: z.string(),
  workerId: z.string(),
  companyId: z.string(),
  /** On which the question was asked: `asOf`, kept within the assignment and the month asked for. */
  date: z.string(),
  decision: z.enum(['allow', 'allow-with-reason', 'hold']),
  missing: z.array(z.enum(['health', 'pension', 'employment'])).readonly(),
  reason: z.enum(['over-60', 'special-skill', 'enrolling']).optional(),
  papersNeeded: z.boolean(),
});

/** The later of the beginnings and the earlier of the ends; undefined where they do not meet. */
export const commonSpan = (a: Dated, b: DateSpan): DateSpan | undefined => {
  const from = a.from !== undefined && (b.from === undefined || a.from > b.from) ? a.from : b.from;
  const to = a.to !== undefined && (b.to === undefined || a.to < b.to) ? a.to : b.to;
  return from !== undefined && to !== undefined && from > to ? undefined : { from, to };
};

/** `date` moved into the span. */
export const dateWithin = ({ from, to }: DateSpan, date: WorkDate): WorkDate => {
  if (from !== undefined && date < from) return from;
  return to !== undefined && date > to ? to : date;
};

type Assignment = RegistryRow<'assignments'>;

export const insurance: Report = {
  name: 'insurance',
  titleJa: '社会保険の加入確認',
  row: InsuranceRow,
  needs: monthAsked,
  make: ({ registry, index, filter, asOf }) => {
    const asked = registry.assignments.flatMap((assignment: Assignment) => {
      const span = commonSpan(assignment, monthAsked(filter));
      const isAsked = filter.siteId === undefined || assignment.siteId === filter.siteId;
      return span !== undefined && isAsked ? [{ assignment, date: dateWithin(span, asOf) }] : [];
    });
    return {
      report: 'insurance',
      rows: asked
        .map(({ assignment: { siteId, workerId, companyId }, date }) => ({
          siteId,
          workerId,
          companyId,
          date,
          ...decideInsurance(index, { siteId, workerId, companyId, date }),
        }))
        .sort(byKeys(['siteId', 'workerId', 'date', 'companyId'])),
    };
  },
};
