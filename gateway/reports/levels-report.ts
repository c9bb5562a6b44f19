/** Report `levels` (レベルまでの日数): what a worker has toward the next level, per trade. */
import { z } from 'zod';
import { lastDateOf, type WorkDate } from '../../shared/time.ts';
import { levelProgress } from '../policies/level-progress.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { allDates, type Report, type ReportInput } from './report.ts';
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

/** Days count to the end of the month asked for, and never beyond the day of asking. */
export const countedUntil = ({ filter, asOf }: Pick<ReportInput, 'filter' | 'asOf'>): WorkDate => {
  const end = filter.month === undefined ? asOf : lastDateOf(filter.month);
  return end < asOf ? end : asOf;
};

export const levels: Report = {
  name: 'levels',
  titleJa: 'レベルまでの日数',
  key: ['workerId', 'trade'],
  row: LevelRow,
  needs: allDates,
  make: (input) => {
    const { registry, index, days, filter } = input;
    const until = countedUntil(input);
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
