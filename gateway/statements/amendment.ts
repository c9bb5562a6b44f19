/**
 * Amendments (追加分): what would be issued now against what was issued, row by row. Pure.
 *
 * An amendment is cumulative: the statement with all its amendments is today's figure. Where nothing
 * differs there is none.
 */
import {
  fieldsOf,
  inRowOrder,
  keyOfRow,
  ofEachReport,
  STATEMENT_REPORTS,
  type StatementReport,
  type StatementRow,
  type StatementRows,
} from './statement-rows.ts';

export type RowChange = {
  readonly report: StatementReport;
  /** The fields that differ; of an added or withdrawn row all that it has. */
  readonly fields: readonly string[];
} & (
  | { readonly kind: 'added'; readonly after: StatementRow }
  | { readonly kind: 'changed'; readonly before: StatementRow; readonly after: StatementRow }
  | { readonly kind: 'withdrawn'; readonly before: StatementRow }
);

export const beforeOf = (change: RowChange): StatementRow | undefined =>
  change.kind === 'added' ? undefined : change.before;
export const afterOf = (change: RowChange): StatementRow | undefined =>
  change.kind === 'withdrawn' ? undefined : change.after;

const byKey = (report: StatementReport, rows: readonly StatementRow[]): Map<string, StatementRow> =>
  new Map(rows.map((row) => [keyOfRow(report, row), row]));

const differingFields = (
  report: StatementReport,
  before: StatementRow,
  after: StatementRow,
): readonly string[] =>
  fieldsOf(report).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );

const presentFields = (report: StatementReport, row: StatementRow): readonly string[] =>
  fieldsOf(report).filter((field) => row[field] !== undefined);

/** What an amendment has to say of rows that were issued, now that others would be: see `inTime`. */
export const differenceOf = (issued: StatementRows, current: StatementRows): readonly RowChange[] =>
  rowChanges(
    issued,
    ofEachReport((report) => inTime(report, byKey(report, issued[report]), current[report])),
  );

/** Rows added, changed and withdrawn, in the order of reports and of their rows. */
export const rowChanges = (from: StatementRows, to: StatementRows): readonly RowChange[] =>
  STATEMENT_REPORTS.flatMap((report) => {
    const before = byKey(report, from[report]);
    const after = byKey(report, to[report]);
    const changes: RowChange[] = [];
    for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const [was, is] = [before.get(key), after.get(key)];
      if (was !== undefined && is !== undefined) {
        const fields = differingFields(report, was, is);
        if (fields.length > 0)
          changes.push({ report, kind: 'changed', fields, before: was, after: is });
      } else if (is !== undefined)
        changes.push({ report, kind: 'added', fields: presentFields(report, is), after: is });
      else if (was !== undefined)
        changes.push({
          report,
          kind: 'withdrawn',
          fields: presentFields(report, was),
          before: was,
        });
    }
    return changes;
  });

/** What was issued, with these changes made. */
export const amendedRows = (issued: StatementRows, changes: readonly RowChange[]): StatementRows =>
  ofEachReport((report) => {
    const rows = byKey(report, issued[report]);
    for (const change of changes) {
      if (change.report !== report) continue;
      if (change.kind === 'withdrawn') rows.delete(keyOfRow(report, change.before));
      else rows.set(keyOfRow(report, change.after), change.after);
    }
    return inRowOrder(report, [...rows.values()]);
  });

/**
 * What stands issued by the contents of a statement and of its amendments, in order of issue. They are our own
 * texts, of which somebody verified the hashes.
 */
export const rowsOfContents = (statement: string, amendments: readonly string[]): StatementRows =>
  amendments.reduce<StatementRows>(
    (rows, text) => amendedRows(rows, JSON.parse(text)),
    JSON.parse(statement),
  );

/**
 * A contribution that was issued as payable stays so, however late it is asked again: only what is first
 * found more than two years after the work date comes too late.
 */
const inTime = (
  report: StatementReport,
  issued: ReadonlyMap<string, StatementRow>,
  rows: readonly StatementRow[],
): readonly StatementRow[] =>
  rows.map((row) => {
    const before = issued.get(keyOfRow(report, row));
    if (row.notPayable !== 'too-late' || before === undefined || before.notPayable !== undefined)
      return row;
    const { notPayable: _, ...payable } = row;
    return { ...payable, days: before.days, yen: before.yen };
  });
