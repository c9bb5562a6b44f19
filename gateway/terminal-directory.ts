/**
 * Which terminals there are (端末台帳): those of the configuration, and those enrolled since. One live map that
 * everybody holds, so that a new terminal needs no restart.
 */
import type { SiteId, TerminalId } from '../shared/ids.ts';
import { type PublicKeyText, verifierOf } from '../shared/signature.ts';
import type { GatewayConfig } from './config.ts';
import type { EnrolmentStore } from './enrolment/enrolment-store.ts';
import type { KnownTerminal } from './gateway.ts';

export interface TerminalEntry {
  readonly terminalId: TerminalId;
  readonly siteId: SiteId;
  readonly publicKey: PublicKeyText;
}

export interface TerminalDirectory {
  readonly terminals: ReadonlyMap<TerminalId, KnownTerminal>;
  readonly siteByTerminal: ReadonlyMap<TerminalId, SiteId>;
  readonly put: (entry: TerminalEntry) => void;
  readonly remove: (terminalId: TerminalId) => void;
}

export const createTerminalDirectory = (entries: readonly TerminalEntry[]): TerminalDirectory => {
  const terminals = new Map<TerminalId, KnownTerminal>();
  const siteByTerminal = new Map<TerminalId, SiteId>();
  const put: TerminalDirectory['put'] = ({ terminalId, siteId, publicKey }) => {
    terminals.set(terminalId, { siteId, verify: verifierOf(publicKey) });
    siteByTerminal.set(terminalId, siteId);
  };
  for (const entry of entries) put(entry);
  return {
    terminals,
    siteByTerminal,
    put,
    remove: (terminalId) => {
      terminals.delete(terminalId);
      siteByTerminal.delete(terminalId);
    },
  };
};

/** Terminals that enrolled and are not ended. */
export const enrolledTerminals = (
  enrolments: ReturnType<EnrolmentStore['all']>,
): readonly TerminalEntry[] =>
  enrolments.flatMap(({ terminalId, siteId, claimed, ended }) =>
    claimed === undefined || ended !== undefined
      ? []
      : [{ terminalId, siteId, publicKey: claimed.publicKey }],
  );

/**
 * Sites whose entries a terminal may bring, beside the one where it is: where it ever was, and further ones that the
 * configuration names.
 */
export const ownSitesOf = (
  configured: readonly Pick<GatewayConfig['terminals'][number], 'terminalId' | 'furtherSiteIds'>[],
  remembered: EnrolmentStore['sitesOf'],
): ((terminalId: TerminalId) => readonly SiteId[]) => {
  const furtherById = new Map(
    configured.map(({ terminalId, furtherSiteIds }) => [terminalId, furtherSiteIds]),
  );
  return (terminalId) => [...remembered(terminalId), ...(furtherById.get(terminalId) ?? [])];
};
