/**
 * The terminal (端末): one touch's way from the reader to the disk, and only then to the screen.
 *
 * Holds the state between events and calls the parts in order; every decision is made in a pure
 * function next door. Synchronous throughout, so one touch is finished before the next begins.
 */
import { encodeBatch } from '../shared/batch.ts';
import type { Entry, EntryBody, HealthBody, Presented } from '../shared/entry.ts';
import type { SiteId } from '../shared/ids.ts';
import type { Language } from '../shared/language.ts';
import type { RefusalReason } from '../shared/refusal.ts';
import type { RosterWorker } from '../shared/roster.ts';
import type { Signer } from '../shared/signature.ts';
import { type Clock, type ClockReading, dateInJapan, monthOf } from '../shared/time.ts';
import type { Channel } from '../shared/topics.ts';
import { createFaceDesk, type FaceEvent, type FaceSettings } from './camera/face-desk.ts';
import { contributedDays } from './contributed-days.ts';
import { type Feedback, TOUCH_SHOWN_MS } from './feedback.ts';
import { decide, gateDate, identityOf, isRosterOld, workerOf } from './gate.ts';
import { type AppendOutcome, type Journal, recentEntries } from './journal.ts';
import { otherGates } from './other-gates.ts';
import { createPresence, type LatestTouch, type PersonOnSite } from './presence.ts';
import { createPresenceKeeper, type PresenceKeeperDeps } from './presence-keeper.ts';
import type { ReaderPlace } from './reader-board.ts';
import { createReaderDesk } from './reader-desk.ts';
import type { ReaderEvent } from './readers/reader.ts';
import { type Readiness, readinessOf } from './readiness.ts';
import { settledBy } from './receipt-desk.ts';
import { createRecorder } from './recorder.ts';
import { createRosterKeeper, type RosterCache } from './roster-keeper.ts';
import { createScreenLanguage } from './screen-language.ts';
import { toldSite } from './site-told.ts';
import { initialSync, type SyncEffect, type SyncEvent, step } from './sync.ts';
import type { TerminalStatus } from './terminal-status.ts';
import type { WorkerLanguages } from './worker-languages.ts';

export interface TerminalDeps extends Omit<PresenceKeeperDeps, 'siteId'> {
  readonly siteId: SiteId;
  readonly version: string;
  readonly repeatWindowMs: number;
  readonly maxShiftMs: number;
  readonly rosterMaxAgeMs: number;
  readonly face: FaceSettings | undefined;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly signer: Signer;
  readonly placeOfReader: (reader: string) => ReaderPlace;
  /** Places that have a reader as the site was set up. */
  readonly expectedPlaces?: readonly ReaderPlace[];
  readonly rosterCache: RosterCache;
  readonly languages: WorkerLanguages;
  readonly publish: (channel: Channel, bytes: Uint8Array) => void;
  /** The beep: lamp, buzzer, screen. */
  readonly signal: (feedback: Feedback) => void;
  /** The journal's file is broken: a new start sets it aside. */
  readonly onCorrupt: () => void;
  /** Something on the screen changed. */
  readonly changed: () => void;
}

export interface Terminal {
  readonly touched: (presented: Presented, place: ReaderPlace) => Feedback;
  /** The journal, of which nothing could be read at the start, is open now. */
  readonly journalOpened: () => void;
  readonly onReader: (event: ReaderEvent) => void;
  readonly onFace: (event: FaceEvent) => void;
  readonly onSignalsFault: (reason: string | undefined) => void;
  readonly onLink: (isUp: boolean) => void;
  readonly onMessage: (channel: Channel, bytes: Uint8Array) => void;
  /** Writes down what a manager did, or a state of health, and sends it up. */
  readonly note: (body: EntryBody) => AppendOutcome;
  /** One press: the language of whoever's touch is on the screen, else of whoever touches next. */
  readonly chooseLanguage: (language: Language) => void;
  /** Every few seconds: time-outs and the clock's trust. */
  readonly tick: () => void;
  /** Lets go of what no screen needs any more; about once an hour. */
  readonly forget: () => void;
  readonly status: () => TerminalStatus;
  /** Why nothing can be recorded now. */
  readonly storageFault: () => string | undefined;
  /** What whoever comes may do now. */
  readonly readiness: () => Readiness;
  readonly peopleOnSite: () => readonly PersonOnSite[];
  /** Newest first; also of before the last start. */
  readonly latestTouches: () => readonly LatestTouch[];
  /** Whether the worker entered today, or is here since a shift that began before. */
  readonly wasHereToday: (worker: RosterWorker) => boolean;
  /** Puts on the disk what is written there only now and then. */
  readonly save: () => void;
}

/** Entries re-read at start for who is on site: at a site of 5,000, with faces, still more than a shift. */
const ENTRIES_REPLAYED_AT_START = 40_000;

const syncOf = (journal: Journal) =>
  initialSync({ lastSeq: journal.lastSeq(), settledSeq: journal.settledSeq() });

