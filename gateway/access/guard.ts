/**
 * The one check before every `/v1` route (関所): who asks, may they, how often, what may they see – and what
 * was looked at or changed goes into the audit log before the answer leaves.
 */
import { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import type { Log } from '../../shared/log.ts';
import { dateInJapan } from '../../shared/time.ts';
import type { MethodAnswer } from '../api/method-answer.ts';
import { problem } from '../api/problem.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Access } from './access.ts';
import { isSameOrigin, type Principal } from './principal.ts';
import { createSight, type Sight } from './sight.ts';
import { isAdmin } from './viewer.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** Who asks. */
    principal: Principal;
    /** What they may see; every answer with rows in it passes through. */
    sight: Sight;
  }
}

/** Readable by whoever runs the gateway, and nobody else. */
const ADMIN_ONLY = /^\/v1\/(tokens|accounts|audit|enrolments|quarantine)(\/|$)/;
/**
 * What the route itself judges by scope: people ask for corrections, the 元請 decides, approves days, confirms runs of 充当 and notes its
 * receipts, employers send their reports. */
const CHANGED_BY_SCOPE =
  /^\/v1\/(correction-requests(\/|$)|approvals$|allocations$|submissions$|contracts\/[^/]+\/receipt$)/;
const AT_ONCE_RETRY_SECONDS = 5;
export const CSRF_HEADER = 'x-genba-csrf';

export interface GuardDeps {
  readonly access: Access;
  readonly registryIndex: () => RegistryIndex;
  /** A method that the path does not have is no change that somebody may or may not make. */
  readonly methodAnswer: MethodAnswer;
  readonly log: Log;
}

export const guard = ({
  access,
  registryIndex,
  methodAnswer,
  log,
}: GuardDeps): MiddlewareHandler => {
  const { audit, clock } = access;

  const refuse = (
    context: Context,
    status: 401 | 403,
    { actor, reason }: { readonly actor: string; readonly reason: string },
  ): Response => {
    audit.append({ kind: 'refused', actor, detail: { ...routeOf(context), status, reason } });
    return problem(context, status);
  };

  return async (context, next) => {
    const isChange = !['GET', 'HEAD'].includes(context.req.method);
    const principal = access.principalOf(context);
    const { address, origin } = access.clientOf(context);
    const client = principal?.actor ?? `address:${address}`;
    const admission = access.admit(client);
    if (!admission.isAdmitted) {
      context.header('retry-after', String(admission.retryAfterSeconds));
      return problem(context, 429);
    }
    if (principal === undefined) {
      context.header('www-authenticate', 'Bearer');
      // A request without any token is a stranger's knock; one with a wrong token is worth a note.
      return context.req.header('authorization') === undefined
        ? problem(context, 401)
        : refuse(context, 401, { actor: client, reason: 'no such token' });
    }
    const other = methodAnswer(context);
    if (other !== undefined) return other;
    const { actor, viewers } = principal;
    const isForAdmins =
      ADMIN_ONLY.test(context.req.path) || (isChange && !CHANGED_BY_SCOPE.test(context.req.path));
    if (isForAdmins && !isAdmin(viewers))
      return refuse(context, 403, { actor, reason: 'not an administrator' });
    if (viewers.every(({ kind }) => kind === 'metrics'))
      return refuse(context, 403, { actor, reason: 'for metrics only' });
    if (isChange && principal.by === 'session') {
      const isOurPage =
        isSameOrigin(context, origin) && context.req.header(CSRF_HEADER) === principal.csrf;
      if (!isOurPage) return refuse(context, 403, { actor, reason: 'not sent by our page' });
    }

    const today = dateInJapan(clock.read().wallMs);
    const sight = createSight({ viewers, index: registryIndex(), today });
    context.set('principal', principal);
    context.set('sight', sight);
    const leave = access.takePlace(actor);
    if (leave === undefined) {
      context.header('retry-after', String(AT_ONCE_RETRY_SECONDS));
      return problem(context, 429, [{ place: '', message: 'too many requests are under way' }]);
    }
    const outgoing: unknown = Reflect.get(Object(context.env), 'outgoing');
    // Until the last byte was taken, or nobody is there to take it. A request within the process has no such thing.
    if (outgoing instanceof ServerResponse) outgoing.once('close', leave);
    await next();
    if (!(outgoing instanceof ServerResponse)) leave();

    const { status } = context.res;
    const { wasUsed, rows } = sight.looked();
    if (sight.isLimited && status < 300 && !wasUsed) {
      // An answer that was not narrowed is not for a limited scope, whoever wrote its route.
      context.res = undefined;
      context.res = refuse(context, 403, { actor, reason: 'closed to this scope' });
      return undefined;
    }
    const detail = { ...routeOf(context), status, ...(wasUsed ? { rows } : {}) };
    // A poll that brought nothing showed nothing; a change is noted whatever came of it.
    if (isChange || (status < 400 && !(wasUsed && rows === 0)))
      audit.append({ kind: isChange ? 'change' : 'look', actor, scope: sight.scope, detail });
    log('api', {
      // Names of tokens are those of programs; people are named in the audit log only.
      by: principal.by === 'token' ? actor : 'session',
      method: context.req.method,
      path: context.req.path,
      status,
    });
    return undefined;
  };
};

/** What narrows a question down: by these the log tells one from another. */
const NARROWING = [
  'siteId',
  'contractId',
  'companyId',
  'workerId',
  'cardId',
  'month',
  'workDate',
  'date',
  'from',
  'to',
  'after',
];

/** The route and what narrows it down; never a whole query, which may hold anything. */
const routeOf = (context: Context): Readonly<Record<string, string>> => ({
  method: context.req.method,
  path: context.req.path,
  ...Object.fromEntries(
    NARROWING.flatMap((name) => {
      const value = context.req.query(name);
      return value === undefined ? [] : [[name, value]];
    }),
  ),
});
