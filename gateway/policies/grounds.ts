/**
 * Grounds (根拠): the row of the registry that an answer rests on, or that there is none for the question.
 * A policy that decides by such rows hands them out beside its answer, so that "why?" is never told twice.
 */
import type { RegistryRow, RegistryTable } from '../registry/registry-document.ts';

export type Ground = {
  readonly [Table in RegistryTable]:
    | { readonly table: Table; readonly row: RegistryRow<Table> }
    | {
        readonly table: Table;
        /** What was looked for and not found: field → value. */
        readonly asked: Readonly<Record<string, string>>;
      };
}[RegistryTable];

/** The row, or that nothing of it was found. */
export const foundOrNot = <Table extends RegistryTable>(
  table: Table,
  row: RegistryRow<Table> | undefined,
  asked: Readonly<Record<string, string>>,
): Ground => (row === undefined ? { table, asked } : { table, row }) as Ground;
