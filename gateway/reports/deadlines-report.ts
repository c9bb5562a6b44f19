/** Report `deadlines` (期限の暦): one row per thing to be done by a date; the month asked for is the one it is due in. */
import { z } from 'zod';
import { isValidOn } from '../../shared/time.ts';
import { type Deadline, NOTHING_SETTLED, type ReasonedDeadline } from '../policies/deadline.ts';
import { DEADLINE, DEADLINE_KINDS } from '../policies/deadline-kinds.ts';
import { reasonedDeadlines } from '../policies/deadlines.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { contractFacts } from './contract-facts.ts';
import { allDates, monthAsked, type Report, type ReportInput } from './report.ts';
import { byKeys } from './row-order.ts';

const DeadlineRow = z.object({
  due: z.string(),
  kind: z.enum(DEADLINE_KINDS),
  state: z.enum(['due', 'overdue', 'done']),
  who: z.enum(['prime', 'employer']),
  whyJa: z.string(),
  siteId: z.string().optional(),
  contractId: z.string().optional(),
  companyId: z.string().optional(),
  workerId: z.string().optional(),
  month: z.string().optional(),
});

const RuleRow = z.object({ kind: z.enum(DEADLINE_KINDS), ruleJa: z.string(), source: z.string() });

/** A book belongs to a site as long as its worker is on the roster there. */
const isOfSite = ({ index, filter: { siteId }, asOf }: ReportInput, row: Deadline): boolean =>
  siteId === undefined ||
  row.siteId === siteId ||
  (row.workerId !== undefined &&
    index.assignmentsByWorker
      .get(row.workerId)
      ?.some((each) => each.siteId === siteId && isValidOn(each, asOf)) === true);

/** Every deadline that is asked for, with what it is counted from; in no promised order. */
export const deadlinesAsked = (input: ReportInput): readonly ReasonedDeadline[] => {
  const { index, days, asOf, filter, settled = NOTHING_SETTLED, extractDay } = input;
  const { contracts, contributions } = contractFacts(input);
  return reasonedDeadlines({
    index,
    contracts,
    contributions,
    ...workHistoryOf(days, index),
    settled,
    asOf,
    extractDay,
  }).filter(({ row }) => isOfSite(input, row) && isValidOn(monthAsked(filter), row.due));
};

export const deadlines: Report = {
  name: 'deadlines',
  titleJa: '期限の暦',
  key: ['due', 'kind', 'siteId', 'contractId', 'companyId', 'workerId', 'month'],
  row: DeadlineRow,
  beside: { rules: z.array(RuleRow).readonly() },
  needs: allDates,
  make: (input) => {
    const rows = deadlinesAsked(input)
      .map(({ row }) => row)
      .sort(byKeys(['due', 'kind', 'siteId', 'contractId', 'companyId', 'workerId', 'month']));
    const used = new Set(rows.map(({ kind }) => kind));
    return {
      report: 'deadlines',
      rows,
      rules: DEADLINE_KINDS.filter((kind) => used.has(kind)).map((kind) => ({
        kind,
        ruleJa: DEADLINE[kind].ruleJa,
        source: DEADLINE[kind].source,
      })),
    };
  },
};
