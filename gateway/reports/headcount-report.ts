/** Report `headcount` (施工実態): people per day by company, trade and level; weeks, hours and now beside. */
import { z } from 'zod';
import { isoInJapan } from '../../shared/time.ts';
import { byHour, byWeek, headcountGroups, onSiteNow } from '../policies/headcount-analysis.ts';
import { type WorkHistoryRecord, workHistoryOf } from '../policies/work-history.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const HeadcountRow = z.object({
  siteId: z.string(),
  workDate: z.string(),
  companyId: z.string().optional(),
  trade: z.string().optional(),
  level: z.int().optional(),
  workers: z.int(),
});
type HeadcountRow = z.infer<typeof HeadcountRow>;

const byDay = (
  records: readonly WorkHistoryRecord[],
  registry: RegistryIndex,
): readonly HeadcountRow[] =>
  headcountGroups(records, registry).map(
    ({ siteId, workDate, companyId, trade, level, records: of }) => ({
      siteId,
      workDate,
      ...(companyId === undefined ? {} : { companyId }),
      ...(trade === undefined ? {} : { trade }),
      ...(level === undefined ? {} : { level }),
      workers: of.length,
    }),
  );

const order = byKeys<{ siteId: string; hour: number }>(['siteId']);

export const headcount: Report = {
  name: 'headcount',
  titleJa: '人工・在場',
  key: ['siteId', 'workDate', 'companyId', 'trade', 'level'],
  row: HeadcountRow,
  beside: {
    weeks: z
      .array(
        z.object({
          siteId: z.string(),
          week: z.string(),
          workerDays: z.int(),
          workers: z.int(),
          companies: z.int(),
          workingDates: z.int(),
        }),
      )
      .readonly(),
    hours: z.array(z.object({ siteId: z.string(), hour: z.int(), workerDays: z.int() })).readonly(),
    onSite: z
      .array(
        z.object({
          siteId: z.string(),
          workerId: z.string().optional(),
          cardId: z.string().optional(),
          companyId: z.string().optional(),
          since: z.string(),
        }),
      )
      .readonly(),
  },
  besideKeys: {
    weeks: ['siteId', 'week'],
    hours: ['siteId', 'hour'],
    onSite: ['siteId', 'workerId', 'cardId'],
  },
  needs: monthAsked,
  make: ({ index, days, filter, now }) => {
    const asked = days.filter((day) => isAsked(filter, day));
    const { records } = workHistoryOf(asked, index);
    return {
      report: 'headcount',
      rows: [...byDay(records, index)].sort(
        byKeys(['siteId', 'workDate', 'companyId', 'trade', 'level']),
      ),
      weeks: [...byWeek(records)].sort(byKeys(['siteId', 'week'])),
      hours: [...byHour(asked)].sort((a, b) => order(a, b) || a.hour - b.hour),
      onSite: onSiteNow(asked, index, now)
        .map(({ since, ...who }) => ({ ...who, since: isoInJapan(since) }))
        .sort(byKeys(['siteId', 'companyId', 'workerId', 'cardId'])),
    };
  },
};
