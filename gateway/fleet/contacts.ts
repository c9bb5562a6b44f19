/**
 * When each terminal was last heard of and what it said of itself (端末との交信). Not evidence.
 *
 * Held in memory and handed to the store now and then, so that silence is noticed across a restart too.
 */
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import type { StatusMessage, TerminalState } from '../../shared/terminal-state.ts';
import type { UtcMs } from '../../shared/time.ts';

/** What is remembered across restarts. */
export interface StoredContact {
  readonly terminalId: TerminalId;
  /** By the gateway's clock. */
  readonly lastHeardAt: UtcMs;
  readonly state: TerminalState | undefined;
  /** When `state` came, by the gateway's clock. */
  readonly stateAt: UtcMs | undefined;
}

export interface TerminalContact {
  readonly terminalId: TerminalId;
  readonly siteId: SiteId;
  readonly isOnline: boolean;
  /** Undefined: never yet. */
  readonly lastHeardAt: UtcMs | undefined;
  readonly lastBatchAt: UtcMs | undefined;
  /** The last word it said of itself, which may be old; `stateAt` says how old. */
  readonly state: TerminalState | undefined;
  readonly stateAt: UtcMs | undefined;
}

/** Taken back, and nothing stands in its place. */
export interface RevokedTerminal {
  readonly terminalId: TerminalId;
  readonly siteId: SiteId;
  readonly at: UtcMs;
  /** `cloned`: by the gateway itself, as two programs were alive with one certificate. */
  readonly why: 'revoked' | 'cloned';
  /** Actor of the audit log. */
  readonly by: string;
}

type Known = Omit<TerminalContact, 'terminalId' | 'siteId'>;

export interface Contacts {
  readonly onStatus: (terminalId: TerminalId, message: StatusMessage, now: UtcMs) => void;
  readonly onBatch: (terminalId: TerminalId, now: UtcMs) => void;
  readonly of: (terminalId: TerminalId) => Known;
  /** Whoever was ever heard of. */
  readonly stored: () => readonly StoredContact[];
}

const NEVER: Known = {
  isOnline: false,
  lastHeardAt: undefined,
  lastBatchAt: undefined,
  state: undefined,
  stateAt: undefined,
};

export const createContacts = (before: readonly StoredContact[]): Contacts => {
  const knownById = new Map<TerminalId, Known>(
    before.map(({ terminalId, ...stored }) => [terminalId, { ...NEVER, ...stored }]),
  );
  const of = (terminalId: TerminalId): Known => knownById.get(terminalId) ?? NEVER;
  const learn = (terminalId: TerminalId, news: Partial<Known>): void => {
    knownById.set(terminalId, { ...of(terminalId), ...news });
  };
  return {
    of,
    onStatus: (terminalId, message, now) => {
      // `offline` is the broker's word for a terminal that can no longer speak.
      if (message.kind === 'offline') return learn(terminalId, { isOnline: false });
      const { state } = message;
      learn(terminalId, {
        isOnline: true,
        lastHeardAt: now,
        ...(state === undefined ? {} : { state, stateAt: now }),
      });
    },
    onBatch: (terminalId, now) => learn(terminalId, { lastHeardAt: now, lastBatchAt: now }),
    stored: () =>
      [...knownById].flatMap(([terminalId, { lastHeardAt, state, stateAt }]) =>
        lastHeardAt === undefined ? [] : [{ terminalId, lastHeardAt, state, stateAt }],
      ),
  };
};
