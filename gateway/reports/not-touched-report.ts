/** Report `not-touched` (未タッチ): per site and date, who did not touch, why probably, and who mends it. */
import { z } from 'zod';
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import { MendedBy } from '../policies/mended-by.ts';
import { MENDING, NotTouchedReason, notTouched } from '../policies/not-touched.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const NotTouchedRow = z.object({
  siteId: z.string(),
  workDate: z.string(),
  companyId: z.string(),
  workerId: z.string(),
  trade: z.string(),
  role: z.enum(['foreman', 'crew-leader', 'general', 'safety', 'engineer']),
  reason: NotTouchedReason,
  /** Absent where there is nothing to mend. */
  mendedBy: MendedBy.optional(),
  howJa: z.string().optional(),
  mendDue: z.string(),
  stage: z.enum(['before-extract', 'after-extract', 'closed']),
});

export const notTouchedReport: Report = {
  name: 'not-touched',
  titleJa: '未タッチ',
  key: ['siteId', 'workDate', 'workerId'],
  row: NotTouchedRow,
  needs: monthAsked,
  make: ({ registry, index, days, filter, asOf, extractDay }) => {
    const { headcounts, leave } = registry;
    const rows = notTouched({
      registry: index,
      headcounts,
      leave,
      records: workHistoryOf(days, index).records,
      isAsked: (siteId, workDate) => workDate <= asOf && isAsked(filter, { siteId, workDate }),
    });
    return {
      report: 'not-touched',
      rows: rows
        .map((row) => ({
          ...row,
          ...MENDING[row.reason],
          mendDue: correctionDue(row.workDate),
          stage: correctionStage(row.workDate, asOf, extractDay),
        }))
        .sort(byKeys(['siteId', 'workDate', 'companyId', 'workerId'])),
    };
  },
};
