/**
 * What stands against removing everything before a date (保存期限). Pure. A contract that is not completed for
 * long enough keeps the days since its beginning, of whatever site: what is kept too long does no harm.
 */
import { monthsAfter, type WorkDate } from '../../shared/time.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { RetentionConfig } from './retention-config.ts';

export type PurgeObstacle =
  /** Attendance before `latest` may go, and nothing later. */
  | { readonly kind: 'attendance-kept'; readonly latest: WorkDate }
  | { readonly kind: 'contract-not-completed'; readonly contractId: string }
  /** The results of the contract are kept up to and with this date. */
  | { readonly kind: 'contract-kept'; readonly contractId: string; readonly until: WorkDate };

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
  const latest = monthsAfter(today, -12 * attendanceYears);
  const contracts = registry.contracts
    .filter(({ contractDate }) => contractDate < before)
    .flatMap(({ contractId, completionDate }): readonly PurgeObstacle[] => {
      if (completionDate === undefined) return [{ kind: 'contract-not-completed', contractId }];
      const until = monthsAfter(completionDate, 12 * contributionYears);
      return today > until ? [] : [{ kind: 'contract-kept', contractId, until }];
    });
  return [...(before > latest ? [{ kind: 'attendance-kept' as const, latest }] : []), ...contracts];
};
