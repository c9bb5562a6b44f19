/** Report `overtime` (時間外労働): one row per worker and month over all sites, with warnings. */
import { z } from 'zod';
import type { WorkerId } from '../../shared/ids.ts';
import {
  addDays,
  addMonths,
  firstDateOf,
  lastDateOf,
  monthOf,
  type WorkDate,
} from '../../shared/time.ts';
import { datesByMonth, OvertimeWarning, overtimeMonths } from '../policies/overtime-limits.ts';
import { overtimeOfMonth, overtimePremium } from '../policies/overtime-premium.ts';
import { type WorkedDate, workedDates } from '../policies/working-time.ts';
import { employmentOn, type RegistryIndex } from '../registry/registry.ts';
import type { Report } from './report.ts';
import { byKeys } from './row-order.ts';

const OvertimeRow = z.object({
  workerId: z.string(),
  month: z.string(),
  companyId: z.string().optional(),
  /** Between entry and exit touches, to the minute per day, less the breaks that sites set. */
  minutes: z.int(),
  overtimeMinutes: z.int(),
  nightMinutes: z.int(),
  /** The month's overtime in whole hours. */
  roundedHours: z.int(),
  roundedNightHours: z.int(),
  yearOvertimeMinutes: z.int(),
  /** At the pay guideline: an estimate that nobody owes, without premiums for night and holidays. */
  premiumYen: z.int().optional(),
  overtimeMinutesWithoutGuideline: z.int(),
  incompleteDays: z.int(),
  warnings: z.array(OvertimeWarning).readonly(),
  evidence: z.array(z.string()).readonly(),
});

/** Limits look back over a year, and a week may begin in the month before. */
const MONTHS_BACK = -12;
const DAYS_OF_WEEK_BEFORE = -6;
const DEFAULT_YEAR_START_MONTH = 4;

/** Whose worker it is at the end of the dates, and in which month the year of the 36協定 begins there. */
export const employerOf = (
  index: RegistryIndex,
  workerId: WorkerId,
  dates: readonly WorkedDate[],
  asOf: WorkDate,
) => {
  const employment = employmentOn(index, workerId, dates.at(-1)?.date ?? asOf);
  const company = employment && index.companyById.get(employment.companyId);
  return {
    employment,
    company,
    yearStartMonth: company?.overtimeYearStartMonth ?? DEFAULT_YEAR_START_MONTH,
  };
};

export const overtime: Report = {
  name: 'overtime',
  titleJa: '時間外労働',
  key: ['workerId', 'month'],
  row: OvertimeRow,
  needs: ({ month }) =>
    month === undefined
      ? {}
      : {
          from: addDays(firstDateOf(addMonths(month, MONTHS_BACK)), DAYS_OF_WEEK_BEFORE),
          to: lastDateOf(month),
        },
  make: ({ registry, index, days, filter, asOf }) => {
    const wasThere = new Set(
      days.flatMap(({ subject, siteId, workDate }) =>
        subject.kind === 'worker' && siteId === filter.siteId
          ? [`${subject.workerId} ${monthOf(workDate)}`]
          : [],
      ),
    );
    const isAsked = (workerId: WorkerId, month: string): boolean =>
      (filter.month === undefined || month === filter.month) &&
      // The limits hold for the person: of a site, its people, with all of their hours.
      (filter.siteId === undefined || wasThere.has(`${workerId} ${month}`));
    const rows = [...workedDates(days, index, registry.overtimeExemptions)].flatMap(
      ([workerId, dates]) => {
        const { employment, yearStartMonth } = employerOf(index, workerId, dates, asOf);
        const companyId = employment?.companyId;
        const byMonth = datesByMonth(dates);
        return overtimeMonths(dates, { yearStartMonth, asOf })
          .filter(({ month }) => isAsked(workerId, month))
          .map((of) => ({
            workerId,
            ...(companyId === undefined ? {} : { companyId }),
            ...of,
            ...overtimePremium(
              overtimeOfMonth(byMonth.get(of.month) ?? [], workerId, index, registry.payGuidelines),
            ),
          }));
      },
    );
    return { report: 'overtime', rows: rows.sort(byKeys(['workerId', 'month'])) };
  },
};
