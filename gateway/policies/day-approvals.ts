/**
 * 1日を超える掛金日数の承認: which days of a shift a person may approve, and what of that is refused.
 *
 * CCUS keeps one record a day, so a shift that earns more is a candidate until somebody says how many days count:
 * as many as it earns, or one (kentaikyo-facts §2.4). What was said last holds.
 */
import { type Fault, faulty, ok, type Result } from '../../shared/result.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { Contribution } from './contribution.ts';

/** Whether somebody has to say, or has said, how many days of that shift count. */
export const needsApproval = ({ candidateDays, notPayable }: Contribution): boolean =>
  candidateDays > 1 && notPayable === undefined;

export interface ApprovalAsked
  extends Pick<RegistryRow<'approvals'>, 'workerId' | 'workDate' | 'days'> {}

/** The moment of an approval: after every one of that day that stands, also where the clock went back. */
export const momentOfApproval = (
  standing: readonly RegistryRow<'approvals'>[],
  { workerId, workDate }: Pick<ApprovalAsked, 'workerId' | 'workDate'>,
  now: UtcMs,
): UtcMs =>
  utcMs(
    standing
      .filter((row) => row.workerId === workerId && row.workDate === workDate)
      .reduce<number>((latest, { at }) => Math.max(latest, Date.parse(at) + 1), now),
  );

/** `contributions`: of that worker and date. Every fault by the field that it is about. */
export const judgeApproval = (
  { workDate, days }: ApprovalAsked,
  contributions: readonly Contribution[],
): Result<readonly Contribution[]> => {
  const candidates = contributions.filter(needsApproval);
  const most = Math.max(0, ...candidates.map(({ candidateDays }) => candidateDays));
  const fault: Fault | undefined =
    most === 0
      ? { place: '/workDate', message: `no shift of ${workDate} earns more than one day` }
      : days > most
        ? { place: '/days', message: `the shift of ${workDate} earns ${most} days at most` }
        : undefined;
  return fault === undefined ? ok(candidates) : faulty(fault);
};
