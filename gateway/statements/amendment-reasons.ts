/**
 * Why a row is not what it was when it was issued (追加分の理由). Pure: from where its evidence stands in the
 * ledger, and from what the registry says now and said then.
 *
 * What came into the ledger after the position of the last issue is the reason wherever it is evidence of
 * the day; the registry is named where it alone decides a field that differs, or where no touch explains it.
 */
import { z } from 'zod';
import type { CardId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { RegistryChange } from '../registry/registry-diff.ts';
import type { RegistryTable } from '../registry/registry-document.ts';
import { afterOf, beforeOf, type RowChange } from './amendment.ts';
import type { StatementRow } from './statement-rows.ts';

export const AmendmentReason = z.enum([
  /** A touch that came in after the issue. */
  'late-touch',
  /** A touch whose time was unknown at the issue: the terminal's clock was trusted later. */
  'clock-recovered',
  /** A person's word: a day corrected, a passage entered by hand, a touch taken back. */
  'correction',
  /** A manager said at the gate whose card it is. */
  'card-bound',
  /** The registry was changed; `tables` says where. */
  'registry-change',
  /** The same touches count for another day, because of what changed on a day beside it. */
  'neighbouring-day',
  /** Another version of the program reckons otherwise. */
  'program-change',
  /** Nothing of the above: a person must look. */
  'unexplained',
]);
export type AmendmentReason = z.infer<typeof AmendmentReason>;

/** Where one piece of evidence stands in the ledger. */
export interface EntryOrigin {
  readonly ledgerNo: number;
  readonly kind: 'touch' | 'manual';
  readonly cardId?: CardId | undefined;
  /** The last position before its time became known, where that was later than the touch itself. */
  readonly datedAfter?: number | undefined;
  /** Position of the entry that took it back. */
  readonly voidedBy?: number | undefined;
}

/** Attendance now, of every site, on the dates of the statement and beside them. */
export interface DaysIndex {
  readonly daysByEvidence: ReadonlyMap<string, readonly AttendanceDay[]>;
  readonly daysByWorkerDate: ReadonlyMap<string, readonly AttendanceDay[]>;
}

export interface ReasonFacts extends DaysIndex {
  /** Position in the ledger, and the program, of the last issue. */
  readonly since: { readonly ledgerNo: number; readonly version: string };
  readonly version: string;
  /** By entry id. Ids of corrections in the registry are not there. */
  readonly origins: ReadonlyMap<string, EntryOrigin>;
  /** Cards bound at the gate after the last issue. */
  readonly boundCards: ReadonlySet<string>;
  /** What the registry changed since; undefined where nobody knows any more what it said. */
  readonly registryChanges: readonly RegistryChange[] | undefined;
}

export type ExplainedChange = RowChange & {
  readonly reasons: readonly AmendmentReason[];
  /** Of the registry, where that is a reason. */
  readonly tables: readonly RegistryTable[];
};

const workerDateKey = (workerId: unknown, date: unknown): string => `${workerId} ${date}`;

/** `days` by what they rest on, and by whose and when they are. */
export const daysIndex = (days: readonly AttendanceDay[]): DaysIndex => {
  const daysByEvidence = new Map<string, AttendanceDay[]>();
  const daysByWorkerDate = new Map<string, AttendanceDay[]>();
  const put = (map: Map<string, AttendanceDay[]>, key: string, day: AttendanceDay): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [day]);
    else known.push(day);
  };
  for (const day of days) {
    for (const id of day.evidence) put(daysByEvidence, id, day);
    if (day.subject.kind === 'worker')
      put(daysByWorkerDate, workerDateKey(day.subject.workerId, day.workDate), day);
  }
  return { daysByEvidence, daysByWorkerDate };
};

const evidenceOf = (row: StatementRow | undefined): readonly string[] =>
  Array.isArray(row?.evidence) ? row.evidence : [];

/** Evidence of the row on both sides, of the days that it counts for now, and of the worker's whole date. */
const evidenceAround = (
  change: RowChange,
  { daysByEvidence, daysByWorkerDate }: DaysIndex,
): ReadonlySet<string> => {
  const [before, after] = [beforeOf(change), afterOf(change)];
  const own = [...evidenceOf(before), ...evidenceOf(after)];
  const row = after ?? before ?? {};
  const days = [
    ...own.flatMap((id) => daysByEvidence.get(id) ?? []),
    ...(daysByWorkerDate.get(workerDateKey(row.workerId, row.workDate)) ?? []),
  ];
  return new Set([...own, ...days.flatMap(({ evidence }) => evidence)]);
};

/** Every entry id that the reasons of these changes may rest on: what `origins` must know. */
export const evidenceAsked = (
  changes: readonly RowChange[],
  index: DaysIndex,
): ReadonlySet<string> => new Set(changes.flatMap((change) => [...evidenceAround(change, index)]));

