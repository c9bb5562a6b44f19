/** What every explanation of a report's row is made of, and how a row is told by its key. */
import type { SiteId } from '../../shared/ids.ts';
import type { ReckonedDay } from '../attendance/attendance.ts';
import type { Subject } from '../attendance/shifts.ts';
import type { ReportInput } from '../reports/report.ts';
import type { ToldEntries } from '../told-entry.ts';
import type { Figure, RowKey } from './why.ts';

export interface WhyInput extends ReportInput {
  /** Every work date of somebody at a site, with what it was reckoned from. */
  readonly reckonedOf: (siteId: SiteId, subject: Subject) => readonly ReckonedDay[];
  /** Undefined where the id is no entry: a line of a document. */
  readonly told: ToldEntries;
}

/** Undefined where the report has no such row. */
export type Explain = (input: WhyInput, key: RowKey) => readonly Figure[] | undefined;

/** Whether that is what the key names; a field that is absent from both is the same. */
export const isOfKey = (key: RowKey, fields: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).every(
    ([field, value]) => key[field] === (value === undefined ? undefined : String(value)),
  );
