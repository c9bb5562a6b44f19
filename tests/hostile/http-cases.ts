/** Attacks over HTTPS as data: what is sent, and what would be a success of the attacker. */
import { gzipSync } from 'node:zlib';
import type { Answer, HostileSite } from '../fixtures/hostile-site.ts';
import { FOREIGN_SITE } from '../fixtures/viewing-cast.ts';

export interface HttpCase {
  readonly what: string;
  readonly send: (site: HostileSite) => Promise<Answer>;
  /** The only right answers. */
  readonly statuses: readonly number[];
}

export const bearer = (token: string | undefined) => ({
  authorization: `Bearer ${token ?? 'none'}`,
});
const REFUSED = [400, 401, 403, 404, 405, 413, 415, 422, 431] as const;

/** Each tries to read as an administrator what only administrators read. */
const tokenMisuse: readonly HttpCase[] = (
  [
    ['no token', () => ({})],
    ['an empty token', () => ({ authorization: 'Bearer ' })],
    [
      'a token that was never issued',
      () => bearer('genba_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
    ],
    ['a revoked token', ({ tokens }) => bearer(tokens.get('revoked'))],
    ['a token that ran out', ({ tokens }) => bearer(tokens.get('expired'))],
    ['the token in capitals', ({ tokens }) => bearer(tokens.get('admin')?.toUpperCase())],
    ['the token in small letters', ({ tokens }) => bearer(tokens.get('admin')?.toLowerCase())],
    ['the token without its end', ({ tokens }) => bearer(tokens.get('admin')?.slice(0, -1))],
    ['the token and one letter more', ({ tokens }) => bearer(`${tokens.get('admin')}x`)],
    ['the token without its prefix', ({ tokens }) => bearer(tokens.get('admin')?.slice(6))],
    ['the token twice', ({ tokens }) => bearer(`${tokens.get('admin')} ${tokens.get('admin')}`)],
    [
      'two tokens in a list',
      ({ tokens }) => bearer(`${tokens.get('central')}, Bearer ${tokens.get('admin')}`),
    ],
    [
      'the token as Basic',
      ({ tokens }) => ({
        authorization: `Basic ${Buffer.from(`admin:${tokens.get('admin')}`).toString('base64')}`,
      }),
    ],
    ['the token without a scheme', ({ tokens }) => ({ authorization: tokens.get('admin') ?? '' })],
    ['the name of a token', () => bearer('t-1')],
    [
      'a letter that looks like one of ours',
      ({ tokens }) => bearer(tokens.get('admin')?.replace('a', 'à')),
    ],
    [
      'the token as a cookie',
      ({ tokens }) => ({
        cookie: `__Host-genba=${tokens.get('admin')}; genba=${tokens.get('admin')}; token=${tokens.get('admin')}`,
      }),
    ],
    [
      'the token in a header of another name',
      ({ tokens }) => ({
        'x-api-key': tokens.get('admin') ?? '',
        'proxy-authorization': `Bearer ${tokens.get('admin')}`,
      }),
    ],
    ['a token for reading', ({ tokens }) => bearer(tokens.get('central'))],
    ['a token for metrics', ({ tokens }) => bearer(tokens.get('metrics'))],
    [
      'a 元請’s token',
      ({ tokens }) => bearer([...tokens].find(([scope]) => scope.startsWith('prime'))?.[1]),
    ],
    [
      'headers that a proxy would set',
      () => ({
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-user': 'admin',
        'x-original-url': '/healthz',
        'x-rewrite-url': '/healthz',
      }),
    ],
  ] as readonly (readonly [string, (site: HostileSite) => Readonly<Record<string, string>>])[]
).map(([what, headersOf]) => ({
  what: `reading accounts with ${what}`,
  send: (site) => site.ask('/v1/accounts', { headers: headersOf(site) }),
  statuses: [401, 403],
}));

const inAddress: readonly HttpCase[] = ['token', 'access_token', 'authorization', 'bearer'].map(
  (name) => ({
    what: `a token in the address as ${name}`,
    send: (site) => site.ask(`/v1/taps?${name}=${site.tokens.get('admin')}`),
    statuses: [401],
  }),
);

/** A reader who writes the path of the administrators otherwise. */
const otherSpellings: readonly HttpCase[] = [
  '/V1/accounts',
  '/v1//accounts',
  '//v1/accounts',
  '/v1/accounts/',
  '/v1/%61ccounts',
  '/v1%2faccounts',
  '/v1/./accounts',
  '/v1/taps/../accounts',
  '/v1/taps/..;/accounts',
  '/v1/accounts%00',
  '/v1/accounts;x=1',
  '/v1/accounts%20',
  '/v1\\accounts',
  '/healthz/../v1/accounts',
].map((path) => ({
  what: `an administrators’ path as ${path}`,
  send: (site) => site.ask(path, { headers: bearer(site.tokens.get('central')) }),
  statuses: REFUSED,
}));

/** Changes by who may only read. */
const changes: readonly HttpCase[] = (
  [
    ['PUT', '/v1/registry', '{}'],
    ['PUT', '/v1/registry/workers', '[]'],
    ['POST', '/v1/tokens', '{"name":"mine","scopes":["admin"]}'],
    ['DELETE', '/v1/tokens/t-1', ''],
    ['POST', '/v1/accounts', '{"name":"mine","scopes":["admin"]}'],
    ['PATCH', '/v1/accounts/kanri', '{"isDisabled":true}'],
    ['POST', '/v1/accounts/kanri/links', '{}'],
    ['DELETE', '/v1/accounts/kanri/sessions', ''],
    ['POST', '/v1/enrolments', '{}'],
    ['POST', '/v1/submissions', '{}'],
  ] as const
).flatMap(([method, path, body]) => [
  {
    what: `${method} ${path} by who may only read`,
    send: (site: HostileSite) =>
      site.ask(path, {
        method,
        body,
        headers: { ...bearer(site.tokens.get('central')), 'content-type': 'application/json' },
      }),
    statuses: REFUSED,
  },
  {
    what: `${method} ${path} dressed as GET`,
    send: (site: HostileSite) =>
      site.ask(path, {
        method: 'GET',
        headers: {
          ...bearer(site.tokens.get('central')),
          'x-http-method-override': method,
          'x-method-override': method,
        },
      }),
    // A GET it is, and answers as one.
    statuses: [200, ...REFUSED],
  },
]);

/** Ways out of the folders that pages and documents come from. */
const traversal: readonly HttpCase[] = [
  '/console/../../etc/passwd',
  '/console/..%2f..%2f..%2fetc%2fpasswd',
  '/console/%2e%2e/%2e%2e/package.json',
  '/console/..%5c..%5cpackage.json',
  '/console/who.js/../../../gateway/main.ts',
  '/console/who.js%00.png',
  '/console/....//....//package.json',
  '/console/log-in/..%c0%af..%c0%afpackage.json',
  '/v1/documents/..%2f..%2fpackage.json',
  '/v1/documents/constructor',
  '/v1/reports/__proto__',
  '/v1/reports/toString',
  '/v1/registry/__proto__',
  '/v1/registry/constructor',
  '/console/session/all/__proto__',
  '/authority.pem/../authority/authority.pem',
].map((path) => ({
  what: `the path ${path}`,
  send: (site) => site.ask(path, { headers: bearer(site.tokens.get('admin')) }),
  statuses: REFUSED,
}));

export const json =
  (
    body: string | Buffer,
    path: string,
    method: string,
    more: Readonly<Record<string, string>> = {},
  ) =>
  (site: HostileSite): Promise<Answer> =>
    site.ask(path, {
      method,
      body,
      headers: { ...bearer(site.tokens.get('admin')), 'content-type': 'application/json', ...more },
    });
const DEEP = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

/** Bodies that a parser could choke on, from an administrator whose machine was taken over. */
const bodies: readonly HttpCase[] = (
  [
    [
      'a prototype in place of fields',
      json('{"__proto__":{"isAdmin":true},"name":"x1","scopes":["boss"]}', '/v1/tokens', 'POST'),
    ],
    [
      'a constructor in place of fields',
      json('{"constructor":{"prototype":{"isAdmin":true}}}', '/v1/accounts', 'POST'),
    ],
    [
      'a prototype as a table',
      json('{"__proto__":[{"isAdmin":true}],"workers":5}', '/v1/registry', 'PUT'),
    ],
    [
      'a prototype inside a row',
      json('[{"__proto__":{"isAdmin":true}}]', '/v1/registry/workers', 'PUT'),
    ],
    ['200,000 brackets', json(DEEP, '/v1/registry', 'PUT')],
    ['200,000 brackets in a table', json(DEEP, '/v1/registry/workers', 'PUT')],
    ['200,000 brackets for an account', json(DEEP, '/v1/accounts', 'POST')],
    [
      'a number beyond all numbers',
      json('{"name":"x2","scopes":["central"],"days":1e999}', '/v1/tokens', 'POST'),
    ],
    [
      'a number beyond whole numbers',
      json('{"name":"x3","scopes":["central"],"days":9007199254740993}', '/v1/tokens', 'POST'),
    ],
    [
      'a number below nothing',
      json('{"name":"x4","scopes":["central"],"days":-1}', '/v1/tokens', 'POST'),
    ],
    ['half a character', json('{"name":"\\ud800","scopes":["central"]}', '/v1/tokens', 'POST')],
    [
      'a zero byte in a name',
      json('{"name":"x\\u0000y","scopes":["central"]}', '/v1/accounts', 'POST'),
    ],
    [
      'a scope with a line break',
      json('{"name":"x5","scopes":["prime:20000000000001\\nadmin"]}', '/v1/accounts', 'POST'),
    ],
    [
      'a scope among objects',
      json('{"name":"x6","scopes":[{"kind":"admin"}]}', '/v1/tokens', 'POST'),
    ],
    [
      'a hundred thousand scopes',
      json(
        `{"name":"x7","scopes":[${Array(100_000).fill('"admin"').join(',')}]}`,
        '/v1/tokens',
        'POST',
      ),
    ],
    ['bytes that are no text', json(Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), '/v1/registry', 'PUT')],
    [
      'a bomb, packed',
      json(gzipSync(Buffer.alloc(50_000_000, '[')), '/v1/registry', 'PUT', {
        'content-encoding': 'gzip',
      }),
    ],
    [
      'XML with an entity',
      json(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        '/v1/registry',
        'PUT',
        { 'content-type': 'application/xml' },
      ),
    ],
    [
      'a CSV of one endless heading',
      json('a,'.repeat(500_000), '/v1/registry/workers', 'PUT', { 'content-type': 'text/csv' }),
    ],
    [
      'a CSV with an open quote',
      json(`workerId\n"${'x'.repeat(1_000_000)}`, '/v1/registry/workers', 'PUT', {
        'content-type': 'text/csv',
      }),
    ],
    [
      'a formula as a worker id',
      json('workerId,name\n=cmd|calc,x\n', '/v1/registry/workers', 'PUT', {
        'content-type': 'text/csv',
      }),
    ],
    [
      'a log-in of a megabyte',
      (site: HostileSite) =>
        site.ask('/console/session', {
          method: 'POST',
          body: `{"name":"${'x'.repeat(1_000_000)}","password":"y"}`,
          headers: { 'sec-fetch-site': 'same-origin' },
        }),
    ],
  ] as readonly (readonly [string, HttpCase['send']])[]
).map(([what, send]) => ({ what: `a body with ${what}`, send, statuses: REFUSED }));

