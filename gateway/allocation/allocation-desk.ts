/**
 * The desk of 充当: plans a run from the ledger, the registry and what was allocated before, and confirms it as it
 * was seen. Reading, planning and writing are one transaction, so two people cannot confirm one day twice.
 */
import { randomUUID } from 'node:crypto';
import { type Fault, ok, type Result } from '../../shared/result.ts';
import { dateInJapan, firstDateOf, lastDateOf, type Month, type UtcMs } from '../../shared/time.ts';
import type { Subject } from '../attendance/shifts.ts';
import { subjectKey } from '../attendance/subject-key.ts';
import { allocationFindings } from '../policies/allocation-findings.ts';
import { type AllocationRow, type HeldDay, planAllocation } from '../policies/allocation-run.ts';
import { type Contract, purchasesBy } from '../policies/contract-use.ts';
import { sharedMemberNos } from '../policies/contribution-doubts.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { memberAllocations } from '../policies/joint-venture.ts';
import { oldestPayable, workedDayKey } from '../policies/not-payable.ts';
import { shortageForecasts } from '../policies/shortage-forecast.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { Ledger } from '../store/ledger.ts';
import {
  type AllocationFigures,
  allocationFigures,
  openYenByAccount,
  pointDaysByYen,
  rowsSha256,
} from './allocation-figures.ts';
import type { AllocationRun, AllocationStore, LedgerPosition } from './allocation-store.ts';

/** A run as it would be now. */
export interface PlannedRun extends LedgerPosition {
  readonly contractId: string;
  readonly siteId: Contract['siteId'];
  readonly month: Month;
  readonly asOf: string;
  readonly rowsSha256: string;
  readonly figures: AllocationFigures;
  readonly rows: readonly AllocationRow[];
  readonly held: readonly HeldDay[];
}

export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly run: AllocationRun; readonly plan: PlannedRun }
  /** Everything that is owed is allocated already, or nothing is covered. */
  | { readonly kind: 'nothing-to-allocate'; readonly plan: PlannedRun }
  /** The figures are no longer those that the person saw. */
  | { readonly kind: 'changed'; readonly plan: PlannedRun }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] };

export interface AllocationKey {
  readonly contractId: string;
  readonly month: Month;
}

export interface AllocationDesk {
  readonly plan: (key: AllocationKey) => Result<PlannedRun>;
  /** `seen`: the hash of the rows that the person saw; without it whatever is due now is confirmed. */
  readonly confirm: (
    key: AllocationKey,
    how: { readonly seen: string | undefined; readonly by: string },
  ) => ConfirmOutcome;
}

export interface AllocationDeskDeps {
  readonly ledger: Pick<Ledger, 'attendance' | 'subjectsAt'>;
  readonly store: AllocationStore;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Works off what is stale; 0 = all is derived. */
  readonly derive: () => number;
  readonly now: () => UtcMs;
}

