/**
 * A registry as it came, before anybody knows whether it is sound (台帳の下書き): every row stands at its place in
 * the document, of a row with faults of its own what is sound in it. So rows can be held against each other
 * while some are faulty, and nobody is told a fault that is only another one's shadow.
 */
import {
  REGISTRY_TABLES,
  type Registry,
  type RegistryRow,
  type RegistryTable,
} from './registry-document.ts';

/** Rows by table; a field that has a fault is absent, like one that is not there. */
export type DraftRows = {
  readonly [Table in RegistryTable]: readonly Partial<RegistryRow<Table>>[];
};

export interface DraftTable {
  readonly rows: readonly object[];
  /** Indexes of the rows that have faults of their own. */
  readonly faulty: ReadonlySet<number>;
  /** Whether all of its rows could be told apart: no list at all, too many of them, or a file that breaks off. */
  readonly isWhole: boolean;
}

export interface DraftRegistry {
  readonly rows: DraftRows;
  /** Tables that came with faults; the others are sound. */
  readonly faulty: ReadonlyMap<RegistryTable, Pick<DraftTable, 'faulty' | 'isWhole'>>;
}

/** The fields of a row from outside with which its schema found no fault, by the issues that it had. */
export const soundFields = (
  table: RegistryTable,
  row: unknown,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): object => {
  if (typeof row !== 'object' || row === null) return {};
  const faulty = new Set(issues.map(({ path: [field] }) => field));
  return Object.fromEntries(
    Object.entries(row).filter(
      ([field]) => Object.hasOwn(REGISTRY_TABLES[table].shape, field) && !faulty.has(field),
    ),
  );
};

/** `standing`, with what came in place of some of its tables. */
export const draftRegistry = (
  standing: Registry,
  tables: ReadonlyMap<RegistryTable, DraftTable>,
): DraftRegistry => ({
  // Each row was made by the schema of its table.
  rows: {
    ...standing,
    ...Object.fromEntries([...tables].map(([table, { rows }]) => [table, rows])),
  } as unknown as DraftRows,
  faulty: new Map([...tables].filter(([, { faulty, isWhole }]) => faulty.size > 0 || !isWhole)),
});

/** The rows of a table that have no faults of their own, each with its index in the document. */
export function* soundRows<Table extends RegistryTable>(
  { rows, faulty }: DraftRegistry,
  table: Table,
): Generator<readonly [index: number, row: RegistryRow<Table>]> {
  const ofTable = faulty.get(table)?.faulty;
  for (const [index, row] of rows[table].entries()) {
    // What has no faults is all that its schema asks for.
    if (ofTable?.has(index) !== true) yield [index, row as unknown as RegistryRow<Table>];
  }
}

/** The fields that other tables name a row by. */
export const ID_FIELDS = {
  companies: 'companyId',
  workers: 'workerId',
  sites: 'siteId',
  contracts: 'contractId',
} as const;
export type NamedTable = keyof typeof ID_FIELDS;

/**
 * Whether a name may be one of the table. Everything may where a row does not say its own name: it may be
 * the one that is meant.
 */
export const knownIn = (draft: DraftRegistry, table: NamedTable): ((id: unknown) => boolean) => {
  const field: string = ID_FIELDS[table];
  const rows: readonly Readonly<Record<string, unknown>>[] = draft.rows[table];
  const ids = new Set(rows.map((row) => row[field]));
  return draft.faulty.get(table)?.isWhole === false || ids.has(undefined)
    ? () => true
    : (id) => ids.has(id);
};
