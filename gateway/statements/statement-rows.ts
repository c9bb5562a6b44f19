/**
 * What a statement contains (締めの内容): rows of the reports that leave the house, cut to fields that do not
 * change by themselves – nothing that depends on the day on which somebody asks.
 *
 * Pure. A report may get more fields; a statement gets them only when they are named here, so that a newer
 * program does not differ from what an older one issued.
 */
import type { SiteId } from '../../shared/ids.ts';
import { isValidOn, type Month, startOfDate, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { NOTHING_SETTLED, type SettledWork } from '../policies/deadline.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import { attendance } from '../reports/attendance-report.ts';
import { contributions } from '../reports/contributions-report.ts';
import type { Report } from '../reports/report.ts';
import { byKeys } from '../reports/row-order.ts';
import { workHistory } from '../reports/work-history-report.ts';
import { datesOf, type Period } from './period.ts';

export const STATEMENT_REPORTS = ['attendance', 'work-history', 'contributions'] as const;
export type StatementReport = (typeof STATEMENT_REPORTS)[number];

/** A row as it was issued: the report's own fields, by name. */
export type StatementRow = Readonly<Record<string, unknown>>;
export type StatementRows = Readonly<Record<StatementReport, readonly StatementRow[]>>;

interface Content {
  readonly report: Report;
  readonly fields: readonly string[];
}

const content = (report: Report, fields: string): Content => ({
  report,
  fields: fields.split(' '),
});

const CONTENT: Readonly<Record<StatementReport, Content>> = {
  attendance: content(
    attendance,
    'siteId workerId cardId workDate companyId firstIn lastOut minutes nightMinutes flags evidence',
  ),
  'work-history': content(
    workHistory,
    'siteId workerId workDate companyId trade role work firstIn lastOut complete missing evidence',
  ),
  contributions: content(
    contributions,
    'siteId workerId workDate companyId contractId days candidateDays yen method colour basis reportDue notPayable evidence',
  ),
};

export const fieldsOf = (report: StatementReport): readonly string[] => CONTENT[report].fields;

/** The same for two rows of one report and site that are versions of one row. */
export const keyOfRow = (report: StatementReport, row: StatementRow): string =>
  CONTENT[report].report.key.map((key) => String(row[key] ?? '')).join(' ');

/** What tells a row from another one: the fields of its report's key that it has. */
export const keyFieldsOf = (report: StatementReport, row: StatementRow): StatementRow =>
  cut(row, CONTENT[report].report.key);

export const inRowOrder = (
  report: StatementReport,
  rows: readonly StatementRow[],
): readonly StatementRow[] => rows.toSorted(byKeys<StatementRow>([...CONTENT[report].report.key]));

export const ofEachReport = (
  rowsOf: (report: StatementReport) => readonly StatementRow[],
): StatementRows => ({
  attendance: rowsOf('attendance'),
  'work-history': rowsOf('work-history'),
  contributions: rowsOf('contributions'),
});

export interface StatementInput {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  /** Attendance of **every** site in that month: one worker's day may be at two. */
  readonly days: readonly AttendanceDay[];
  readonly month: Month;
  /** Rows of this site alone; of every site where absent. */
  readonly siteId?: SiteId | undefined;
  /** Work date of the day of issue. */
  readonly asOf: WorkDate;
  /** What runs of 充当 had paid by then. */
  readonly isAllocated: SettledWork['isAllocated'];
}

/** The rows of a month, by site. A site without rows is not there. */
export const rowsOfMonth = ({
  month,
  siteId,
  asOf,
  isAllocated,
  ...input
}: StatementInput): ReadonlyMap<string, StatementRows> => {
  // Mails and months of runs are in none of these reports.
  const settled = { ...NOTHING_SETTLED, isAllocated };
  const bySite = (name: StatementReport): ReadonlyMap<string, readonly StatementRow[]> => {
    const { report, fields } = CONTENT[name];
    const filter = { month, siteId };
    const { rows } = report.make({ ...input, filter, asOf, now: startOfDate(asOf), settled });
    // Leave of somebody who is assigned nowhere is no site's, and stands in the report alone.
    const ofSites = rows
      .map((row) => cut(row, fields))
      .filter((row) => typeof row.siteId === 'string');
    return Map.groupBy(ofSites, (row) => String(row.siteId));
  };
  const groups = {
    attendance: bySite('attendance'),
    'work-history': bySite('work-history'),
    contributions: bySite('contributions'),
  };
  const sites = new Set(STATEMENT_REPORTS.flatMap((name) => [...groups[name].keys()]));
  return new Map(
    [...sites].map((site) => [
      site,
      ofEachReport((name) => inRowOrder(name, groups[name].get(site) ?? [])),
    ]),
  );
};

/** The rows of a month that are of one of its dates, or all of them. */
export const rowsWithin = (rows: StatementRows | undefined, period: Period): StatementRows => {
  const dates = datesOf(period);
  return ofEachReport((report) =>
    (rows?.[report] ?? []).filter(({ workDate }) => isValidOn(dates, workDate as WorkDate)),
  );
};

const cut = (row: object, fields: readonly string[]): StatementRow =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value: unknown = Reflect.get(row, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
