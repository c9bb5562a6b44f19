/**
 * The mapping of an export (項目の対応付け): which columns a file has, under which headings, in which order,
 * how dates and codes are written, and in which characters. A setting, because the reader decides it.
 */
import { z } from 'zod';
import { csvOf } from '../../shared/csv.ts';
import { type Fault, faulty, ok, type Result } from '../../shared/result.ts';
import {
  EXPORT_NAMES,
  type ExportField,
  type ExportName,
  type ExportRow,
  fieldsOf,
} from './export-fields.ts';

const Heading = z.string().max(100);

/** `YYYY-MM-DD` and, for months, `YYYY-MM`; `era` is 和暦 as `R8.11.24`. */
const DateFormat = z.enum(['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYYMMDD', 'era']);
export type DateFormat = z.infer<typeof DateFormat>;

const Column = z.strictObject({
  heading: Heading,
  /** A field of the export. */
  field: z.string().max(50).optional(),
  /** The same text in every row, in place of a field. */
  constant: z.string().max(200).optional(),
  /** Words of a code field → what the reader calls them. */
  codes: z.record(z.string().max(50), z.string().max(100)).optional(),
});

export const ExportMapping = z
  .strictObject({
    of: z.enum(EXPORT_NAMES),
    columns: z.array(Column).min(1).max(100),
    dateFormat: DateFormat.default('YYYY-MM-DD'),
    encoding: z.enum(['utf-8', 'cp932']).default('utf-8'),
    /** Whether the first line names the columns. */
    withHeadings: z.boolean().default(true),
    /** Of contribution days: only those that can be paid. */
    payableOnly: z.boolean().default(false),
  })
  .superRefine(({ of, columns }, context) => {
    const fields = fieldsOf(of);
    for (const [at, { field, constant, codes }] of columns.entries()) {
      const say = (message: string, ...path: readonly string[]) =>
        context.addIssue({ code: 'custom', message, path: ['columns', at, ...path] });
      if ((field === undefined) === (constant === undefined))
        say('needs either a field or a constant');
      if (field !== undefined && !Object.hasOwn(fields, field))
        say(`is no field of ${of}; there are ${Object.keys(fields).join(', ')}`, 'field');
      else if (codes !== undefined && (field === undefined || fields[field]?.kind !== 'code'))
        say('are for fields that hold codes', 'codes');
    }
  });
export type ExportMapping = z.infer<typeof ExportMapping>;

/** Names of mappings stand in addresses. */
export const ExportMappings = z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), ExportMapping);
export type ExportMappings = z.infer<typeof ExportMappings>;

/** Every field under its own name, as it is. */
export const neutralMapping = (of: ExportName): ExportMapping =>
  ExportMapping.parse({
    of,
    columns: Object.keys(fieldsOf(of)).map((field) => ({ field, heading: field })),
  });

const ERA = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
  era: 'narrow',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `R8` of 2026: the era of the day itself, so that 2019-04-30 is H31. */
const eraYear = (date: string): string =>
  ERA.formatToParts(new Date(`${date}T00:00:00Z`))
    .filter(({ type }) => type === 'era' || type === 'year')
    .map(({ type, value }) => (type === 'year' && value === '元' ? '1' : value))
    .join('');

/** `date`: `YYYY-MM-DD` or `YYYY-MM`; a month is in the era of its first day. */
export const writtenDate = (date: string, format: DateFormat): string => {
  switch (format) {
    case 'YYYY-MM-DD':
      return date;
    case 'YYYY/MM/DD':
      return date.replaceAll('-', '/');
    case 'YYYYMMDD':
      return date.replaceAll('-', '');
    case 'era':
      return [eraYear(date.padEnd(10, '-01')), ...date.split('-').slice(1)].join('.');
  }
};

type Column = z.infer<typeof Column>;
type Cell = string | number;

interface Written {
  readonly cell: Cell;
  readonly fault?: string;
}

const written = (
  { field, constant, codes }: Column,
  fields: Readonly<Record<string, ExportField>>,
  row: ExportRow,
  dateFormat: DateFormat,
): Written => {
  if (field === undefined) return { cell: constant ?? '' };
  const value = row[field];
  if (value === undefined) return { cell: '' };
  const kind = fields[field]?.kind;
  if (kind === 'date' || kind === 'month') return { cell: writtenDate(String(value), dateFormat) };
  if (codes === undefined) return { cell: value };
  const code = codes[String(value)];
  return code === undefined
    ? { cell: '', fault: `${field} ${value} has no word in codes` }
    : { cell: code };
};

/**
 * The file's text. A code that occurs and that the mapping has no word for is a fault, each once: a cell
 * left empty would be read as something else.
 */
export const mappedCsv = (rows: readonly ExportRow[], mapping: ExportMapping): Result<string> => {
  const fields = fieldsOf(mapping.of);
  const faults = new Map<string, Fault>();
  const lines = rows.map((row) =>
    mapping.columns.map((column, at) => {
      const { cell, fault } = written(column, fields, row, mapping.dateFormat);
      if (fault !== undefined) faults.set(fault, { place: `/columns/${at}/codes`, message: fault });
      return cell;
    }),
  );
  if (faults.size > 0) return faulty(...faults.values());
  const headings = mapping.columns.map(({ heading }) => heading);
  if (mapping.withHeadings) return ok(csvOf(headings, lines));
  const [first = [], ...rest] = lines;
  return ok(lines.length === 0 ? '\uFEFF' : csvOf(first.map(String), rest));
};
