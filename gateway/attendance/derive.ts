/**
 * Derivation (算出): turns the touches of the ledger into attendance days, a few people at a time.
 *
 * What is stale is named by dirty marks, written in the same transaction as the touches; a mark goes
 * away in the same transaction in which what it named is replaced. Only the days that a change can reach
 * are derived again: from the last boundary before it to the first one after it at which the days are as
 * they were, however long the history on both sides.
 */
import type { SiteId } from '../../shared/ids.ts';
import { DAY_MS, dateInJapan, UTC_MS_MAX, type UtcMs, utcMs } from '../../shared/time.ts';
import {
  cardsOf,
  holderOf,
  personAtSite,
  type RegistryIndex,
  subjectsOfCard,
} from '../registry/registry.ts';
import {
  ALWAYS,
  type Bearer,
  type DayBoundary,
  type Ledger,
  type LedgerTouch,
  type MomentSpan,
  type ReplacedDates,
} from '../store/ledger.ts';
import {
  type AttendanceDay,
  attendanceDays,
  type PersonAtSite,
  startOfWorkDate,
  workDateOf,
} from './attendance.ts';
import { uncovered } from './moment-spans.ts';
import type { Subject, Touch } from './shifts.ts';
import { isSameSubject, subjectKey } from './subject-key.ts';

/** Marks worked off in one transaction; bounds how long batches and requests wait. */
const MARKS_PER_TURN = 50;

/** Whose touch it is at that moment: the holder of the card, or the card itself while nobody holds it. */
export const subjectOf = (registry: RegistryIndex, bearer: Bearer, at: UtcMs): Subject => {
  if (bearer.kind === 'worker') return bearer;
  const workerId = holderOf(registry, bearer.cardId, dateInJapan(at));
  return workerId === undefined ? bearer : { kind: 'worker', workerId };
};

/** Everybody whose touch it may be, on whatever date. */
const subjectsOf = (registry: RegistryIndex, bearer: Bearer): readonly Subject[] =>
  bearer.kind === 'worker' ? [bearer] : subjectsOfCard(registry, bearer.cardId);

const bearersOf = (registry: RegistryIndex, subject: Subject): readonly Bearer[] =>
  subject.kind === 'card'
    ? [subject]
    : [
        subject,
        ...cardsOf(registry, subject.workerId).map((cardId) => ({ kind: 'card' as const, cardId })),
      ];

/** Where a bearer's touches may be the subject's: a card stands for itself only while nobody holds it. */
const spansToRead = (
  registry: RegistryIndex,
  subject: Subject,
  span: MomentSpan,
): readonly MomentSpan[] =>
  subject.kind === 'card'
    ? uncovered(span, registry.holdingsByCard.get(subject.cardId) ?? [])
    : [span];

/** A card changes hands: only the touches made while the subject held it are the subject's. */
export const touchesOf = (
  ledger: Pick<Ledger, 'touchesOfBearer'>,
  registry: RegistryIndex,
  { siteId, subject }: Pick<PersonAtSite, 'siteId' | 'subject'>,
  span: MomentSpan,
): readonly Touch[] => {
  const isOwn = ({ bearer, at }: LedgerTouch): boolean =>
    isSameSubject(subjectOf(registry, bearer, at), subject);
  const spans = spansToRead(registry, subject, span);
  return bearersOf(registry, subject)
    .flatMap((bearer) => spans.flatMap((each) => ledger.touchesOfBearer(siteId, bearer, each)))
    .filter(isOwn)
    .map((touch) => ({ ...touch, subject }));
};

/** Every touch and passage of one subject at one site, whenever it was. */
export const touchesOfSubject = (
  ledger: Pick<Ledger, 'touchesOfBearer'>,
  registry: RegistryIndex,
  siteId: SiteId,
  subject: Subject,
): readonly Touch[] => touchesOf(ledger, registry, { siteId, subject }, ALWAYS);

export interface Stale extends MomentSpan {
  readonly siteId: SiteId;
  readonly subject: Subject;
}

