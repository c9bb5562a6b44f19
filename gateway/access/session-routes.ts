/**
 * `/console/session` (ログイン・ログアウト): for the console's own pages and nobody else. Every change must come from one
 * of them: the browser says so, and once somebody is logged in the page's token does too.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { faultsOf, type Result } from '../../shared/result.ts';
import { isoInJapan } from '../../shared/time.ts';
import { problem } from '../api/problem.ts';
import type { Access } from './access.ts';
import { CSRF_HEADER } from './guard.ts';
import type { LogInFrom, LogInOutcome } from './log-in.ts';
import { hashPassword, PASSWORD_CHARS_MAX, passwordFault } from './passwords.ts';
import { isSameOrigin } from './principal.ts';
import type { SessionAnswer } from './session-answer.ts';
import { dropCookie, readCookie, writeCookie } from './session-cookies.ts';
import { isFresh, type Session, sessionName } from './sessions.ts';
import { isAdmin, parseViewer } from './viewer.ts';

const BODY_BYTES_MAX = 65_536;
const TypedPassword = z
  .string()
  .min(1)
  .max(4 * PASSWORD_CHARS_MAX);

const ByPassword = z.strictObject({ name: z.string().min(1).max(100), password: TypedPassword });
const ByLink = z.strictObject({ code: z.string().min(1).max(100) });
const NewPassword = z.strictObject({ old: TypedPassword.optional(), password: TypedPassword });

/** JSON of the body; everything else is a fault. */
export const bodyOf = async <T>(context: Context, schema: z.ZodType<T>): Promise<Result<T>> => {
  const text = await context.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, faults: [{ place: '', message: 'is not JSON' }] };
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, faults: faultsOf(parsed.error.issues) };
};

export const logInFrom = (context: Context, access: Access): LogInFrom => {
  const client = access.clientOf(context);
  return {
    address: client.address,
    former: readCookie(context, 'session', client),
    browser: readCookie(context, 'browser', client),
  };
};

export const sessionOf = (context: Context, access: Access): Session | undefined =>
  access.sessions.of(readCookie(context, 'session', access.clientOf(context)));

/** Cookies and status of an outcome; the same answer for every reason of a refusal. */
export const answerLogIn = (context: Context, access: Access, outcome: LogInOutcome): Response => {
  const client = access.clientOf(context);
  switch (outcome.kind) {
    case 'in':
      writeCookie(context, 'session', outcome.session, client);
      writeCookie(context, 'browser', outcome.browser, client);
      return context.body(null, 204);
    case 'wait':
      context.header('retry-after', String(outcome.seconds));
      return problem(context, 429);
    case 'busy':
      context.header('retry-after', '5');
      return problem(context, 429);
    case 'refused':
      return problem(context, 401, [{ place: '', message: 'these do not open an account' }]);
  }
};

/** Runs what only a page with a session may ask for. */
export const withSession =
  (
    access: Access,
    run: (context: Context, session: Session) => Response | Promise<Response>,
  ): ((context: Context) => Response | Promise<Response>) =>
  (context) => {
    const session = sessionOf(context, access);
    if (session === undefined) return problem(context, 401);
    const isChange = context.req.method !== 'GET';
    if (isChange && context.req.header(CSRF_HEADER) !== session.csrf) {
      const { audit } = access;
      audit.append({
        kind: 'refused',
        actor: `user:${session.account.name}`,
        detail: { path: context.req.path, reason: 'not sent by our page' },
      });
      return problem(context, 403);
    }
    return run(context, session);
  };

const tooLarge = { place: '', message: `the limit is ${BODY_BYTES_MAX} bytes` };

