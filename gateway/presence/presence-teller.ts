/**
 * Tells the terminals of a site who is on it (在場の配信): a whole statement to one that holds none, then only what
 * changed, each following the statement before it.
 *
 * Only terminals of the site that say that they listen hear anything, and no broker keeps it.
 */
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import {
  diffPeople,
  encodePresence,
  type PresenceMessage,
  type SitePresence,
} from '../../shared/presence-statement.ts';
import type { Signer } from '../../shared/signature.ts';
import type { StatementNumber } from '../../shared/statement-number.ts';
import { HOUR_MS, MINUTE_MS, type UtcMs } from '../../shared/time.ts';

export interface PresenceTellerDeps {
  readonly siteByTerminal: ReadonlyMap<TerminalId, SiteId>;
  readonly signer: Signer;
  /** Grows with each start of the gateway. */
  readonly run: number;
  readonly now: () => UtcMs;
  /** As the ledger has it now; undefined while something of it is stale. */
  readonly lookAt: (siteId: SiteId) => SitePresence | undefined;
  readonly send: (terminalId: TerminalId, bytes: Uint8Array) => void;
}

export interface PresenceTeller {
  /** What a terminal says that it holds; undefined: it has gone, or does not listen. */
  readonly onHeld: (terminalId: TerminalId, held: StatementNumber | undefined) => void;
  /** Looks again at every site that somebody listens for, and tells what changed. */
  readonly refresh: () => void;
  /** Sites that somebody listens for. */
  readonly sites: () => ReadonlySet<SiteId>;
}

/** Terminals take longer silence for a gateway that is gone. */
const QUIET_MS = 2 * MINUTE_MS;
/** If a change went wrong unnoticed, it lasts no longer. */
const WHOLE_EVERY_MS = HOUR_MS;
/** What was sent may still be on its way when a terminal says what it holds. */
const ON_ITS_WAY_MS = MINUTE_MS / 2;

interface Told {
  readonly presence: SitePresence;
  readonly no: number;
  readonly atMs: UtcMs;
}

interface Listener {
  /** Number of the statement that it should hold by now. */
  readonly no: number;
  readonly sentAt: UtcMs;
  readonly wholeAt: UtcMs;
}

const NOTHING: Listener = { no: 0, sentAt: 0 as UtcMs, wholeAt: 0 as UtcMs };

export const createPresenceTeller = (deps: PresenceTellerDeps): PresenceTeller => {
  const { siteByTerminal, signer, run, now, send } = deps;
  const toldBySite = new Map<SiteId, Told>();
  const listeners = new Map<TerminalId, Listener>();
  /** Of the last statement, of whatever site: no site begins anew with a number that somebody holds. */
  let lastNo = 0;
  const nextNo = (): number => {
    lastNo += 1;
    return lastNo;
  };

  const encoded = (message: PresenceMessage): Uint8Array => encodePresence(message, signer);
  const wholeOf = (siteId: SiteId, { presence, no, atMs }: Told): Uint8Array =>
    encoded({ kind: 'whole', statement: { siteId, run, no, atMs, ...presence } });

  /** Undefined where nothing changed and nobody would miss a word. */
  const changeOf = (
    siteId: SiteId,
    before: Told,
    presence: SitePresence,
  ): { readonly told: Told; readonly isNews: boolean; readonly bytes: Uint8Array } | undefined => {
    const atMs = now();
    const { passageByWho, ...head } = presence;
    const { passageByWho: peopleBefore, ...headBefore } = before.presence;
    const people = diffPeople(peopleBefore, passageByWho);
    const isNews =
      people.changed.length > 0 ||
      people.gone.length > 0 ||
      JSON.stringify(head) !== JSON.stringify(headBefore);
    if (!isNews && atMs - before.atMs < QUIET_MS) return undefined;
    const told = { presence, no: nextNo(), atMs };
    const change = { siteId, run, no: told.no, follows: before.no, atMs, ...head, ...people };
    return { told, isNews, bytes: encoded({ kind: 'change', change }) };
  };

  const listenersOf = (siteId: SiteId): readonly TerminalId[] =>
    [...listeners.keys()].filter((terminalId) => siteByTerminal.get(terminalId) === siteId);
  const sites = (): ReadonlySet<SiteId> =>
    new Set([...listeners.keys()].flatMap((terminalId) => siteByTerminal.get(terminalId) ?? []));

  const sendWhole = (terminalId: TerminalId, { no }: Told, bytes: Uint8Array): void => {
    const sentAt = now();
    listeners.set(terminalId, { no, sentAt, wholeAt: sentAt });
    send(terminalId, bytes);
  };

  const tell = (siteId: SiteId): void => {
    const presence = deps.lookAt(siteId);
    if (presence === undefined) return;
    const before = toldBySite.get(siteId);
    const change = before && changeOf(siteId, before, presence);
    const told = change?.told ?? before ?? { presence, no: nextNo(), atMs: now() };
    toldBySite.set(siteId, told);
    let whole: Uint8Array | undefined;
    for (const terminalId of listenersOf(siteId)) {
      const listener = listeners.get(terminalId) ?? NOTHING;
      if (listener.no === told.no) continue;
      const isWholeDue = change?.isNews === true && told.atMs - listener.wholeAt >= WHOLE_EVERY_MS;
      if (change !== undefined && listener.no === before?.no && !isWholeDue) {
        listeners.set(terminalId, { ...listener, no: told.no, sentAt: told.atMs });
        send(terminalId, change.bytes);
        continue;
      }
      whole ??= wholeOf(siteId, told);
      sendWhole(terminalId, told, whole);
    }
  };

  return {
    onHeld: (terminalId, held) => {
      const siteId = siteByTerminal.get(terminalId);
      if (held === undefined || siteId === undefined) {
        listeners.delete(terminalId);
        return;
      }
      const listener = listeners.get(terminalId) ?? NOTHING;
      const told = toldBySite.get(siteId);
      if (told !== undefined && held.run === run && held.no === told.no) {
        listeners.set(terminalId, { ...listener, no: told.no });
        return;
      }
      const sentAt = held.no === 0 ? listener.wholeAt : listener.sentAt;
      if (listener.no === told?.no && now() - sentAt < ON_ITS_WAY_MS) return;
      listeners.set(terminalId, { ...listener, no: 0 });
      tell(siteId);
    },
    refresh: () => {
      const listened = sites();
      for (const siteId of toldBySite.keys()) if (!listened.has(siteId)) toldBySite.delete(siteId);
      for (const siteId of listened) tell(siteId);
    },
    sites,
  };
};
