/** Names that look like others, names that would become headers, and cookies without end. */
import { bearer, type HttpCase, json } from './http-cases.ts';

/** Names that a person would take for another's. */
const lookAlikes: readonly HttpCase[] = [
  'ｋａｎｒｉ',
  'k\u0430nri',
  'kanri\u200b',
  '\u202eirnak',
  'kanri\u0301',
  'KANRI',
  ' kanri',
].flatMap((name) =>
  ['/v1/accounts', '/v1/tokens'].map((path) => ({
    what: `the name ${JSON.stringify(name)} for ${path}`,
    send: json(
      JSON.stringify({ name, scopes: ['central'], password: 'umi no mukou no shima' }),
      path,
      'POST',
    ),
    statuses: [400],
  })),
);

/** What must not come back as a header of the answer. */
const headerInjection: readonly HttpCase[] = [
  '/v1/documents/worker-roster?format=csv%0d%0aSet-Cookie:%20a=b',
  '/v1/documents/worker-roster?format=csv%22;filename=%22x.html',
  '/v1/exports/x%0d%0aSet-Cookie:%20a=b',
  '/v1/registry/workers%0d%0aSet-Cookie:%20a=b',
  '/v1/quarantine/1%0d%0aSet-Cookie:%20a=b',
].map((path) => ({
  what: `a header in ${path}`,
  send: (site) => site.ask(path, { headers: bearer(site.tokens.get('admin')) }),
  statuses: [400, 404],
}));

const cookies: readonly HttpCase[] = [
  {
    what: 'a thousand cookies',
    send: (site) =>
      site.ask('/v1/accounts', {
        headers: { cookie: Array.from({ length: 1_000 }, (_, at) => `c${at}=x`).join('; ') },
      }),
    statuses: [401],
  },
  {
    what: 'a megabyte of cookies',
    send: (site) =>
      site
        .sendRaw(
          `GET /v1/accounts HTTP/1.1\r\nHost: ${site.host}\r\nCookie: a=${'x'.repeat(1_000_000)}\r\n\r\n`,
        )
        .then((text) => ({
          status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 431),
          headers: {},
          text: '',
        })),
    statuses: [431],
  },
  {
    what: 'a cookie that is a prototype',
    send: (site) =>
      site.ask('/v1/accounts', {
        headers: { cookie: '__proto__=x; constructor=y; __Host-genba=z' },
      }),
    statuses: [401],
  },
];

export const NAME_CASES: readonly HttpCase[] = [...lookAlikes, ...headerInjection, ...cookies];
