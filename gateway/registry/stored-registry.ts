/** The registry as it was last imported (保管された台帳), read once at the start. */
import type { Log } from '../../shared/log.ts';
import { faultLines } from '../../shared/result.ts';
import type { Ledger } from '../store/ledger.ts';
import { parseRegistryDocument } from './parse-registry.ts';
import { EMPTY_REGISTRY, REGISTRY_TABLES, type Registry } from './registry-document.ts';

const hasRows = (table: unknown): boolean =>
  Array.isArray(table) && table.every((row) => typeof row === 'object' && row !== null);

/** Lists of rows under the names of tables: what this or an older program wrote down after it had judged it. */
const isOurs = (json: unknown): json is Partial<Registry> =>
  typeof json === 'object' &&
  json !== null &&
  !Array.isArray(json) &&
  Object.entries(json).every(
    ([name, rows]) => !Object.hasOwn(REGISTRY_TABLES, name) || hasRows(rows),
  );

/**
 * Undefined before the first import. What was stored passed the parser of the program that took it; what breaks a
 * newer rule is told and counts as it is until somebody imports it anew: a gateway that does not start can be told
 * nothing better. Throws where it was never a registry.
 */
export const storedRegistry = (
  ledger: Pick<Ledger, 'registryText'>,
  log: Log = () => undefined,
): Registry | undefined => {
  const text = ledger.registryText();
  if (text === undefined) return undefined;
  const json: unknown = JSON.parse(text);
  const parsed = parseRegistryDocument(json);
  if (parsed.ok) return parsed.value;
  if (!isOurs(json)) throw new Error(`the stored registry is none:\n${faultLines(parsed.faults)}`);
  // Places alone: what stands there may be somebody's name.
  log('the stored registry breaks newer rules, and counts as it is until it is imported anew', {
    places: parsed.faults.map(({ place }) => place).join(' '),
  });
  return { ...EMPTY_REGISTRY, ...json };
};
