/**
 * The days that a registry change can reach (変わりうる日): whose derived rows a reader of the feed has to ask for
 * again. Pure.
 *
 * Attendance itself rests on cards, on how a site reckons, and on corrections, and `stale.ts` has it derived again;
 * who employs whom, under which contract, and what is owed is read when a report is made, and changes with the
 * registry alone.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SiteId, WorkerId } from '../shared/ids.ts';
import { addDays, type Dated, type WorkDate } from '../shared/time.ts';
import type { Subject } from './attendance/shifts.ts';
import type { RegistryChange } from './registry/registry-diff.ts';
import type { Registry } from './registry/registry-document.ts';

/** Days with attendance of somebody, of a site, of both; of everybody where neither is named. Ends inclusive. */
export interface ChangedDays extends Dated {
  readonly siteId?: SiteId;
  readonly subject?: Subject;
}

/** Fields that a row of attendance, work history or contributions rests on, of tables that hold others, too. */
const DECIDING: Readonly<Partial<Record<RegistryChange['table'], readonly string[]>>> = {
  companies: ['size', 'payDay', 'payMonthOffset'],
  workers: ['ccusRegistered', 'memberNo', 'otherScheme'],
  sites: ['primeId', 'from', 'to'],
  contracts: ['siteId', 'method', 'exceptions'],
};

const rowsOf = (change: RegistryChange): readonly object[] => [
  ...(change.kind === 'added' ? [] : [change.before]),
  ...(change.kind === 'removed' ? [] : [change.after]),
];

const decides = (change: RegistryChange): boolean => {
  const fields = DECIDING[change.table];
  if (fields === undefined || change.kind !== 'changed') return true;
  return fields.some(
    (field) =>
      !isDeepStrictEqual(Reflect.get(change.before, field), Reflect.get(change.after, field)),
  );
};

const EARLIEST = '0000-01-01' as WorkDate;
const LATEST = '9999-12-30' as WorkDate;

/** Where one row holds and the other does not, of two that differ in their dates alone. */
const datesBetween = (before: Dated, after: Dated): readonly Dated[] => {
  const [first, second] = [before.from ?? EARLIEST, after.from ?? EARLIEST].sort();
  const [third, fourth] = [before.to ?? LATEST, after.to ?? LATEST].sort();
  return [
    ...(first === undefined || second === undefined || first === second
      ? []
      : [{ from: first, to: addDays(second, -1) }]),
    ...(third === undefined || fourth === undefined || third === fourth
      ? []
      : [{ from: addDays(third, 1), to: fourth }]),
  ];
};

const withoutDates = (row: object): object => ({ ...row, from: undefined, to: undefined });

/** The dates of each row, or of what lies between its two versions. */
const datesOf = (change: RegistryChange): readonly Dated[] => {
  if (
    change.kind === 'changed' &&
    isDeepStrictEqual(withoutDates(change.before), withoutDates(change.after))
  )
    return datesBetween(change.before as Dated, change.after as Dated);
  return rowsOf(change).map((row) => {
    const day: unknown = Reflect.get(row, 'workDate') ?? Reflect.get(row, 'date');
    const dated = (typeof day === 'string' ? { from: day, to: day } : row) as Dated;
    return {
      ...(dated.from === undefined ? {} : { from: dated.from }),
      ...(dated.to === undefined ? {} : { to: dated.to }),
    };
  });
};

const field = <Id extends string>(change: RegistryChange, name: string): readonly Id[] => [
  ...new Set(
    rowsOf(change).flatMap((row) => {
      const value: unknown = Reflect.get(row, name);
      return typeof value === 'string' ? [value as Id] : [];
    }),
  ),
];

type SubjectsOf = (workerId: WorkerId) => readonly Subject[];

const ofWorkers = (
  change: RegistryChange,
  dates: readonly Dated[],
  subjectsOf: SubjectsOf,
): readonly ChangedDays[] => {
  const sites = field<SiteId>(change, 'siteId');
  return field<WorkerId>(change, 'workerId')
    .flatMap(subjectsOf)
    .flatMap((subject) =>
      dates.flatMap((span) => {
        const days = { ...span, subject };
        return sites.length === 0 ? [days] : sites.map((siteId) => ({ ...days, siteId }));
      }),
    );
};

/** `next`: the registry after the changes. In the order of the changes; days may be named more than once. */
export const changedDays = (
  changes: readonly RegistryChange[],
  next: Pick<Registry, 'assignments' | 'employments' | 'cards' | 'leave'>,
): readonly ChangedDays[] => {
  let workersByCompany: ReadonlyMap<string, ReadonlySet<WorkerId>> | undefined;
  const workersOf = (companyId: string): ReadonlySet<WorkerId> => {
    workersByCompany ??= new Map(
      [
        ...Map.groupBy(
          [...next.assignments, ...next.employments, ...next.leave],
          (row) => row.companyId,
        ),
      ].map(([company, rows]) => [company, new Set(rows.map(({ workerId }) => workerId))]),
    );
    return workersByCompany.get(companyId) ?? new Set();
  };
  let cardsByWorker: ReadonlyMap<WorkerId, Registry['cards']> | undefined;
  /** A worker, and their cards: a touch on a date on which nobody held the card becomes a record of who did. */
  const subjectsOf: SubjectsOf = (workerId) => {
    cardsByWorker ??= Map.groupBy(next.cards, (row) => row.workerId);
    const cards = new Set(cardsByWorker.get(workerId)?.map(({ cardId }) => cardId));
    return [
      { kind: 'worker', workerId },
      ...[...cards].map((cardId) => ({ kind: 'card', cardId }) as const),
    ];
  };
  return changes.filter(decides).flatMap((change): readonly ChangedDays[] => {
    switch (change.table) {
      case 'workers':
        return ofWorkers(change, [{}], subjectsOf);
      case 'employments':
      case 'assignments':
      case 'leave':
      case 'approvals':
        return ofWorkers(change, datesOf(change), subjectsOf);
      case 'cards':
        return field<never>(change, 'cardId').map((cardId) => ({
          subject: { kind: 'card', cardId },
        }));
      case 'companies':
        return field(change, 'companyId').flatMap((companyId) =>
          [...workersOf(companyId)].flatMap(subjectsOf).map((subject) => ({ subject })),
        );
      case 'organisation':
        return field<SiteId>(change, 'siteId').flatMap((siteId) =>
          datesOf(change).map((dates) => ({ ...dates, siteId })),
        );
      case 'sites':
      case 'contracts':
        return field<SiteId>(change, 'siteId').map((siteId) => ({ siteId }));
      case 'surcharges':
      case 'contributionReadings': {
        const dates = datesOf(change);
        const workers = ofWorkers(change, dates, subjectsOf);
        return workers.length > 0 ? workers : dates;
      }
      default:
        return [];
    }
  });
};