/** The tables of the registry that a statement's rows rest on. */
const TABLES: ReadonlySet<RegistryTable> = new Set([
  'companies',
  'workers',
  'cards',
  'employments',
  'sites',
  'contracts',
  'organisation',
  'assignments',
  'leave',
  'approvals',
  'corrections',
  'surcharges',
  'contributionReadings',
]);

/** Fields that no touch decides. */
const OF_REGISTRY: ReadonlySet<string> = new Set([
  'companyId',
  'trade',
  'role',
  'work',
  'complete',
  'missing',
  'contractId',
  'method',
  'colour',
  'reportDue',
  'notPayable',
]);

interface Ids {
  readonly workerIds: ReadonlySet<unknown>;
  readonly cardIds: ReadonlySet<unknown>;
  readonly siteIds: ReadonlySet<unknown>;
  readonly companyIds: ReadonlySet<unknown>;
  readonly date: WorkDate;
}

const idsOf = (change: RowChange, around: ReadonlySet<string>, facts: ReasonFacts): Ids => {
  const rows = [beforeOf(change), afterOf(change)].filter((row) => row !== undefined);
  const days = [...around].flatMap((id) => facts.daysByEvidence.get(id) ?? []);
  const cards = [...around].flatMap((id) => facts.origins.get(id)?.cardId ?? []);
  return {
    workerIds: new Set([
      ...rows.map(({ workerId }) => workerId),
      ...days.flatMap(({ subject }) => (subject.kind === 'worker' ? subject.workerId : [])),
    ]),
    cardIds: new Set([...rows.map(({ cardId }) => cardId), ...cards]),
    siteIds: new Set([...rows.map(({ siteId }) => siteId), ...days.map(({ siteId }) => siteId)]),
    companyIds: new Set(rows.map(({ companyId }) => companyId)),
    date: (rows[0]?.workDate ?? '') as WorkDate,
  };
};

/** Whether a row of the registry can have a say in a row of the statement: the narrowest id decides. */
const concerns = (row: object, { workerIds, cardIds, siteIds, companyIds, date }: Ids): boolean => {
  const field = (name: string): unknown => Reflect.get(row, name);
  const day = field('workDate') ?? field('date');
  if (day !== undefined && day !== date) return false;
  if (field('cardId') !== undefined && cardIds.has(field('cardId'))) return true;
  if (field('workerId') !== undefined) return workerIds.has(field('workerId'));
  if (field('siteId') !== undefined) return siteIds.has(field('siteId'));
  if (field('companyId') !== undefined) return companyIds.has(field('companyId'));
  return true;
};

const tablesThatChanged = (
  ids: Ids,
  changes: readonly RegistryChange[],
): ReadonlySet<RegistryTable> =>
  new Set(
    changes
      .filter(({ table }) => TABLES.has(table))
      .filter((change) =>
        [
          change.kind === 'added' ? undefined : change.before,
          change.kind === 'removed' ? undefined : change.after,
        ].some((row) => row !== undefined && concerns(row, ids)),
      )
      .map(({ table }) => table),
  );

const fromLedger = (
  around: ReadonlySet<string>,
  { since: { ledgerNo: since }, origins, boundCards }: ReasonFacts,
): ReadonlySet<AmendmentReason> => {
  const reasons = new Set<AmendmentReason>();
  for (const id of around) {
    const origin = origins.get(id);
    if (origin === undefined) continue;
    const isLate = origin.ledgerNo > since;
    if (isLate) reasons.add(origin.kind === 'touch' ? 'late-touch' : 'correction');
    else if ((origin.datedAfter ?? -1) >= since) reasons.add('clock-recovered');
    if ((origin.voidedBy ?? 0) > since) reasons.add('correction');
    if (origin.cardId !== undefined && boundCards.has(origin.cardId)) reasons.add('card-bound');
  }
  return reasons;
};

/** The change with why; reasons in the order in which they are listed, at least one. */
export const explained = (change: RowChange, facts: ReasonFacts): ExplainedChange => {
  const around = evidenceAround(change, facts);
  const found = new Set(fromLedger(around, facts));
  const { registryChanges } = facts;
  const changed = tablesThatChanged(idsOf(change, around, facts), registryChanges ?? []);
  if (changed.has('corrections')) found.add('correction');
  const tables = [...changed].filter((table) => table !== 'corrections');
  const isDecidedByRegistry =
    change.kind === 'changed' && change.fields.some((field) => OF_REGISTRY.has(field));
  const isUnknown = registryChanges === undefined;
  const isRegistry = (tables.length > 0 || isUnknown) && (isDecidedByRegistry || found.size === 0);
  if (isRegistry) found.add('registry-change');
  if (found.size === 0) found.add(fallback(change, facts));
  return {
    ...change,
    reasons: AmendmentReason.options.filter((reason) => found.has(reason)),
    tables: isRegistry ? tables : [],
  };
};

const fallback = (change: RowChange, { since, version }: ReasonFacts): AmendmentReason => {
  if (since.version !== version) return 'program-change';
  return change.fields.includes('evidence') ? 'neighbouring-day' : 'unexplained';
};
