/** What a foreign page, a thief of cookies or a planter of them tries on the console (管理画面への攻撃). */
import type { Answer, HostileSite } from '../fixtures/hostile-site.ts';

/** A browser with a good session of an administrator. */
export interface Victim {
  readonly cookie: string;
  readonly csrf: string;
}

export interface BrowserCase {
  readonly what: string;
  readonly send: (site: HostileSite, victim: Victim) => Promise<Answer>;
}

const NEW_ACCOUNT = JSON.stringify({ name: 'planted', scopes: ['admin'] });
const JSON_TYPE = { 'content-type': 'application/json' };

const post =
  (
    headersOf: (site: HostileSite, victim: Victim) => Readonly<Record<string, string>>,
    path = '/v1/accounts',
    body = NEW_ACCOUNT,
  ): BrowserCase['send'] =>
  (site, victim) =>
    site.ask(path, {
      method: 'POST',
      body,
      headers: { ...JSON_TYPE, cookie: victim.cookie, ...headersOf(site, victim) },
    });
const ours = ({ host }: HostileSite): string => `https://${host}`;

/** Forged changes: the browser sends the victim's cookie along. */
const forged: readonly BrowserCase[] = [
  {
    what: 'a form of another site',
    send: post(() => ({
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'content-type': 'text/plain',
    })),
  },
  {
    what: 'a form of a neighbour’s name',
    send: post((_site, { csrf }) => ({
      origin: 'https://www.localhost',
      'sec-fetch-site': 'same-site',
      'x-genba-csrf': csrf,
    })),
  },
  {
    what: 'a form of another port',
    send: post((_site, { csrf }) => ({
      origin: 'https://localhost:1',
      'sec-fetch-site': 'same-site',
      'x-genba-csrf': csrf,
    })),
  },
  {
    what: 'a form of the plain page',
    send: post((site, { csrf }) => ({ origin: `http://${site.host}`, 'x-genba-csrf': csrf })),
  },
  {
    what: 'a form from nowhere',
    send: post((_site, { csrf }) => ({ origin: 'null', 'x-genba-csrf': csrf })),
  },
  {
    what: 'a browser that says nothing of where it is',
    send: post((_site, { csrf }) => ({ 'x-genba-csrf': csrf })),
  },
  {
    what: 'our page without its token',
    send: post((site) => ({ origin: ours(site), 'sec-fetch-site': 'same-origin' })),
  },
  {
    what: 'our page with an empty token',
    send: post((site) => ({
      origin: ours(site),
      'sec-fetch-site': 'same-origin',
      'x-genba-csrf': '',
    })),
  },
  {
    what: 'our page with a token that was guessed',
    send: post((site) => ({
      origin: ours(site),
      'sec-fetch-site': 'same-origin',
      'x-genba-csrf': 'A'.repeat(43),
    })),
  },
  {
    what: 'our page with the cookie as token',
    send: post((site, { cookie }) => ({
      origin: ours(site),
      'sec-fetch-site': 'same-origin',
      'x-genba-csrf': cookie.split('=')[1]?.split(';')[0] ?? '',
    })),
  },
  {
    what: 'an origin that begins like ours',
    send: post((site, { csrf }) => ({
      origin: `${ours(site)}.evil.example`,
      'x-genba-csrf': csrf,
    })),
  },
  {
    what: 'a name that was made to lead here',
    send: post((site, { csrf }) => ({
      host: `evil.example:${site.port}`,
      origin: `https://evil.example:${site.port}`,
      'sec-fetch-site': 'same-origin',
      'x-genba-csrf': csrf,
    })),
  },
  {
    what: 'a host that a proxy would have passed on',
    send: post((_site, { csrf }) => ({
      'x-forwarded-host': 'evil.example',
      origin: 'https://evil.example',
      'x-genba-csrf': csrf,
    })),
  },
];

/** Sessions that are not one's own. */
const stolen: readonly BrowserCase[] = [
  {
    what: 'a cookie with one letter changed',
    send: (site, { cookie }) =>
      site.ask('/v1/accounts', {
        headers: {
          cookie: cookie.replace(/=(.)/, (_all, first) => `=${first === 'A' ? 'B' : 'A'}`),
        },
      }),
  },
  {
    what: 'a cookie under the name of the plain port',
    send: (site, { cookie }) =>
      site.ask('/v1/accounts', { headers: { cookie: cookie.replaceAll('__Host-', '') } }),
  },
  {
    what: 'the session as a token',
    send: (site, { cookie }) =>
      site.ask('/v1/accounts', {
        headers: { authorization: `Bearer ${cookie.split('=')[1]?.split(';')[0]}` },
      }),
  },
  {
    what: 'a cookie that was made up',
    send: (site) =>
      site.ask('/v1/accounts', { headers: { cookie: `__Host-genba=${'A'.repeat(43)}` } }),
  },
  {
    what: 'an endless cookie',
    send: (site) =>
      site.ask('/v1/accounts', { headers: { cookie: `__Host-genba=${'A'.repeat(9_000)}` } }),
  },
  {
    what: 'a cookie with SQL',
    send: (site) => site.ask('/v1/accounts', { headers: { cookie: "__Host-genba=x' or 1=1--" } }),
  },
  {
    what: 'the browser’s cookie alone',
    send: (site, { cookie }) =>
      site.ask('/v1/accounts', {
        headers: { cookie: cookie.replace('__Host-genba=', '__Host-gone=') },
      }),
  },
];

/** Log-ins that somebody else's page makes for the victim, and links that are none. */
const logIns: readonly BrowserCase[] = [
  {
    what: 'a log-in sent by another site',
    send: post(
      () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      '/console/session',
      '{"name":"kanri","password":"umibe no machi no kaze"}',
    ),
  },
  {
    what: 'a link sent by another site',
    send: post(
      () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      '/console/session/link',
      '{"code":"x"}',
    ),
  },
  {
    what: 'a link that was never made',
    send: post(
      (site) => ({ origin: ours(site) }),
      '/console/session/link',
      `{"code":"${'A'.repeat(43)}"}`,
    ),
  },
  {
    what: 'a password that is an object',
    send: post(
      (site) => ({ origin: ours(site) }),
      '/console/session',
      '{"name":"kanri","password":{"$ne":""}}',
    ),
  },
  {
    what: 'a password that is a list',
    send: post(
      (site) => ({ origin: ours(site) }),
      '/console/session',
      '{"name":["kanri"],"password":["x"]}',
    ),
  },
  {
    what: 'a name that is a prototype',
    send: post(
      (site) => ({ origin: ours(site) }),
      '/console/session',
      '{"name":"__proto__","password":"x"}',
    ),
  },
];

export const BROWSER_CASES: readonly BrowserCase[] = [...forged, ...stolen, ...logIns];