export const sessionRoutes = (access: Access): Hono => {
  const { accounts, sessions, logIn, links, audit, clock } = access;
  const app = new Hono();

  app.use(async (context, next) => {
    context.header('cache-control', 'no-store');
    const { origin, address } = access.clientOf(context);
    const admission = access.admit(`address:${address}`);
    if (!admission.isAdmitted) {
      context.header('retry-after', String(admission.retryAfterSeconds));
      return problem(context, 429);
    }
    const isChange = context.req.method !== 'GET';
    if (isChange && !isSameOrigin(context, origin)) {
      audit.append({
        kind: 'refused',
        actor: `address:${address}`,
        detail: { path: context.req.path, reason: 'not sent by our page' },
      });
      return problem(context, 403);
    }
    await next();
    return undefined;
  });
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (context) => problem(context, 413, [tooLarge]),
    }),
  );

  app.get('/', (context) => {
    const session = sessionOf(context, access);
    const answer: SessionAnswer =
      session === undefined
        ? { isLoggedIn: false, provider: access.providerTitle }
        : {
            isLoggedIn: true,
            name: session.account.name,
            scopes: session.account.scopes,
            isAdmin: isAdmin(session.account.scopes.map(parseViewer)),
            csrf: session.csrf,
            hasPassword: session.account.hasPassword,
            isFromProvider: session.account.externalId !== undefined,
            isFresh: isFresh(session.record, clock.read().wallMs),
          };
    return context.json(answer);
  });

  app.post('/', async (context) => {
    const typed = await bodyOf(context, ByPassword);
    if (!typed.ok) return problem(context, 400, typed.faults);
    const { name, password } = typed.value;
    const outcome = await logIn.byPassword(name, password, logInFrom(context, access));
    return answerLogIn(context, access, outcome);
  });

  app.post('/link', async (context) => {
    const typed = await bodyOf(context, ByLink);
    if (!typed.ok) return problem(context, 400, typed.faults);
    return answerLogIn(context, access, logIn.byLink(typed.value.code, logInFrom(context, access)));
  });

  app.delete(
    '/',
    withSession(access, (context, { account }) => {
      const client = access.clientOf(context);
      sessions.end(readCookie(context, 'session', client) ?? '');
      dropCookie(context, 'session', client);
      audit.append({ kind: 'log-out', actor: `user:${account.name}`, detail: { why: 'asked' } });
      return context.body(null, 204);
    }),
  );

  app.get(
    '/all',
    withSession(access, (context, { account, record }) =>
      context.json({
        sessions: sessions.list(account.userNo).map((each) => ({
          name: sessionName(each),
          beganAt: isoInJapan(each.beganAt),
          seenAt: isoInJapan(each.seenAt),
          how: each.how,
          address: each.address,
          isThis: each.digest.equals(record.digest),
        })),
      }),
    ),
  );

  app.delete(
    '/all/:name',
    withSession(access, (context, { account }) => {
      if (!sessions.endByName(account.userNo, context.req.param('name') ?? ''))
        return problem(context, 404);
      audit.append({ kind: 'log-out', actor: `user:${account.name}`, detail: { why: 'ended' } });
      return context.body(null, 204);
    }),
  );

  app.put(
    '/password',
    withSession(access, async (context, { account, record }) => {
      const typed = await bodyOf(context, NewPassword);
      if (!typed.ok) return problem(context, 400, typed.faults);
      const { old, password } = typed.value;
      if (account.externalId !== undefined)
        return problem(context, 409, [{ place: '', message: 'this account has a provider' }]);
      const fault = passwordFault(password, account.name);
      if (fault !== undefined)
        return problem(context, 400, [{ place: '/password', message: fault }]);
      if (account.hasPassword) {
        const from = logInFrom(context, access);
        const checked = await logIn.checkPassword(account, old ?? '', from);
        if (checked === 'wrong')
          return problem(context, 403, [{ place: '/old', message: 'is not the password' }]);
        if (checked !== 'right') return answerLogIn(context, access, checked);
      } else if (!isFresh(record, clock.read().wallMs))
        return problem(context, 403, [{ place: '', message: 'log in again for this' }]);
      accounts.setPassword(account.userNo, await hashPassword(password));
      // Whoever knew the old one is out.
      sessions.endAll(account.userNo, record);
      links.dropAll(account.userNo);
      audit.append({
        kind: 'user-changed',
        actor: `user:${account.name}`,
        detail: { account: account.name, what: 'password' },
      });
      return context.body(null, 204);
    }),
  );
  return app;
};
