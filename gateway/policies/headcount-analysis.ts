/**
 * 施工実態の分析: person-days by week and by hour of the day, and who is on site just now.
 *
 * Source: 官民施策パッケージ 2020-03 (CCUSと連携した施工実態の把握・分析). Pure sums over attendance.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { DAY_MS, HOUR_MS, isoInJapan, type UtcMs, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { companyOn, type RegistryIndex, siteRulesOf } from '../registry/registry.ts';
import type { WorkHistoryRecord } from './work-history.ts';
import { weekOf } from './working-time.ts';

export interface OnSite {
  readonly siteId: SiteId;
  readonly workerId?: WorkerId;
  readonly cardId?: string;
  readonly companyId?: CompanyId;
  readonly since: UtcMs;
}

/**
 * Whoever entered and has not left, and could still be in the longest shift of the site; each once, since the
 * last entry: who forgot an exit yesterday and came again today is one person.
 */
export const onSiteNow = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  now: UtcMs,
): readonly OnSite[] => {
  const inOrder = openEntries(days, registry, now).toSorted((a, b) => a.since - b.since);
  return [
    ...new Map(
      inOrder.map((each) => [`${each.siteId} ${each.workerId} ${each.cardId}`, each]),
    ).values(),
  ];
};

/** Whether the last entry of a day waits for its exit at that moment, and could still be in the longest shift. */
export const isOpenAt = (
  { openSince, shifts }: Pick<AttendanceDay, 'openSince' | 'shifts'>,
  maxShiftHours: number,
  at: UtcMs,
): boolean => {
  const startAt = shifts.at(-1)?.startAt ?? openSince;
  return (
    openSince !== undefined &&
    startAt !== undefined &&
    openSince <= at &&
    at - startAt <= maxShiftHours * HOUR_MS
  );
};

const openEntries = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
  now: UtcMs,
): readonly OnSite[] =>
  days.flatMap((day): readonly OnSite[] => {
    const { siteId, subject, workDate, openSince } = day;
    if (openSince === undefined) return [];
    if (!isOpenAt(day, siteRulesOf(registry, siteId).maxShiftHours, now)) return [];
    if (subject.kind === 'card') return [{ siteId, cardId: subject.cardId, since: openSince }];
    const companyId = companyOn(registry, siteId, subject.workerId, workDate);
    return [
      {
        siteId,
        workerId: subject.workerId,
        ...(companyId === undefined ? {} : { companyId }),
        since: openSince,
      },
    ];
  });

const hourOf = (at: UtcMs): number => Number(isoInJapan(at).slice(11, 13));

/** Clock hours in which somebody was there; of a day without an interval, that of the first touch. */
export const hoursOf = ({ shifts, firstTouchAt }: AttendanceDay): ReadonlySet<number> => {
  const intervals = shifts.flatMap((shift) => shift.intervals);
  if (intervals.length === 0) return new Set([hourOf(firstTouchAt)]);
  const hours = new Set<number>();
  for (const { inAt, outAt } of intervals) {
    const count = Math.min(
      DAY_MS / HOUR_MS,
      Math.ceil((outAt - (inAt - (inAt % HOUR_MS))) / HOUR_MS),
    );
    for (let step = 0; step < Math.max(1, count); step += 1) hours.add((hourOf(inAt) + step) % 24);
  }
  return hours;
};

export interface HourCount {
  readonly siteId: SiteId;
  readonly hour: number;
  readonly workerDays: number;
}

/** In how many person-days somebody was there in each clock hour. */
export const byHour = (days: readonly AttendanceDay[]): readonly HourCount[] => {
  const counts = new Map<SiteId, Map<number, number>>();
  for (const day of days) {
    const ofSite = counts.get(day.siteId) ?? new Map<number, number>();
    for (const hour of hoursOf(day)) ofSite.set(hour, (ofSite.get(hour) ?? 0) + 1);
    counts.set(day.siteId, ofSite);
  }
  return [...counts].flatMap(([siteId, ofSite]) =>
    [...ofSite].map(([hour, workerDays]) => ({ siteId, hour, workerDays })),
  );
};

/** People of one company, trade and level at a site on a day, by their records. */
export interface HeadcountGroup {
  readonly siteId: SiteId;
  readonly workDate: WorkDate;
  readonly companyId: CompanyId | undefined;
  readonly trade: string | undefined;
  readonly level: number | undefined;
  readonly records: readonly WorkHistoryRecord[];
}

export const headcountGroups = (
  records: readonly WorkHistoryRecord[],
  { workerById }: Pick<RegistryIndex, 'workerById'>,
): readonly HeadcountGroup[] => {
  const levelOf = ({ workerId }: WorkHistoryRecord) => workerById.get(workerId)?.level;
  const groups = Map.groupBy(records, (record) =>
    [record.siteId, record.workDate, record.companyId, record.trade, levelOf(record)].join(' '),
  );
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { siteId, workDate, companyId, trade } = first;
    return [{ siteId, workDate, companyId, trade, level: levelOf(first), records: of }];
  });
};

export interface WeekCount {
  readonly siteId: SiteId;
  /** Sunday */
  readonly week: WorkDate;
  readonly workerDays: number;
  readonly workers: number;
  readonly companies: number;
  readonly workingDates: number;
}

export const byWeek = (records: readonly WorkHistoryRecord[]): readonly WeekCount[] => {
  const groups = Map.groupBy(records, ({ siteId, workDate }) => `${siteId} ${weekOf(workDate)}`);
  return [...groups.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    return [
      {
        siteId: first.siteId,
        week: weekOf(first.workDate),
        workerDays: of.length,
        workers: new Set(of.map(({ workerId }) => workerId)).size,
        companies: new Set(of.map(({ companyId }) => companyId)).size,
        workingDates: new Set(of.map(({ workDate }) => workDate)).size,
      },
    ];
  });
};
