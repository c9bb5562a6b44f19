/**
 * Reads one table of the registry from a CSV file (台帳のCSV取り込み): every fault at once, by line and by the
 * name that the column has in the file. Rows are read and judged as they come, so a million lines need the
 * memory of their rows and no more, and batches and requests get their turn in between.
 */
import { type Fault, faultsOf } from '../../../shared/result.ts';
import { readCsvRecords } from '../../csv/csv-records.ts';
import { type Charset, decodedCsv } from '../../csv/decode-csv.ts';
import { createFaultList, type FaultList } from '../../fault-list.ts';
import { type DraftTable, soundFields } from '../draft-registry.ts';
import { REGISTRY_TABLES, type RegistryTable, ROWS_MAX } from '../registry-document.ts';
import { readCell } from './cells.ts';
import { type Column, columnsOf } from './columns.ts';

/** Rows, what each has by itself for faults, and where in the file they stand. */
export interface CsvTable extends DraftTable {
  /** By lines and columns of the file. */
  readonly faults: FaultList;
  /** A fault of the document as one of the file: `/workers/3/kana` is `line 5, column kana`. */
  readonly faultInFile: (fault: Fault) => Fault;
}

interface HeadedColumn {
  readonly column: Column;
  /** As the file has it. */
  readonly header: string;
}

interface ReadRow {
  /** What is sound in it. */
  readonly row: object;
  readonly isSound: boolean;
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
): ReadRow => {
  if (cells.length !== headed.length) {
    faults.add(`line ${line}`, `has ${cells.length} cells; the header has ${headed.length}`);
    return { row: {}, isSound: false };
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
  if (parsed.success) return { row: parsed.data, isSound: told.size === 0 };
  for (const issue of parsed.error.issues) {
    const [field, ...rest] = issue.path;
    if (field === undefined || told.has(field)) continue;
    const header = headed.find(({ column }) => column.field === field)?.header ?? String(field);
    faults.addAll(faultsOf([{ ...issue, path: rest }], `line ${line}, column ${header}`));
  }
  return { row: soundFields(table, row, parsed.error.issues), isSound: false };
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

const LINE = /^line (\d+)/;

/** By lines; what is said of the whole file comes first, what a file leads to in other tables last. */
const rankInFile = (place: string): number => {
  const line = LINE.exec(place)?.[1];
  return line !== undefined ? Number(line) : place === '' ? 0 : Number.POSITIVE_INFINITY;
};

/** A list for the faults of a CSV file. */
export const faultsOfFile = (): FaultList => createFaultList(rankInFile);

/** `charset`: what the sender says, undefined where it says nothing. */
export const parseTableCsv = async (
  table: RegistryTable,
  bytes: Uint8Array,
  charset: Charset | undefined,
): Promise<CsvTable> => {
  const illegible = faultsOfFile();
  const faults = faultsOfFile();
  const rows: object[] = [];
  const faulty = new Set<number>();
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
    const { row, isSound } = readRow(table, headed, cells, line, faults);
    if (!isSound) faulty.add(rows.length);
    rows.push(row);
    lines.push(line);
  };
  const isReadToEnd = await readCsvRecords(decodedCsv(bytes, charset, illegible), take, faults);
  if (!hasHeader && faults.count() + illegible.count() === 0)
    faults.add('', 'is empty; the first line names the columns');
  if (count > ROWS_MAX) faults.add('', `has ${count} rows; the limit is ${ROWS_MAX}`);
  const isLegible = illegible.count() === 0;
  const told = faultsOfFile();
  told.addList(illegible);
  told.addList(faults);
  return {
    // A name of which a character is lost names nothing, and a file of another encoding has no others.
    rows: isLegible ? rows : [],
    faulty,
    isWhole: isLegible && isReadToEnd && headed !== undefined && count <= ROWS_MAX,
    faults: told,
    faultInFile: (fault) => faultInFile(table, headed ?? [], lines, fault),
  };
};
