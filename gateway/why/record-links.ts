/** Links from sums to the rows that they sum: person-days, contributions, and how many. */
import { isoInJapan } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { Contribution } from '../policies/contribution.ts';
import type { UnknownCardDay, WorkHistoryRecord } from '../policies/work-history.ts';
import { link, type RowLink, type Unit } from './why.ts';

/** A person-day: the touches of a record. */
export const recordLink = ({ siteId, workerId, workDate, evidence }: WorkHistoryRecord): RowLink =>
  link('work-history', { siteId, workerId, workDate }, 'evidence', evidence, { unit: 'evidence' });

/** A touch of a card that nobody ever held: the day that it stands in. */
export const unknownCardLink = ({ siteId, cardId, workDate, evidence }: UnknownCardDay): RowLink =>
  link('attendance', { siteId, cardId, workDate }, 'evidence', evidence, { unit: 'evidence' });

/** Whether a record lacks something, for rates of full records. */
export const completeLink = ({
  siteId,
  workerId,
  workDate,
  complete,
}: WorkHistoryRecord): RowLink =>
  link('work-history', { siteId, workerId, workDate }, 'complete', complete, { unit: 'flag' });

export const contributionLink = (
  { workerId, workDate, companyId, days, lapsedDays, yen, notPayable, basis }: Contribution,
  column: 'days' | 'lapsedDays' | 'yen' | 'notPayable' | 'basis',
): RowLink => {
  const value = { days, lapsedDays, yen, notPayable, basis }[column];
  const unit = (
    { days: 'days', lapsedDays: 'days', yen: 'yen', notPayable: 'codes', basis: 'codes' } as const
  )[column];
  return link('contributions', { workerId, workDate, companyId }, column, value, { unit });
};

type LinkedColumn = 'evidence' | 'firstIn' | 'lastOut' | 'minutes' | 'flags';
const UNITS: Readonly<Record<LinkedColumn, Unit>> = {
  evidence: 'evidence',
  firstIn: 'instant',
  lastOut: 'instant',
  minutes: 'minutes',
  flags: 'codes',
};

/** The row of `attendance` that a day stands in. */
export const attendanceLink = (day: AttendanceDay, column: LinkedColumn): RowLink => {
  const { siteId, subject, workDate, firstIn, lastOut } = day;
  const who =
    subject.kind === 'worker' ? { workerId: subject.workerId } : { cardId: subject.cardId };
  const value = {
    evidence: day.evidence,
    minutes: day.minutes,
    flags: day.flags,
    firstIn: firstIn === undefined ? undefined : isoInJapan(firstIn),
    lastOut: lastOut === undefined ? undefined : isoInJapan(lastOut),
  }[column];
  return link('attendance', { siteId, ...who, workDate }, column, value, { unit: UNITS[column] });
};
