/**
 * The report seam (帳票): what every report of `replay` and of `GET /v1/reports/NAME` is made of.
 *
 * A report is pure: attendance days and the registry in, rows in the order of their keys out. The server
 * and the auditor's `replay` call the very same `make`.
 */
import type { z } from 'zod';
import type { SiteId } from '../../shared/ids.ts';
import {
  firstDateOf,
  isValidOn,
  lastDateOf,
  type Month,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { SettledWork } from '../policies/deadline.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';

export interface ReportFilter {
  readonly siteId?: SiteId | undefined;
  readonly month?: Month | undefined;
}

/** Both ends inclusive, a missing one open. */
export interface DateSpan {
  readonly from?: WorkDate | undefined;
  readonly to?: WorkDate | undefined;
}

export interface ReportInput {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  /** Attendance of **every** site within the report's `needs`, also where one site is asked for. */
  readonly days: readonly AttendanceDay[];
  readonly filter: ReportFilter;
  /** Touches that make no day until a person says which; absent where no arrival is known, as in `replay`. */
  readonly waitingTouches?: readonly WaitingTouch[] | undefined;
  /** Work date of the day on which the question is asked. */
  readonly asOf: WorkDate;
  /** The instant of it: who is on site just now. */
  readonly now: UtcMs;
  /** What stands written down as done; absent where only documents are at hand. */
  readonly settled?: SettledWork | undefined;
  /** Day of the next month on which a month is extracted, as it is set; the default where absent. */
  readonly extractDay?: number | undefined;
}

/** What every report of one moment is made of, whatever it is asked for. */
export type ReportSource = Omit<ReportInput, 'days' | 'filter'>;

export interface ReportDocument {
  readonly report: string;
  readonly rows: readonly object[];
}

export interface Report {
  /** As the contract names it. */
  readonly name: string;
  readonly titleJa: string;
  /** The fields that tell one row from another; one that a row lacks is absent from its key. */
  readonly key: readonly string[];
  /** One row, for whoever reads the API. */
  readonly row: z.ZodObject;
  /** What stands beside the rows, by field. */
  readonly beside?: Readonly<Record<string, z.ZodType>>;
  /** The fields that tell one row of such a list from another; a list without is words about rules. */
  readonly besideKeys?: Readonly<Record<string, readonly string[]>>;
  /** The work dates of which attendance is needed for that filter. */
  readonly needs: (filter: ReportFilter) => DateSpan;
  readonly make: (input: ReportInput) => ReportDocument;
}

/** The month that is asked for; everything where none is. */
export const monthAsked = ({ month }: ReportFilter): DateSpan =>
  month === undefined ? {} : { from: firstDateOf(month), to: lastDateOf(month) };

/** Everything: for reports over the life of a contract. */
export const allDates = (): DateSpan => ({});

/** Whether a row of that site and date is asked for. */
export const isAsked = (
  filter: ReportFilter,
  { siteId, workDate }: { readonly siteId?: string | undefined; readonly workDate: WorkDate },
): boolean =>
  (filter.siteId === undefined || siteId === filter.siteId) &&
  isValidOn(monthAsked(filter), workDate);
