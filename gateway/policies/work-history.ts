/**
 * Work-history records (就業履歴): one per worker, site and day however many touches, with what keeps it
 * from being full. One record, one fee (ccus-support.com/column_80317.html: 同じ日に同じ現場で).
 *
 * A touch by a card that was the worker's before or becomes the worker's later is kept as that worker's
 * bare record with `card-invalid`; a card that nobody ever held stays a card until it is bound.
 */
import type { CardId, CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { UtcMs, WorkDate } from '../../shared/time.ts';
import type { ChecklistItem } from '../../shared/verdict.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { assignmentOn, companyOn, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { foundOrNot } from './grounds.ts';
import { type ChecklistLine, checklistLines } from './work-history-checklist.ts';

export interface WorkHistoryRecord {
  readonly siteId: SiteId;
  readonly workerId: WorkerId;
  readonly workDate: WorkDate;
  readonly companyId?: CompanyId;
  /** Absent while the worker is not in the 施工体制: the record then says who, when and where only. */
  readonly trade?: string;
  readonly role?: RegistryRow<'assignments'>['role'];
  readonly work?: string;
  readonly firstIn?: UtcMs;
  readonly lastOut?: UtcMs;
  readonly complete: boolean;
  readonly missing: readonly ChecklistItem[];
  readonly evidence: readonly string[];
}

/** Touches of a card that nobody ever held. */
export interface UnknownCardDay {
  readonly siteId: SiteId;
  readonly cardId: CardId;
  readonly workDate: WorkDate;
  readonly evidence: readonly string[];
}

export interface WorkHistory {
  readonly records: readonly WorkHistoryRecord[];
  readonly unknownCards: readonly UnknownCardDay[];
}

/** Whose card it was last before that date, else whose it becomes first after it. */
const nearestHolding = (
  registry: RegistryIndex,
  cardId: CardId,
  date: WorkDate,
): RegistryRow<'cards'> | undefined => {
  const holdings = registry.holdingsByCard.get(cardId) ?? [];
  const past = holdings
    .filter(({ to }) => to !== undefined && to < date)
    .sort((a, b) => ((a.to ?? '') < (b.to ?? '') ? 1 : -1));
  const coming = holdings
    .filter(({ from }) => from !== undefined && from > date)
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  return past[0] ?? coming[0];
};

/** Every line that a record was held against; the last asks of the card, where one was touched. */
export const linesOfRecord = (
  registry: RegistryIndex,
  workerId: WorkerId,
  { siteId, workDate, subject }: Pick<AttendanceDay, 'siteId' | 'workDate' | 'subject'>,
): readonly ChecklistLine[] => [
  ...checklistLines(registry, { siteId, workerId, date: workDate }),
  ...(subject.kind === 'worker'
    ? []
    : [
        {
          item: 'card-invalid' as const,
          isPassed: false,
          grounds: [
            foundOrNot('cards', nearestHolding(registry, subject.cardId, workDate), {
              cardId: subject.cardId,
            }),
          ],
        },
      ]),
];

const recordOf = (
  registry: RegistryIndex,
  workerId: WorkerId,
  day: AttendanceDay,
): WorkHistoryRecord => {
  const { siteId, workDate, firstIn, lastOut, evidence } = day;
  const companyId = companyOn(registry, siteId, workerId, workDate);
  const assignment = assignmentOn(registry, siteId, workerId, workDate);
  const missing = linesOfRecord(registry, workerId, day).flatMap(({ item, isPassed }) =>
    isPassed ? [] : [item],
  );
  return {
    siteId,
    workerId,
    workDate,
    ...(companyId === undefined ? {} : { companyId }),
    ...(assignment === undefined ? {} : { trade: assignment.trade, role: assignment.role }),
    ...(assignment?.work === undefined ? {} : { work: assignment.work }),
    ...(firstIn === undefined ? {} : { firstIn }),
    ...(lastOut === undefined ? {} : { lastOut }),
    complete: missing.length === 0,
    missing,
    evidence,
  };
};

/** Whose record an attendance day makes or adds to; undefined for a card that nobody ever held. */
export const workerOfDay = (
  registry: RegistryIndex,
  { subject, workDate }: Pick<AttendanceDay, 'subject' | 'workDate'>,
): WorkerId | undefined =>
  subject.kind === 'worker'
    ? subject.workerId
    : nearestHolding(registry, subject.cardId, workDate)?.workerId;

/** Touched at the same moment: by their evidence, so that the order in which days come says nothing. */
export const byFirstTouch = (a: AttendanceDay, b: AttendanceDay): number =>
  a.firstTouchAt - b.firstTouchAt || (a.evidence.join() < b.evidence.join() ? -1 : 1);

export const workHistoryOf = (
  days: readonly AttendanceDay[],
  registry: RegistryIndex,
): WorkHistory => {
  const recordByKey = new Map<string, WorkHistoryRecord>();
  const unknownCards: UnknownCardDay[] = [];
  const add = (workerId: WorkerId, day: AttendanceDay): void => {
    const key = `${workerId} ${day.siteId} ${day.workDate}`;
    const known = recordByKey.get(key);
    // A valid card or a typed id on the same day makes the day; the old card's touches stand beside.
    recordByKey.set(
      key,
      known === undefined
        ? recordOf(registry, workerId, day)
        : { ...known, evidence: [...known.evidence, ...day.evidence].sort() },
    );
  };
  const inOrder = [...days].sort(byFirstTouch);
  for (const day of inOrder) if (day.subject.kind === 'worker') add(day.subject.workerId, day);
  for (const day of inOrder) {
    const { subject, siteId, workDate, evidence } = day;
    if (subject.kind === 'worker') continue;
    const workerId = workerOfDay(registry, day);
    if (workerId === undefined)
      unknownCards.push({ siteId, cardId: subject.cardId, workDate, evidence });
    else add(workerId, day);
  }
  return { records: [...recordByKey.values()], unknownCards };
};
