/**
 * The desk of 訂正依頼: takes requests and decisions, judged in pure functions next door, and lets what was
 * approved count at once.
 */
import { randomUUID } from 'node:crypto';
import type { SiteId } from '../../shared/ids.ts';
import type { Fault } from '../../shared/result.ts';
import type { UtcMs } from '../../shared/time.ts';
import { type CorrectedDay, primeOfSite } from '../access/asking-scope.ts';
import type { Principal } from '../access/principal.ts';
import { viewerText } from '../access/viewer.ts';
import { subjectOf } from '../attendance/derive.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { Gateway } from '../gateway.ts';
import { correctionIdsOf, type RegistryIndex } from '../registry/registry.ts';
import type { Ledger } from '../store/ledger.ts';
import {
  type AskOutcome,
  type CorrectionRequest,
  type CorrectionStore,
  correctionRowOf,
  type DecideOutcome,
  type Verdict,
} from './correction-store.ts';
import { type DayFacts, judgeRequest } from './judge-request.ts';

export interface CorrectionDeskDeps {
  readonly store: CorrectionStore;
  readonly gateway: Pick<Gateway, 'correct' | 'registryIndex' | 'waitingTouches'>;
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly now: () => UtcMs;
}

type Who = Pick<Principal, 'actor' | 'viewers'>;

/** First that applies. */
export type DeskDecision =
  | { readonly kind: 'not-their-site' }
  /** Whoever asked as employer or worker has somebody else decide. */
  | { readonly kind: 'own-request' }
  | DecideOutcome;

export interface CorrectionDesk {
  /** `otherFaults`: of what came beside the body, told in one go with the body's. */
  readonly ask: (
    json: unknown,
    who: Who,
    idempotencyKey: string | undefined,
    otherFaults: readonly Fault[],
  ) => AskOutcome | { readonly kind: 'refused'; readonly faults: readonly Fault[] };
  readonly decide: (
    request: CorrectionRequest,
    decision: { readonly verdict: Verdict; readonly reason: string },
    who: Who,
  ) => DeskDecision;
  /** Whether they might decide it, were it not decided yet. */
  readonly mayDecide: (request: CorrectionRequest, who: Who) => boolean;
  readonly store: Pick<CorrectionStore, 'find' | 'requestsAfter'>;
}

/** Touches of the worker at the site that wait for a person; a card is whose it was when its touch arrived. */
const waitingOf = (
  touches: readonly WaitingTouch[],
  index: RegistryIndex,
  { siteId, workerId }: Pick<CorrectedDay, 'siteId' | 'workerId'>,
): readonly string[] =>
  touches
    .filter((touch) => touch.siteId === siteId)
    .filter(({ bearer, receivedAt }) => {
      const subject = subjectOf(index, bearer, receivedAt);
      return subject.kind === 'worker' && subject.workerId === workerId;
    })
    .map(({ id }) => id);

const dayFactsOf = (
  { ledger, gateway }: Pick<CorrectionDeskDeps, 'ledger' | 'gateway'>,
  index: RegistryIndex,
  { siteId, workerId, workDate }: CorrectedDay,
): DayFacts => {
  const site = index.siteById.get(siteId as SiteId);
  if (site === undefined) return { hasTouched: false, correctable: [] };
  const days = ledger.attendance({ siteId: site.siteId, from: workDate, to: workDate });
  const waiting = waitingOf(gateway.waitingTouches(), index, { siteId, workerId });
  return {
    hasTouched:
      waiting.length > 0 ||
      days.some(({ subject }) => subject.kind === 'worker' && subject.workerId === workerId),
    correctable: [...correctionIdsOf(index, { siteId, workerId, workDate }), ...waiting],
  };
};

export const createCorrectionDesk = (deps: CorrectionDeskDeps): CorrectionDesk => {
  const { store, gateway, now } = deps;

  /** Why not, where they may not. */
  const bar = (
    { siteId, askedBy, askedFor }: CorrectionRequest,
    { actor, viewers }: Who,
  ): 'not-their-site' | 'own-request' | undefined => {
    const prime = primeOfSite(gateway.registryIndex(), viewers, siteId);
    if (prime === undefined) return 'not-their-site';
    return askedBy === actor && askedFor !== viewerText(prime) ? 'own-request' : undefined;
  };

  return {
    store,
    mayDecide: (request, who) => bar(request, who) === undefined,
    ask: (json, { actor, viewers }, idempotencyKey, otherFaults) => {
      const index = gateway.registryIndex();
      const askedAt = now();
      const judged = judgeRequest(json, {
        index,
        viewers,
        now: askedAt,
        dayFacts: (day) => dayFactsOf(deps, index, day),
      });
      if (!judged.ok || otherFaults.length > 0)
        return { kind: 'refused', faults: [...otherFaults, ...(judged.ok ? [] : judged.faults)] };
      return store.ask({
        ...judged.value.asked,
        requestId: randomUUID(),
        askedBy: actor,
        askedFor: judged.value.askedFor,
        askedAt,
        idempotencyKey,
      });
    },
    decide: (request, { verdict, reason }, who) => {
      const barred = bar(request, who);
      if (barred !== undefined) return { kind: barred };
      let outcome: DecideOutcome = { kind: 'already-decided', request };
      gateway.correct(() => {
        outcome = store.decide(request.requestId, { verdict, by: who.actor, reason, at: now() });
        return outcome.kind === 'decided' ? correctionRowOf(outcome.request) : undefined;
      });
      return outcome;
    },
  };
};
