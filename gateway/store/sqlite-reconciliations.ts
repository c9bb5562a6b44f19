/** Files of other systems in the SQLite ledger. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId } from '../../shared/ids.ts';
import { type Month, type UtcMs, utcMs } from '../../shared/time.ts';
import { ExportMapping } from '../reconciliation/export-file.ts';

export interface ImportedFile {
  readonly fileNo: number;
  readonly mapping: ExportMapping;
  readonly sha256: string;
  readonly rows: number;
  readonly sites: readonly SiteId[];
  readonly importedAt: UtcMs;
  /** As the audit log names an actor. */
  readonly importedBy: string;
}

export interface ReconciliationStore {
  readonly add: (file: Omit<ImportedFile, 'fileNo' | 'sha256'>, bytes: Uint8Array) => ImportedFile;
  /** Of one month, in the order of import. */
  readonly ofMonth: (month: Month) => readonly ImportedFile[];
  readonly bytesOf: (fileNo: number) => Uint8Array;
}

interface FileRow {
  readonly file_no: number;
  readonly mapping: string;
  readonly sha256: string;
  readonly row_count: number;
  readonly sites: string;
  readonly imported_at_ms: number;
  readonly imported_by: string;
}

const fileOf = (row: FileRow): ImportedFile => ({
  fileNo: row.file_no,
  mapping: ExportMapping.parse(JSON.parse(row.mapping)),
  sha256: row.sha256,
  rows: row.row_count,
  sites: SiteId.array().parse(JSON.parse(row.sites)),
  importedAt: utcMs(row.imported_at_ms),
  importedBy: row.imported_by,
});

const COLUMNS = 'file_no, mapping, sha256, row_count, sites, imported_at_ms, imported_by';

/** The ledger's database, already migrated. */
export const openSqliteReconciliations = (db: Sqlite): ReconciliationStore => {
  const insert = db.prepare<unknown[], FileRow>(
    `insert into reconciliation_file (source, month, mapping, bytes, sha256, row_count, sites,
       imported_at_ms, imported_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning ${COLUMNS}`,
  );
  const selectOfMonth = db.prepare<[string], FileRow>(
    `select ${COLUMNS} from reconciliation_file where month = ? order by file_no`,
  );
  const selectBytes = db
    .prepare<[number], Buffer>('select bytes from reconciliation_file where file_no = ?')
    .pluck();
  return {
    add: ({ mapping, rows, sites, importedAt, importedBy }, bytes) => {
      const row = insert.get(
        mapping.source,
        mapping.month,
        JSON.stringify(mapping),
        deflateRawSync(bytes),
        createHash('sha256').update(bytes).digest('hex'),
        rows,
        JSON.stringify(sites),
        importedAt,
        importedBy,
      );
      if (row === undefined) throw new Error('the file was not stored');
      return fileOf(row);
    },
    ofMonth: (month) => selectOfMonth.all(month).map(fileOf),
    bytesOf: (fileNo) => {
      const bytes = selectBytes.get(fileNo);
      if (bytes === undefined) throw new Error(`there is no file ${fileNo}`);
      return inflateRawSync(bytes);
    },
  };
};
