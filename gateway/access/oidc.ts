/**
 * Logging in at an OpenID Connect provider (認証サービス): authorization code with PKCE, through openid-client. Loaded
 * only where one is set up.
 */
import * as client from 'openid-client';
import { z } from 'zod';
import { faulty, ok, type Result } from '../../shared/result.ts';
import type { OidcConfig } from './oidc-config.ts';
import { providerFetch } from './provider-fetch.ts';

/** What the browser keeps between going and coming back; good for nothing without the provider's answer. */
const Kept = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
});

export interface Provider {
  /** Where to send the browser, and what it keeps in a cookie. Throws where the provider does not answer. */
  readonly begin: (
    redirectUri: string,
    to: string,
  ) => Promise<{ readonly url: string; readonly kept: string }>;
  /** Claims of who came back, and the page they wanted. Nothing of a fault is the asker's business. */
  readonly finish: (
    url: URL,
    kept: string | undefined,
  ) => Promise<Result<{ readonly claims: Readonly<Record<string, unknown>>; readonly to: string }>>;
}

/** `secret`: undefined for a public client. */
export const createProvider = (config: OidcConfig, secret: string | undefined): Provider => {
  let found: Promise<client.Configuration> | undefined;
  const discover = (): Promise<client.Configuration> => {
    // Asked when first needed, and again after a failure: the provider may be down while we start.
    found ??= client
      .discovery(
        new URL(config.issuer),
        config.clientId,
        undefined,
        secret === undefined ? client.None() : client.ClientSecretBasic(secret),
        {
          execute: config.issuer.startsWith('https:') ? [] : [client.allowInsecureRequests],
          [client.customFetch]: providerFetch,
        },
      )
      .catch((cause: unknown) => {
        found = undefined;
        throw cause;
      });
    return found;
  };
  return {
    begin: async (redirectUri, to) => {
      const provider = await discover();
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: config.scope,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      const kept = JSON.stringify({ state, nonce, verifier, to });
      return { url: url.href, kept: Buffer.from(kept).toString('base64url') };
    },
    finish: async (url, kept) => {
      try {
        const { state, nonce, verifier, to } = Kept.parse(
          JSON.parse(Buffer.from(kept ?? '', 'base64url').toString()),
        );
        const tokens = await client.authorizationCodeGrant(await discover(), url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        return claims === undefined
          ? faulty({ place: '', message: 'the provider told nothing' })
          : ok({ claims: { ...claims }, to });
      } catch (cause) {
        return faulty({ place: '', message: cause instanceof Error ? cause.message : '' });
      }
    },
  };
};
