/**
 * What stands against removing everything before a date (保存期限). Pure. A contract that is not completed for
 * long enough keeps the days since its beginning, of whatever site: what is kept too long does no harm.
 */
import type { WorkDate } from '../../shared/time.ts';
import { workDate } from '../../shared/time.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { RetentionConfig } from './retention-config.ts';

export type PurgeObstacle =
  /** Attendance before `latest` may go, and nothing later. */
  | { readonly kind: 'attendance-kept'; readonly latest: WorkDate }
  | { readonly kind: 'contract-not-completed'; readonly contractId: string }
  /** The results of the contract are kept up to and with this date. */
  | { readonly kind: 'contract-kept'; readonly contractId: string; readonly until: WorkDate };

/** The same day of another year; of the 29th of February the 28th. */
export const addYears = (date: WorkDate, years: number): WorkDate => {
  const year = String(Number(date.slice(0, 4)) + years).padStart(4, '0');
  const moved = `${year}${date.slice(4)}`;
  const isDate =
    !Number.isNaN(Date.parse(moved)) && new Date(moved).toISOString().startsWith(moved);
  return workDate(isDate ? moved : `${year}-02-28`);
};

/** `before`: the first work date that stays. Empty = everything before it may go. */
export const purgeObstacles = (
  before: WorkDate,
  {
    registry,
    today,
    retention: { attendanceYears, contributionYears },
  }: {
    readonly registry: Pick<Registry, 'contracts'>;
    readonly today: WorkDate;
    readonly retention: RetentionConfig;
  },
): readonly PurgeObstacle[] => {
  const latest = addYears(today, -attendanceYears);
  const contracts = registry.contracts
    .filter(({ contractDate }) => contractDate < before)
    .flatMap(({ contractId, completionDate }): readonly PurgeObstacle[] => {
      if (completionDate === undefined) return [{ kind: 'contract-not-completed', contractId }];
      const until = addYears(completionDate, contributionYears);
      return today > until ? [] : [{ kind: 'contract-kept', contractId, until }];
    });
  return [...(before > latest ? [{ kind: 'attendance-kept' as const, latest }] : []), ...contracts];
};
