/**
 * 累計の掛金日数: what each worker on a roster has contributed in all months before this one, for the terminals.
 *
 * It reads everything that is known of a worker, so it is worked out in turns, once a day and after each import
 * of the registry; a late change of an earlier month is in it the next day. Days of any age count: who worked them
 * has them, whenever it is asked.
 */
import type { SiteId, TerminalId, WorkerId } from '../shared/ids.ts';
import {
  addDays,
  dateInJapan,
  firstDateOf,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../shared/time.ts';
import { contributionsOf } from './policies/contributions.ts';
import type { RegistryIndex } from './registry/registry.ts';
import { assignmentsAhead } from './rosters.ts';
import type { Ledger } from './store/ledger.ts';
import { runInTurns, type Steps } from './turns.ts';

export interface ContributedTotals {
  /** Undefined until it was worked out. */
  readonly daysBefore: (workerId: WorkerId) => number | undefined;
  /** Works out what is not of today and of this registry. Whether there is news; none where another overtook it. */
  readonly refresh: () => Promise<boolean>;
}

export interface ContributedTotalsDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  /** Whoever is on a roster of these sites is reckoned. */
  readonly siteByTerminal: ReadonlyMap<TerminalId, SiteId>;
  readonly now: () => UtcMs;
}

export const createContributedTotals = (deps: ContributedTotalsDeps): ContributedTotals => {
  const { ledger, registryIndex, siteByTerminal, now } = deps;
  let standing: { readonly today: WorkDate; readonly index: RegistryIndex } | undefined;
  let totals: ReadonlyMap<WorkerId, number> = new Map();

  const reckon = function* (today: WorkDate, index: RegistryIndex): Steps<boolean> {
    const to = addDays(firstDateOf(monthOf(today)), -1);
    const leaveByWorker = Map.groupBy(index.leave, ({ workerId }) => workerId);
    const found = new Map<WorkerId, number>();
    const onRosters = [...new Set(siteByTerminal.values())].flatMap((siteId) =>
      assignmentsAhead(index, siteId, today).map(({ workerId }) => workerId),
    );
    for (const workerId of new Set(onRosters)) {
      // Another refresh has begun meanwhile.
      if (standing?.index !== index || standing.today !== today) return false;
      const days = ledger.attendance({ to, subjects: [{ kind: 'worker', workerId }] });
      const { contributions } = contributionsOf(
        days,
        { ...index, leave: leaveByWorker.get(workerId) ?? [] },
        { asOf: today, to, isSettled: () => true },
      );
      found.set(
        workerId,
        contributions.reduce((sum, row) => sum + row.days, 0),
      );
      yield;
    }
    totals = found;
    return true;
  };

  return {
    daysBefore: (workerId) => totals.get(workerId),
    refresh: async () => {
      const today = dateInJapan(now());
      const index = registryIndex();
      if (standing?.today === today && standing.index === index) return false;
      // Of another month they would count days twice, or not at all.
      if (standing !== undefined && monthOf(standing.today) !== monthOf(today)) totals = new Map();
      standing = { today, index };
      return runInTurns(reckon(today, index));
    },
  };
};
