/**
 * Instants, uptimes and work dates are different things and have different types.
 *
 * Wall time is evidence and may jump; uptime only runs forward within one boot and is for waiting;
 * a work date (就労日) is a Japanese calendar day. Japan has no daylight saving time, so JST is a
 * constant nine hours from UTC (明治28年勅令第167号 set the meridian; 1952 ended the last summer time).
 */
import { z } from 'zod';

const JST_OFFSET_MS = 9 * 3_600_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const LAST_MS = 253_402_300_799_999;

/** Wall-clock instant, milliseconds since 1970-01-01T00:00:00Z. */
export const UtcMs = z.int().min(0).max(LAST_MS).brand<'UtcMs'>();
export type UtcMs = z.infer<typeof UtcMs>;
/** The end of the year 9999: later than anything. */
export const UTC_MS_MAX = LAST_MS as UtcMs;

/** Milliseconds since the machine booted; never runs backward, says nothing across boots. */
export const UptimeMs = z.int().min(0).brand<'UptimeMs'>();
export type UptimeMs = z.infer<typeof UptimeMs>;

/** A Japanese calendar day, `YYYY-MM-DD`. Plain string comparison orders it. */
export const WorkDate = z.iso.date().brand<'WorkDate'>();
export type WorkDate = z.infer<typeof WorkDate>;

/**
 * A day on which somebody was there or was not. Instants begin in 1970, and deadlines of such a day need some room
 * before the calendar of four-digit years ends.
 */
export const EventDate = WorkDate.refine(
  (date) => date >= '1970-01-02' && date <= '9998-12-31',
  'must be a date from 1970-01-02 to 9998-12-31',
);

/** A Japanese calendar month, `YYYY-MM`, of whose every day there are instants. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month YYYY-MM')
  .refine((month) => month >= '1970-01' && month <= '9998-12', 'must be from 1970-01 to 9998-12')
  .brand<'Month'>();
export type Month = z.infer<typeof Month>;

/** An instant as people outside write it: ISO 8601 with an offset, from 1970 on. */
export const IsoInstantText = z.iso.datetime({ offset: true }).refine(
  (text) => {
    const at = Date.parse(text);
    return at >= 0 && at <= LAST_MS;
  },
  { message: 'must be an instant from 1970 to 9999' },
);

/** The same, parsed to milliseconds. */
export const IsoInstant = IsoInstantText.transform((text) => Date.parse(text) as UtcMs);

/** For numbers of our own making, at every touch: checked, but without the cost of a schema. */
const checked = (what: string, value: number, max: number): number => {
  if (!Number.isSafeInteger(value) || value < 0 || value > max)
    throw new Error(`${value} is no ${what}`);
  return value;
};

export const utcMs = (value: number): UtcMs => checked('instant', value, LAST_MS) as UtcMs;
export const uptimeMs = (value: number): UptimeMs =>
  checked('uptime', value, Number.MAX_SAFE_INTEGER) as UptimeMs;
export const workDate = (text: string): WorkDate => WorkDate.parse(text);
export const month = (text: string): Month => Month.parse(text);

/** What a clock said at one moment: wall time, time since boot, which boot, and whether to believe it. */
export interface ClockReading {
  readonly wallMs: UtcMs;
  readonly uptimeMs: UptimeMs;
  readonly bootId: string;
  readonly trust: 'trusted' | 'untrusted';
}

/** The only source of time. Passed in; nothing below a `main` file reads a clock of its own. */
export interface Clock {
  readonly read: () => ClockReading;
}

/** Texts of days that were asked for; a gateway asks for the same few hundred millions of times. */
const textByDay = new Map<number, WorkDate>();

/** Japanese calendar day of an instant. */
export const dateInJapan = (at: UtcMs): WorkDate => {
  const day = Math.floor((at + JST_OFFSET_MS) / DAY_MS);
  const known = textByDay.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10) as WorkDate;
  if (textByDay.size > 100_000) textByDay.clear();
  textByDay.set(day, text);
  return text;
};

/** 00:00 JST of a work date. */
export const startOfDate = (date: WorkDate): UtcMs =>
  (Date.parse(`${date}T00:00:00Z`) - JST_OFFSET_MS) as UtcMs;

/** 00:00 JST of the calendar day of an instant, in milliseconds; before 1970 on its first day. */
export const startOfDayInJapan = (at: UtcMs): number =>
  Math.floor((at + JST_OFFSET_MS) / DAY_MS) * DAY_MS - JST_OFFSET_MS;

/** ISO 8601 in JST, to the millisecond where there is one: `2026-11-24T07:58:03+09:00`. */
export const isoInJapan = (at: UtcMs): string =>
  `${new Date(at + JST_OFFSET_MS).toISOString().replace(/(\.000)?Z$/, '')}+09:00`;

/** `HH:MM` in JST, as screens show it. */
export const clockTimeInJapan = (at: UtcMs): string =>
  new Date(at + JST_OFFSET_MS).toISOString().slice(11, 16);

const FIRST_DATE_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_DATE = '9999-12-31' as WorkDate;
const LAST_DATE_MS = Date.parse(`${LAST_DATE}T00:00:00Z`);
const MONTHS_MAX = 9_999 * 12 + 11;

const between = (least: number, value: number, most: number): number =>
  Math.max(least, Math.min(value, most));

/** Ends with the calendar of four-digit years: nothing comes before 0000-01-01 and after 9999-12-31. */
export const addDays = (date: WorkDate, days: number): WorkDate =>
  new Date(between(FIRST_DATE_MS, Date.parse(`${date}T00:00:00Z`) + days * DAY_MS, LAST_DATE_MS))
    .toISOString()
    .slice(0, 10) as WorkDate;

/** The first day that an interval does not hold any more; undefined where it never ends. */
export const dayAfter = ({ to }: Pick<Dated, 'to'>): WorkDate | undefined =>
  to === undefined || to === LAST_DATE ? undefined : addDays(to, 1);

/** Calendar days from one date to another; below 0 where it is the earlier one. */
export const daysBetween = (from: WorkDate, to: WorkDate): number =>
  (startOfDate(to) - startOfDate(from)) / DAY_MS;

export const monthOf = (date: WorkDate): Month => date.slice(0, 7) as Month;

/** Ends as `addDays` does: at 0000-01 and 9999-12. */
export const addMonths = (start: Month, months: number): Month => {
  const count = between(
    0,
    Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + months,
    MONTHS_MAX,
  );
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}` as Month;
};

export const firstDateOf = (of: Month): WorkDate => `${of}-01` as WorkDate;
export const lastDateOf = (of: Month): WorkDate => {
  const next = addMonths(of, 1);
  return next === of ? LAST_DATE : addDays(firstDateOf(next), -1);
};

/** The day of the same number so many months later, or the month's last where there is none (民法第143条). */
export const monthsAfter = (date: WorkDate, months: number): WorkDate => {
  const of = addMonths(monthOf(date), months);
  const last = lastDateOf(of);
  return date.slice(8) > last.slice(8) ? last : (`${of}-${date.slice(8)}` as WorkDate);
};

/** A validity interval in work dates, both ends inclusive, a missing end open. Others write it as 9999-12-31. */
export interface Dated {
  readonly from?: WorkDate | undefined;
  readonly to?: WorkDate | undefined;
}

export const isValidOn = ({ from, to }: Dated, date: WorkDate): boolean =>
  (from === undefined || from <= date) && (to === undefined || date <= to);
