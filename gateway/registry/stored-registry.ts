/**
 * What was once taken (取り込み済みの台帳), as it was written down.
 *
 * Here it is said what is judged and what is not. A document from outside is judged whole by the rules of today
 * (parse-registry.ts): every import, and `replay --registry`. What a gateway took by the rules of then counts as it
 * stands, and is neither refused nor written anew: at the gateway's start and in its commands, for amendments, in
 * `verify` and `replay --export`. A gateway that does not start can be told nothing better, and what was issued can be
 * recomputed only from what it rested on. What newer rules find in it is told.
 */
import { z } from 'zod';
import type { Log } from '../../shared/log.ts';
import {
  type Fault,
  faultLines,
  faultsOf,
  faulty,
  ok,
  parseJson,
  type Result,
} from '../../shared/result.ts';
import type { Ledger } from '../store/ledger.ts';
import { isRegistryDocument, parseRegistryDocument, TABLE_NAMES } from './parse-registry.ts';
import {
  EMPTY_REGISTRY,
  REGISTRY_TABLES,
  type Registry,
  type RegistryRow,
} from './registry-document.ts';

const isRow = (row: unknown): row is object =>
  typeof row === 'object' && row !== null && !Array.isArray(row);

/** A registry's text of this or an older program; tables that came later are empty. A fault where it was never one. */
export const asStored = (text: string): Result<Registry> => {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!isRegistryDocument(json.value)) return faulty({ place: '', message: 'is no registry' });
  const document = json.value;
  const tables = TABLE_NAMES.map((table) => {
    const { [table]: rows = [] } = document;
    return [table, rows] as const;
  });
  const strange = tables.filter(([, rows]) => !Array.isArray(rows) || !rows.every(isRow));
  return strange.length === 0
    ? ok({ ...EMPTY_REGISTRY, ...Object.fromEntries(tables) })
    : faulty(...strange.map(([table]) => ({ place: `/${table}`, message: 'is no list of rows' })));
};

/** What the rules of today find in it; none where they would take it as well. */
export const newerFaults = (registry: Registry): readonly Fault[] => {
  const judged = parseRegistryDocument(registry);
  return judged.ok ? [] : judged.faults;
};

/** A correction that was once approved, as it stands in an export. */
export const StoredCorrection = z.custom<RegistryRow<'corrections'>>(isRow, 'is no correction');

/** As `newerFaults`, with JSON pointers into the row. */
export const newerFaultsOfCorrection = (row: RegistryRow<'corrections'>): readonly Fault[] =>
  faultsOf(REGISTRY_TABLES.corrections.safeParse(row).error?.issues ?? []);

/** As it was last imported; undefined before the first import. Throws where it was never a registry. */
export const storedRegistry = (
  ledger: Pick<Ledger, 'registryText'>,
  log: Log = () => undefined,
): Registry | undefined => {
  const text = ledger.registryText();
  if (text === undefined) return undefined;
  const stored = asStored(text);
  if (!stored.ok) throw new Error(`the stored registry is none:\n${faultLines(stored.faults)}`);
  const faults = newerFaults(stored.value);
  // Places alone: what stands there may be somebody's name.
  if (faults.length > 0)
    log('the stored registry breaks newer rules, and counts as it is until it is imported anew', {
      places: faults.map(({ place }) => place).join(' '),
    });
  return stored.value;
};
