/** Access (入口): the parts that decide who comes in, put together once and handed to the routes. */
import type { Context } from 'hono';
import type { Clock } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import type { AccountStore } from './accounts.ts';
import type { AuditLog } from './audit-log.ts';
import { throttledAudit } from './audit-throttle.ts';
import { type Client, clientOf, type OurNames } from './client.ts';
import { createLogIn, type LogIn } from './log-in.ts';
import { createLogInLimits } from './log-in-limits.ts';
import { createLogInLinks, type LogInLinks } from './log-in-links.ts';
import type { Provider } from './oidc.ts';
import type { OidcConfig } from './oidc-config.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { createPlaces, type TakePlace } from './places.ts';
import type { Principal } from './principal.ts';
import { type Admission, createRequestLimits, type RequestLimit } from './request-limits.ts';
import { readCookie } from './session-cookies.ts';
import {
  createSessions,
  type SessionLimits,
  type SessionStore,
  type Sessions,
} from './sessions.ts';
import { holderOfToken, type TokenStore } from './tokens.ts';
import { parseViewer } from './viewer.ts';

export interface AccessDeps {
  readonly configuredTokens: GatewayConfig['tokens'];
  readonly tokens: TokenStore;
  readonly accounts: AccountStore;
  readonly sessionStore: SessionStore;
  readonly sessionLimits: SessionLimits;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly names: OurNames;
  /** Undefined without a provider. */
  readonly oidc?: { readonly config: OidcConfig; readonly provider: Provider } | undefined;
  /** Per token, user or, for strangers, address. */
  readonly requestLimit: RequestLimit;
  /** Requests of one token or user that are under way at once. */
  readonly requestsAtOnce: number;
}

export interface Access extends AccessDeps {
  readonly sessions: Sessions;
  readonly links: LogInLinks;
  readonly logIn: LogIn;
  readonly passkeys: Passkeys;
  readonly clientOf: (context: Context) => Client;
  readonly principalOf: (context: Context) => Principal | undefined;
  readonly admit: (client: string) => Admission;
  readonly takePlace: TakePlace;
}

export const createAccess = (deps: AccessDeps): Access => {
  const { configuredTokens, tokens, accounts, clock, names, requestLimit } = deps;
  // Whoever wants may knock fifty times a second: that must not fill the disk.
  const tell = throttledAudit(
    deps.audit.append,
    () => clock.read().wallMs,
    ({ kind, actor, detail }) =>
      actor.startsWith('address:') && (kind === 'refused' || detail.reason === 'must-wait'),
  );
  const audit: AuditLog = { ...deps.audit, append: tell };
  const uptime = () => clock.read().uptimeMs;
  const sessions = createSessions({
    store: deps.sessionStore,
    accounts,
    limits: deps.sessionLimits,
    now: () => clock.read().wallMs,
  });
  const links = createLogInLinks(uptime, accounts);
  const ofClient = (context: Context): Client => clientOf(context, names);

  const byToken = (authorization: string): Principal | undefined => {
    const holder = holderOfToken(
      { configured: configuredTokens, store: tokens, now: clock.read().wallMs },
      authorization,
    );
    return holder && { by: 'token', actor: `token:${holder.name}`, viewers: holder.viewers };
  };
  const bySession = (context: Context): Principal | undefined => {
    const session = sessions.of(readCookie(context, 'session', ofClient(context)));
    return (
      session && {
        by: 'session',
        actor: `user:${session.account.name}`,
        viewers: session.account.scopes.map(parseViewer),
        csrf: session.csrf,
      }
    );
  };

  return {
    ...deps,
    audit,
    sessions,
    links,
    logIn: createLogIn({ ...deps, audit, sessions, links, limits: createLogInLimits(uptime) }),
    passkeys: createPasskeys({ accounts, uptime, now: () => clock.read().wallMs }),
    clientOf: ofClient,
    admit: createRequestLimits(requestLimit, uptime),
    takePlace: createPlaces(deps.requestsAtOnce),
    principalOf: (context) => {
      const authorization = context.req.header('authorization');
      // Who shows a token is judged by it: a wrong one is not made good by a cookie.
      return authorization === undefined ? bySession(context) : byToken(authorization);
    },
  };
};
