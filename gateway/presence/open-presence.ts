/** Presence put together for a gateway: read from the ledger, as its derived rows change, and told at most every ten seconds. */
import type { JournalId, SiteId, TerminalId } from '../../shared/ids.ts';
import {
  type Gate,
  type LastPassage,
  type SitePresence,
  type Who,
  whoIsCard,
} from '../../shared/presence-statement.ts';
import { addDays, dateInJapan, type UtcMs } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { touchesOf } from '../attendance/derive.ts';
import type { Subject } from '../attendance/shifts.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { TerminalContact } from '../fleet/contacts.ts';
import { type RegistryIndex, siteRulesOf } from '../registry/registry.ts';
import type { Ledger } from '../store/ledger.ts';
import { knownUntil, lastPassageOf, stillOfNow } from './last-passage.ts';
import {
  createPresenceTeller,
  type PresenceTeller,
  type PresenceTellerDeps,
} from './presence-teller.ts';

export interface OpenPresenceDeps extends Omit<PresenceTellerDeps, 'lookAt' | 'run'> {
  readonly ledger: Pick<
    Ledger,
    | 'attendance'
    | 'changesAfter'
    | 'dirtyMarks'
    | 'journals'
    | 'lastChangeNo'
    | 'nextRosterVersion'
    | 'position'
    | 'touchesOfBearer'
  >;
  readonly registryIndex: () => RegistryIndex;
  readonly contacts: () => readonly TerminalContact[];
  readonly waitingTouches: () => readonly WaitingTouch[];
}

export interface OpenPresence extends Pick<PresenceTeller, 'onHeld'> {
  /** Nothing is stale any more. */
  readonly onDerived: () => void;
  /** Tells what changed; to be called every `TELL_EVERY_MS`, for what time alone changes. */
  readonly refresh: () => void;
}

export const TELL_EVERY_MS = 10_000;
const TERMINALS_LOOKED_AT_MS = 1_000;
/** The longest shift of any site, and one to spare. */
const DAYS_BACK = 3;
/** More changes than these are read anew, all of the site. */
const CHANGES_FOLLOWED = 2_000;

/** A terminal writes to its newest one. */
const JOURNALS_MAX = 20;

interface SeenSite {
  /** Days that may say who is on site, of everybody. */
  readonly daysByWho: Map<Who, readonly AttendanceDay[]>;
  readonly passageByWho: ReadonlyMap<Who, LastPassage>;
}

const whoIs = (subject: Subject): Who =>
  subject.kind === 'card' ? whoIsCard(subject.cardId) : subject.workerId;

