/**
 * The days of leave that a registry change can reach (変わりうる休みの日): they make days of 建退共 though nobody touches,
 * so that the feed of changes has to name them by themselves. Pure.
 */
import type { SiteId, WorkerId } from '../shared/ids.ts';
import { lazily } from '../shared/lazily.ts';
import { isValidOn, type WorkDate } from '../shared/time.ts';
import type { ChangedDays } from './changed-days.ts';
import { siteOfLeave } from './policies/contributions.ts';
import type { RegistryIndex } from './registry/registry.ts';
import type { RegistryRow } from './registry/registry-document.ts';

export interface LeaveDay {
  /** Where it is booked; undefined of somebody who is assigned nowhere on that date. */
  readonly siteId: SiteId | undefined;
  readonly workerId: WorkerId;
  readonly workDate: WorkDate;
}

type LeaveIndex = Pick<RegistryIndex, 'leave' | 'assignmentsByWorker'>;
type LeaveRow = RegistryRow<'leave'>;

function* reached(days: readonly ChangedDays[], index: LeaveIndex): Generator<LeaveDay> {
  const siteOf = (row: LeaveRow): SiteId | undefined => siteOfLeave(index, row);
  const byWorker = lazily(() => Map.groupBy(index.leave, ({ workerId }) => workerId));
  const bySite = lazily(() => Map.groupBy(index.leave, siteOf));
  const rowsOf = ({ siteId, subject }: ChangedDays): readonly LeaveRow[] => {
    // Whose card it is says nothing of a day without a touch.
    if (subject?.kind === 'card') return [];
    if (subject !== undefined) return byWorker().get(subject.workerId) ?? [];
    return siteId === undefined ? index.leave : (bySite().get(siteId) ?? []);
  };
  for (const span of days)
    for (const row of rowsOf(span))
      if (isValidOn(span, row.date))
        yield { siteId: siteOf(row), workerId: row.workerId, workDate: row.date };
}

/**
 * Each once, booked as before and as after the changes: whoever follows one site hears that a day has left it.
 * `days`: of `changedDays`.
 */
export const changedLeave = (
  days: readonly ChangedDays[],
  before: LeaveIndex,
  after: LeaveIndex,
): readonly LeaveDay[] => {
  const found = new Map<string, LeaveDay>();
  for (const index of [before, after])
    for (const day of reached(days, index))
      found.set(`${day.siteId ?? ''} ${day.workerId} ${day.workDate}`, day);
  return [...found.values()];
};
