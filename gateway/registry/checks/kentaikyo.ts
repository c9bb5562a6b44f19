/**
 * 建退共 rows of the registry that leave no single answer to "what is due?".
 *
 * Mistakes of business – a purchase before the contract, a negative balance, an approval for a day without
 * work – are imported and told in the reports, to who can mend them.
 */
import type { FaultList } from '../../fault-list.ts';
import { DAILY_PREMIUM_YEN } from '../../policies/daily-premium.ts';
import { stampValueOn } from '../../policies/purchase-estimate.ts';
import type { Registry } from '../registry-document.ts';

export const jointVentures = ({ contracts, companies }: Registry, faults: FaultList): void => {
  const known = new Set(companies.map(({ companyId }) => companyId));
  for (const [index, { jointVenture = [] }] of contracts.entries()) {
    const seen = new Set<string>();
    for (const [at, { companyId }] of jointVenture.entries()) {
      const place = `/contracts/${index}/jointVenture/${at}/companyId`;
      if (!known.has(companyId)) faults.add(place, `${companyId} is not in companies`);
      if (seen.has(companyId)) faults.add(place, `${companyId} stands here twice`);
      seen.add(companyId);
    }
  }
};

export const closedBeforeIssue = ({ booklets }: Registry, faults: FaultList): void => {
  for (const [index, { issuedOn, closedOn }] of booklets.entries()) {
    if (closedOn !== undefined && closedOn < issuedOn)
      faults.add(`/booklets/${index}/closedOn`, `${closedOn} is before issuedOn ${issuedOn}`);
  }
};

/** Before the 320円 stamp there was nothing to exchange for. */
export const exchangedTooEarly = ({ stampExchanges }: Registry, faults: FaultList): void => {
  for (const [index, { date }] of stampExchanges.entries())
    if (stampValueOn(date) === DAILY_PREMIUM_YEN[0]?.value)
      faults.add(`/stampExchanges/${index}/date`, `${date} is before the 320円 stamp`);
};
