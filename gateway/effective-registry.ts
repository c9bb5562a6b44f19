/**
 * The registry that counts (有効な台帳): what was imported, and where it is silent, what managers bound at
 * the gate.
 *
 * Pure. The registry has the last word: a card that it knows, on whatever date, is the registry's.
 */
import type { Registry } from './registry-document.ts';
import type { Binding } from './store/ledger.ts';

/** Later bindings of a card take the place of earlier ones. */
export const effectiveRegistry = (registry: Registry, bindings: readonly Binding[]): Registry => {
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
