/**
 * What one asker may see of rows (閲覧範囲の適用): the single narrowing that every answer passes.
 *
 * Rows outside the scope are left out, fields outside it are blanked, and the answer says that it was
 * narrowed – always, so that nobody can tell from the words whether there was more.
 */
import {
  addMonths,
  firstDateOf,
  isValidOn,
  lastDateOf,
  Month,
  WorkDate,
} from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { ReportDocument } from '../reports/report.ts';
import type { Why } from '../why/why.ts';
import { narrowWhy } from './narrow-why.ts';
import { DOCUMENT_ITEMS, REPORT_ITEMS, type RowItems } from './report-items.ts';
import { isLimited, scopeLine, type Viewer } from './viewer.ts';
import { rowsOf, type ViewedSubject } from './viewing-relations.ts';
import { type Item, sightingOf } from './viewing-scope.ts';

/** What a narrowed answer says of itself. */
export interface Viewing {
  readonly scope: string;
  readonly narrowed: true;
  /** Fields that this scope never shows in these rows, or not in all of them. */
  readonly blanked: readonly string[];
}

export interface Narrowed<Row> {
  readonly rows: readonly Row[];
  readonly viewing: Viewing | undefined;
}

export interface Sight {
  readonly isLimited: boolean;
  readonly scope: string;
  readonly rows: <Row extends object>(items: RowItems, rows: readonly Row[]) => Narrowed<Row>;
  /** A report of the catalogue, whole: its rows, and what stands beside them. */
  readonly report: (document: ReportDocument) => ReportDocument;
  /** Why one row of a report is what it is; undefined where the row is closed to them. */
  readonly why: (why: Why) => Why | undefined;
  /** Whether a document may be made for them: all of it, or not at all. */
  readonly document: (name: string, parameters: Readonly<Record<string, string>>) => boolean;
  /** Says of an answer that it holds nothing of sites or people. */
  readonly holdsNothing: () => void;
  /** Whether anything was looked at through this sight, and how many rows came out. */
  readonly looked: () => { readonly wasUsed: boolean; readonly rows: number };
}

export interface SightDeps {
  readonly viewers: readonly Viewer[];
  readonly index: RegistryIndex;
  readonly today: WorkDate;
}

export const createSight = ({ viewers, index, today }: SightDeps): Sight => {
  const limited = isLimited(viewers);
  const scope = scopeLine(viewers);
  let wasUsed = false;
  let rowCount = 0;

  const sees = (subject: ViewedSubject, item: Item, dates: readonly WorkDate[]): boolean => {
    const onDates = datesThatCount(index, subject.workerId, dates);
    return viewers.some((viewer) =>
      onDates.every((date) => sightingOf(index, { viewer, subject, item, date, today }).isVisible),
    );
  };

  const opens = (subject: ViewedSubject, item: Item | 'open', dates: readonly WorkDate[]) =>
    item === 'open' || sees(subject, item, dates);

  const narrow = <Row extends object>(
    { row: rowItem, fields }: RowItems,
    rows: readonly Row[],
  ): Narrowed<Row> => {
    const blanked = new Set<string>();
    const narrowRow = (row: Row): readonly Row[] => {
      const subject = subjectOfRow(row);
      const dates = datesOfRow(row, today);
      if (!opens(subject, rowItem, dates)) return [];
      const isShown = new Map<Item, boolean>();
      const shows = (field: string): boolean => {
        const item = Object.hasOwn(fields, field) ? fields[field] : undefined;
        if (item === undefined) return false;
        if (item === 'with-row') return true;
        const known = isShown.get(item) ?? sees(subject, item, dates);
        isShown.set(item, known);
        return known;
      };
      const shown = Object.entries(row).filter(([field]) => {
        const isVisible = shows(field);
        if (!isVisible) blanked.add(field);
        return isVisible;
      });
      return [Object.fromEntries(shown) as Row];
    };
    const shown = rows.flatMap(narrowRow);
    return {
      rows: shown,
      viewing: { scope, narrowed: true, blanked: [...blanked].sort() },
    };
  };

  const look = (count: number): void => {
    wasUsed = true;
    rowCount += count;
  };

  return {
    isLimited: limited,
    scope,
    rows: (items, rows) => {
      const narrowed = limited ? narrow(items, rows) : { rows, viewing: undefined };
      look(narrowed.rows.length);
      return narrowed;
    },
    report: (document) => {
      if (!limited) {
        look(document.rows.length);
        return document;
      }
      const items = Object.hasOwn(REPORT_ITEMS, document.report)
        ? REPORT_ITEMS[document.report]
        : undefined;
      // A report that says nothing of who may see it is closed.
      const { rows, viewing } =
        items === undefined
          ? { rows: [], viewing: { scope, narrowed: true, blanked: [] } }
          : narrow(items, document.rows);
      const beside = Object.entries(items?.beside ?? {}).flatMap(([name, besideItems]) => {
        const value = Reflect.get(document, name);
        return Array.isArray(value)
          ? [[name, namingOnly(rows, narrow(besideItems, value).rows)]]
          : [];
      });
      look(rows.length);
      return { report: document.report, rows, ...Object.fromEntries(beside), viewing };
    },
    why: (why) => {
      const seen = limited
        ? narrowWhy(
            {
              shown: (items, row) => narrow(items, [row]).rows[0],
              sees: (row, item) => sees(subjectOfRow(row), item, datesOfRow(row, today)),
            },
            why,
          )
        : why;
      look(seen === undefined ? 0 : 1);
      return seen;
    },
    document: (name, parameters) => {
      const item = Object.hasOwn(DOCUMENT_ITEMS, name) ? DOCUMENT_ITEMS[name] : undefined;
      const isOpen =
        !limited ||
        (item !== undefined && sees(subjectOfRow(parameters), item, datesOfRow(parameters, today)));
      if (isOpen) look(1);
      return isOpen;
    },
    holdsNothing: () => look(0),
    looked: () => ({ wasUsed, rows: rowCount }),
  };
};

