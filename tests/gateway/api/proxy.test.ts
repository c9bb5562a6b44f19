/** A console behind a reverse proxy of the same machine: cookies, origin and address are those that the browser has. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiBench, openApiBench, openVisitor } from '../../fixtures/api-bench.ts';

const PASSWORD = 'umibe no machi no kaze';
const PUBLIC = 'https://gate.example.jp';
/** As nginx sends it on with the lines of the README. */
const FORWARDED = {
  host: 'gate.example.jp',
  origin: PUBLIC,
  'x-forwarded-for': '203.0.113.7',
  'content-type': 'application/json',
};

let bench: ApiBench;
beforeEach(async () => {
  bench = await openApiBench({ names: { httpsNames: [], publicUrl: `${PUBLIC}/` } });
  const body = { name: 'kanri', scopes: ['admin'], password: PASSWORD };
  expect((await bench.admin('/v1/accounts', 'POST', body)).status).toBe(201);
});
afterEach(() => bench.close());

const send = (
  path: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Response> =>
  fetch(`${bench.origin}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const logIn = (headers: Readonly<Record<string, string>> = {}) =>
  send(
    '/console/session',
    'POST',
    { ...FORWARDED, ...headers },
    { name: 'kanri', password: PASSWORD },
  );

test('cookies go over HTTPS alone and are bound to the name, and the answer says that nothing else will do', async () => {
  const answer = await logIn();
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-genba=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    expect.stringMatching(/^__Host-genba-browser=[\w-]{43}; .*HttpOnly; Secure; SameSite=Strict$/),
  ]);
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
});

test('a session of the proxy is changed from its pages alone, and ended there', async () => {
  const [cookie = ''] = (await logIn()).headers.getSetCookie().map((line) => line.split(';')[0]);
  const own = await send('/console/session', 'GET', { ...FORWARDED, cookie });
  const { csrf, isLoggedIn } = await own.json();
  expect(isLoggedIn).toBe(true);
  const end = async (headers: Readonly<Record<string, string>>) =>
    (
      await send('/console/session', 'DELETE', {
        ...FORWARDED,
        cookie,
        'x-genba-csrf': csrf,
        ...headers,
      })
    ).status;
  for (const origin of ['http://gate.example.jp', 'https://evil.example', bench.origin, 'null'])
    expect([origin, await end({ origin })]).toEqual([origin, 403]);
  expect(await end({ 'x-genba-csrf': '' })).toBe(403);
  expect(await end({})).toBe(204);
  expect((await send('/v1/accounts', 'GET', { ...FORWARDED, cookie })).status).toBe(401);
});

test('the address is what the proxy saw, whatever its client wrote before', async () => {
  await logIn({ 'x-forwarded-for': '127.0.0.1, 10.9.8.7, 203.0.113.9' });
  expect(bench.access.audit.page({ limit: 1, kind: 'log-in' })).toMatchObject([
    { detail: { address: '203.0.113.9' } },
  ]);
  // Twenty tries of one address are heard, under how many names ever.
  const statuses: number[] = [];
  for (let each = 0; each < 21; each += 1) {
    const answer = await send(
      '/console/session',
      'POST',
      { ...FORWARDED, 'x-forwarded-for': `192.0.2.${each}, 203.0.113.66` },
      { name: `user-${each}`, password: 'a guess of somebody' },
    );
    statuses.push(answer.status);
  }
  expect([statuses.at(-2), statuses.at(-1)]).toEqual([401, 429]);
});

test('without such a setting nothing that a client writes makes it another one', async () => {
  const plain = await openApiBench();
  await plain.admin('/v1/accounts', 'POST', { name: 'k', scopes: ['admin'], password: PASSWORD });
  const visitor = openVisitor(plain.origin);
  const answer = await visitor.send('/console/session', {
    method: 'POST',
    body: JSON.stringify({ name: 'k', password: PASSWORD }),
    headers: { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' },
  });
  expect(answer.headers.getSetCookie()[0]).toMatch(/^genba=.*SameSite=Strict$/);
  expect(plain.access.audit.page({ limit: 1, kind: 'log-in' })).toMatchObject([
    { detail: { address: '127.0.0.1' } },
  ]);
  await plain.close();
});
