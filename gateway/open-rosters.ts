/** Rosters put together for a gateway: made from registry and ledger, with each worker's days in all. */
import { createContributedTotals } from './contributed-totals.ts';
import type { RegistryIndex } from './registry/registry.ts';
import { createRosters, type Rosters, type RostersDeps, rosterOfSite } from './rosters.ts';
import type { Ledger } from './store/ledger.ts';

export interface OpenRostersDeps extends Omit<RostersDeps, 'contentOf' | 'nextVersion'> {
  readonly ledger: Pick<Ledger, 'attendance' | 'nextRosterVersion'>;
  readonly registryIndex: () => RegistryIndex;
}

/** `refresh` sends what there is now, and again once the days in all are of today and of this registry. */
export const openRosters = (deps: OpenRostersDeps): Rosters => {
  const { ledger, registryIndex } = deps;
  const totals = createContributedTotals(deps);
  const rosters = createRosters({
    ...deps,
    nextVersion: ledger.nextRosterVersion,
    contentOf: (siteId, today) =>
      rosterOfSite(ledger, { ...totals, registry: registryIndex(), siteId, today }),
  });
  return {
    ...rosters,
    refresh: () => {
      rosters.refresh();
      void totals.refresh().then((isNews) => {
        if (isNews) rosters.refresh();
      });
    },
  };
};
