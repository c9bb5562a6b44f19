/**
 * The gateway (中継サーバ): a batch's way from the broker into the ledger, and what goes back down.
 *
 * Holds the registry in memory and calls the parts in order; every decision is made in a pure
 * function next door. The receipt leaves after the commit, never before.
 */
import { decodeBatch, isSignedBy } from '../shared/batch.ts';
import type { SiteId, TerminalId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { encodeReceipt } from '../shared/receipt.ts';
import type { RefusalReason } from '../shared/refusal.ts';
import { firstFault } from '../shared/result.ts';
import type { Signer, Verifier } from '../shared/signature.ts';
import type { StatementNumber } from '../shared/statement-number.ts';
import { parseStatusMessage } from '../shared/terminal-state.ts';
import { type Clock, MINUTE_MS } from '../shared/time.ts';
import { type Channel, parseTopic } from '../shared/topics.ts';
import { deriveDirty } from './attendance/derive.ts';
import { stillWaiting, type WaitingTouch } from './attendance/waiting-touches.ts';
import type { LifeWatch } from './broker/life-watch.ts';
import { changedDays } from './changed-days.ts';
import { changedLeave } from './changed-leave.ts';
import { createContacts, type StoredContact, type TerminalContact } from './fleet/contacts.ts';
import { foreignSites, judgeBatch, latestClaim, readEntries } from './ingest.ts';
import { effectiveRegistry } from './registry/effective-registry.ts';
import { indexCorrections, indexRegistry, type RegistryIndex } from './registry/registry.ts';
import { diffRegistry } from './registry/registry-diff.ts';
import { EMPTY_REGISTRY, type Registry, type RegistryRow } from './registry/registry-document.ts';
import { markStale } from './stale.ts';
import type { JournalName, Ledger } from './store/ledger.ts';

/** Where nothing else is set. */
const FUTURE_TOLERANCE_MS = 5 * MINUTE_MS;

/** Of foreign sites; a batch may name a thousand. */
const SITES_TOLD = 10;

/** A terminal as the gateway's configuration names it. */
export interface KnownTerminal {
  readonly siteId: SiteId;
  readonly verify: Verifier;
}

/** What became of one batch; `unreadable` and `wrong-terminal` get no receipt. */
export type BatchOutcome =
  | 'committed'
  | 'already-committed'
  | 'not-committed'
  | 'wrong-terminal'
  | RefusalReason;

export interface GatewayDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly terminals: ReadonlyMap<TerminalId, KnownTerminal>;
  /** The registry as stored, already parsed; undefined before the first import. */
  readonly registry: Registry | undefined;
  readonly send: (terminalId: TerminalId, channel: Channel, bytes: Uint8Array) => void;
  /** Something became stale: derivation should run soon. */
  readonly stale: () => void;
  /** 訂正依頼 that were approved, in the order of the decisions. */
  readonly approvedCorrections?: () => readonly RegistryRow<'corrections'>[];
  /** A touch may claim to be so much later than its arrival. */
  readonly futureToleranceMs?: number;
  /** What was heard of terminals before this start. */
  readonly contactsBefore?: readonly StoredContact[];
  /** A terminal told which start of its program it is, and how many connections it tried since. */
  readonly onLife?: LifeWatch['onTold'];
  /** What a terminal says that it holds of who is on site; undefined where it has gone or does not listen. */
  readonly onPresenceHeld?: (terminalId: TerminalId, held: StatementNumber | undefined) => void;
  /** Sites whose entries a terminal may bring, beside the one where it is now. */
  readonly sitesOf?: (terminalId: TerminalId) => Iterable<SiteId>;
  /** A terminal signed entries of sites that are none of its own. */
  readonly onForeignSites?: (terminalId: TerminalId, siteIds: readonly SiteId[]) => void;
  /** For the metrics. */
  readonly onBatch?: (outcome: BatchOutcome, entries: number) => void;
  readonly log: Log;
}

export interface Gateway {
  /** `isRetained`: the broker kept it from before, and nobody says it now. */
  readonly onMessage: (topic: string, bytes: Uint8Array, isRetained?: boolean) => void;
  readonly onForbidden: (clientId: string, topic: string, bytes: Uint8Array) => void;
  /** Tells every terminal how far its journal is committed; for a gateway that has just come up. */
  readonly announce: () => void;
  /** Works off some of what is stale; returns how many marks. 0 = all is derived. */
  readonly derive: () => number;
  /** Takes a registry that has been parsed whole, stores it, and derives again what it changes. */
  readonly importRegistry: (registry: Registry) => void;
  /**
   * Runs what stores an approved correction; that, and the mark of its day, go to disk together, and then it
   * counts. Where nothing was approved, nothing is marked.
   */
  readonly correct: (store: () => RegistryRow<'corrections'> | undefined) => void;
  /** As imported. */
  readonly registry: () => Registry;
  /** With what managers bound at the gate and what 元請 approved. */
  readonly effectiveRegistry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Touches that make no day until a person says which, and for which nobody has said it yet. */
  readonly waitingTouches: () => readonly WaitingTouch[];
  readonly contacts: () => readonly TerminalContact[];
  /** What `contactsBefore` should be at the next start. */
  readonly contactsToStore: () => readonly StoredContact[];
}