interface Rederived {
  readonly dates: ReplacedDates;
  readonly days: readonly AttendanceDay[];
}

const isAt = (day: AttendanceDay | undefined, boundary: DayBoundary): boolean =>
  day?.workDate === boundary.workDate && day.boundaryAt === boundary.at;

/**
 * The days that a change within a span can reach. A boundary before it stays a boundary, because only
 * earlier touches decide that; from a boundary behind it on, at which the new days begin a date as the old
 * ones did, all is as it was.
 */
export const rederive = (
  ledger: Pick<Ledger, 'touchesOfBearer' | 'boundaryBefore' | 'boundaryAfter'>,
  registry: RegistryIndex,
  { siteId, subject, from, to }: Stale,
): Rederived => {
  const person = personAtSite(registry, siteId, subject);
  const start = ledger.boundaryBefore(siteId, subject, from);
  const isInDates = ({ workDate }: AttendanceDay): boolean =>
    start === undefined || workDate >= start.workDate;
  /** What was taken back says so on its date, also where it came before all that counts. */
  const isInReach = ({ at, voidedBy }: Touch): boolean =>
    start === undefined || at >= start.at || voidedBy !== undefined;
  const first =
    start === undefined
      ? ALWAYS.from
      : utcMs(Math.min(start.at, startOfWorkDate(start.workDate, person.rules)));
  const touchesUntil = (last: UtcMs): readonly Touch[] =>
    touchesOf(ledger, registry, person, { from: first, to: last }).filter(isInReach);
  // The whole date of the change is derived, also where it begins with a boundary behind the change.
  const lastMs = Math.min(
    startOfWorkDate(workDateOf(to, person.rules), person.rules) + DAY_MS,
    UTC_MS_MAX,
  );
  let end = ledger.boundaryAfter(siteId, subject, utcMs(Math.max(to, lastMs - 1)));
  while (end !== undefined) {
    const { workDate } = end;
    const days = attendanceDays(touchesUntil(end.at), person).filter(
      (day) => isInDates(day) && day.workDate <= workDate,
    );
    if (isAt(days.at(-1), end))
      return { dates: { from: start?.workDate, before: workDate }, days: days.slice(0, -1) };
    end = ledger.boundaryAfter(siteId, subject, end.at);
  }
  const days = attendanceDays(touchesUntil(UTC_MS_MAX), person).filter(isInDates);
  return { dates: { from: start?.workDate }, days };
};

const replace = (ledger: Ledger, registry: RegistryIndex, stale: Stale, now: UtcMs): void => {
  const { dates, days } = rederive(ledger, registry, stale);
  ledger.replaceAttendance(stale.siteId, stale.subject, dates, days, now);
};

/** One span for each person, from the first to the last of theirs. */
const joined = (stale: readonly Stale[]): readonly Stale[] => {
  const byPerson = new Map<string, Stale>();
  for (const each of stale) {
    const key = `${each.siteId} ${subjectKey(each.subject)}`;
    const known = byPerson.get(key);
    byPerson.set(
      key,
      known === undefined
        ? each
        : {
            ...known,
            from: known.from < each.from ? known.from : each.from,
            to: known.to > each.to ? known.to : each.to,
          },
    );
  }
  return [...byPerson.values()];
};

/** Works off some of the dirty marks; returns how many. 0 = nothing is stale. */
export const deriveDirty = (ledger: Ledger, registry: RegistryIndex, now: UtcMs): number => {
  const marks = ledger.dirtyMarks(MARKS_PER_TURN);
  if (marks.length === 0) return 0;
  const stale = joined(
    marks.flatMap(({ bearer, ...mark }) =>
      subjectsOf(registry, bearer).map((subject) => ({ ...mark, subject })),
    ),
  );
  ledger.transaction(() => {
    for (const each of stale) replace(ledger, registry, each, now);
    ledger.dropDirtyMarks(marks);
  });
  return marks.length;
};
