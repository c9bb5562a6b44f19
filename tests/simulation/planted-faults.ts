/**
 * Faults planted on purpose, to show that the simulation bites: each is one part of the product replaced
 * by one that breaks one promise. `within` is the number of seeds in which it must be found.
 */
import type { Terminal, TerminalDeps } from '../../device/terminal.ts';
import type { Ledger, LedgerCommit } from '../../gateway/store/ledger.ts';
import { decodeBatch, encodeBatch } from '../../shared/batch.ts';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import type { Entry } from '../../shared/entry.ts';
import { encodeReceipt, parseReceipt } from '../../shared/receipt.ts';
import { uptimeMs } from '../../shared/time.ts';
import { gatewaySigner, verifyGateway } from './cast.ts';
import { type Parts, REAL_PARTS } from './parts.ts';

export interface PlantedFault {
  readonly name: string;
  /** Beginning of the invariant that must catch it. */
  readonly caughtBy: readonly string[];
  readonly within: number;
  readonly parts: Parts;
}

const withTerminal = (change: (deps: TerminalDeps) => TerminalDeps): Parts => ({
  ...REAL_PARTS,
  createTerminal: (deps) => REAL_PARTS.createTerminal(change(deps)),
});
/** Of the terminal itself, once it is made. */
const withMadeTerminal = (
  change: (terminal: Terminal, deps: TerminalDeps) => Partial<Terminal>,
): Parts => ({
  ...REAL_PARTS,
  createTerminal: (deps) => {
    const terminal = REAL_PARTS.createTerminal(deps);
    return { ...terminal, ...change(terminal, deps) };
  },
});
const withLedger = (change: (ledger: Ledger) => Ledger): Parts => ({
  ...REAL_PARTS,
  openLedger: (db) => change(REAL_PARTS.openLedger(db)),
});

const beepBeforeCommit = withTerminal((deps) => ({
  ...deps,
  journal: {
    ...deps.journal,
    append: (body, reading) => {
      if (body.kind === 'tap') {
        deps.signal({
          kind: 'recorded',
          seq: deps.journal.lastSeq() + 1,
          verdict: body.verdict,
          standing: body.verdict === 'repeat' ? 'recorded' : body.verdict,
          reasons: body.reasons,
          passage: 'in',
          by: body.presented.by,
          at: reading.wallMs,
          worker: undefined,
          contributedDays: undefined,
        });
      }
      return deps.journal.append(body, reading);
    },
  },
}));

const settleOnPuback = withTerminal((deps) => ({
  ...deps,
  publish: (channel, bytes) => {
    deps.publish(channel, bytes);
    deps.journal.settle(deps.journal.lastSeq());
  },
}));

/** Says that it has committed, answers, and commits afterwards. */
const receiptBeforeCommit: Parts = {
  ...REAL_PARTS,
  createGateway: (deps) => {
    let pending: LedgerCommit | undefined;
    return REAL_PARTS.createGateway({
      ...deps,
      ledger: {
        ...deps.ledger,
        commit: (commit) => {
          pending = commit;
          return { kind: 'committed' };
        },
        position: (journal) =>
          pending?.journalId === journal.journalId
            ? pending.position
            : deps.ledger.position(journal),
      },
      send: (...message) => {
        deps.send(...message);
        if (pending !== undefined) deps.ledger.commit(pending);
        pending = undefined;
      },
    });
  },
};

const lostDirtyMark = withLedger((ledger) => ({
  ...ledger,
  commit: (commit) => {
    const outcome = ledger.commit(commit);
    ledger.dropDirtyMarks(ledger.dirtyMarks(1));
    return outcome;
  },
}));

const unsynced: Parts['openTerminalDb'] = (path, options) => {
  const db = REAL_PARTS.openTerminalDb(path, options);
  db.pragma('synchronous = normal');
  return db;
};

const journalFromSettled: Parts = {
  ...REAL_PARTS,
  openJournal: (db, terminalId) => {
    REAL_PARTS.openJournal(db, terminalId);
    db.exec('delete from entry where seq > (select settled_seq from journal)');
    return REAL_PARTS.openJournal(db, terminalId);
  },
};

const gapAccepted: Parts = {
  ...REAL_PARTS,
  createGateway: (deps) => {
    const gateway = REAL_PARTS.createGateway(deps);
    return {
      ...gateway,
      onMessage: (topic, bytes) => {
        const batch = decodeBatch(bytes);
        const isGap =
          batch.ok && batch.value.firstSeq > deps.ledger.position(batch.value).committedSeq + 1;
        if (!isGap) return gateway.onMessage(topic, bytes);
        const last = batch.value.entries.at(-1);
        deps.ledger.commit({
          ...batch.value,
          entries: batch.value.entries.map((entry) => ({ ...entry, entry: undefined })),
          position: { committedSeq: last?.seq ?? 0, headHash: last?.hash ?? GENESIS_HASH },
          receivedAt: deps.clock.read().wallMs,
        });
      },
    };
  },
};

/** Takes any receipt of the terminal for one of the journal that it has now. */
const anyJournalSettles = withMadeTerminal((terminal, deps) => ({
  onMessage: (channel, bytes) => {
    const receipt = parseReceipt(bytes, verifyGateway);
    if (!receipt.ok) return terminal.onMessage(channel, bytes);
    const { journal } = deps;
    const headHash = journal.hashAt(receipt.value.committedSeq) ?? GENESIS_HASH;
    terminal.onMessage(
      channel,
      encodeReceipt({ ...receipt.value, journalId: journal.journalId, headHash }, gatewaySigner),
    );
  },
}));

