/** Report `attendance` (出面): one row per person, site and work date, as the contract words it. */
import type { SiteId } from '../../shared/ids.ts';
import { isoInJapan, type Month, monthOf } from '../../shared/time.ts';
import type { AttendanceDay, AttendanceFlag } from '../attendance.ts';
import { assignmentOn, employmentOn, type RegistryIndex } from '../registry.ts';
import { byKeys } from './row-order.ts';

export interface AttendanceRow {
  readonly siteId: string;
  readonly workerId?: string;
  /** In place of the worker while nobody is known to hold the card. */
  readonly cardId?: string;
  readonly workDate: string;
  readonly companyId?: string;
  readonly firstIn?: string;
  readonly lastOut?: string;
  readonly minutes: number;
  readonly nightMinutes: number;
  readonly flags: readonly AttendanceFlag[];
  readonly evidence: readonly string[];
}

export interface ReportFilter {
  readonly siteId?: SiteId | undefined;
  readonly month?: Month | undefined;
}

const row = (registry: RegistryIndex, day: AttendanceDay): AttendanceRow => {
  const { siteId, subject, workDate, firstIn, lastOut } = day;
  const companyId =
    subject.kind === 'card'
      ? undefined
      : (assignmentOn(registry, siteId, subject.workerId, workDate)?.companyId ??
        employmentOn(registry, subject.workerId, workDate)?.companyId);
  return {
    siteId,
    ...(subject.kind === 'card' ? { cardId: subject.cardId } : { workerId: subject.workerId }),
    workDate,
    ...(companyId === undefined ? {} : { companyId }),
    ...(firstIn === undefined ? {} : { firstIn: isoInJapan(firstIn) }),
    ...(lastOut === undefined ? {} : { lastOut: isoInJapan(lastOut) }),
    minutes: day.minutes,
    nightMinutes: day.nightMinutes,
    flags: day.flags,
    evidence: day.evidence,
  };
};

export const attendanceReport = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  { siteId, month }: ReportFilter,
): { readonly report: 'attendance'; readonly rows: readonly AttendanceRow[] } => ({
  report: 'attendance',
  rows: days
    .filter(
      (day) =>
        (siteId === undefined || day.siteId === siteId) &&
        (month === undefined || monthOf(day.workDate) === month),
    )
    .map((day) => row(registry, day))
    .sort(byKeys(['siteId', 'workerId', 'cardId', 'workDate'])),
});
