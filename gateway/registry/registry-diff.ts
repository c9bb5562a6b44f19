/**
 * What an import changed (台帳の差分): two registries in, rows added, removed and changed out.
 *
 * Linear in the rows of both: a change of one row costs no comparison with every other. Rows of one natural
 * key that are equal on both sides cancel out; what is left over is paired as changes, in order.
 */
import { isDeepStrictEqual } from 'node:util';
import { runToEnd, type Steps } from '../turns.ts';
import {
  REGISTRY_TABLES,
  type Registry,
  type RegistryRow,
  type RegistryTable,
} from './registry-document.ts';
import { naturalKey } from './registry-keys.ts';

type ChangeOf<Table extends RegistryTable> =
  | { readonly table: Table; readonly kind: 'added'; readonly after: RegistryRow<Table> }
  | { readonly table: Table; readonly kind: 'removed'; readonly before: RegistryRow<Table> }
  | {
      readonly table: Table;
      readonly kind: 'changed';
      readonly before: RegistryRow<Table>;
      readonly after: RegistryRow<Table>;
    };

export type RegistryChange = { [Table in RegistryTable]: ChangeOf<Table> }[RegistryTable];

/** Text that is the same for equal rows, whatever the order of their fields; absent and undefined alike. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_field, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Rows or keys between two places where others may have a turn. */
const PER_STEP = 1_000;

function* groupingByKey<Row extends object>(
  table: RegistryTable,
  rows: readonly Row[],
): Steps<ReadonlyMap<string, readonly Row[]>> {
  const groups = new Map<string, Row[]>();
  for (const [index, row] of rows.entries()) {
    if (index % PER_STEP === PER_STEP - 1) yield;
    const key = naturalKey(table, row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

const NOTHING = { before: [], after: [] };

/** Takes equal rows off both sides, one for one. */
const unequal = <Row extends object>(
  before: readonly Row[],
  after: readonly Row[],
): { readonly before: readonly Row[]; readonly after: readonly Row[] } => {
  if (before.length === 0 || after.length === 0) return { before, after };
  // Nearly every key stands once on either side, and nearly every row is as it was.
  if (before.length === 1 && after.length === 1 && isDeepStrictEqual(before, after)) return NOTHING;
  const countByText = new Map<string, number>();
  for (const row of before) {
    const text = canonical(row);
    countByText.set(text, (countByText.get(text) ?? 0) + 1);
  }
  const isCancelled = (row: Row): boolean => {
    const text = canonical(row);
    const count = countByText.get(text) ?? 0;
    if (count > 0) countByText.set(text, count - 1);
    return count > 0;
  };
  const added = after.filter((row) => !isCancelled(row));
  // What is still counted has no partner on the other side.
  const removed = before.filter((row) => isCancelled(row));
  return { before: removed, after: added };
};

function* tableDiffing<Table extends RegistryTable>(
  table: Table,
  before: readonly RegistryRow<Table>[],
  after: readonly RegistryRow<Table>[],
): Steps<readonly ChangeOf<Table>[]> {
  if (before === after) return [];
  const beforeByKey = yield* groupingByKey(table, before);
  const afterByKey = yield* groupingByKey(table, after);
  const changes: ChangeOf<Table>[] = [];
  let count = 0;
  for (const key of new Set([...beforeByKey.keys(), ...afterByKey.keys()])) {
    count += 1;
    if (count % PER_STEP === 0) yield;
    const left = unequal(beforeByKey.get(key) ?? [], afterByKey.get(key) ?? []);
    for (let at = 0; at < Math.max(left.before.length, left.after.length); at += 1) {
      const was = left.before[at];
      const is = left.after[at];
      if (was !== undefined && is !== undefined) {
        changes.push({ table, kind: 'changed', before: was, after: is });
      } else if (is !== undefined) changes.push({ table, kind: 'added', after: is });
      else if (was !== undefined) changes.push({ table, kind: 'removed', before: was });
    }
  }
  return changes;
}

/** The difference in steps, for registries of millions of rows. */
export function* registryDiffing(
  before: Registry,
  after: Registry,
): Steps<readonly RegistryChange[]> {
  const changes: RegistryChange[] = [];
  for (const table of Object.keys(REGISTRY_TABLES) as RegistryTable[]) {
    // The table's name ties its two lists together, which TypeScript cannot see over a union of tables.
    const steps = tableDiffing(table, before[table] as never, after[table] as never);
    for (const change of yield* steps) changes.push(change as RegistryChange);
  }
  return changes;
}

/** Every row that differs, by table in the order of the document; the order of rows is no difference. */
export const diffRegistry = (before: Registry, after: Registry): readonly RegistryChange[] =>
  runToEnd(registryDiffing(before, after));

export type ChangeCounts = Readonly<
  Partial<Record<RegistryTable, Readonly<Record<RegistryChange['kind'], number>>>>
>;

/** How many rows of each table were added, removed and changed: what the log says of an import. */
export const countChanges = (changes: readonly RegistryChange[]): ChangeCounts => {
  const counts: Partial<Record<RegistryTable, Record<RegistryChange['kind'], number>>> = {};
  for (const { table, kind } of changes) {
    const ofTable = counts[table] ?? { added: 0, removed: 0, changed: 0 };
    ofTable[kind] += 1;
    counts[table] = ofTable;
  }
  return counts;
};
