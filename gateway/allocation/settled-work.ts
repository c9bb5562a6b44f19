/** What was done (済んだこと), read once for a report: months that stand allocated, reports that went out by mail. */

import type { Outbox } from '../mail/outbox.ts';
import { purposeOf, type SubmissionKey } from '../mail/submissions.ts';
import type { SettledWork } from '../policies/deadlines.ts';
import type { AllocationStore } from './allocation-store.ts';

export const settledWork = (
  store: Pick<AllocationStore, 'allocatedMonths'>,
  outbox: Pick<Outbox, 'ofPurpose'> | undefined,
): SettledWork => {
  const daysByMonth = new Map(
    store.allocatedMonths().map(({ contractId, month, days }) => [`${contractId} ${month}`, days]),
  );
  const wasSent = (key: SubmissionKey): boolean =>
    outbox?.ofPurpose(purposeOf(key)).some(({ state }) => state.kind === 'sent') === true;
  return {
    isReported: (siteId, companyId, month) => wasSent({ siteId, companyId, month }),
    allocatedDays: (contractId, month) => daysByMonth.get(`${contractId} ${month}`),
  };
};
