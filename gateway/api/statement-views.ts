/** Statements and amendments as the API shows them (締め・追加分の表示): rows by company, and what one asker sees. */
import { z } from '@hono/zod-openapi';
import { isoInJapan } from '../../shared/time.ts';
import { REPORT_ITEMS } from '../access/report-items.ts';
import type { Sight } from '../access/sight.ts';
import { afterOf, beforeOf } from '../statements/amendment.ts';
import { AmendmentReason, type ExplainedChange } from '../statements/amendment-reasons.ts';
import { AmendmentFigures, StatementFigures } from '../statements/figures.ts';
import { isDate, type Period } from '../statements/period.ts';
import {
  type StatementRow as FrozenRow,
  ofEachReport,
  STATEMENT_REPORTS,
  type StatementReport,
  type StatementRows,
} from '../statements/statement-rows.ts';
import {
  type AmendmentHead,
  type IssuedHead,
  type StatementHead,
  StatementPosition,
} from '../statements/statement-store.ts';

const Issued = {
  siteId: z.string(),
  /** Of a month's statement. */
  month: z.string().optional(),
  /** Of a date's statement. */
  workDate: z.string().optional(),
  issuedAt: z.string(),
  issuedBy: z.string().optional(),
};

export const StatementView = z
  .object({
    statementId: z.int(),
    ...Issued,
    sha256: z.string(),
    position: StatementPosition,
    amendmentIds: z.array(z.int()),
  })
  .openapi('Statement');

export const StatementRow = z
  .object({ statementId: z.int(), ...Issued, amendments: z.int(), ...StatementFigures.shape })
  .openapi('StatementRow');
type StatementRow = z.infer<typeof StatementRow>;

export const AmendmentRow = z
  .object({
    amendmentId: z.int(),
    statementId: z.int(),
    amendmentNo: z.int(),
    ...Issued,
    reasons: z.array(AmendmentReason),
    isAfterExtract: z.boolean(),
    ...AmendmentFigures.shape,
  })
  .openapi('AmendmentRow');
type AmendmentRow = z.infer<typeof AmendmentRow>;

export const ChangeView = z
  .object({
    report: z.enum(STATEMENT_REPORTS),
    kind: z.enum(['added', 'changed', 'withdrawn']),
    fields: z.array(z.string()),
    reasons: z.array(AmendmentReason),
    /** Of the registry, where it is a reason. */
    tables: z.array(z.string()),
    before: z.record(z.string(), z.unknown()).optional(),
    after: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi('StatementChange');

const periodFields = (period: Period) =>
  isDate(period) ? { workDate: period } : { month: period };
const issuedFields = ({ siteId, period, at, by }: IssuedHead) => ({
  siteId,
  ...periodFields(period),
  issuedAt: isoInJapan(at),
  issuedBy: by,
});

/** `issued`: the statement and its amendments. */
export const statementView = (
  head: StatementHead,
  issued: readonly IssuedHead[],
): z.infer<typeof StatementView> => ({
  statementId: head.issueNo,
  ...issuedFields(head),
  sha256: head.sha256,
  position: head.position,
  amendmentIds: issued.flatMap(({ kind, issueNo }) => (kind === 'amendment' ? issueNo : [])),
});

const NOBODY: z.infer<typeof StatementFigures> = {
  workers: 0,
  attendanceDays: 0,
  completeRecords: 0,
  contributionDays: 0,
  yen: 0,
};

/** One row a company; a period in which nobody worked is one row too. */
export const statementRows = (
  head: StatementHead,
  issued: readonly IssuedHead[],
): readonly StatementRow[] =>
  (head.figures.length === 0 ? [NOBODY] : head.figures).map((figures) => ({
    statementId: head.issueNo,
    ...issuedFields(head),
    amendments: issued.length - 1,
    ...figures,
  }));

export const amendmentRows = (head: AmendmentHead): readonly AmendmentRow[] =>
  head.figures.map((figures) => ({
    amendmentId: head.issueNo,
    statementId: head.statementNo,
    amendmentNo: head.amendmentNo,
    ...issuedFields(head),
    reasons: [...head.reasons],
    isAfterExtract: head.isAfterExtract,
    ...figures,
  }));

const seenOf = (
  sight: Sight,
  report: StatementReport,
  rows: readonly FrozenRow[],
): readonly FrozenRow[] => {
  const items = REPORT_ITEMS[report];
  // A report that says nothing of who may see it is closed; so are its rows in a statement.
  return items === undefined ? [] : sight.rows(items, rows).rows;
};

/** The rows as far as this asker may see them: the same rule as for the reports that they came from. */
export const seenRows = (sight: Sight, rows: StatementRows): StatementRows =>
  ofEachReport((report) => seenOf(sight, report, rows[report]));

/** A change is seen by whoever sees the row before or after it. */
export const seenChanges = (
  sight: Sight,
  changes: readonly ExplainedChange[],
): readonly z.infer<typeof ChangeView>[] => {
  // Also where there is nothing to see: the sight was used.
  sight.holdsNothing();
  return changes.flatMap((change) => {
    const { report, kind, fields, reasons, tables } = change;
    const seen = (row: FrozenRow | undefined): FrozenRow | undefined =>
      row && seenOf(sight, report, [row])[0];
    const [before, after] = [seen(beforeOf(change)), seen(afterOf(change))];
    if (before === undefined && after === undefined) return [];
    return [
      {
        report,
        kind,
        fields: [...fields],
        reasons: [...reasons],
        tables: [...tables],
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
    ];
  });
};
