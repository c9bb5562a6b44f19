/** Who may ask: bearer tokens, compared by hash and in constant time. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { GatewayConfig } from '../config.ts';

export type Scope = GatewayConfig['tokens'][number]['scope'];

export interface TokenHolder {
  readonly name: string;
  readonly scope: Scope;
}

const BEARER = /^Bearer ([\x21-\x7e]{1,256})$/i;

/** `authorization`: the header's text. */
export const holderOfToken = (
  tokens: GatewayConfig['tokens'],
  authorization: string | undefined,
): TokenHolder | undefined => {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) return undefined;
  const digest = hash('sha256', token, 'buffer');
  return tokens.find(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest));
};

export const isAllowed = (holder: TokenHolder, needed: Scope): boolean =>
  holder.scope === 'admin' || holder.scope === needed;
