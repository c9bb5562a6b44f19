/**
 * Derivation (算出): turns the touches of the ledger into attendance days, a few people at a time.
 *
 * What is stale is named by dirty marks, written in the same transaction as the touches; a mark goes
 * away in the same transaction in which what it named is replaced.
 */
import type { SiteId } from '../shared/ids.ts';
import { dateInJapan, type WorkDate } from '../shared/time.ts';
import { type AttendanceDay, attendanceDays } from './attendance.ts';
import { cardsOf, holderOf, personAtSite, type RegistryIndex, subjectsOfCard } from './registry.ts';
import type { Subject, Touch } from './shifts.ts';
import type { Bearer, Ledger, LedgerTap } from './store/ledger.ts';
import { subjectKey } from './subject-key.ts';

/** Marks worked off in one transaction; bounds how long batches and requests wait. */
const MARKS_PER_TURN = 50;

/** Whose touch it is on that date: the holder of the card, or the card itself while nobody holds it. */
export const subjectOf = (registry: RegistryIndex, bearer: Bearer, date: WorkDate): Subject => {
  if (bearer.kind === 'worker') return bearer;
  const workerId = holderOf(registry, bearer.cardId, date);
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

/** A card changes hands: only the touches made while the subject held it are the subject's. */
const touchOf = (registry: RegistryIndex, tap: LedgerTap, subject: Subject): readonly Touch[] => {
  const { at } = tap.dated;
  if (at === undefined) return [];
  const owner = subjectOf(registry, tap.bearer, dateInJapan(at));
  if (subjectKey(owner) !== subjectKey(subject)) return [];
  const { id, siteId, direction } = tap;
  return [{ id, siteId, readerId: `${tap.terminalId}/${tap.readerId}`, direction, at, subject }];
};

/** Every attendance day of one subject at one site, from the ledger's touches alone. */
export const deriveAttendance = (
  ledger: Pick<Ledger, 'tapsOfBearer'>,
  registry: RegistryIndex,
  siteId: SiteId,
  subject: Subject,
): readonly AttendanceDay[] =>
  attendanceDays(
    bearersOf(registry, subject)
      .flatMap((bearer) => ledger.tapsOfBearer(siteId, bearer))
      .flatMap((tap) => touchOf(registry, tap, subject)),
    personAtSite(registry, siteId, subject),
  );

interface Stale {
  readonly siteId: SiteId;
  readonly subject: Subject;
}

const distinct = (stale: readonly Stale[]): readonly Stale[] => [
  ...new Map(stale.map((each) => [`${each.siteId} ${subjectKey(each.subject)}`, each])).values(),
];

const replace = (ledger: Ledger, registry: RegistryIndex, { siteId, subject }: Stale): void =>
  ledger.replaceAttendance(siteId, subject, deriveAttendance(ledger, registry, siteId, subject));

/** Works off some of the dirty marks; returns how many. 0 = nothing is stale. */
export const deriveDirty = (ledger: Ledger, registry: RegistryIndex): number => {
  const marks = ledger.dirtyMarks(MARKS_PER_TURN);
  if (marks.length === 0) return 0;
  const stale = distinct(
    marks.flatMap(({ siteId, bearer }) =>
      subjectsOf(registry, bearer).map((subject) => ({ siteId, subject })),
    ),
  );
  ledger.transaction(() => {
    for (const each of stale) replace(ledger, registry, each);
    ledger.dropDirtyMarks(marks);
  });
  return marks.length;
};

/** Derives everything again from the touches; after a registry change, and as the rebuild command. */
export const rebuildAttendance = (ledger: Ledger, registry: RegistryIndex): void =>
  ledger.transaction(() => {
    ledger.clearAttendance();
    const stale = ledger
      .bearers()
      .flatMap(({ siteId, bearer }) =>
        subjectsOf(registry, bearer).map((subject) => ({ siteId, subject })),
      );
    for (const each of distinct(stale)) replace(ledger, registry, each);
  });