/** JSON under another name, as a form of another site would send it. */
const otherKinds: readonly HttpCase[] = ['text/plain', 'application/x-www-form-urlencoded'].flatMap(
  (type) =>
    ['/v1/accounts', '/v1/tokens'].map((path) => ({
      what: `a body of ${type} for ${path}`,
      send: json('{"name":"x8","scopes":["central"]}', path, 'POST', { 'content-type': type }),
      statuses: [400, 415],
    })),
);

const queries: readonly HttpCase[] = [
  '/v1/taps?after=__proto__',
  '/v1/taps?limit=1e9',
  '/v1/taps?limit=-1',
  "/v1/taps?siteId=' or 1=1--",
  '/v1/taps?wait=99999999',
  '/v1/audit?kind=look%00',
  '/v1/audit?before=9e99',
  '/v1/audit/analysis?days=0',
  '/v1/attendance?month=2026-13',
  '/v1/attendance?month=2026-11;drop table audit',
].map((path) => ({
  what: `the question ${path}`,
  send: (site) => site.ask(encodeURI(path), { headers: bearer(site.tokens.get('admin')) }),
  statuses: [400, 404],
}));

export const HTTP_CASES: readonly HttpCase[] = [
  ...tokenMisuse,
  ...inAddress,
  ...otherSpellings,
  ...changes,
  ...traversal,
  ...bodies,
  ...otherKinds,
  ...queries,
  {
    what: 'a scope that asks for one site more than its own',
    send: (site) =>
      site.ask(`/v1/taps?siteId=${FOREIGN_SITE}&siteId=30000000000001`, {
        headers: bearer(site.tokens.get('metrics')),
      }),
    statuses: [400, 403],
  },
];
