/** Report `contributions` (掛金): one row per worker, work date and paying company, as the contract words it. */
import { firstDateOf, lastDateOf, monthOf, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance.ts';
import { type Contribution, contributionsOf, type Unresolved } from '../policies/contributions.ts';
import type { RegistryIndex } from '../registry.ts';
import type { ReportFilter } from './attendance-report.ts';
import { byKeys } from './row-order.ts';

export interface ContributionsReport {
  readonly report: 'contributions';
  readonly rows: readonly Contribution[];
  /** Days that are not in the rows, or lack something, with who can mend it. */
  readonly unresolved: readonly Unresolved[];
}

/**
 * `days` must hold every site, also when only one is asked for: a day's work over two sites is one.
 * The filter is applied to what comes out.
 */
export const contributionsReport = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  { siteId, month }: ReportFilter,
  asOf: WorkDate,
): ContributionsReport => {
  const isWanted = (row: { readonly siteId?: string; readonly workDate: WorkDate }): boolean =>
    (siteId === undefined || row.siteId === siteId) &&
    (month === undefined || monthOf(row.workDate) === month);
  const { contributions, unresolved } = contributionsOf(days, registry, {
    asOf,
    from: month === undefined ? undefined : firstDateOf(month),
    to: month === undefined ? undefined : lastDateOf(month),
  });
  return {
    report: 'contributions',
    rows: contributions
      .filter(isWanted)
      .sort(byKeys(['workerId', 'workDate', 'companyId', 'siteId'])),
    unresolved: unresolved
      .filter(isWanted)
      .sort(byKeys(['siteId', 'workDate', 'workerId', 'cardId', 'reason'])),
  };
};
