/**
 * The columns of a table's CSV (台帳のCSVの列), read off its schema: a field that is added to a table is a
 * column at once, in the notation of its type.
 */
import type { z } from 'zod';
import { REGISTRY_TABLES, type RegistryTable } from '../registry-document.ts';
import { HEADERS_JA } from './headers-ja.ts';

/**
 * How a cell is written: `text` as it is · `choice` one of some words · `date` YYYY-MM-DD · `number` digits ·
 * `number-or-word` either · `truth` true or false · `list` texts with semicolons between · `json` anything deeper.
 */
export type Notation =
  | 'text'
  | 'choice'
  | 'date'
  | 'number'
  | 'number-or-word'
  | 'truth'
  | 'list'
  | 'json';

export interface Column {
  readonly field: string;
  readonly headerJa: string;
  readonly isRequired: boolean;
  readonly notation: Notation;
}

/** What is asked of a zod schema here; zod tells it under `def`. */
interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
}
const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

const isScalar = (schema: z.ZodType): boolean =>
  definitionOf(schema).type === 'string' || definitionOf(schema).type === 'enum';

const notationOf = (schema: z.ZodType): Notation => {
  const { type, format, innerType, element, options = [], values = [] } = definitionOf(schema);
  switch (type) {
    case 'optional':
      return innerType === undefined ? 'json' : notationOf(innerType);
    case 'string':
      return format === 'date' ? 'date' : 'text';
    case 'enum':
      return 'choice';
    case 'literal':
      return values.every((value) => typeof value === 'number') ? 'number' : 'choice';
    case 'boolean':
      return 'truth';
    case 'number':
      return 'number';
    case 'union': {
      const kinds = new Set(options.map(notationOf));
      return kinds.size === 1 && kinds.has('number') ? 'number' : 'number-or-word';
    }
    case 'array':
      return element !== undefined && isScalar(element) ? 'list' : 'json';
    default:
      return 'json';
  }
};

const columnsByTable = new Map<RegistryTable, readonly Column[]>();

/** In the order of the schema. */
export const columnsOf = (table: RegistryTable): readonly Column[] => {
  const known = columnsByTable.get(table);
  if (known !== undefined) return known;
  const headers: Readonly<Record<string, string>> = HEADERS_JA[table];
  const columns = Object.entries(REGISTRY_TABLES[table].shape).map(
    ([field, schema]): Column => ({
      field,
      headerJa: headers[field] ?? field,
      isRequired: schema.def.type !== 'optional',
      notation: notationOf(schema),
    }),
  );
  columnsByTable.set(table, columns);
  return columns;
};
