/**
 * Tokens (アクセストークン): what a program shows to be let in, with the scopes it was issued for.
 *
 * Kept as SHA-256 only: 256 random bits need no salt and no slow hash. A token is shown once, to whoever
 * issues it.
 */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { UtcMs } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import { digestOf, newSecret } from './secrets.ts';
import { parseViewer, type Viewer } from './viewer.ts';

/** Shown in logs in place of the token. */
export const TokenName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of a-z, 0-9 and -');

export interface TokenRecord {
  readonly name: string;
  /** As `ScopeText`. */
  readonly scopes: readonly string[];
  readonly issuedBy: string;
  readonly issuedAt: UtcMs;
  readonly expiresAt: UtcMs | undefined;
  readonly revokedAt: UtcMs | undefined;
}

export interface TokenStore {
  /** False where the name is taken, for ever: a revoked name stays in the audit log. */
  readonly add: (token: TokenRecord, digest: Buffer) => boolean;
  readonly list: () => readonly TokenRecord[];
  readonly byDigest: (digest: Buffer) => TokenRecord | undefined;
  /** False where there is none of that name in force. */
  readonly revoke: (name: string, at: UtcMs) => boolean;
}

export interface TokenHolder {
  readonly name: string;
  readonly viewers: readonly Viewer[];
}

/** Recognisable to whoever finds one where it should not be. */
const PREFIX = 'genba_';
const BEARER = /^Bearer ([\x21-\x7e]{1,256})$/i;

export const newToken = (): string => `${PREFIX}${newSecret()}`;

/** What the scopes of the configuration file stand for. */
const VIEWER_BY_SCOPE = { read: 'central', metrics: 'metrics', admin: 'admin' } as const;

/** `authorization`: the header's text. Config tokens first: they work without the database. */
export const holderOfToken = (
  {
    configured,
    store,
    now,
  }: {
    readonly configured: GatewayConfig['tokens'];
    readonly store: Pick<TokenStore, 'byDigest'>;
    readonly now: UtcMs;
  },
  authorization: string | undefined,
): TokenHolder | undefined => {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) return undefined;
  const digest = digestOf(token);
  const ofConfig = configured.find(({ sha256 }) =>
    timingSafeEqual(Buffer.from(sha256, 'hex'), digest),
  );
  if (ofConfig !== undefined)
    return {
      name: ofConfig.name,
      viewers: [{ kind: VIEWER_BY_SCOPE[ofConfig.scope] }],
    };
  const issued = store.byDigest(digest);
  if (issued === undefined || issued.revokedAt !== undefined) return undefined;
  if (issued.expiresAt !== undefined && issued.expiresAt <= now) return undefined;
  return { name: issued.name, viewers: issued.scopes.map(parseViewer) };
};