export const createTerminal = (deps: TerminalDeps): Terminal => {
  const { clock, journal, log } = deps;
  let sync = syncOf(journal);
  let lastFeedback: Feedback | undefined;
  /** Uptime: a wall clock that jumps must take nothing off the screen, and bring nothing back. */
  let shownSince = 0;
  let clockTrust: ClockReading['trust'] | undefined;
  let lastAlarm: RefusalReason | undefined;
  let signalsFault: string | undefined;
  const { record, ...recorder } = createRecorder(deps);
  const presence = createPresence(deps.maxShiftMs, journal.terminalId);
  const told = createPresenceKeeper(deps);
  const roster = createRosterKeeper({ ...deps, cache: deps.rosterCache });
  const faces = createFaceDesk(deps.face);
  const facesCount = deps.face?.mode === 'touch';
  const screenLanguage = createScreenLanguage(deps.languages);

  const whoIs = (presented: Presented, reading: ClockReading): RosterWorker | undefined =>
    workerOf(roster.index(), presented, gateDate(roster.index(), reading));

  /** What an entry means for who is on site and whose card is whose; also when it is read again. */
  const heed = (entry: Entry): void => {
    const reading = { ...entry, trust: entry.clock };
    if (entry.kind === 'tap')
      presence.note(identityOf(entry.presented, whoIs(entry.presented, reading)), entry);
    if (entry.kind === 'bind') roster.bind({ ...entry, from: dateInJapan(entry.wallMs) });
    if (entry.kind !== 'manual') return;
    const { change } = entry;
    if (change.do === 'void') presence.voidSeq(change.seq, entry.seq);
    else presence.noteManual(change.workerId, entry, change);
  };

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

  const recordAndSync = (body: EntryBody, reading: ClockReading): AppendOutcome => {
    const outcome = record(body, reading);
    if (outcome.kind === 'stored')
      feedSync({ kind: 'appended', seq: outcome.entry.seq, now: reading.uptimeMs });
    return outcome;
  };

  const noteHealth = (what: HealthBody['what'], detail: string): AppendOutcome =>
    recordAndSync({ kind: 'health', what, detail: detail.slice(0, 500) }, clock.read());

  /** Trust gained or lost is an entry of its own: by it the gateway dates the whole boot. */
  const watchClock = (reading: ClockReading): void => {
    if (clockTrust === reading.trust) return;
    const outcome = recordAndSync({ kind: 'clock' }, reading);
    // A full disk must not swallow the one entry that dates this boot.
    if (outcome.kind === 'stored') clockTrust = reading.trust;
  };

  const show = (feedback: Feedback): Feedback => {
    lastFeedback = feedback;
    const worker = feedback.kind === 'recorded' ? feedback.worker : undefined;
    shownSince = clock.read().uptimeMs;
    screenLanguage.touched(worker, shownSince);
    deps.signal(feedback);
    deps.changed();
    return feedback;
  };

  const earned = (worker: RosterWorker | undefined, reading: ClockReading) =>
    contributedDays(worker, roster.index()?.roster, {
      month: monthOf(dateInJapan(reading.wallMs)),
      entered: worker === undefined ? [] : presence.datesEntered(worker.workerId, reading),
    });

  const attachFaces = (reading: ClockReading): void => {
    faces.writeDue(reading, (body) => recordAndSync(body, reading).kind === 'stored');
  };

  const touched: Terminal['touched'] = (presented, place) => {
    const reading = clock.read();
    const at = reading.wallMs;
    const rosterIndex = roster.index();
    const worker = whoIs(presented, reading);
    const identity = identityOf(presented, worker);
    const verdict = decide({
      presented,
      rosterIndex,
      lastTouch: presence.lastTouch(identity, place.readerId),
      reading,
      repeatWindowMs: deps.repeatWindowMs,
      rosterMaxAgeMs: deps.rosterMaxAgeMs,
    });
    const passage = presence.passageOf(identity, place.direction, reading);
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
    const { entry } = outcome;
    heed(entry);
    const feedback = show({
      kind: 'recorded',
      seq: entry.seq,
      verdict: verdict.kind,
      standing: verdict.standing,
      reasons: verdict.reasons,
      passage,
      by: presented.by,
      at,
      worker,
      contributedDays: earned(worker, reading),
    });
    feedSync({ kind: 'appended', seq: entry.seq, now: reading.uptimeMs });
    faces.touched(entry, worker?.workerId);
    attachFaces(reading);
    deps.changed();
    return feedback;
  };

  const readers = createReaderDesk({
    ...deps,
    now: () => clock.read().uptimeMs,
    noteHealth,
    touched: (cardId, place) => touched({ by: 'card', cardId }, place).kind === 'recorded',
    unreadable: (message) => show({ kind: 'unreadable-card', at: clock.read().wallMs, message }),
  });

  const onFace: Terminal['onFace'] = (event) => {
    const reading = clock.read();
    const { change, touch } = faces.take(event, reading);
    if (change !== undefined) noteHealth(change.what, change.detail);
    if (touch !== undefined)
      touched({ by: 'face', workerId: touch.workerId }, deps.placeOfReader(touch.camera));
    attachFaces(reading);
    deps.changed();
  };

  const takeReceipt = (bytes: Uint8Array): void => {
    const settled = settledBy(bytes, deps);
    if (settled !== undefined)
      feedSync({ kind: 'receipt', ...settled, now: clock.read().uptimeMs });
  };

  /** Cards by the roster of now. */
  const useTold = (): void => {
    const last = told.last();
    if (last === undefined) return;
    const reading = clock.read();
    const identify = (presented: Presented) => identityOf(presented, whoIs(presented, reading));
    presence.hear(toldSite(last, journal.journalId, identify));
  };

  const follow = (isUp: boolean): void =>
    told.onLink(isUp, roster.index()?.roster.tellsPresence === true);

  const begin = (): void => {
    useTold();
    for (const entry of recentEntries(journal, ENTRIES_REPLAYED_AT_START)) {
      heed(entry);
      faces.recall(entry);
    }
    useTold();
    faces.flagRecalled();
    const reading = clock.read();
    sync = { ...syncOf(journal), link: sync.link };
    record({ kind: 'boot', version: deps.version }, reading);
    watchClock(reading);
    feedSync({ kind: 'appended', seq: journal.lastSeq(), now: reading.uptimeMs });
    attachFaces(reading);
  };
  begin();

  return {
    touched,
    journalOpened: () => {
      begin();
      deps.changed();
    },
    onReader: readers.take,
    onFace,
    onSignalsFault: (reason) => {
      if (reason !== undefined && signalsFault === undefined)
        noteHealth('signals-unavailable', reason);
      signalsFault = reason;
      deps.changed();
    },
    onLink: (isUp) => {
      follow(isUp);
      feedSync(isUp ? { kind: 'link-up', now: clock.read().uptimeMs } : { kind: 'link-down' });
      deps.changed();
    },
    onMessage: (channel, bytes) => {
      if (channel === 'receipt') takeReceipt(bytes);
      if (channel === 'roster') {
        roster.take(bytes, 'gateway');
        follow(sync.link.kind !== 'offline');
      }
      if (channel === 'presence' && told.take(bytes, clock.read())) useTold();
      deps.changed();
    },
    note: (body) => {
      const outcome = recordAndSync(body, clock.read());
      if (outcome.kind === 'stored') heed(outcome.entry);
      deps.changed();
      return outcome;
    },
    chooseLanguage: (language) => {
      screenLanguage.pressed(language, clock.read().uptimeMs);
      deps.changed();
    },
    tick: () => {
      const reading = clock.read();
      const [trustBefore, faultBefore] = [clockTrust, recorder.fault()];
      watchClock(reading);
      const untold = recorder.untoldFault();
      if (untold !== undefined) noteHealth('storage-recovered', untold);
      attachFaces(reading);
      const isNews = clockTrust !== trustBefore || recorder.fault() !== faultBefore;
      // At once: nobody should be kept from a gate that works again.
      if (screenLanguage.expire(reading.uptimeMs) || isNews) deps.changed();
      told.tick(reading);
      feedSync({ kind: 'tick', now: reading.uptimeMs });
    },
    forget: () => presence.forget(clock.read()),
    status: () => {
      const reading = clock.read();
      const rosterIndex = roster.index();
      const { language, isPressed } = screenLanguage.now();
      const isLinked = sync.link.kind !== 'offline';
      return {
        lastFeedback: reading.uptimeMs - shownSince < TOUCH_SHOWN_MS ? lastFeedback : undefined,
        onSite: presence.countOnSite(reading),
        otherGates: otherGates(told.last(), { own: journal.terminalId, isLinked, now: reading }),
        presenceHeld: told.held(),
        unsentTaps: journal.unsentTaps(),
        isLinked,
        readers: readers.statuses(reading.uptimeMs),
        readersFault: readers.fault(),
        cameras: faces.cameras(),
        facesCount,
        rosterIndex,
        isRosterOld:
          rosterIndex !== undefined && isRosterOld(rosterIndex, reading, deps.rosterMaxAgeMs),
        rosterFault: roster.fault(),
        storageFault: recorder.fault(),
        signalsFault,
        syncFault: lastAlarm,
        clock: reading,
        language,
        isLanguageChosen: isPressed,
      };
    },
    storageFault: recorder.fault,
    readiness: () =>
      readinessOf({
        storageFault: recorder.fault(),
        readers: readers.statuses(clock.read().uptimeMs),
        cameras: faces.cameras(),
        facesCount,
      }),
    peopleOnSite: () => presence.onSite(clock.read()),
    latestTouches: () => presence.latestTouches(clock.read()),
    wasHereToday: ({ workerId }) => presence.wasHereToday(workerId, clock.read()),
    save: told.save,
  };
};
