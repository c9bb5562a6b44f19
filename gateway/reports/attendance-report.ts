/** Report `attendance` (出面): one row per person, site and work date, as the contract words it. */
import { z } from 'zod';
import { isoInJapan } from '../../shared/time.ts';
import { type AttendanceDay, AttendanceFlag } from '../attendance/attendance.ts';
import { companyOn, type RegistryIndex } from '../registry/registry.ts';
import { isAsked, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const AttendanceRow = z.object({
  siteId: z.string(),
  workerId: z.string().optional(),
  /** In place of the worker while nobody is known to hold the card. */
  cardId: z.string().optional(),
  workDate: z.string(),
  companyId: z.string().optional(),
  firstIn: z.string().optional(),
  lastOut: z.string().optional(),
  minutes: z.int(),
  nightMinutes: z.int(),
  flags: z.array(AttendanceFlag).readonly(),
  evidence: z.array(z.string()).readonly(),
});
export type AttendanceRow = z.infer<typeof AttendanceRow>;

const rowOf = (index: RegistryIndex, day: AttendanceDay): AttendanceRow => {
  const { siteId, subject, workDate, firstIn, lastOut } = day;
  const companyId =
    subject.kind === 'card' ? undefined : companyOn(index, siteId, subject.workerId, workDate);
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

export const attendance: Report = {
  name: 'attendance',
  titleJa: '出面',
  key: ['siteId', 'workerId', 'cardId', 'workDate'],
  row: AttendanceRow,
  needs: monthAsked,
  make: ({ index, days, filter }) => ({
    report: 'attendance',
    rows: days
      .filter((day) => isAsked(filter, day))
      .map((day) => rowOf(index, day))
      .sort(byKeys(['siteId', 'workerId', 'cardId', 'workDate'])),
  }),
};