const datedByReception = withLedger((ledger) => ({
  ...ledger,
  touchesOfBearer: (siteId, bearer, span) =>
    ledger.touchesOfBearer(siteId, bearer, span).map((touch) => {
      const tap = ledger.tapsAfter(0, 1_000_000, siteId).find(({ id }) => id === touch.id);
      return { ...touch, at: tap?.receivedAt ?? touch.at };
    }),
}));

const futureTouchesCount: Parts = {
  ...REAL_PARTS,
  createGateway: (deps) => REAL_PARTS.createGateway({ ...deps, futureToleranceMs: 1e15 }),
};

const repeatByWallClock = withTerminal((deps) => ({
  ...deps,
  clock: {
    read: () => {
      const reading = deps.clock.read();
      return { ...reading, uptimeMs: uptimeMs(reading.wallMs) };
    },
  },
}));

const untrustedTimeUsed = withLedger((ledger) => ({
  ...ledger,
  commit: (commit) =>
    ledger.commit({
      ...commit,
      entries: commit.entries.map((stored) => ({
        ...stored,
        entry: stored.entry && ({ ...stored.entry, clock: 'trusted' } satisfies Entry),
      })),
    }),
}));

/** Sends an entry again in other words. */
const retrySerialisedAnew = withTerminal((deps) => {
  const sent = new Set<number>();
  return {
    ...deps,
    publish: (channel, bytes) => {
      const batch = decodeBatch(bytes);
      if (!batch.ok || !sent.has(batch.value.firstSeq)) {
        if (batch.ok) sent.add(batch.value.firstSeq);
        return deps.publish(channel, bytes);
      }
      const { previousHash, entries } = batch.value;
      let head = previousHash;
      const anew = entries.map(({ seq, text }) => {
        const { v, ...fields } = JSON.parse(text);
        const other = JSON.stringify({ ...fields, v });
        head = nextHash(head, other);
        return { seq, text: other, hash: head };
      });
      deps.publish(channel, encodeBatch(deps.journal, previousHash, anew, deps.signer));
    },
  };
});

/** Gives up on what was sent while the link was down, as an in-memory queue does. */
const forgetsWhatWaited = withMadeTerminal((terminal, deps) => ({
  onLink: (isUp) => {
    if (isUp) deps.journal.settle(deps.journal.lastSeq());
    terminal.onLink(isUp);
  },
}));

/** Takes a new registry and leaves what was derived by the old one. */
const registryChangeNotDerived = withLedger((ledger) => ({
  ...ledger,
  markDirty: () => undefined,
}));

/** Knows its own touches only, as if it were the site's only gate. */
const deafToOtherGates = withMadeTerminal((terminal) => ({
  onMessage: (channel, bytes) => {
    if (channel !== 'presence') terminal.onMessage(channel, bytes);
  },
}));

const RECEIPTS = ['receipts never exceed commits'];

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'the beep comes before the commit',
    caughtBy: ['a beep is a receipt'],
    within: 1,
    parts: beepBeforeCommit,
  },
  {
    name: "the broker's acknowledgement settles",
    caughtBy: RECEIPTS,
    within: 2,
    parts: settleOnPuback,
  },
  {
    name: 'the receipt leaves before the commit',
    caughtBy: RECEIPTS,
    within: 1,
    parts: receiptBeforeCommit,
  },
  {
    name: 'a dirty mark is lost',
    caughtBy: ['derived state equals'],
    within: 5,
    parts: lostDirtyMark,
  },
  {
    name: 'the journal does not sync its commits',
    caughtBy: ['each beeped touch is in a journal', 'entry ids are never used twice', ...RECEIPTS],
    within: 5,
    parts: { ...REAL_PARTS, openTerminalDb: unsynced },
  },
  {
    name: 'the ledger does not sync its commits',
    caughtBy: RECEIPTS,
    within: 5,
    parts: { ...REAL_PARTS, openGatewayDb: unsynced },
  },
  {
    name: 'after a restart the journal begins where it was settled',
    caughtBy: ['entry ids are never used twice', 'each beeped touch is in a journal'],
    within: 5,
    parts: journalFromSettled,
  },
  {
    name: 'a gap is accepted',
    caughtBy: ['the ledger holds each entry once'],
    within: 10,
    parts: gapAccepted,
  },
  {
    name: "another journal's receipt settles",
    caughtBy: [...RECEIPTS, 'everything arrives'],
    within: 100,
    parts: anyJournalSettles,
  },
  {
    name: 'touches are dated by their reception',
    caughtBy: ['derived state equals'],
    within: 10,
    parts: datedByReception,
  },
  {
    name: 'a terminal’s clock that runs ahead makes days',
    caughtBy: ['derived state equals'],
    within: 20,
    parts: futureTouchesCount,
  },
  {
    name: 'repeats are judged by the wall clock',
    caughtBy: ['a touch within the window', 'derived state'],
    within: 50,
    parts: repeatByWallClock,
  },
  {
    name: 'an untrusted time is used as it is',
    caughtBy: ['derived state equals'],
    within: 20,
    parts: untrustedTimeUsed,
  },
  {
    name: 'a retry serialises an entry anew',
    caughtBy: ['the ledger holds what', 'everything arrives'],
    within: 10,
    parts: retrySerialisedAnew,
  },
  {
    name: 'what waited for the link is forgotten',
    caughtBy: RECEIPTS,
    within: 3,
    parts: forgetsWhatWaited,
  },
  {
    name: 'a registry change derives nothing',
    caughtBy: ['derived state equals'],
    within: 20,
    parts: registryChangeNotDerived,
  },
  {
    name: 'a gate hears nothing of the others',
    caughtBy: ['every gate lists who is on site'],
    within: 5,
    parts: deafToOtherGates,
  },
];
