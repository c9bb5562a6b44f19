/**
 * `/console/session` (ログイン・ログアウト): for the console's own pages and nobody else. Every change must come from one
 * of them: the browser says so, and once somebody is logged in the page's token does too.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Log } from '../../shared/log.ts';
import { isoInJapan } from '../../shared/time.ts';
import { limitedBody, readJsonBody } from '../api/json-body.ts';
import { problem } from '../api/problem.ts';
import type { Access } from './access.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { hashPassword, PASSWORD_CHARS_MAX, passwordFault } from './passwords.ts';
import { isSameOrigin } from './principal.ts';
import { providerRoutes } from './provider-routes.ts';
import type { SessionAnswer } from './session-answer.ts';
import { dropCookie, readCookie } from './session-cookies.ts';
import { answerLogIn, logInFrom, sessionOf, withSession } from './session-requests.ts';
import { isFresh, sessionName } from './sessions.ts';
import { isAdmin, parseViewer } from './viewer.ts';

const BODY_BYTES_MAX = 65_536;
const TypedPassword = z
  .string()
  .min(1)
  .max(4 * PASSWORD_CHARS_MAX);

const ByPassword = z.strictObject({ name: z.string().min(1).max(100), password: TypedPassword });
const ByLink = z.strictObject({ code: z.string().min(1).max(100) });
const NewPassword = z.strictObject({ old: TypedPassword.optional(), password: TypedPassword });

export const sessionRoutes = (access: Access, log: Log): Hono => {
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
  app.use(limitedBody(BODY_BYTES_MAX));

  app.get('/', (context) => {
    const session = sessionOf(context, access);
    const answer: SessionAnswer =
      session === undefined
        ? { isLoggedIn: false, provider: access.oidc?.config.title }
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
    const typed = await readJsonBody(context, ByPassword);
    if (!typed.ok) return problem(context, 400, typed.faults);
    const { name, password } = typed.value;
    const outcome = await logIn.byPassword(name, password, logInFrom(context, access));
    return answerLogIn(context, access, outcome);
  });

  app.post('/link', async (context) => {
    const typed = await readJsonBody(context, ByLink);
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
      const typed = await readJsonBody(context, NewPassword);
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
  passkeyRoutes(app, access);
  providerRoutes(app, access, log);
  return app;
};
