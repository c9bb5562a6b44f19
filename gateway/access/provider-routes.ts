/** `/console/session/provider` (認証サービスでログイン): to the provider and back. */
import type { Hono } from 'hono';
import type { Log } from '../../shared/log.ts';
import { problem } from '../api/problem.ts';
import type { Access } from './access.ts';
import { accountOfPerson, personOf } from './provider-person.ts';
import { dropCookie, readCookie, writeCookie } from './session-cookies.ts';
import { answerLogIn, logInFrom } from './session-requests.ts';

const PAGE = /^\/console(\/[a-z-]+)*$/;
const CALLBACK = '/console/session/provider/callback';

export const providerRoutes = (app: Hono, access: Access, log: Log): void => {
  const { oidc, accounts, logIn, clock } = access;
  if (oidc === undefined) return;
  const { provider, config } = oidc;

  app.get('/provider', async (context) => {
    const client = access.clientOf(context);
    if (client.origin === undefined)
      return problem(context, 400, [{ place: 'host', message: 'is no name of this gateway' }]);
    const to = context.req.query('to') ?? '';
    try {
      const { url, kept } = await provider.begin(
        `${client.origin}${CALLBACK}`,
        PAGE.test(to) ? to : '/console',
      );
      writeCookie(context, 'oidc', kept, client);
      return context.redirect(url);
    } catch (cause) {
      log('the OIDC provider does not answer', { reason: String(cause) });
      return context.redirect('/console/log-in?fault=provider');
    }
  });

  app.get('/provider/callback', async (context) => {
    const client = access.clientOf(context);
    if (client.origin === undefined) return problem(context, 400);
    const kept = readCookie(context, 'oidc', client);
    dropCookie(context, 'oidc', client);
    const query = new URL(context.req.url).search;
    const came = await provider.finish(new URL(`${client.origin}${CALLBACK}${query}`), kept);
    if (!came.ok) log('an OIDC log-in failed', { reason: came.faults[0]?.message ?? '' });
    const person = came.ok ? personOf(came.value.claims, config) : undefined;
    const account = person && accountOfPerson(accounts, person, clock.read().wallMs);
    const reason = came.ok ? 'no-scope' : 'provider-refused';
    const outcome = logIn.byProof('oidc', { account, reason }, logInFrom(context, access));
    answerLogIn(context, access, outcome);
    return context.redirect(
      outcome.kind === 'in' && came.ok ? came.value.to : '/console/log-in?fault=provider',
    );
  });
};
