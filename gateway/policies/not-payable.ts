/** Who or what keeps a worked day from being paid (納付できない日): never dropped, always with its reason. */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import { addDays, type WorkDate } from '../../shared/time.ts';
import { employmentOn, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

/**
 * The right to 掛金 lapses after two years, so a day may be reported 730 days late at most
 * (中小企業退職金共済法第33条第1項, 第51条).
 */
export const DAYS_LATE_MAX = 730;

/** First that applies; each is a rule of `kentaikyo-rules.ts`. */
export const NOT_PAYABLES = [
  'officer',
  'other-scheme',
  'sole-contractor',
  'no-member-no',
  'too-late',
] as const;
export type NotPayable = (typeof NOT_PAYABLES)[number];

export interface WorkedDay {
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly workDate: WorkDate;
}

/** One key for a worker's day at an employer. */
export const workedDayKey = ({ workerId, companyId, workDate }: WorkedDay): string =>
  `${workerId} ${companyId} ${workDate}`;

/** The first work date that may still be reported on that day. */
export const oldestPayable = (asOf: WorkDate): WorkDate => addDays(asOf, -DAYS_LATE_MAX);

/** The last day on which a work date can be paid. */
export const lastPayable = (date: WorkDate): WorkDate => addDays(date, DAYS_LATE_MAX);

/** The first day on which it no longer can (期限切れ). */
export const lapseDate = (date: WorkDate): WorkDate => addDays(lastPayable(date), 1);

export interface Payability {
  /** Undefined = the day can be paid. */
  readonly obstacle: NotPayable | undefined;
  /** The rows that were looked at. */
  readonly worker: RegistryRow<'workers'> | undefined;
  readonly employment: RegistryRow<'employments'> | undefined;
}

const obstacleOf = (
  worker: Payability['worker'],
  kind: RegistryRow<'employments'>['kind'] | undefined,
  isTooLate: boolean,
): NotPayable | undefined => {
  if (kind === 'officer') return 'officer';
  if (worker?.otherScheme !== undefined) return 'other-scheme';
  if (kind === 'sole-contractor') return 'sole-contractor';
  if (worker?.memberNo === undefined) return 'no-member-no';
  return isTooLate ? 'too-late' : undefined;
};

/**
 * Why a day of the worker at the company cannot be paid, with the rows that say so.
 *
 * 一人親方 by capacity: who is employed by the company that he works for there is its worker on that day,
 * whatever else he is elsewhere (kentaikyo.taisyokukin.go.jp/m/menu7.html).
 */
export const payability = (
  registry: Pick<RegistryIndex, 'workerById' | 'employmentsByWorker'>,
  { workerId, companyId, workDate }: WorkedDay,
  oldest: WorkDate,
): Payability => {
  const worker = registry.workerById.get(workerId);
  const employment = employmentOn(registry, workerId, workDate, companyId);
  return { obstacle: obstacleOf(worker, employment?.kind, workDate < oldest), worker, employment };
};
