/**
 * Keeps the roster (作業員名簿) that the gate decides by: the newest that the gateway signed, and what
 * the manager bound at this terminal since.
 */
import type { BindBody } from '../shared/entry.ts';
import type { SiteId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { firstFault } from '../shared/result.ts';
import { parseRoster, type Roster } from '../shared/roster.ts';
import type { Verifier } from '../shared/signature.ts';
import type { WorkDate } from '../shared/time.ts';
import { indexRoster, type RosterIndex } from './gate.ts';

export interface RosterCache {
  /** Roster bytes as last accepted; kept so that the gate works without a network. */
  readonly load: () => Uint8Array | undefined;
  readonly save: (bytes: Uint8Array) => void;
}

export interface RosterKeeperDeps {
  readonly siteId: SiteId;
  readonly verifyGateway: Verifier;
  readonly cache: RosterCache;
  readonly log: Log;
}

export type Binding = Pick<BindBody, 'cardId' | 'workerId'> & { readonly from: WorkDate };

export interface RosterKeeper {
  readonly index: () => RosterIndex | undefined;
  readonly take: (bytes: Uint8Array, from: 'gateway' | 'cache') => void;
  /** Why the last one that the gateway sent was not taken; undefined once it is. */
  readonly fault: () => string | undefined;
  /** A card that the manager bound here counts at once; what a roster says of it goes first. */
  readonly bind: (binding: Binding) => void;
}

const BINDINGS_MAX = 1_000;

const withBindings = (index: RosterIndex, bindings: readonly Binding[]): RosterIndex => {
  const holdingsByCard = new Map(index.holdingsByCard);
  for (const { cardId, workerId, from } of bindings) {
    const worker = index.workerById.get(workerId);
    if (worker === undefined) continue;
    holdingsByCard.set(cardId, [...(holdingsByCard.get(cardId) ?? []), { worker, from }]);
  }
  return { ...index, holdingsByCard };
};

/**
 * An old signed roster played back must not bring back a removed card. Versions grow, but for a gateway that
 * was restored from a backup and counts from there again: what it makes is later, if lower. A gateway whose
 * clock was put back makes what is higher, if earlier. What is played back is neither.
 */
const isNewer = (roster: Roster, than: Roster): boolean =>
  roster.version > than.version || roster.issuedAtMs > than.issuedAtMs;

export const createRosterKeeper = (deps: RosterKeeperDeps): RosterKeeper => {
  const { cache, log } = deps;
  let received: RosterIndex | undefined;
  let index: RosterIndex | undefined;
  let fault: string | undefined;
  const bindings: Binding[] = [];

  const refuse = (reason: string, from: 'gateway' | 'cache'): void => {
    log('a roster was refused', { from, reason });
    if (from === 'gateway') fault = reason;
  };

  const take: RosterKeeper['take'] = (bytes, from) => {
    const parsed = parseRoster(bytes, deps.verifyGateway);
    if (!parsed.ok) return refuse(firstFault(parsed.faults), from);
    const roster = parsed.value;
    if (roster.siteId !== deps.siteId) return refuse(`is of site ${roster.siteId}`, from);
    if (from === 'gateway') fault = undefined;
    if (received !== undefined && !isNewer(roster, received.roster)) return;
    received = indexRoster(roster);
    index = withBindings(received, bindings);
    if (from === 'gateway') cache.save(bytes);
  };

  const cached = cache.load();
  if (cached !== undefined) take(cached, 'cache');

  return {
    index: () => index,
    fault: () => fault,
    take,
    bind: (binding) => {
      bindings.push(binding);
      if (bindings.length > BINDINGS_MAX) bindings.shift();
      if (received !== undefined) index = withBindings(received, bindings);
    },
  };
};
