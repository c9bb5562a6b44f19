/**
 * The certificate that browsers are shown (HTTPSの証明書): from files that somebody renews, read again when they
 * change, or issued by the gateway's own authority and renewed by itself.
 */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Log } from '../../shared/log.ts';
import { MINUTE_MS, type UtcMs } from '../../shared/time.ts';
import {
  IDENTITY_RENEWED_EVERY_MS,
  issueIdentity,
  type TlsIdentity,
} from '../enrolment/identity.ts';
import { openOwnAuthority } from '../enrolment/own-authority.ts';
import type { HttpsConfig } from '../web-config.ts';
import { serverTlsOptions } from './listener.ts';

const FILES_READ_EVERY_MS = 5_000;

export interface HttpsIdentity {
  readonly identity: TlsIdentity;
  /** Whom browsers must trust; undefined where the certificate comes from elsewhere. */
  readonly authorityPem: string | undefined;
  readonly close: () => void;
}

export interface HttpsIdentityDeps {
  readonly config: HttpsConfig;
  readonly dataDir: string;
  readonly now: () => UtcMs;
  readonly onChange: (identity: TlsIdentity) => void;
  readonly log: Log;
  readonly readEveryMs?: number;
}

/** Throws where the files cannot be read or do not belong together: a wrong installation. */
export const openHttpsIdentity = async (deps: HttpsIdentityDeps): Promise<HttpsIdentity> => {
  const { certificateFile, keyFile } = deps.config;
  return certificateFile === undefined || keyFile === undefined
    ? issued(deps)
    : fromFiles({ certificateFile, keyFile }, deps);
};

const fromFiles = (
  files: { readonly certificateFile: string; readonly keyFile: string },
  { onChange, log, readEveryMs = FILES_READ_EVERY_MS }: HttpsIdentityDeps,
): HttpsIdentity => {
  const read = (): TlsIdentity => ({
    certificatePem: readFileSync(files.certificateFile, 'utf8'),
    keyPem: readFileSync(files.keyFile, 'utf8'),
  });
  const identity = read();
  createSecureContext(serverTlsOptions(identity));
  let shown = JSON.stringify(identity);
  let refused = '';
  const reading = setInterval(() => {
    try {
      const next = read();
      const text = JSON.stringify(next);
      if (text === shown || text === refused) return;
      // Between two files that are replaced one after the other they do not fit for a moment.
      refused = text;
      createSecureContext(serverTlsOptions(next));
      shown = text;
      onChange(next);
      log('the certificate of HTTPS was replaced');
    } catch (cause) {
      log('the certificate of HTTPS cannot be used', { reason: String(cause) });
    }
  }, readEveryMs);
  return { identity, authorityPem: undefined, close: () => clearInterval(reading) };
};

const issued = async ({
  config,
  dataDir,
  now,
  onChange,
}: HttpsIdentityDeps): Promise<HttpsIdentity> => {
  const authority = await openOwnAuthority(dataDir, now());
  const issue = (): Promise<TlsIdentity> =>
    issueIdentity(authority, {
      commonName: config.names[0] ?? '',
      names: [...new Set(config.names)],
      use: 'server',
      now: now(),
    });
  let issuedAt = now();
  const renewing = setInterval(async () => {
    if (now() - issuedAt < IDENTITY_RENEWED_EVERY_MS) return;
    issuedAt = now();
    onChange(await issue());
  }, MINUTE_MS);
  return {
    identity: await issue(),
    authorityPem: authority.pem,
    close: () => clearInterval(renewing),
  };
};