export const createAllocationDesk = (deps: AllocationDeskDeps): AllocationDesk => {
  const { ledger, store, registry, registryIndex, derive, now } = deps;

  const planOf = (contract: Contract, month: Month): PlannedRun => {
    const index = registryIndex();
    const { contractId, siteId } = contract;
    const primeId = primeOf(index, siteId);
    const asOf = dateInJapan(now());
    // Days that no run can pay any more are told beside it, so they are looked at too.
    const span = { to: asOf };
    const subjects = concerned(ledger.subjectsAt(siteId, span), index, siteId);
    const workerIds = subjects.flatMap((each) => (each.kind === 'worker' ? [each.workerId] : []));
    const days = ledger.attendance({ ...span, subjects });
    const allocated = store.allocated(contractId, workerIds);
    const paid = new Set(allocated.map(workedDayKey));
    const found = contributionsOf(days, index, {
      asOf,
      ...span,
      isSettled: (day) => paid.has(workedDayKey(day)),
    });
    const contributions = found.contributions.filter((row) => row.contractId === contractId);
    const purchases = purchasesBy(index.purchasesByContract.get(contractId), asOf);
    const shared = sharedMemberNos(index);
    const plan = planAllocation({
      contractId,
      month,
      oldest: oldestPayable(asOf),
      contributions,
      allocated,
      purchases,
      // The book of somebody else is no account of the contract.
      exchanges: (index.stampExchangesByContract.get(contractId) ?? []).filter(
        ({ date, companyId }) => date <= asOf && (companyId ?? primeId) === primeId,
      ),
      firstBooks: (workerId) =>
        index.bookletsByWorker.get(workerId)?.find(({ number }) => number === 1),
      sharesMemberNo: (workerId) => shared.has(index.workerById.get(workerId)?.memberNo ?? ''),
      isFirstOfMonth: store.runs({ contractId, month }).length === 0,
    });
    const inReach = contributions.filter(({ workDate }) => workDate <= lastDateOf(month));
    const known = new Set(workerIds);
    const figures = allocationFigures(plan, {
      contributions: inReach,
      jointVenture: memberAllocations(
        contract,
        pointDaysByYen(plan.rows),
        purchases.filter(({ method }) => method === 'points'),
      ),
      forecasts: shortageForecasts({
        contract,
        balances: plan.balances,
        contributions,
        openYen: openYenByAccount(contributions, [...allocated, ...plan.rows]),
        asOf,
      }),
      findings: allocationFindings({
        registry: registry(),
        index,
        contract,
        month,
        asOf,
        contributions: inReach,
        unresolved: found.unresolved.filter(
          ({ workerId }) => workerId !== undefined && known.has(workerId),
        ),
        plan,
      }),
    });
    return {
      ...store.position(),
      contractId,
      siteId,
      month,
      asOf,
      rowsSha256: rowsSha256(plan.rows),
      figures,
      rows: plan.rows,
      held: plan.held,
    };
  };

  const asked = ({ contractId, month }: AllocationKey): Result<Contract> => {
    const contract = registryIndex().contractById.get(contractId);
    const today = dateInJapan(now());
    const faults: Fault[] = [];
    if (contract === undefined)
      faults.push({ place: '/contractId', message: `${contractId} is not in contracts` });
    if (firstDateOf(month) > today)
      faults.push({ place: '/month', message: `${month} has not begun` });
    if (lastDateOf(month) < oldestPayable(today))
      faults.push({ place: '/month', message: `${month} is more than 730 days back` });
    return contract === undefined || faults.length > 0 ? { ok: false, faults } : ok(contract);
  };

  /** What was touched or corrected a moment ago counts. */
  const deriveAll = (): void => {
    while (derive() > 0);
  };

  const plan: AllocationDesk['plan'] = (key) => {
    const contract = asked(key);
    if (!contract.ok) return contract;
    deriveAll();
    return ok(store.inOneGo(() => planOf(contract.value, key.month)));
  };

  return {
    plan,
    confirm: (key, { seen, by }) => {
      const contract = asked(key);
      if (!contract.ok) return { kind: 'refused', faults: contract.faults };
      deriveAll();
      return store.inOneGo((): ConfirmOutcome => {
        const planned = planOf(contract.value, key.month);
        if (seen !== undefined && seen !== planned.rowsSha256)
          return { kind: 'changed', plan: planned };
        if (planned.rows.length === 0) return { kind: 'nothing-to-allocate', plan: planned };
        const { asOf: _, rows, held: __, ...frozen } = planned;
        const run = { ...frozen, runId: randomUUID(), confirmedAt: now(), confirmedBy: by };
        store.append(run, rows);
        return { kind: 'confirmed', run, plan: planned };
      });
    },
  };
};

/** Those whose days the contract may owe: they were at its site, or had a day off booked there. */
const concerned = (
  atSite: readonly Subject[],
  index: RegistryIndex,
  siteId: Contract['siteId'],
): readonly Subject[] => {
  const known = new Set(atSite.map(subjectKey));
  const onLeave = new Set(index.leave.map(({ workerId }) => workerId));
  const others = (index.assignmentsBySite.get(siteId) ?? [])
    .map(({ workerId }) => workerId)
    .filter((workerId) => onLeave.has(workerId));
  return [
    ...atSite,
    ...[...new Set(others)]
      .map((workerId) => ({ kind: 'worker', workerId }) as const)
      .filter((subject) => !known.has(subjectKey(subject))),
  ];
};
