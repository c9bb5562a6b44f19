/**
 * The terminal (端末): one touch's way from the reader to the disk, and only then to the screen.
 *
 * Holds the state between events and calls the parts in order; every decision is made in a pure
 * function next door. Synchronous throughout, so one touch is finished before the next begins.
 */
import { encodeBatch } from '../shared/batch.ts';
import type { EntryBody, Presented, TapEntry } from '../shared/entry.ts';
import type { Direction, SiteId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { parseReceipt, type RefusalReason } from '../shared/receipt.ts';
import { parseRoster, type RosterWorker } from '../shared/roster.ts';
import type { Signer, Verifier } from '../shared/signature.ts';
import { type Clock, type ClockReading, dateInJapan, monthOf, type UtcMs } from '../shared/time.ts';
import type { Channel } from '../shared/topics.ts';
import type { Reason, VerdictKind } from '../shared/verdict.ts';
import { decide, identityOf, indexRoster, type RosterIndex, workerOf } from './gate.ts';
import { type Journal, recentEntries } from './journal.ts';
import { createPresence, type Passage } from './presence.ts';
import type { ReaderEvent } from './readers/reader.ts';
import { initialSync, type SyncEffect, type SyncEvent, step } from './sync.ts';

/** What the person at the gate is told. `recorded` is only ever said of a touch that is on the disk. */
export type Feedback =
  | {
      readonly kind: 'recorded';
      /** Seq of the journal entry that this feedback is the receipt for. */
      readonly seq: number;
      readonly verdict: VerdictKind;
      readonly reasons: readonly Reason[];
      readonly passage: Passage;
      readonly by: Presented['by'];
      readonly at: UtcMs;
      readonly worker: RosterWorker | undefined;
      /** Days of this month that count for 建退共, today included; undefined for who earns none. */
      readonly contributedDays: number | undefined;
    }
  | { readonly kind: 'not-recorded'; readonly at: UtcMs; readonly message: string }
  | { readonly kind: 'unreadable-card'; readonly at: UtcMs; readonly message: string };

export interface ReaderPlace {
  readonly readerId: string;
  readonly direction: Direction;
}

export interface ReaderStatus {
  readonly reader: string;
  readonly place: ReaderPlace;
  readonly attached: boolean;
  /** Why it is not there, or why the last card could not be read. */
  readonly fault: string | undefined;
}

export interface TerminalStatus {
  readonly lastFeedback: Feedback | undefined;
  readonly onSite: number;
  readonly unsentTaps: number;
  readonly isLinked: boolean;
  readonly readers: readonly ReaderStatus[];
  /** Set while no reader can work at all, e.g. no pcscd. */
  readonly readersFault: string | undefined;
  readonly rosterIndex: RosterIndex | undefined;
  readonly clock: ClockReading;
}

export interface TerminalDeps {
  readonly siteId: SiteId;
  readonly version: string;
  readonly repeatWindowMs: number;
  readonly maxShiftMs: number;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly signer: Signer;
  readonly verifyGateway: Verifier;
  readonly placeOfReader: (reader: string) => ReaderPlace;
  /** Roster bytes as last accepted; kept so that the gate works without a network. */
  readonly rosterCache: {
    readonly load: () => Uint8Array | undefined;
    readonly save: (bytes: Uint8Array) => void;
  };
  readonly publish: (channel: Channel, bytes: Uint8Array) => void;
  /** The beep: lamp, buzzer, screen. */
  readonly signal: (feedback: Feedback) => void;
  /** Something on the screen changed. */
  readonly changed: () => void;
  readonly log: Log;
}

export interface Terminal {
  readonly touched: (presented: Presented, place: ReaderPlace) => Feedback;
  readonly onReader: (event: ReaderEvent) => void;
  readonly onLink: (isUp: boolean) => void;
  readonly onMessage: (channel: Channel, bytes: Uint8Array) => void;
  /** About once a second: time-outs and the clock's trust. */
  readonly tick: () => void;
  readonly status: () => TerminalStatus;
}

/** Entries re-read at start for who is on site and for the repeat window. */
const ENTRIES_REPLAYED_AT_START = 10_000;

export const createTerminal = (deps: TerminalDeps): Terminal => {
  const { clock, journal, log } = deps;
  let sync = initialSync({ lastSeq: journal.lastSeq(), settledSeq: journal.settledSeq() });
  let rosterIndex: RosterIndex | undefined;
  let lastFeedback: Feedback | undefined;
  let readersFault: string | undefined;
  let clockTrust: ClockReading['trust'] | undefined;
  let lastAlarm: RefusalReason | undefined;
  const presence = createPresence(deps.maxShiftMs);
  const statusByReader = new Map<string, ReaderStatus>();

  const noteTap = (tap: TapEntry): void =>
    presence.note(identityOf(tap.presented, workerOf(rosterIndex, tap.presented)), tap);

  const perform = (effect: SyncEffect): void => {
    switch (effect.kind) {
      case 'send': {
        const { first, last } = effect.range;
        const previousHash = journal.hashAt(first - 1);
        if (previousHash === undefined) throw new Error(`no entry ${first - 1} to chain from`);
        deps.publish(
          'journal',
          encodeBatch(journal, previousHash, journal.read(first, last), deps.signer),
        );
        return;
      }
      case 'settle':
        journal.settle(effect.seq);
        lastAlarm = undefined;
        return;
      case 'alarm':
        // Retries meet the same refusal again; the journal needs to hear of it once.
        if (lastAlarm === effect.reason) return;
        lastAlarm = effect.reason;
        log('the gateway refused a batch', { reason: effect.reason });
        record({ kind: 'health', what: 'sync-refused', detail: effect.reason }, clock.read());
        return;
    }
  };

  const feedSync = (event: SyncEvent): void => {
    const next = step(sync, event);
    sync = next.state;
    for (const effect of next.effects) perform(effect);
  };

  const record = (body: EntryBody, reading: ClockReading): ReturnType<Journal['append']> => {
    const outcome = journal.append(body, reading);
    if (outcome.kind === 'not-stored') log('the journal cannot store', { reason: outcome.message });
    return outcome;
  };

  const recordAndSync = (body: EntryBody, reading: ClockReading): void => {
    const outcome = record(body, reading);
    if (outcome.kind === 'stored')
      feedSync({ kind: 'appended', seq: outcome.entry.seq, now: reading.uptimeMs });
  };

  /** Trust gained or lost is an entry of its own: by it the gateway dates the whole boot. */
  const watchClock = (reading: ClockReading): void => {
    if (clockTrust === reading.trust) return;
    clockTrust = reading.trust;
    recordAndSync({ kind: 'clock' }, reading);
  };

  const show = (feedback: Feedback): Feedback => {
    lastFeedback = feedback;
    deps.signal(feedback);
    deps.changed();
    return feedback;
  };

  const contributedDays = (worker: RosterWorker | undefined, at: UtcMs): number | undefined => {
    if (!worker?.earnsContribution) return undefined;
    const isRosterOfThisMonth = rosterIndex?.roster.month === monthOf(dateInJapan(at));
    const days = new Set(isRosterOfThisMonth ? worker.contributedDays : []);
    for (const date of presence.datesEntered(worker.workerId, at)) days.add(Number(date.slice(8)));
    return days.size;
  };

  const touched: Terminal['touched'] = (presented, place) => {
    const reading = clock.read();
    const at = reading.wallMs;
    const worker = workerOf(rosterIndex, presented);
    const identity = identityOf(presented, worker);
    const verdict = decide({
      presented,
      rosterIndex,
      lastTouch: presence.lastTouch(identity, place.readerId),
      reading,
      repeatWindowMs: deps.repeatWindowMs,
    });
    const passage = presence.passageOf(identity, place.direction, at);
    const rosterVersion = rosterIndex?.roster.version;
    const outcome = record(
      {
        kind: 'tap',
        siteId: deps.siteId,
        ...place,
        presented,
        verdict: verdict.kind,
        reasons: [...verdict.reasons],
        ...(rosterVersion === undefined ? {} : { rosterVersion }),
      },
      reading,
    );
    if (outcome.kind === 'not-stored' || outcome.entry.kind !== 'tap') {
      const message = outcome.kind === 'not-stored' ? outcome.message : 'not a tap';
      return show({ kind: 'not-recorded', at, message });
    }
    noteTap(outcome.entry);
    const feedback = show({
      kind: 'recorded',
      seq: outcome.entry.seq,
      verdict: verdict.kind,
      reasons: verdict.reasons,
      passage,
      by: presented.by,
      at,
      worker,
      contributedDays: contributedDays(worker, at),
    });
    feedSync({ kind: 'appended', seq: outcome.entry.seq, now: reading.uptimeMs });
    deps.changed();
    return feedback;
  };

  const setReader = (reader: string, attached: boolean, fault: string | undefined): void => {
    const before = statusByReader.get(reader);
    statusByReader.set(reader, { reader, place: deps.placeOfReader(reader), attached, fault });
    readersFault = undefined;
    if (before?.attached !== attached) {
      recordAndSync(
        {
          kind: 'health',
          what: attached ? 'reader-attached' : 'reader-detached',
          detail: `${reader}${fault === undefined ? '' : `: ${fault}`}`.slice(0, 500),
        },
        clock.read(),
      );
    }
    deps.changed();
  };

  const onReader: Terminal['onReader'] = (event) => {
    switch (event.kind) {
      case 'card-presented':
        touched({ by: 'card', cardId: event.cardId }, deps.placeOfReader(event.reader));
        return;
      case 'card-removed':
        return;
      case 'reader-attached':
        return setReader(event.reader, true, undefined);
      case 'reader-detached':
        return setReader(event.reader, false, event.reason);
      case 'read-failed':
        log('a card could not be read', { reader: event.reader, reason: event.reason });
        setReader(event.reader, true, event.reason);
        show({ kind: 'unreadable-card', at: clock.read().wallMs, message: event.reason });
        return;
      case 'readers-unavailable':
        if (readersFault !== event.reason) {
          log('no reader can work', { reason: event.reason });
          recordAndSync(
            { kind: 'health', what: 'readers-unavailable', detail: event.reason.slice(0, 500) },
            clock.read(),
          );
        }
        readersFault = event.reason;
        deps.changed();
        return;
    }
  };

  const takeRoster = (bytes: Uint8Array, from: 'gateway' | 'cache'): void => {
    const parsed = parseRoster(bytes, deps.verifyGateway);
    if (!parsed.ok) {
      log('a roster was refused', { from, reason: parsed.faults[0]?.message ?? '' });
      return;
    }
    const roster = parsed.value;
    if (roster.siteId !== deps.siteId) {
      log('a roster of another site was refused', { from, siteId: roster.siteId });
      return;
    }
    // Versions only grow: an old signed roster played back must not bring back a removed card.
    if (rosterIndex !== undefined && roster.version <= rosterIndex.roster.version) return;
    rosterIndex = indexRoster(roster);
    if (from === 'gateway') deps.rosterCache.save(bytes);
  };

  const takeReceipt = (bytes: Uint8Array): void => {
    const parsed = parseReceipt(bytes, deps.verifyGateway);
    if (!parsed.ok) {
      log('a receipt was refused', { reason: parsed.faults[0]?.message ?? '' });
      return;
    }
    const { terminalId, journalId, committedSeq, headHash, refused } = parsed.value;
    // A receipt for the journal that this machine had before its card was re-imaged settles nothing.
    if (terminalId !== journal.terminalId || journalId !== journal.journalId) return;
    const isOurHistory = journal.hashAt(committedSeq) === headHash;
    feedSync({
      kind: 'receipt',
      committedSeq: isOurHistory ? committedSeq : journal.settledSeq(),
      refused: isOurHistory ? refused : 'conflict',
      now: clock.read().uptimeMs,
    });
  };

  const cached = deps.rosterCache.load();
  if (cached !== undefined) takeRoster(cached, 'cache');
  for (const entry of recentEntries(journal, ENTRIES_REPLAYED_AT_START)) {
    if (entry.kind === 'tap') noteTap(entry);
  }
  const startReading = clock.read();
  record({ kind: 'boot', version: deps.version }, startReading);
  watchClock(startReading);
  feedSync({ kind: 'appended', seq: journal.lastSeq(), now: startReading.uptimeMs });

  return {
    touched,
    onReader,
    onLink: (isUp) => {
      feedSync(isUp ? { kind: 'link-up', now: clock.read().uptimeMs } : { kind: 'link-down' });
      deps.changed();
    },
    onMessage: (channel, bytes) => {
      if (channel === 'receipt') takeReceipt(bytes);
      if (channel === 'roster') takeRoster(bytes, 'gateway');
      deps.changed();
    },
    tick: () => {
      const reading = clock.read();
      watchClock(reading);
      feedSync({ kind: 'tick', now: reading.uptimeMs });
    },
    status: () => {
      const reading = clock.read();
      return {
        lastFeedback,
        onSite: presence.onSite(reading.wallMs),
        unsentTaps: journal.unsentTaps(),
        isLinked: sync.link.kind !== 'offline',
        readers: [...statusByReader.values()],
        readersFault,
        rosterIndex,
        clock: reading,
      };
    },
  };
};