const textOf = (row: object, field: string): string | undefined => {
  const value = Reflect.get(row, field);
  return typeof value === 'string' ? value : undefined;
};

/** Beside rows that are open, a list of people (`workerIds`) names those alone whom these rows name at its site. */
const namingOnly = (open: readonly object[], beside: readonly object[]): readonly object[] => {
  const key = (siteId: unknown, workerId: unknown): string => `${siteId} ${workerId}`;
  const named = new Set(open.map((row) => key(textOf(row, 'siteId'), textOf(row, 'workerId'))));
  return beside.map((row) => {
    const workerIds: unknown = Reflect.get(row, 'workerIds');
    return Array.isArray(workerIds)
      ? { ...row, workerIds: workerIds.filter((id) => named.has(key(textOf(row, 'siteId'), id))) }
      : row;
  });
};

const subjectOfRow = (row: object): ViewedSubject => ({
  workerId: textOf(row, 'workerId'),
  companyId: textOf(row, 'companyId'),
  siteId: textOf(row, 'siteId'),
  contractId: textOf(row, 'contractId'),
});

/** The dates that a row is about: a day, both ends of each of its months, or, where it does not say, today. */
const datesOfRow = (row: object, today: WorkDate): readonly WorkDate[] => {
  const day = WorkDate.safeParse(
    textOf(row, 'workDate') ?? textOf(row, 'date') ?? textOf(row, 'at')?.slice(0, 10),
  );
  if (day.success) return [day.data];
  const from = Month.safeParse(textOf(row, 'month') ?? textOf(row, 'from'));
  const to = Month.safeParse(textOf(row, 'month') ?? textOf(row, 'to'));
  if (!from.success) return [today];
  return monthsOf(from.data, to.success ? to.data : from.data).flatMap((month) => {
    const [first, last] = [firstDateOf(month), lastDateOf(month)];
    return [first, last < today ? last : today];
  });
};

/** No document may span more. */
const MONTHS_MAX = 1_200;

const monthsOf = (from: Month, to: Month): readonly Month[] => {
  const months = [from];
  for (let month = from; month < to && months.length < MONTHS_MAX; ) {
    month = addMonths(month, 1);
    months.push(month);
  }
  return months;
};

/**
 * A sum over a month may hold what another employer's days added, so both ends must be the asker's; an end
 * on which the worker had no employer adds nothing.
 */
const datesThatCount = (
  index: RegistryIndex,
  workerId: string | undefined,
  dates: readonly WorkDate[],
): readonly WorkDate[] => {
  if (dates.length < 2 || workerId === undefined) return dates;
  const employed = dates.filter((date) =>
    rowsOf(index.employmentsByWorker, workerId).some((row) => isValidOn(row, date)),
  );
  return employed.length === 0 ? dates : employed;
};
