/**
 * Reads a registry document: whole or not at all, every fault named at once, in the order of the document:
 * those of a row by itself, and those between rows – what is named and not there, stands twice, contradicts
 * itself on one date, goes in circles or cannot have been.
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
  type DraftRegistry,
  type DraftTable,
  draftRegistry,
  soundFields,
} from './draft-registry.ts';
import {
  EMPTY_REGISTRY,
  REGISTRY_TABLES,
  type Registry,
  type RegistryTable,
  ROWS_MAX,
} from './registry-document.ts';

/** Rows parsed between two places where others may have a turn. */
const ROWS_PER_STEP = 500;

type Check = (draft: DraftRegistry, faults: FaultList) => void;

/** In the order in which faults of one row are told; each costs no more than sorting the rows. */
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

export const TABLE_NAMES = Object.keys(REGISTRY_TABLES) as RegistryTable[];

const POINTER = /^\/([^/]+)(?:\/(\d+))?/;

/** Where a place is in the document: `tables` in their order, then whatever it does not have. */
const rankIn = (tables: readonly string[]): ((place: string) => number) => {
  const ordered = [...new Set([...tables, ...TABLE_NAMES])];
  const rankByTable = new Map(ordered.map((table, at) => [table, at * (ROWS_MAX + 1)]));
  return (place) => {
    const [, table = '', index] = POINTER.exec(place) ?? [];
    return (rankByTable.get(table) ?? -1) + (index === undefined ? 0 : Number(index) + 1);
  };
};

/** Judges rows that were read against each other; `faults` holds already what each has by itself. */
export function* registryChecking(
  draft: DraftRegistry,
  faults: FaultList,
): Steps<Result<Registry>> {
  for (const check of CHECKS) {
    check(draft, faults);
    yield;
  }
  // Without a fault every row is what its schema asks for.
  return faults.count() === 0
    ? ok(draft.rows as unknown as Registry)
    : { ok: false, faults: faults.faults() };
}

/** A list for the faults of one table and of what they lead to in others: those of the table are first. */
export const faultsAround = (table: RegistryTable): FaultList => createFaultList(rankIn([table]));

const NO_TABLE: DraftTable = { rows: [], faulty: new Set(), isWhole: false };

function* tableParsing(table: RegistryTable, rows: unknown, faults: FaultList): Steps<DraftTable> {
  if (!Array.isArray(rows)) {
    faults.add(`/${table}`, 'is no list of rows');
    return NO_TABLE;
  }
  if (rows.length > ROWS_MAX) {
    faults.add(`/${table}`, `has ${rows.length} rows; the limit is ${ROWS_MAX}`);
    return NO_TABLE;
  }
  const parsed: object[] = [];
  const faulty = new Set<number>();
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
    const sound = REGISTRY_TABLES[table].safeParse(row);
    if (sound.success) parsed.push(sound.data);
    else {
      const { issues } = sound.error;
      faults.addAll(faultsOf(issues, `/${table}/${index}`));
      faulty.add(index);
      parsed.push(soundFields(table, row, issues));
    }
  }
  return { rows: parsed, faulty, isWhole: true };
}

/**
 * Names of a document that are no tables, the first of them, shortened: whoever reads it passes over tables of
 * tomorrow and says so, as a mistyped name leaves the table that was meant empty.
 */
export const unknownTables = (json: unknown): readonly string[] =>
  Object.keys(json ?? {})
    .filter((name) => !Object.hasOwn(REGISTRY_TABLES, name))
    .slice(0, 20)
    .map((name) => name.slice(0, 40));

/** An object that names a table, or nothing at all: whatever else names none of them was meant for somebody else. */
export const isRegistryDocument = (json: unknown): json is Readonly<Record<string, unknown>> => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const names = Object.keys(json);
  return names.length === 0 || names.some((name) => Object.hasOwn(REGISTRY_TABLES, name));
};

/**
 * Reads a document from outside in steps; places are JSON pointers. Tables that the document does not have
 * are those of `standing`: a registry that is sound already, or the empty one.
 */
export function* registryParsing(
  json: unknown,
  standing: Registry = EMPTY_REGISTRY,
): Steps<Result<Registry>> {
  if (!isRegistryDocument(json))
    return faulty({
      place: '',
      message: 'is no registry document: an object with a list per table',
    });
  const faults = createFaultList(rankIn(Object.keys(json)));
  const tables = new Map<RegistryTable, DraftTable>();
  for (const table of TABLE_NAMES) {
    const rows = json[table];
    if (rows !== undefined) tables.set(table, yield* tableParsing(table, rows, faults));
  }
  return yield* registryChecking(draftRegistry(standing, tables), faults);
}

/** Reads a document from outside in one go. */
export const parseRegistryDocument = (json: unknown): Result<Registry> =>
  runToEnd(registryParsing(json));
