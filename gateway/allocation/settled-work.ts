/** What was done (済んだこと), read once for a report: months that stand allocated, reports that went out by mail. */
import { lazily } from '../../shared/lazily.ts';
import type { Outbox } from '../mail/outbox.ts';
import { purposeOf } from '../mail/submissions.ts';
import type { SettledWork } from '../policies/deadline.ts';
import type { AllocationStore } from './allocation-store.ts';

export const settledWork = (
  store: Pick<AllocationStore, 'runMonths' | 'isAllocated'>,
  outbox: Pick<Outbox, 'ofPurpose'> | undefined,
): SettledWork => {
  // Goes over every day that was ever paid, and most reports never ask.
  const runsByMonth = lazily(() =>
    Map.groupBy(store.runMonths(), ({ contractId, month }) => `${contractId} ${month}`),
  );
  return {
    reportedBy: (siteId, companyId, month) =>
      outbox
        ?.ofPurpose(purposeOf({ siteId, companyId, month }))
        .flatMap(({ mailId, state }) =>
          state.kind === 'sent' ? [{ mailId, sentAt: state.at }] : [],
        )[0],
    allocatedBy: (contractId, month) => runsByMonth().get(`${contractId} ${month}`) ?? [],
    isAllocated: store.isAllocated,
  };
};
