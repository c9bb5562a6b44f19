/**
 * Recomputes what was issued (締めの再計算): each statement and amendment of an export from the ledger at the position
 * on which it rests, compared figure by figure with what left the house.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SiteId } from '../../shared/ids.ts';
import { type Fault, faulty, ok, type Result } from '../../shared/result.ts';
import { addDays, dateInJapan, isoInJapan, type Month } from '../../shared/time.ts';
import { DAYS_KEPT_BEHIND } from '../retention/purge-record.ts';
import {
  afterOf,
  amendedRows,
  beforeOf,
  differenceOf,
  type RowChange,
  rowChanges,
  rowsOfContents,
} from '../statements/amendment.ts';
import { amendmentFigures, statementFigures } from '../statements/figures.ts';
import { datesOf, monthOfPeriod, type Period } from '../statements/period.ts';
import {
  keyFieldsOf,
  rowsOfMonth,
  rowsWithin,
  STATEMENT_REPORTS,
  type StatementReport,
  type StatementRow,
  type StatementRows,
} from '../statements/statement-rows.ts';
import type { IssuedHead, StatementPosition } from '../statements/statement-store.ts';
import { exportFaultText } from './export-faults.ts';
import { createLedgerPast, type LedgerPast, type LostPast, type PastBasis } from './ledger-past.ts';
import { readExport } from './read-export.ts';
import { createExportVerifier } from './verify-export.ts';

/** Which of what was issued; everything where nothing is said. */
export interface IssuesAsked {
  /** Number of issue: of a statement, with what was amended to it, or of one amendment. */
  readonly statement?: number | undefined;
  readonly siteId?: SiteId | undefined;
  readonly month?: Month | undefined;
}

/** The first in the order of reports, rows and fields; a whole row where only one side has it. */
export interface IssueDifference {
  /** `figures`: the sums by company beside the rows. */
  readonly report: StatementReport | 'figures';
  readonly key: StatementRow;
  readonly field: string | undefined;
  readonly issued: unknown;
  readonly recomputed: unknown;
}

export type NotRecomputable =
  | LostPast
  /** What was issued was removed on purpose, and so there is nothing to compare with. */
  | 'content-purged'
  /** It is not what is left of the entries, and some from before its dates' end were removed on purpose. */
  | 'entries-purged';

interface Issue {
  readonly issueNo: number;
  readonly kind: IssuedHead['kind'];
  readonly siteId: SiteId;
  readonly period: Period;
  readonly issuedAt: string;
  readonly position: StatementPosition;
}

type Outcome =
  /** `rows`: so many of them, with those of the statement where it is an amendment. */
  | { readonly result: 'equal'; readonly rows: number }
  | { readonly result: 'different'; readonly firstDifference: IssueDifference }
  | { readonly result: 'not-recomputable'; readonly because: NotRecomputable };

export type IssueReplay = Issue & Outcome;

export interface StatementsReplay {
  /** In order of issue. */
  readonly issues: readonly IssueReplay[];
  /** What the rules of today find in the registries and corrections that they rest on, which count as they stand. */
  readonly storedFaults: readonly Fault[];
}

/**
 * Verifies while it reads, and tells nothing of an export with a fault. The reasons of an
 * amendment are not recomputed: they say why, and are no figures. Throws where the file cannot be read.
 */
export const replayStatements = (
  file: string,
  asked: IssuesAsked = {},
): Result<StatementsReplay> => {
  const past = createLedgerPast();
  const contentsUpTo = createContentShelf();
  const replays: IssueReplay[] = [];
  const verdict = readExport(file, createExportVerifier(), (line) => {
    if (line.kind !== 'issued') {
      past.take(line);
      return;
    }
    const { head, content } = line;
    const contents = contentsUpTo(head, content);
    if (isAsked(head, asked))
      replays.push({ ...issueOf(head), ...outcomeOf(head, contents(), past) });
  });
  if (!verdict.ok) return faulty({ place: file, message: exportFaultText(verdict.fault) });
  const { statement } = asked;
  return statement !== undefined && replays.length === 0
    ? faulty({ place: '--statement', message: `the export holds no issue ${statement}` })
    : ok({ issues: replays, storedFaults: past.storedFaults() });
};

const isAsked = (head: IssuedHead, { statement, siteId, month }: IssuesAsked): boolean =>
  (statement === undefined ||
    head.issueNo === statement ||
    (head.kind === 'amendment' && head.statementNo === statement)) &&
  (siteId === undefined || head.siteId === siteId) &&
  (month === undefined || monthOfPeriod(head.period) === month);

