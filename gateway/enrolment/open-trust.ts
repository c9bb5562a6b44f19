/**
 * Trust, put together from its settings (信頼の組み立て): authority, the gateway's own certificates, enrolment
 * and the port for it, and what the broker must know. Adapters only; decided is next door.
 */
import { readFileSync } from 'node:fs';
import type { SiteSettings } from '../../shared/enrolment.ts';
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';
import type { PublicKeyText } from '../../shared/signature.ts';
import { DAY_MS, MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import type { AuditEvent } from '../access/audit-log.ts';
import { throttledAudit } from '../access/audit-throttle.ts';
import type { BrokerTls } from '../broker/embedded.ts';
import { createMosquittoUpkeep } from '../broker/mosquitto-upkeep.ts';
import type { MutualTls } from '../broker/tls-clients.ts';
import type { TerminalEntry } from '../terminal-directory.ts';
import { openAuthority } from './authority.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import { createEnrolments, type Enrolments } from './enrolments.ts';
import { IDENTITY_RENEWED_EVERY_MS, issueIdentity, type TlsIdentity } from './identity.ts';
import { openOwnAuthority } from './own-authority.ts';
import { openTerminalPort } from './terminal-port.ts';
import { urlHost } from './terminal-settings.ts';
import type { TrustConfig } from './trust-config.ts';

export interface TrustDeps {
  readonly config: TrustConfig;
  readonly dataDir: string;
  readonly store: EnrolmentStore;
  readonly now: () => UtcMs;
  readonly audit: (event: AuditEvent) => void;
  readonly gatewayPublicKey: PublicKeyText;
  readonly gatewayClientId: string;
  /** Folder of mosquitto's files; undefined where there is none to keep current. */
  readonly mosquittoDir: string | undefined;
  readonly brokerUrl: () => string;
  readonly siteSettings: (siteId: SiteId) => SiteSettings;
  readonly isConfigured: (terminalId: TerminalId) => boolean;
  readonly onEnrolled: (entry: TerminalEntry) => void;
  readonly onEnded: (terminalId: TerminalId) => void;
  /** The broker's certificate, or what is revoked, is another from now on. */
  readonly onIdentity: (identity: MutualTls) => void;
  readonly log: Log;
}

export interface Trust {
  /** For the broker inside. */
  readonly brokerTls: BrokerTls;
  /** For an external broker, at every connect. */
  readonly clientIdentity: () => MutualTls;
  /** What of certificates and revocation lists could not be brought up to date, for people; empty: nothing. */
  readonly faults: () => readonly string[];
  /** Undefined with an authority outside. */
  readonly enrolment:
    | {
        readonly enrolments: Enrolments;
        readonly url: () => string;
        /** Opens the port for terminals. */
        readonly open: () => Promise<number>;
      }
    | undefined;
  readonly close: () => Promise<void>;
}

/** Tries to enrol or renew, from one address and from all. */
const TRIES = { perAddress: 20, all: 300, withinMs: 10 * MINUTE_MS };
const UPKEEP_EVERY_MS = MINUTE_MS;

const limiter = (now: () => UtcMs): ((address: string) => boolean) => {
  let tries: readonly { readonly address: string; readonly at: number }[] = [];
  return (address) => {
    tries = tries.filter(({ at }) => now() - at < TRIES.withinMs && at <= now());
    const own = tries.filter((each) => each.address === address).length;
    if (own >= TRIES.perAddress || tries.length >= TRIES.all) return false;
    tries = [...tries, { address, at: now() }];
    return true;
  };
};

const openOutside = (
  authority: Extract<TrustConfig['authority'], { kind: 'outside' }>,
  deps: TrustDeps,
  audit: (event: AuditEvent) => void,
): Trust => {
  const read = (): MutualTls => ({
    authorityPem: readFileSync(authority.authorityFile, 'utf8'),
    certificatePem: readFileSync(authority.certificateFile, 'utf8'),
    keyPem: readFileSync(authority.keyFile, 'utf8'),
    revocationListPem:
      authority.revocationListFile === undefined
        ? undefined
        : readFileSync(authority.revocationListFile, 'utf8'),
  });
  let identity = read();
  let fault: string | undefined;
  const upkeep = setInterval(() => {
    try {
      const next = read();
      fault = undefined;
      if (JSON.stringify(next) === JSON.stringify(identity)) return;
      identity = next;
      deps.onIdentity(identity);
    } catch (cause) {
      fault = cause instanceof Error ? cause.message : String(cause);
      deps.log('the certificates cannot be read', { reason: fault });
    }
  }, UPKEEP_EVERY_MS);
  return {
    brokerTls: {
      identity,
      admits: (certificate, clientId, address) => {
        const name = certificate && /^CN=(.*)$/m.exec(certificate.subject)?.[1];
        if (name === clientId) return true;
        audit({
          kind: 'certificate-refused',
          actor: `address:${address}`,
          detail: { reason: 'not-its-client-id', at: 'broker', clientId: clientId.slice(0, 64) },
        });
        return false;
      },
      onRefused: refusals(audit),
    },
    clientIdentity: () => identity,
    faults: () => (fault === undefined ? [] : [fault]),
    enrolment: undefined,
    close: async () => clearInterval(upkeep),
  };
};

const refusals =
  (audit: (event: AuditEvent) => void) =>
  (reason: string, address: string, clientId?: string): void =>
    audit({
      kind: 'certificate-refused',
      actor: `address:${address}`,
      detail: { reason, at: 'broker', ...(clientId === undefined ? {} : { clientId }) },
    });

export const openTrust = async (deps: TrustDeps): Promise<Trust> => {
  const { config, now } = deps;
  const audit = throttledAudit(deps.audit, now);
  if (config.authority.kind === 'outside') return openOutside(config.authority, deps, audit);
  const authority =
    config.authority.kind === 'own'
      ? await openOwnAuthority(deps.dataDir, now())
      : await openAuthority(
          readFileSync(config.authority.certificateFile, 'utf8'),
          readFileSync(config.authority.keyFile, 'utf8'),
        );

  const withAuthority = (identity: TlsIdentity): MutualTls => ({
    ...identity,
    authorityPem: authority.pem,
  });
  const issueServer = async (): Promise<MutualTls> =>
    withAuthority(
      await issueIdentity(authority, {
        commonName: config.host,
        names: [...new Set([config.host, ...config.names])],
        use: 'server',
        now: now(),
      }),
    );
  const issueClient = async (): Promise<MutualTls> =>
    withAuthority(
      await issueIdentity(authority, {
        commonName: deps.gatewayClientId,
        use: 'client',
        now: now(),
      }),
    );
  let server = await issueServer();
  let client = await issueClient();
  let issuedAt = now();
  let port: Awaited<ReturnType<typeof openTerminalPort>> | undefined;

  const { mosquittoDir, gatewayClientId } = deps;
  const mosquitto = createMosquittoUpkeep({
    ...deps,
    authority,
    audit,
    folder: mosquittoDir === undefined ? undefined : { dir: mosquittoDir, gatewayClientId },
  });
  mosquitto.writeLists();
  mosquitto.turn();

  const upkeep = setInterval(async () => {
    mosquitto.turn();
    if (now() - issuedAt < IDENTITY_RENEWED_EVERY_MS) return;
    issuedAt = now();
    server = await issueServer();
    client = await issueClient();
    port?.setIdentity(server);
    deps.onIdentity(server);
  }, UPKEEP_EVERY_MS);

  const enrolments = createEnrolments({
    ...deps,
    authority,
    audit,
    certificateLifeMs: config.certificateDays * DAY_MS,
    onListsChanged: mosquitto.writeLists,
  });
  return {
    brokerTls: {
      identity: server,
      admits: (certificate, clientId, address) =>
        enrolments.admit(certificate, clientId, address) === 'good',
      onRefused: refusals(audit),
    },
    clientIdentity: () => client,
    faults: mosquitto.faults,
    enrolment: {
      enrolments,
      url: () => `https://${urlHost(config.host)}:${port?.port ?? config.enrolment.port}`,
      open: async () => {
        port = await openTerminalPort(
          { ...config.enrolment, identity: server },
          { enrolments, authorityPem: authority.pem, mayTry: limiter(now), log: deps.log },
        );
        return port.port;
      },
    },
    close: async () => {
      clearInterval(upkeep);
      await mosquitto.settled();
      await port?.close();
    },
  };
};
