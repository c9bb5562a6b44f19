/** Report `insurance` (社会保険の加入確認): one row per assignment, on the day that matters for it. */
import { z } from 'zod';
import type { Dated, WorkDate } from '../../shared/time.ts';
import { decideInsurance } from '../policies/social-insurance.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { type DateSpan, monthAsked, type Report, type ReportInput } from './report.ts';
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
const commonSpan = (a: Dated, b: DateSpan): DateSpan | undefined => {
  const from = a.from !== undefined && (b.from === undefined || a.from > b.from) ? a.from : b.from;
  const to = a.to !== undefined && (b.to === undefined || a.to < b.to) ? a.to : b.to;
  return from !== undefined && to !== undefined && from > to ? undefined : { from, to };
};

/** `date` moved into the span. */
const dateWithin = ({ from, to }: DateSpan, date: WorkDate): WorkDate => {
  if (from !== undefined && date < from) return from;
  return to !== undefined && date > to ? to : date;
};

/** Assignments that the question is about, each with the day on which it is asked of it. */
export const assignmentsAsked = ({
  registry,
  filter,
  asOf,
}: Pick<ReportInput, 'registry' | 'filter' | 'asOf'>): readonly {
  readonly assignment: RegistryRow<'assignments'>;
  readonly date: WorkDate;
}[] =>
  registry.assignments.flatMap((assignment) => {
    const span = commonSpan(assignment, monthAsked(filter));
    const isAsked = filter.siteId === undefined || assignment.siteId === filter.siteId;
    return span !== undefined && isAsked ? [{ assignment, date: dateWithin(span, asOf) }] : [];
  });

export const insurance: Report = {
  name: 'insurance',
  titleJa: '社会保険の加入確認',
  key: ['siteId', 'workerId', 'companyId', 'date'],
  row: InsuranceRow,
  needs: monthAsked,
  make: (input) => {
    const { index } = input;
    return {
      report: 'insurance',
      rows: assignmentsAsked(input)
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
