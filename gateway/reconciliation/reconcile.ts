/**
 * 突き合わせ: the gate's days, CCUS's and 建退共's, by worker, site and day – what differs, and the likely cause.
 *
 * Pure. A cause is a guess from what is known (CCUS mends until the end of the next month; R方式 and 直接入力 can
 * register one day twice: ccus-support.com/column_84562.html); a person decides.
 */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import { addDays, dateInJapan, isValidOn, utcMs, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { Contribution } from '../policies/contribution.ts';
import { extractDate } from '../policies/correction-deadline.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { ExportedDay, Way } from './export-file.ts';

export const CAUSES = [
  // CCUS
  'double-registration',
  'double-at-ccus',
  'outside-period',
  'night-shift-date-shift',
  'worker-unknown-at-ccus',
  'correction-after-extract',
  'not-sent',
  'direct-input-without-touch',
  'r-method-without-touch',
  'extra-at-ccus',
  // 建退共
  'no-member-no',
  'too-late',
  'not-at-ccus',
  'not-reported',
  'more-than-worked',
  'extra-at-kentaikyo',
  // Both
  'worker-unknown-here',
] as const;
export type Cause = (typeof CAUSES)[number];

export interface Difference {
  readonly siteId: SiteId;
  /** Absent where only a 被共済者番号 is known that nobody here has. */
  readonly workerId?: WorkerId;
  readonly memberNo?: string;
  readonly workDate: WorkDate;
  readonly atGate: boolean;
  /** Registrations; absent where no file of CCUS covers the site. */
  readonly atCcus?: number;
  /** Days that are owed, and days that 建退共 has; absent where no file of it covers the site. */
  readonly owedDays?: number;
  readonly atKentaikyo?: number;
  /** CCUS's first. */
  readonly causes: readonly Cause[];
}

/** The days of one system's files, and the sites that they cover. */
export interface OtherSide {
  readonly days: readonly ExportedDay[];
  readonly sites: ReadonlySet<SiteId>;
}

export interface ReconcileInput {
  readonly index: RegistryIndex;
  /** Of the month, and of the days beside it. */
  readonly days: readonly AttendanceDay[];
  readonly contributions: readonly Contribution[];
  readonly ccus: OtherSide | undefined;
  readonly kentaikyo: OtherSide | undefined;
  readonly isAsked: (siteId: SiteId, date: WorkDate) => boolean;
  /** Day of the next month on which a month is extracted; the default where absent. */
  readonly extractDay?: number | undefined;
}

interface Sum {
  count: number;
  readonly ways: Set<Way>;
}
interface Person {
  readonly siteId: SiteId;
  readonly workerId?: WorkerId;
  readonly memberNo?: string;
}
type Day = Person & { readonly workDate: WorkDate };

const personKey = ({ siteId, workerId, memberNo }: Person): string =>
  `${siteId} ${workerId ?? `member ${memberNo}`}`;
const keyOf = (day: Day): string => `${personKey(day)} ${day.workDate}`;
const beside = (day: Day): readonly Day[] =>
  [-1, 1].map((days) => ({ ...day, workDate: addDays(day.workDate, days) }));

interface Facts {
  readonly index: RegistryIndex;
  readonly extractDay: number | undefined;
  readonly gate: ReadonlyMap<string, AttendanceDay>;
  readonly ccus: ReadonlyMap<string, Sum> | undefined;
  readonly kentaikyo: ReadonlyMap<string, Sum> | undefined;
  readonly owed: ReadonlyMap<string, readonly Contribution[]>;
}

const sumsOf = (
  side: OtherSide | undefined,
  dayOf: (row: ExportedDay) => Day,
  seen: Map<string, Day>,
): ReadonlyMap<string, Sum> | undefined => {
  if (side === undefined) return undefined;
  const sums = new Map<string, Sum>();
  for (const row of side.days) {
    const day = dayOf(row);
    const key = keyOf(day);
    seen.set(key, day);
    const sum = sums.get(key) ?? { count: 0, ways: new Set() };
    sum.count += row.count;
    sum.ways.add(row.way);
    sums.set(key, sum);
  }
  return sums;
};

/** A correction of that day which came when the month had been extracted already. */
const isCorrectedLate = (
  { index, extractDay }: Facts,
  { siteId, workerId, workDate }: Day,
): boolean =>
  workerId !== undefined &&
  (index.correctionsByWorker.get(workerId) ?? []).some(
    (row) =>
      row.siteId === siteId &&
      row.workDate === workDate &&
      dateInJapan(utcMs(Date.parse(row.recordedAt))) >= extractDate(workDate, extractDay),
  );

/** On a day beside it the one has what the other lacks, and here it is the other way round. */
const isShifted = (
  day: Day,
  here: ReadonlyMap<string, unknown>,
  there: ReadonlyMap<string, unknown>,
): boolean => beside(day).some((other) => there.has(keyOf(other)) && !here.has(keyOf(other)));

const isUnknownHere = ({ index }: Facts, { workerId }: Day): boolean =>
  workerId === undefined || !index.workerById.has(workerId);

/** First that applies. */
const causeAtCcus = (facts: Facts, day: Day): Cause | undefined => {
  const { ccus, gate, index } = facts;
  if (ccus === undefined) return undefined;
  const there = ccus.get(keyOf(day));
  const isAtGate = gate.has(keyOf(day));
  if (there === undefined) {
    if (!isAtGate) return undefined;
    const site = index.siteById.get(day.siteId);
    if (site === undefined || !isValidOn(site, day.workDate)) return 'outside-period';
    if (isShifted(day, gate, ccus)) return 'night-shift-date-shift';
    const worker = day.workerId && index.workerById.get(day.workerId);
    if (!worker?.ccusRegistered) return 'worker-unknown-at-ccus';
    return isCorrectedLate(facts, day) ? 'correction-after-extract' : 'not-sent';
  }
  if (there.count > 1)
    return there.ways.has('r-method') && there.ways.has('direct-input')
      ? 'double-registration'
      : 'double-at-ccus';
  if (isAtGate) return undefined;
  if (isUnknownHere(facts, day)) return 'worker-unknown-here';
  if (isShifted(day, ccus, gate)) return 'night-shift-date-shift';
  if (isCorrectedLate(facts, day)) return 'correction-after-extract';
  if (there.ways.has('direct-input')) return 'direct-input-without-touch';
  return there.ways.has('r-method') ? 'r-method-without-touch' : 'extra-at-ccus';
};

/** First that applies. */
const causeAtKentaikyo = (facts: Facts, day: Day): Cause | undefined => {
  const { kentaikyo, ccus, gate, owed } = facts;
  if (kentaikyo === undefined) return undefined;
  const rows = owed.get(keyOf(day)) ?? [];
  const days = rows.reduce((sum, row) => sum + row.days, 0);
  const there = kentaikyo.get(keyOf(day))?.count ?? 0;
  const isUnpaid = (reason: 'no-member-no' | 'too-late'): boolean =>
    there === 0 && rows.some(({ notPayable }) => notPayable === reason);
  if (isUnpaid('no-member-no')) return 'no-member-no';
  if (isUnpaid('too-late')) return 'too-late';
  if (there === days) return undefined;
  if (isUnknownHere(facts, day)) return 'worker-unknown-here';
  if (there === 0 && isShifted(day, gate, kentaikyo)) return 'night-shift-date-shift';
  if (days === 0 && isShifted(day, kentaikyo, gate)) return 'night-shift-date-shift';
  if (isCorrectedLate(facts, day)) return 'correction-after-extract';
  const registered = ccus?.get(keyOf(day))?.count ?? 0;
  if (there < days) return ccus !== undefined && registered === 0 ? 'not-at-ccus' : 'not-reported';
  if (registered > 1) return 'double-registration';
  return gate.has(keyOf(day)) ? 'more-than-worked' : 'extra-at-kentaikyo';
};

const inOrder = (a: Difference, b: Difference): number => {
  const [left, right] = [a, b].map(
    ({ siteId, workerId = '', memberNo = '', workDate }) =>
      `${siteId} ${workDate} ${workerId} ${memberNo}`,
  );
  return (left ?? '') < (right ?? '') ? -1 : 1;
};

/** Days on which the three do not agree, by site, date and worker; a side without a file is not compared. */
export const reconcile = (input: ReconcileInput): readonly Difference[] => {
  const { index, ccus, kentaikyo, isAsked } = input;
  const byMemberNo = new Map(
    [...index.workerById.values()].flatMap(({ memberNo, workerId }) =>
      memberNo === undefined ? [] : [[memberNo, workerId] as const],
    ),
  );
  const dayOf = ({ siteId, memberNo, workDate, ...row }: ExportedDay): Day => {
    const workerId = row.workerId ?? byMemberNo.get(memberNo ?? '');
    return workerId === undefined
      ? { siteId, ...(memberNo === undefined ? {} : { memberNo }), workDate }
      : { siteId, workerId, workDate };
  };
  const seen = new Map<string, Day>();
  const gate = new Map<string, AttendanceDay>();
  for (const day of input.days) {
    if (day.subject.kind !== 'worker') continue;
    const { siteId, workDate } = day;
    const at = { siteId, workerId: day.subject.workerId, workDate };
    gate.set(keyOf(at), day);
    seen.set(keyOf(at), at);
  }
  const owed = Map.groupBy(
    input.contributions.filter(({ siteId }) => siteId !== undefined),
    ({ siteId, workerId, workDate }) => keyOf({ siteId: siteId as SiteId, workerId, workDate }),
  );
  const all: Facts = {
    index,
    extractDay: input.extractDay,
    gate,
    ccus: sumsOf(ccus, dayOf, seen),
    kentaikyo: sumsOf(kentaikyo, dayOf, seen),
    owed,
  };
  return [...seen.values()]
    .filter(({ siteId, workDate }) => isAsked(siteId, workDate))
    .flatMap((day): readonly Difference[] => {
      const facts: Facts = {
        ...all,
        ccus: ccus?.sites.has(day.siteId) ? all.ccus : undefined,
        kentaikyo: kentaikyo?.sites.has(day.siteId) ? all.kentaikyo : undefined,
      };
      const causes = [causeAtCcus(facts, day), causeAtKentaikyo(facts, day)].filter(
        (cause) => cause !== undefined,
      );
      if (causes.length === 0) return [];
      const key = keyOf(day);
      const owedDays = (owed.get(key) ?? []).reduce((sum, row) => sum + row.days, 0);
      return [
        {
          ...day,
          atGate: gate.has(key),
          ...(facts.ccus === undefined ? {} : { atCcus: facts.ccus.get(key)?.count ?? 0 }),
          ...(facts.kentaikyo === undefined
            ? {}
            : { owedDays, atKentaikyo: facts.kentaikyo.get(key)?.count ?? 0 }),
          causes: [...new Set(causes)],
        },
      ];
    })
    .sort(inOrder);
};