export const createGateway = (deps: GatewayDeps): Gateway => {
  const { ledger, clock, signer, terminals, log } = deps;
  let registry = deps.registry ?? EMPTY_REGISTRY;
  let bindingsVersion = ledger.bindingsVersion();
  const approved = deps.approvedCorrections ?? (() => []);
  let effective = effectiveRegistry(registry, ledger.bindings(), approved());
  let registryIndex = indexRegistry(effective);
  ledger.tellUntoldLeave(
    () => changedLeave([{}], registryIndex, registryIndex),
    clock.read().wallMs,
  );
  const contacts = createContacts(deps.contactsBefore ?? []);
  const count = deps.onBatch ?? (() => undefined);

  const quarantine = (topic: string, reason: string, bytes: Uint8Array): void => {
    log('a message was put into quarantine', { topic, reason, bytes: bytes.length });
    ledger.quarantine({ topic, reason, bytes, receivedAt: clock.read().wallMs });
  };

  const sendReceipt = (journal: JournalName, refused: RefusalReason | undefined): void => {
    const { terminalId, journalId } = journal;
    const receipt = encodeReceipt(
      {
        terminalId,
        journalId,
        ...ledger.position(journal),
        ...(refused === undefined ? {} : { refused }),
      },
      signer,
    );
    deps.send(terminalId, 'receipt', receipt);
  };

  /** What changed against the registry that counted so far is marked stale, and nothing else. */
  const useRegistry = (next: Registry): void => {
    const nextEffective = effectiveRegistry(next, ledger.bindings(), approved());
    const nextIndex = indexRegistry(nextEffective);
    const now = clock.read().wallMs;
    ledger.transaction(() => {
      if (next !== registry) ledger.saveRegistryText(JSON.stringify(next), now);
      const changes = diffRegistry(effective, nextEffective);
      markStale(ledger, changes, nextEffective);
      const days = changedDays(changes, nextEffective);
      ledger.noteChanged(days, now);
      ledger.noteLeave(changedLeave(days, registryIndex, nextIndex), now);
    });
    registry = next;
    effective = nextEffective;
    registryIndex = nextIndex;
    deps.stale();
  };

  const correct: Gateway['correct'] = (store) => {
    let row: RegistryRow<'corrections'> | undefined;
    ledger.transaction(() => {
      row = store();
      if (row !== undefined)
        markStale(ledger, [{ table: 'corrections', kind: 'added', after: row }], effective);
    });
    if (row === undefined || !registryIndex.siteById.has(row.siteId)) return;
    if (!registryIndex.workerById.has(row.workerId)) return;
    // Only this table: to index a registry of millions of rows again for one day would hold up everybody.
    effective = { ...effective, corrections: [...effective.corrections, row] };
    registryIndex = {
      ...registryIndex,
      correctionsByWorker: indexCorrections(effective.corrections),
    };
    deps.stale();
  };

  /** Cards that managers bound since: committed by a batch, or by a command beside this process. */
  const takeBindings = (): void => {
    const version = ledger.bindingsVersion();
    if (version === bindingsVersion) return;
    bindingsVersion = version;
    effective = effectiveRegistry(registry, ledger.bindings(), approved());
    registryIndex = indexRegistry(effective);
  };

  const derive = (): number => {
    takeBindings();
    return deriveDirty(ledger, registryIndex, clock.read().wallMs);
  };

  const takeBatch = (terminalId: TerminalId, topic: string, bytes: Uint8Array): void => {
    const decoded = decodeBatch(bytes);
    if (!decoded.ok) {
      count('unreadable', 0);
      return quarantine(topic, `unreadable: ${firstFault(decoded.faults)}`, bytes);
    }
    const batch = decoded.value;
    const terminal = terminals.get(terminalId);
    if (terminal === undefined || batch.terminalId !== terminalId) {
      count('wrong-terminal', 0);
      return quarantine(topic, 'wrong-terminal', bytes);
    }
    const refuse = (reason: RefusalReason, detail = ''): void => {
      // A gap is everyday after a lost message; everything else is kept for a person to look at.
      if (reason !== 'gap')
        quarantine(topic, detail === '' ? reason : `${reason}: ${detail}`, bytes);
      count(reason, 0);
      sendReceipt(batch, reason);
    };
    if (!isSignedBy(batch, terminal.verify)) return refuse('bad-signature');

    const position = ledger.position(batch);
    const judgement = judgeBatch(batch, position, (seq) => ledger.hashAt(batch, seq));
    switch (judgement.kind) {
      case 'gap':
      case 'conflict':
        return refuse(judgement.kind);
      case 'already-committed':
        count('already-committed', 0);
        return sendReceipt(batch, undefined);
      case 'append': {
        const { entries, strangers } = readEntries(batch, judgement.fresh);
        if (strangers.length > 0) return refuse('broken-chain');
        const own = new Set([terminal.siteId, ...(deps.sitesOf?.(terminalId) ?? [])]);
        const foreign = foreignSites(entries, own);
        if (foreign.length > 0) {
          deps.onForeignSites?.(terminalId, foreign);
          return refuse('wrong-site', foreign.slice(0, SITES_TOLD).join(' '));
        }
        const reading = clock.read();
        const receivedAt = reading.wallMs;
        const outcome = ledger.commit({
          ...batch,
          entries,
          seal: { ...batch, count: batch.entries.length },
          position: judgement.position,
          receivedAt,
          latestAt: latestClaim(reading, deps.futureToleranceMs ?? FUTURE_TOLERANCE_MS),
        });
        if (outcome.kind === 'not-committed') {
          // No receipt: the terminal keeps the entries and comes again.
          count('not-committed', 0);
          return log('the ledger cannot store', { reason: outcome.message });
        }
        contacts.onBatch(terminalId, receivedAt);
        count('committed', entries.length);
        sendReceipt(batch, undefined);
        deps.stale();
      }
    }
  };

  const greeted = new Set<TerminalId>();
  /**
   * Once in this process's life, when the terminal can hear it: a ledger that was restored from a backup may
   * have less than the terminal once had receipts for, and then it begins again from there.
   */
  const greet = (terminalId: TerminalId): void => {
    if (greeted.has(terminalId)) return;
    greeted.add(terminalId);
    for (const journal of ledger.journals())
      if (journal.terminalId === terminalId) sendReceipt(journal, 'gap');
  };

  const takeStatus = (
    terminalId: TerminalId,
    topic: string,
    bytes: Uint8Array,
    isRetained: boolean,
  ): void => {
    const parsed = parseStatusMessage(bytes);
    if (!parsed.ok) return quarantine(topic, `unreadable: ${firstFault(parsed.faults)}`, bytes);
    contacts.onStatus(terminalId, parsed.value, clock.read().wallMs);
    if (parsed.value.kind !== 'online') return deps.onPresenceHeld?.(terminalId, undefined);
    greet(terminalId);
    const { start, linkTries } = parsed.value.state ?? {};
    // A broker that was restored may have an old word again, which is no sign that somebody lives.
    if (isRetained) return;
    if (parsed.value.state !== undefined)
      deps.onPresenceHeld?.(terminalId, parsed.value.state.presence);
    if (start !== undefined) deps.onLife?.(terminalId, { start, tries: linkTries });
  };

  return {
    onMessage: (topic, bytes, isRetained = false) => {
      const address = parseTopic(topic);
      if (address === undefined || !terminals.has(address.terminalId)) {
        return quarantine(topic, 'unknown-terminal', bytes);
      }
      switch (address.channel) {
        case 'journal':
          return takeBatch(address.terminalId, topic, bytes);
        case 'status':
          return takeStatus(address.terminalId, topic, bytes, isRetained);
        case 'receipt':
        case 'roster':
        case 'presence':
          return quarantine(topic, 'not-for-terminals-to-say', bytes);
      }
    },
    onForbidden: (clientId, topic, bytes) =>
      quarantine(topic, `forbidden to ${clientId.slice(0, 64)}`, bytes),
    announce: () => {
      // What was on its way when this gateway was not there is lost: without a word the terminals would
      // wait for its receipt until their time-out.
      for (const journal of ledger.journals()) {
        if (terminals.has(journal.terminalId)) sendReceipt(journal, 'gap');
      }
    },
    derive,
    correct,
    importRegistry: (next) => {
      useRegistry(next);
      // Whoever has imported a registry and asks at once must be answered by it.
      while (derive() > 0);
    },
    registry: () => registry,
    effectiveRegistry: () => effective,
    registryIndex: () => registryIndex,
    waitingTouches: () => stillWaiting(ledger.waitingTouches(), registryIndex),
    contacts: () =>
      [...terminals].map(([terminalId, { siteId }]) => ({
        terminalId,
        siteId,
        ...contacts.of(terminalId),
      })),
    contactsToStore: contacts.stored,
  };
};
