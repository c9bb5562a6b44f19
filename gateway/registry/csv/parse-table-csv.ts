/**
 * Reads one table of the registry from a CSV file (台帳のCSV取り込み): every fault at once, by line and by the
 * name that the column has in the file. Rows are read and judged as they come, so a million lines need the
 * memory of their rows and no more, and batches and requests get their turn in between.
 */
import { type Fault, faultsOf, ok, type Result } from '../../../shared/result.ts';
import { readCsvRecords } from '../../csv/csv-records.ts';
import { type Charset, decodedCsv } from '../../csv/decode-csv.ts';
import { createFaultList, type FaultList } from '../../fault-list.ts';
import { REGISTRY_TABLES, type RegistryTable, ROWS_MAX } from '../registry-document.ts';
import { readCell } from './cells.ts';
import { type Column, columnsOf } from './columns.ts';

/** Rows, each sound by itself, and where in the file they stand. */
export interface CsvTable {
  readonly rows: readonly object[];
  /** A fault of the document as one of the file: `/workers/3/kana` is `line 5, column kana`. */
  readonly faultInFile: (fault: Fault) => Fault;
}

interface HeadedColumn {
  readonly column: Column;
  /** As the file has it. */
  readonly header: string;
}

/** The columns in the order of the file; undefined where the header is at fault. */
const readHeader = (
  table: RegistryTable,
  cells: readonly string[],
  faults: FaultList,
): readonly HeadedColumn[] | undefined => {
  const columns = columnsOf(table);
  const before = faults.count();
  const seen = new Set<Column>();
  const headed: HeadedColumn[] = [];
  for (const [index, cell] of cells.entries()) {
    const header = cell.trim();
    const place = `line 1, column ${index + 1}`;
    const column = columns.find(({ field, headerJa }) => header === field || header === headerJa);
    if (column === undefined) {
      const known = columns.map(({ field, headerJa }) => `${field} (${headerJa})`).join(', ');
      faults.add(place, `${JSON.stringify(header)} is no column of ${table}; there are ${known}`);
    } else if (seen.has(column)) faults.add(place, `${header} stands here twice`);
    else {
      seen.add(column);
      headed.push({ column, header });
    }
  }
  for (const column of columns) {
    if (column.isRequired && !seen.has(column))
      faults.add('line 1', `has no column ${column.field} (${column.headerJa})`);
  }
  return faults.count() === before ? headed : undefined;
};

const readRow = (
  table: RegistryTable,
  headed: readonly HeadedColumn[],
  cells: readonly string[],
  line: number,
  faults: FaultList,
): object | undefined => {
  if (cells.length !== headed.length) {
    faults.add(`line ${line}`, `has ${cells.length} cells; the header has ${headed.length}`);
    return undefined;
  }
  const row: Record<string, unknown> = {};
  const told = new Set<PropertyKey>();
  for (const [index, { column, header }] of headed.entries()) {
    const cell = readCell(column, cells[index] ?? '');
    if (cell.kind === 'value') row[column.field] = cell.value;
    else if (cell.kind === 'faulty') {
      faults.add(`line ${line}, column ${header}`, cell.message);
      told.add(column.field);
    }
  }
  const parsed = REGISTRY_TABLES[table].safeParse(row);
  if (parsed.success) return told.size === 0 ? parsed.data : undefined;
  for (const issue of parsed.error.issues) {
    const [field, ...rest] = issue.path;
    if (field === undefined || told.has(field)) continue;
    const header = headed.find(({ column }) => column.field === field)?.header ?? String(field);
    faults.addAll(faultsOf([{ ...issue, path: rest }], `line ${line}, column ${header}`));
  }
  return undefined;
};

const POINTER = /^\/([^/]+)\/(\d+)(?:\/([^/]+)(\/.*)?)?$/;

const faultInFile = (
  table: RegistryTable,
  headed: readonly HeadedColumn[],
  lines: readonly number[],
  { place, message }: Fault,
): Fault => {
  const [, of, index, field, rest = ''] = POINTER.exec(place) ?? [];
  const header = headed.find(({ column }) => column.field === field)?.header ?? field;
  return {
    place:
      of !== table
        ? place
        : `line ${lines[Number(index)]}${header === undefined ? '' : `, column ${header}`}${rest}`,
    message: message.replaceAll(/\/(\w+)\/(\d+)/g, (pointer, named: string, at: string) =>
      named === table ? `line ${lines[Number(at)]}` : pointer,
    ),
  };
};

/** `charset`: what the sender says, undefined where it says nothing. */
export const parseTableCsv = async (
  table: RegistryTable,
  bytes: Uint8Array,
  charset: Charset | undefined,
): Promise<Result<CsvTable>> => {
  const faults = createFaultList();
  const rows: object[] = [];
  const lines: number[] = [];
  let hasHeader = false;
  let headed: readonly HeadedColumn[] | undefined;
  let count = 0;
  const take = (cells: readonly string[], line: number): void => {
    if (!hasHeader) {
      hasHeader = true;
      headed = readHeader(table, cells, faults);
      return;
    }
    count += 1;
    if (headed === undefined || count > ROWS_MAX) return;
    const row = readRow(table, headed, cells, line, faults);
    if (row === undefined) return;
    rows.push(row);
    lines.push(line);
  };
  await readCsvRecords(decodedCsv(bytes, charset, faults), take, faults);
  if (!hasHeader && faults.count() === 0)
    faults.add('', 'is empty; the first line names the columns');
  if (count > ROWS_MAX) faults.add('', `has ${count} rows; the limit is ${ROWS_MAX}`);
  if (faults.count() > 0) return { ok: false, faults: faults.faults() };
  return ok({ rows, faultInFile: (fault) => faultInFile(table, headed ?? [], lines, fault) });
};
