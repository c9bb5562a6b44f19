/**
 * 建退共 rows of the registry that leave no single answer to "what is due?".
 *
 * Mistakes of business – a purchase before the contract, a negative balance, an approval for a day without
 * work – are imported and told in the reports, to who can mend them.
 */
import type { FaultList } from '../../fault-list.ts';
import { DAILY_PREMIUM_YEN } from '../../policies/daily-premium.ts';
import { stampValueOn } from '../../policies/purchase-estimate.ts';
import { type DraftRegistry, knownIn } from '../draft-registry.ts';

export const jointVentures = (draft: DraftRegistry, faults: FaultList): void => {
  const isKnown = knownIn(draft, 'companies');
  for (const [index, { jointVenture = [] }] of draft.rows.contracts.entries()) {
    const seen = new Set<string>();
    for (const [at, { companyId }] of jointVenture.entries()) {
      const place = `/contracts/${index}/jointVenture/${at}/companyId`;
      if (!isKnown(companyId)) faults.add(place, `${companyId} is not in companies`);
      if (seen.has(companyId)) faults.add(place, `${companyId} stands here twice`);
      seen.add(companyId);
    }
  }
};

export const closedBeforeIssue = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [index, { issuedOn, closedOn }] of rows.booklets.entries()) {
    if (closedOn !== undefined && issuedOn !== undefined && closedOn < issuedOn)
      faults.add(`/booklets/${index}/closedOn`, `${closedOn} is before issuedOn ${issuedOn}`);
  }
};

/** Before the 320円 stamp there was nothing to exchange for. */
export const exchangedTooEarly = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [index, { date }] of rows.stampExchanges.entries())
    if (date !== undefined && stampValueOn(date) === DAILY_PREMIUM_YEN[0]?.value)
      faults.add(`/stampExchanges/${index}/date`, `${date} is before the 320円 stamp`);
};
