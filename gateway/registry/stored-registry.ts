/** The registry as it was last imported (保管された台帳), read once at the start. */
import { faultLines } from '../../shared/result.ts';
import type { Ledger } from '../store/ledger.ts';
import { parseRegistryDocument } from './parse-registry.ts';
import type { Registry } from './registry-document.ts';

/**
 * Undefined before the first import. What was stored passed this very parser; failing it now means a newer
 * rule, which a person must settle: it throws.
 */
export const storedRegistry = (ledger: Pick<Ledger, 'registryText'>): Registry | undefined => {
  const text = ledger.registryText();
  if (text === undefined) return undefined;
  const parsed = parseRegistryDocument(JSON.parse(text));
  if (!parsed.ok) throw new Error(`the stored registry is refused:\n${faultLines(parsed.faults)}`);
  return parsed.value;
};
