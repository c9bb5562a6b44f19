/** A table of the registry as CSV (台帳のCSV書き出し): Excel in Japan opens it, saves it, and it can be put back. */
import { csvLines, csvOf } from '../../../shared/csv.ts';
import type { Registry, RegistryTable } from '../registry-document.ts';
import { cellOf } from './cells.ts';
import { columnsOf } from './columns.ts';

/** Rows turned into text between two places where others may have a turn. */
const ROWS_PER_PIECE = 500;

export type HeaderLanguage = 'field' | 'ja';

/** The text in pieces; the first has the header and the byte order mark. */
export function* tableCsv(
  registry: Registry,
  table: RegistryTable,
  language: HeaderLanguage,
): Generator<string> {
  const columns = columnsOf(table);
  yield csvOf(
    columns.map(({ field, headerJa }) => (language === 'ja' ? headerJa : field)),
    [],
  );
  const rows: readonly object[] = registry[table];
  for (let at = 0; at < rows.length; at += ROWS_PER_PIECE) {
    const cells = rows.slice(at, at + ROWS_PER_PIECE).map((row) => {
      const fields: Readonly<Record<string, unknown>> = { ...row };
      return columns.map((column) => cellOf(column, fields[column.field]));
    });
    yield csvLines(cells);
  }
}