export const openPresence = (deps: OpenPresenceDeps): OpenPresence => {
  const { ledger, registryIndex, now } = deps;
  const seenBySite = new Map<SiteId, SeenSite>();
  let changeNo = ledger.lastChangeNo();

  const datesOf = (at: UtcMs) => ({
    from: addDays(dateInJapan(at), -DAYS_BACK),
    to: addDays(dateInJapan(at), 1),
  });

  const gateOf = (siteId: SiteId, subject: Subject, at: UtcMs): TerminalId | undefined => {
    const moment = { from: at, to: at };
    const touch = touchesOf(ledger, registryIndex(), { siteId, subject }, moment).find(
      ({ voidedBy }) => voidedBy === undefined,
    );
    // The id of a touch begins with that of its terminal.
    return touch?.id.split('/')[0] as TerminalId | undefined;
  };

  const passagesOf = (
    siteId: SiteId,
    daysByWho: SeenSite['daysByWho'],
    before: SeenSite['passageByWho'],
  ): SeenSite['passageByWho'] => {
    const until = { maxShiftHours: siteRulesOf(registryIndex(), siteId).maxShiftHours, now: now() };
    const passageByWho = new Map<Who, LastPassage>();
    for (const [who, days] of daysByWho) {
      const derived = lastPassageOf(days, until);
      const subject = days[0]?.subject;
      if (derived === undefined || subject === undefined) {
        daysByWho.delete(who);
        continue;
      }
      const known = before.get(who);
      const gate = known?.at === derived.at ? known.gate : gateOf(siteId, subject, derived.at);
      passageByWho.set(who, { who, ...derived, ...(gate === undefined ? {} : { gate }) });
    }
    return passageByWho;
  };

  const readSite = (siteId: SiteId, subjects?: readonly Subject[]): void => {
    const seen = seenBySite.get(siteId);
    const daysByWho = new Map(subjects === undefined ? [] : seen?.daysByWho);
    for (const subject of subjects ?? []) daysByWho.delete(whoIs(subject));
    const days = ledger.attendance({
      siteId,
      ...datesOf(now()),
      ...(subjects === undefined ? {} : { subjects }),
    });
    for (const [who, of] of Map.groupBy(days, ({ subject }) => whoIs(subject)))
      daysByWho.set(who, of);
    // Of whom something changed the gate is looked up anew, though the moment be the same.
    const before = new Map(subjects === undefined ? [] : seen?.passageByWho);
    for (const subject of subjects ?? []) before.delete(whoIs(subject));
    seenBySite.set(siteId, { daysByWho, passageByWho: before });
  };

  /** Derived rows that changed since the last look, of the sites that are looked at. */
  const followChanges = (): void => {
    const changes = ledger.changesAfter(changeNo, CHANGES_FOLLOWED + 1, undefined);
    if (changes.length > CHANGES_FOLLOWED) {
      seenBySite.clear();
      changeNo = ledger.lastChangeNo();
      return;
    }
    for (const [siteId, of] of Map.groupBy(changes, (change) => change.siteId)) {
      if (siteId === undefined || !seenBySite.has(siteId)) continue;
      readSite(
        siteId,
        of.map(({ subject }) => subject),
      );
    }
    changeNo = changes.at(-1)?.changeNo ?? changeNo;
  };

  /** Of all terminals at once: there may be thousands of sites. */
  const lookAtTerminals = () => {
    const at = now();
    return {
      at,
      waiting: stillOfNow(deps.waitingTouches(), at),
      journalsOf: Map.groupBy(ledger.journals(), ({ terminalId }) => terminalId),
      contactsOf: Map.groupBy(deps.contacts(), (contact) => contact.siteId),
    };
  };
  let terminals = lookAtTerminals();

  const gatesOf = (siteId: SiteId): readonly Gate[] => {
    if (Math.abs(now() - terminals.at) >= TERMINALS_LOOKED_AT_MS) terminals = lookAtTerminals();
    const { at, waiting, journalsOf, contactsOf } = terminals;
    return (contactsOf.get(siteId) ?? [])
      .map((contact): Gate => {
        const { terminalId } = contact;
        const ofGate = waiting.filter((touch) => touch.terminalId === terminalId);
        const until = knownUntil(contact, ofGate, at);
        const heldSeq = (journalId: JournalId): number => {
          const first = ofGate.flatMap(({ id }) => {
            const [, journal, seq] = id.split('/');
            return journal === journalId ? [Number(seq) - 1] : [];
          });
          return Math.min(ledger.position({ terminalId, journalId }).committedSeq, ...first);
        };
        return {
          terminalId,
          ...(until === undefined ? {} : { knownUntilMs: until }),
          journals: (journalsOf.get(terminalId) ?? [])
            .slice(-JOURNALS_MAX)
            .map(({ journalId }) => [journalId, heldSeq(journalId)]),
        };
      })
      .toSorted((a, b) => (a.terminalId < b.terminalId ? -1 : 1));
  };

  const teller = createPresenceTeller({
    ...deps,
    run: ledger.nextRosterVersion(),
    lookAt: (siteId): SitePresence | undefined => {
      // A touch that is committed and not derived would be in the journals' positions and in no list.
      if (ledger.dirtyMarks(1).length > 0) return undefined;
      followChanges();
      if (!seenBySite.has(siteId)) readSite(siteId);
      const seen = seenBySite.get(siteId);
      if (seen === undefined) return undefined;
      // Time alone ends shifts.
      const passageByWho = passagesOf(siteId, seen.daysByWho, seen.passageByWho);
      seenBySite.set(siteId, { ...seen, passageByWho });
      const { maxShiftHours } = siteRulesOf(registryIndex(), siteId);
      return { maxShiftHours, gates: gatesOf(siteId), passageByWho };
    },
  });

  let toldAt = Number.NEGATIVE_INFINITY;
  const refresh = (): void => {
    toldAt = now();
    terminals = lookAtTerminals();
    const listened = teller.sites();
    for (const siteId of seenBySite.keys()) if (!listened.has(siteId)) seenBySite.delete(siteId);
    teller.refresh();
  };
  return {
    onHeld: teller.onHeld,
    onDerived: () => {
      if (Math.abs(now() - toldAt) >= TELL_EVERY_MS) refresh();
    },
    refresh,
  };
};
