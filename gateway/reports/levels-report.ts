/** Report `levels` (レベルまでの日数): what a worker has toward the next level, per trade. */
import { z } from 'zod';
import { lastDateOf } from '../../shared/time.ts';
import { levelProgress } from '../policies/level-progress.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { allDates, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const LevelRow = z.object({
  workerId: z.string(),
  trade: z.string(),
  level: z.int(),
  nextLevel: z.int().optional(),
  days: z.int(),
  daysLeft: z.int().optional(),
  foremanDays: z.int(),
  foremanDaysLeft: z.int().optional(),
  leaderDays: z.int(),
  leaderDaysLeft: z.int().optional(),
  incompleteDays: z.int(),
  qualificationsToCheck: z.array(z.string()).readonly(),
  source: z.string().optional(),
});

export const levels: Report = {
  name: 'levels',
  titleJa: 'レベルまでの日数',
  row: LevelRow,
  needs: allDates,
  make: ({ registry, index, days, filter, asOf }) => {
    const end = filter.month === undefined ? asOf : lastDateOf(filter.month);
    const until = end < asOf ? end : asOf;
    const { records } = workHistoryOf(days, index);
    const ofSite = new Set(
      records.flatMap(({ siteId, workerId }) => (siteId === filter.siteId ? [workerId] : [])),
    );
    const known = {
      registry: index,
      criteria: registry.levelCriteria,
      careerDays: registry.careerDays,
    };
    return {
      report: 'levels',
      rows: levelProgress(known, records, until)
        .filter(({ workerId }) => filter.siteId === undefined || ofSite.has(workerId))
        .sort(byKeys(['workerId', 'trade'])),
    };
  },
};
