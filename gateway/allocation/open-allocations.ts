/** 充当 put together for the API: desk and store, and what of it is done. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { AllocationRoutesDeps } from '../api/allocation-routes.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { SettledWork } from '../policies/deadline.ts';
import { openSqliteAllocations } from '../store/sqlite-allocations.ts';
import { type AllocationDeskDeps, createAllocationDesk } from './allocation-desk.ts';
import { settledWork } from './settled-work.ts';

/** `db`: with the ledger's schema already in place. */
export const openAllocations = (
  db: Sqlite,
  { outbox, ...deps }: Omit<AllocationDeskDeps, 'store'> & { readonly outbox: Outbox | undefined },
): Required<Pick<AllocationRoutesDeps, 'allocations'>> & {
  readonly settled: () => SettledWork;
} => {
  const store = openSqliteAllocations(db);
  return {
    allocations: { store, desk: createAllocationDesk({ ...deps, store }) },
    settled: () => settledWork(store, outbox),
  };
};