const issueOf = ({ issueNo, kind, siteId, period, at, position }: IssuedHead): Issue => ({
  issueNo,
  kind,
  siteId,
  period,
  issuedAt: isoInJapan(at),
  position,
});

/**
 * Puts a content to those of its period that came before, and gives all of them when it is called; undefined
 * where one was removed. Deflated, as they are many and hardly any is asked for again.
 */
const createContentShelf = () => {
  const shelf = new Map<string, (Buffer | undefined)[]>();
  return (
    { siteId, period }: IssuedHead,
    content: string | undefined,
  ): (() => readonly string[] | undefined) => {
    const key = `${siteId} ${period}`;
    const contents = shelf.get(key) ?? [];
    shelf.set(key, contents);
    contents.push(content === undefined ? undefined : deflateRawSync(content));
    return () => {
      const kept = contents.flatMap((each) =>
        each === undefined ? [] : inflateRawSync(each).toString('utf8'),
      );
      return kept.length < contents.length ? undefined : kept;
    };
  };
};

const lost = (because: NotRecomputable): Outcome => ({ result: 'not-recomputable', because });

/** `contents`: of the period from its statement to this one. */
const outcomeOf = (
  head: IssuedHead,
  contents: readonly string[] | undefined,
  past: LedgerPast,
): Outcome => {
  const [statement, ...amendments] = contents ?? [];
  if (statement === undefined) return lost('content-purged');
  const basis = past.at(head.position, monthOfPeriod(head.period));
  if (typeof basis === 'string') return lost(basis);
  const issued = rowsOfContents(statement, amendments);
  const before =
    head.kind === 'amendment' ? rowsOfContents(statement, amendments.slice(0, -1)) : undefined;
  const { rows, figures } = recomputedOf(head, before, basis);
  const firstDifference =
    differenceOfRows(rowChanges(issued, rows)[0]) ?? differenceOfFigures(head.figures, figures);
  if (firstDifference === undefined)
    return { result: 'equal', rows: STATEMENT_REPORTS.flatMap((report) => rows[report]).length };
  return isPurgedInto(head, past)
    ? lost('entries-purged')
    : { result: 'different', firstDifference };
};

/** Entries go some days before the dates whose statements go, and a night shift begins a date earlier. */
const isPurgedInto = ({ period, position }: IssuedHead, past: LedgerPast): boolean => {
  const until = past.purgedUntil(position);
  return (
    until !== undefined && datesOf(period).from <= addDays(dateInJapan(until), DAYS_KEPT_BEHIND)
  );
};

interface Recomputed {
  /** Of the statement with this and all earlier amendments. */
  readonly rows: StatementRows;
  readonly figures: IssuedHead['figures'];
}

/** `before`: what stood issued before an amendment. */
const recomputedOf = (
  { siteId, period, at }: IssuedHead,
  before: StatementRows | undefined,
  basis: PastBasis,
): Recomputed => {
  const month = monthOfPeriod(period);
  const bySite = rowsOfMonth({ ...basis, month, siteId, asOf: dateInJapan(at) });
  const rows = rowsWithin(bySite.get(siteId), period);
  if (before === undefined) return { rows, figures: statementFigures(rows) };
  const changes = differenceOf(before, rows);
  return { rows: amendedRows(before, changes), figures: amendmentFigures(changes) };
};

const differenceOfRows = (change: RowChange | undefined): IssueDifference | undefined => {
  if (change === undefined) return undefined;
  const { report } = change;
  const [issued, recomputed] = [beforeOf(change), afterOf(change)];
  const key = keyFieldsOf(report, issued ?? recomputed ?? {});
  if (change.kind !== 'changed') return { report, key, field: undefined, issued, recomputed };
  const [field = ''] = change.fields;
  return { report, key, field, issued: issued?.[field], recomputed: recomputed?.[field] };
};

const differenceOfFigures = (
  issued: readonly StatementRow[],
  recomputed: readonly StatementRow[],
): IssueDifference | undefined => {
  const companies = new Set([...issued, ...recomputed].map(({ companyId }) => companyId));
  for (const companyId of companies) {
    const [was, is] = [issued, recomputed].map((rows) =>
      rows.find((row) => row.companyId === companyId),
    );
    const field = Object.keys(was ?? is ?? {}).find((name) => was?.[name] !== is?.[name]);
    if (field !== undefined)
      return {
        report: 'figures',
        key: companyId === undefined ? {} : { companyId },
        field,
        issued: was?.[field],
        recomputed: is?.[field],
      };
  }
  return undefined;
};
