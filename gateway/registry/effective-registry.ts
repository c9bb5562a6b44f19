/**
 * The registry that counts (有効な台帳): what was imported; where it is silent, what managers bound at the
 * gate; and the corrections that a 元請 approved.
 *
 * Pure. The registry has the last word on cards: one that it knows, on whatever date, is the registry's.
 */

import type { Binding } from '../store/ledger.ts';
import type { Registry, RegistryRow } from './registry-document.ts';

/** Later bindings of a card take the place of earlier ones. */
const withBindings = (registry: Registry, bindings: readonly Binding[]): Registry => {
  if (bindings.length === 0) return registry;
  const known = new Set(registry.cards.map(({ cardId }) => cardId));
  const workers = new Set(registry.workers.map(({ workerId }) => workerId));
  const bound = new Map(
    bindings
      .filter(({ cardId, workerId }) => !known.has(cardId) && workers.has(workerId))
      .map(({ cardId, workerId }) => [cardId, { cardId, workerId }]),
  );
  return bound.size === 0
    ? registry
    : { ...registry, cards: [...registry.cards, ...bound.values()] };
};

/**
 * A correction that an imported registry brings along itself, as one that was taken out of this gateway does,
 * counts once; one of a site or worker that the registry does not know waits until it does.
 */
const withApproved = (
  registry: Registry,
  approved: readonly RegistryRow<'corrections'>[],
): Registry => {
  if (approved.length === 0) return registry;
  const known = new Set(registry.corrections.map(({ requestId }) => requestId));
  const sites = new Set(registry.sites.map(({ siteId }) => siteId));
  const workers = new Set(registry.workers.map(({ workerId }) => workerId));
  const counting = approved.filter(
    ({ requestId, siteId, workerId }) =>
      !known.has(requestId) && sites.has(siteId) && workers.has(workerId),
  );
  return counting.length === 0
    ? registry
    : { ...registry, corrections: [...registry.corrections, ...counting] };
};

/** `approved`: in the order of the decisions. */
export const effectiveRegistry = (
  registry: Registry,
  bindings: readonly Binding[],
  approved: readonly RegistryRow<'corrections'>[] = [],
): Registry => withApproved(withBindings(registry, bindings), approved);
