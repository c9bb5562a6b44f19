/**
 * Reads a registry document: whole or not at all, every fault named at once. First those of shape, then,
 * in a sound document, those between rows: what is named and not there, stands twice, contradicts itself on
 * one date, goes in circles or cannot have been.
 */
import { faultsOf, faulty, ok, type Result } from '../../shared/result.ts';
import { createFaultList, type FaultList } from '../fault-list.ts';
import { runToEnd, type Steps } from '../turns.ts';
import { completedBeforeContract, impossibleCorrections } from './checks/dates.ts';
import { beforeBirth, overlappingIntervals, reversedIntervals } from './checks/intervals.ts';
import { closedBeforeIssue, exchangedTooEarly, jointVentures } from './checks/kentaikyo.ts';
import { breaksOfNoLength, reversedPeriods } from './checks/labour-periods.ts';
import {
  contractExceptions,
  contractsOfOtherSites,
  danglingReferences,
  doubledFacts,
  doubledIds,
} from './checks/references.ts';
import { circlesInTiers } from './checks/tiers.ts';
import {
  EMPTY_REGISTRY,
  REGISTRY_TABLES,
  type Registry,
  type RegistryTable,
  ROWS_MAX,
} from './registry-document.ts';

/** Rows parsed between two places where others may have a turn. */
const ROWS_PER_STEP = 500;

type Check = (registry: Registry, faults: FaultList) => void;

/** In the order in which faults are told; each costs no more than sorting the rows. */
const CHECKS: readonly Check[] = [
  doubledIds,
  doubledFacts,
  danglingReferences,
  contractExceptions,
  contractsOfOtherSites,
  jointVentures,
  closedBeforeIssue,
  exchangedTooEarly,
  reversedIntervals,
  ...overlappingIntervals,
  reversedPeriods,
  breaksOfNoLength,
  circlesInTiers,
  completedBeforeContract,
  beforeBirth,
  impossibleCorrections,
];

/** Judges the rows of a sound document against each other. */
export function* registryChecking(registry: Registry): Steps<Result<Registry>> {
  const faults = createFaultList();
  for (const check of CHECKS) {
    check(registry, faults);
    yield;
  }
  return faults.count() === 0 ? ok(registry) : { ok: false, faults: faults.faults() };
}

/** One row from outside, by the schema of its table; its faults go to the list, below `place`. */
const parseRow = (
  table: RegistryTable,
  row: unknown,
  place: string,
  faults: FaultList,
): object | undefined => {
  const parsed = REGISTRY_TABLES[table].safeParse(row);
  if (parsed.success) return parsed.data;
  faults.addAll(faultsOf(parsed.error.issues, place));
  return undefined;
};

function* tableParsing(
  table: RegistryTable,
  rows: unknown,
  faults: FaultList,
): Steps<readonly object[]> {
  if (!Array.isArray(rows)) {
    faults.add(`/${table}`, 'is no list of rows');
    return [];
  }
  if (rows.length > ROWS_MAX) {
    faults.add(`/${table}`, `has ${rows.length} rows; the limit is ${ROWS_MAX}`);
    return [];
  }
  const parsed: object[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
    const sound = parseRow(table, row, `/${table}/${index}`, faults);
    if (sound !== undefined) parsed.push(sound);
  }
  return parsed;
}

/**
 * Reads a document from outside in steps; places are JSON pointers. Tables that the document does not have
 * are those of `standing`: a registry that is sound already, or the empty one.
 */
export function* registryParsing(
  json: unknown,
  standing: Registry = EMPTY_REGISTRY,
): Steps<Result<Registry>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return faulty({
      place: '',
      message: 'is no registry document: an object with a list per table',
    });
  const document: Readonly<Record<string, unknown>> = { ...json };
  const faults = createFaultList();
  const tables: Record<string, readonly object[]> = {};
  for (const table of Object.keys(REGISTRY_TABLES) as RegistryTable[]) {
    const rows = document[table];
    tables[table] = rows === undefined ? standing[table] : yield* tableParsing(table, rows, faults);
  }
  if (faults.count() > 0) return { ok: false, faults: faults.faults() };
  // Each row was made by the schema of its table.
  return yield* registryChecking(tables as unknown as Registry);
}

/** Reads a document from outside in one go. */
export const parseRegistryDocument = (json: unknown): Result<Registry> =>
  runToEnd(registryParsing(json));
