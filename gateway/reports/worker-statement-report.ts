/**
 * Report `worker-statement` (掛金充当書): one row per worker, contract, company and month; beside them each
 * worker's total and book. For a site, the rows of that site; the totals are the worker's everywhere.
 */
import { z } from 'zod';
import { firstDateOf, isValidOn } from '../../shared/time.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { presentBooklet, workerMonths } from '../policies/worker-totals.ts';
import { allDates, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const WorkerStatementRow = z.object({
  workerId: z.string(),
  month: z.string(),
  companyId: z.string(),
  contractId: z.string().optional(),
  method: z.enum(['points', 'stamps']).optional(),
  /** Work dates, also those that cannot be paid. */
  workedDays: z.int(),
  days: z.int(),
  yen: z.int(),
  dates: z.array(z.object({ date: z.string(), days: z.int(), yen: z.int() })).readonly(),
});

const WorkerTotal = z.object({
  workerId: z.string(),
  memberNo: z.string().optional(),
  days: z.int(),
  yen: z.int(),
  booklet: z
    .object({
      number: z.int(),
      issuedOn: z.string(),
      days: z.int(),
      stamps: z.int(),
      exemptDays: z.int(),
      daysLeft: z.int(),
      daysBeyond: z.int(),
      filledOn: z.string().optional(),
    })
    .optional(),
});

export const workerStatement: Report = {
  name: 'worker-statement',
  titleJa: '掛金充当書',
  key: ['workerId', 'month', 'companyId', 'contractId', 'method'],
  row: WorkerStatementRow,
  beside: { totals: z.array(WorkerTotal).readonly() },
  besideKeys: { totals: ['workerId'] },
  needs: allDates,
  make: ({ index, days, filter, asOf, settled }) => {
    const isSettled = settled?.isAllocated;
    const { contributions } = contributionsOf(days, index, { asOf, isSettled });
    const rows = workerMonths(
      contributions.filter(({ siteId }) => filter.siteId === undefined || siteId === filter.siteId),
    )
      .filter(({ month }) => isValidOn(monthAsked(filter), firstDateOf(month)))
      .toSorted(byKeys(['workerId', 'contractId', 'companyId', 'month', 'method']));
    const asked = new Set(rows.map(({ workerId }) => workerId));
    const byWorker = Map.groupBy(contributions, ({ workerId }) => workerId);
    return {
      report: 'worker-statement',
      rows,
      totals: [...asked].sort().map((workerId) => {
        const own = byWorker.get(workerId) ?? [];
        const memberNo = index.workerById.get(workerId)?.memberNo;
        const booklet = presentBooklet(index, workerId, own);
        return {
          workerId,
          ...(memberNo === undefined ? {} : { memberNo }),
          days: own.reduce((sum, row) => sum + row.days, 0),
          yen: own.reduce((sum, row) => sum + row.yen, 0),
          ...(booklet === undefined ? {} : { booklet }),
        };
      }),
    };
  },
};
