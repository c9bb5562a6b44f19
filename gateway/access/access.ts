/** Access (入口): the parts that decide who comes in, put together once and handed to the routes. */
import type { Context } from 'hono';
import type { Clock } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import type { AuditLog } from './audit-log.ts';
import { type Client, clientOf, type OurNames } from './client.ts';
import type { Principal } from './principal.ts';
import { type Admission, createRequestLimits, type RequestLimit } from './request-limits.ts';
import { holderOfToken, type TokenStore } from './tokens.ts';

export interface AccessDeps {
  readonly configuredTokens: GatewayConfig['tokens'];
  readonly tokens: TokenStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly names: OurNames;
  /** Per token, user or, for strangers, address. */
  readonly requestLimit: RequestLimit;
}

export interface Access extends AccessDeps {
  readonly principalOf: (context: Context) => Principal | undefined;
  readonly clientOf: (context: Context) => Client;
  readonly admit: (client: string) => Admission;
}

export const createAccess = (deps: AccessDeps): Access => {
  const { configuredTokens, tokens, clock, names, requestLimit } = deps;
  return {
    ...deps,
    clientOf: (context) => clientOf(context, names),
    admit: createRequestLimits(requestLimit, () => clock.read().uptimeMs),
    principalOf: (context) => {
      const holder = holderOfToken(
        { configured: configuredTokens, store: tokens, now: clock.read().wallMs },
        context.req.header('authorization'),
      );
      return holder === undefined
        ? undefined
        : { by: 'token', actor: `token:${holder.name}`, viewers: holder.viewers };
    },
  };
};
