/**
 * Exports of CCUS and 建退共 through a mapping (突き合わせの取り込み): their layouts are not published, so whoever
 * imports says which heading is which field, how dates are written and what the ways of registration are called.
 *
 * A file is taken whole or not at all; every fault is named by line and heading.
 */
import { z } from 'zod';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import { ok, type Result } from '../../shared/result.ts';
import { Month, monthOf, WorkDate } from '../../shared/time.ts';
import { readCsvRecords } from '../csv/csv-records.ts';
import { decodedCsv } from '../csv/decode-csv.ts';
import { unguarded } from '../csv/spreadsheet-guard.ts';
import { createFaultList, type FaultList } from '../fault-list.ts';

/** Of one file: a large site's month has some ten thousand. */
const ROWS_MAX = 200_000;
const Heading = z.string().trim().min(1).max(100);

/** How a day came into the other system. */
export const Way = z.enum(['card', 'direct-input', 'r-method', 'other']);
export type Way = z.infer<typeof Way>;

const DATE_PATTERNS = {
  'YYYY-MM-DD': /^(\d{4})-(\d{2})-(\d{2})$/,
  'YYYY/M/D': /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  YYYYMMDD: /^(\d{4})(\d{2})(\d{2})$/,
  YYYY年M月D日: /^(\d{4})年(\d{1,2})月(\d{1,2})日$/,
} as const;

export const ExportMapping = z
  .strictObject({
    source: z.enum(['ccus', 'kentaikyo']),
    /** The month that the file is of: a day of another month is a fault. */
    month: Month,
    /** Of every row, where the file has no column for it. */
    siteId: SiteId.optional(),
    /** Absent: UTF-8 where it fits, else CP932. */
    encoding: z.enum(['utf-8', 'cp932']).optional(),
    dateFormat: z
      .enum(Object.keys(DATE_PATTERNS) as [keyof typeof DATE_PATTERNS])
      .default('YYYY-MM-DD'),
    /** Field → heading in the file. */
    columns: z.strictObject({
      siteId: Heading.optional(),
      workerId: Heading.optional(),
      /** 被共済者番号, where the file does not say the 技能者ID. */
      memberNo: Heading.optional(),
      workDate: Heading,
      way: Heading.optional(),
      /** Days or registrations of the row; without it each row is one. */
      count: Heading.optional(),
    }),
    /** What the file calls a way → the way; what is not here is `other`. */
    ways: z.record(z.string().max(100), Way).default({}),
  })
  .refine(({ siteId, columns }) => (siteId === undefined) !== (columns.siteId === undefined), {
    path: ['siteId'],
    message: 'stands either here or in a column',
  })
  .refine(({ columns }) => (columns.workerId === undefined) !== (columns.memberNo === undefined), {
    path: ['columns', 'workerId'],
    message: 'needs either workerId or memberNo',
  });
export type ExportMapping = z.infer<typeof ExportMapping>;

export interface ExportedDay {
  readonly siteId: SiteId;
  /** One of the two. */
  readonly workerId?: WorkerId | undefined;
  readonly memberNo?: string | undefined;
  readonly workDate: WorkDate;
  readonly way: Way;
  readonly count: number;
}

type Field = keyof ExportMapping['columns'];
const FIELDS: readonly Field[] = ['siteId', 'workerId', 'memberNo', 'workDate', 'way', 'count'];

/** Field → index of its cell; undefined where a heading is missing or stands twice. */
const readHeader = (
  { columns }: ExportMapping,
  cells: readonly string[],
  faults: FaultList,
): ReadonlyMap<Field, number> | undefined => {
  const before = faults.count();
  const headings = cells.map((cell) => unguarded(cell.trim()));
  const places = new Map<Field, number>();
  for (const field of FIELDS) {
    const heading = columns[field];
    if (heading === undefined) continue;
    const at = headings.indexOf(heading);
    if (at < 0) faults.add('line 1', `has no column ${JSON.stringify(heading)} (${field})`);
    else if (headings.indexOf(heading, at + 1) >= 0)
      faults.add('line 1', `has the column ${JSON.stringify(heading)} twice`);
    else places.set(field, at);
  }
  return faults.count() === before ? places : undefined;
};

const dateOf = (text: string, format: ExportMapping['dateFormat']): WorkDate | undefined => {
  const [, year, month = '', day = ''] = DATE_PATTERNS[format].exec(text) ?? [];
  const read = WorkDate.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  return read.success ? read.data : undefined;
};

const readRow = (
  mapping: ExportMapping,
  places: ReadonlyMap<Field, number>,
  cells: readonly string[],
  line: number,
  faults: FaultList,
): ExportedDay | undefined => {
  const before = faults.count();
  const text = (field: Field): string | undefined => {
    const at = places.get(field);
    return at === undefined ? undefined : unguarded((cells[at] ?? '').trim());
  };
  const wrong = (field: Field, message: string): void =>
    faults.add(`line ${line}, column ${mapping.columns[field] ?? field}`, message);
  const read = <Schema extends z.ZodType>(
    field: Field,
    schema: Schema,
  ): z.infer<Schema> | undefined => {
    const value = text(field);
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    wrong(field, parsed.error.issues[0]?.message ?? 'is wrong');
    return undefined;
  };
  const siteId = mapping.siteId ?? read('siteId', SiteId);
  const workerId = read('workerId', WorkerId);
  const memberNo = read('memberNo', z.string().regex(/^\d{9}$/, 'must be 9 digits'));
  const count = Number(
    read('count', z.string().regex(/^\d{1,3}$/, 'must be a number to 999')) ?? 1,
  );
  const workDate = dateOf(text('workDate') ?? '', mapping.dateFormat);
  if (workDate === undefined) wrong('workDate', `is no date ${mapping.dateFormat}`);
  else if (monthOf(workDate) !== mapping.month) wrong('workDate', `is not in ${mapping.month}`);
  if (faults.count() > before || siteId === undefined || workDate === undefined) return undefined;
  const wayText = text('way') ?? '';
  const way = Object.hasOwn(mapping.ways, wayText) ? mapping.ways[wayText] : undefined;
  return { siteId, workerId, memberNo, workDate, way: way ?? 'other', count };
};

/** Days in the order of the file. */
export const parseExportFile = async (
  bytes: Uint8Array,
  mapping: ExportMapping,
): Promise<Result<readonly ExportedDay[]>> => {
  const faults = createFaultList();
  const rows: ExportedDay[] = [];
  let hasHeader = false;
  let places: ReadonlyMap<Field, number> | undefined;
  let count = 0;
  const take = (cells: readonly string[], line: number): void => {
    if (!hasHeader) {
      hasHeader = true;
      places = readHeader(mapping, cells, faults);
      return;
    }
    count += 1;
    if (places === undefined || count > ROWS_MAX) return;
    const row = readRow(mapping, places, cells, line, faults);
    if (row !== undefined) rows.push(row);
  };
  await readCsvRecords(decodedCsv(bytes, mapping.encoding, faults), take, faults);
  if (!hasHeader && faults.count() === 0)
    faults.add('', 'is empty; the first line names the columns');
  if (count > ROWS_MAX) faults.add('', `has ${count} rows; the limit is ${ROWS_MAX}`);
  return faults.count() > 0 ? { ok: false, faults: faults.faults() } : ok(rows);
};
