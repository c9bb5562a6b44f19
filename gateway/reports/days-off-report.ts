/** Report `days-off` (週休2日): closed days of each contract's site, month by month and in all. */
import { z } from 'zod';
import type { WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import {
  countDaysOff,
  type DaysOff,
  daysOffRate,
  isFourWeeksEightOff,
  openDates,
} from '../policies/days-off.ts';
import { percentHundredths } from '../policies/exact-rate.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { allDates, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const Counts = {
  days: z.int(),
  excludedDays: z.int(),
  closedDays: z.int(),
  /** Percent with two decimals; absent where every day is left out. */
  daysOffRate: z.number().optional(),
  reached: z.boolean(),
};
const DaysOffRow = z.object({
  contractId: z.string(),
  siteId: z.string(),
  month: z.string(),
  ...Counts,
});
const PeriodRow = z.object({
  contractId: z.string(),
  siteId: z.string(),
  from: z.string(),
  to: z.string(),
  ...Counts,
});

type Contract = RegistryRow<'contracts'>;

/** As the contract sets it; else the site's accumulation period. Never beyond the day of asking. */
export const daysOffPeriod = (
  registry: RegistryIndex,
  { siteId, daysOff }: Contract,
  asOf: WorkDate,
): { readonly from: WorkDate; readonly to: WorkDate } | undefined => {
  const { from, to } = daysOff ?? registry.siteById.get(siteId) ?? {};
  if (from === undefined || from > asOf) return undefined;
  return { from, to: to === undefined || to > asOf ? asOf : to };
};

/** Undefined where neither contract nor site says from when. */
export const daysOffOf = (
  registry: RegistryIndex,
  contract: Contract,
  days: readonly AttendanceDay[],
  asOf: WorkDate,
): DaysOff | undefined => {
  const period = daysOffPeriod(registry, contract, asOf);
  return (
    period &&
    countDaysOff(openDates(days, contract.siteId), period, contract.daysOff?.excluded ?? [])
  );
};

const countsOf = ({ days, excludedDays, closedDays }: Omit<DaysOff, 'months'>) => {
  const rate = daysOffRate({ days, excludedDays, closedDays });
  return {
    days,
    excludedDays,
    closedDays,
    ...(rate === undefined ? {} : { daysOffRate: percentHundredths(rate) / 100 }),
    reached: rate !== undefined && isFourWeeksEightOff(rate),
  };
};

export const daysOff: Report = {
  name: 'days-off',
  titleJa: '週休2日',
  key: ['contractId', 'month'],
  row: DaysOffRow,
  beside: { periods: z.array(PeriodRow).readonly() },
  besideKeys: { periods: ['contractId'] },
  needs: allDates,
  make: ({ registry, index, days, filter, asOf }) => {
    const counted = registry.contracts.flatMap((contract) => {
      const { contractId, siteId } = contract;
      const found = daysOffOf(index, contract, days, asOf);
      const period = daysOffPeriod(index, contract, asOf);
      const isAsked = filter.siteId === undefined || siteId === filter.siteId;
      return found === undefined || period === undefined || !isAsked
        ? []
        : [{ of: { contractId, siteId }, found, period }];
    });
    return {
      report: 'days-off',
      rows: counted
        .flatMap(({ of, found }) =>
          found.months.map((count) => ({ ...of, month: count.month, ...countsOf(count) })),
        )
        .filter(({ month }) => filter.month === undefined || month === filter.month)
        .sort(byKeys(['contractId', 'month'])),
      periods: counted
        .map(({ of, found, period }) => ({ ...of, ...period, ...countsOf(found) }))
        .sort(byKeys(['contractId'])),
    };
  },
};
