/** What the routes of `/console/session` have in common: reading whose request it is, judging its session, answering a log-in. */
import type { Context } from 'hono';
import { problem } from '../api/problem.ts';
import type { Access } from './access.ts';
import { CSRF_HEADER } from './guard.ts';
import type { LogInFrom, LogInOutcome } from './log-in.ts';
import { readCookie, writeCookie } from './session-cookies.ts';
import type { Session } from './sessions.ts';

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
