/** Logging in at a real OpenID Connect provider on loopback: who gets in, with which scopes, and what is not believed. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProvider } from '../../../gateway/access/oidc.ts';
import { OidcConfig } from '../../../gateway/access/oidc-config.ts';
import { personOf } from '../../../gateway/access/provider-person.ts';
import {
  type ApiBench,
  openApiBench,
  openVisitor,
  type Visitor,
} from '../../fixtures/api-bench.ts';

const GROUPS = {
  'site-admins': ['admin'],
  minato: ['prime:20000000000001', 'employer:20000000000001'],
};

let server: OAuth2Server;
let bench: ApiBench;
let visitor: Visitor;
/** What the provider says of whoever logs in. */
let claims: Record<string, unknown>;
beforeEach(async () => {
  server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  claims = { sub: 'u-1', preferred_username: 'Takahashi', groups: ['minato', 'others'] };
  server.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    Object.assign(token.payload, claims);
  });
  const config = OidcConfig.parse({
    issuer: server.issuer.url,
    clientId: 'genba',
    scopesByValue: GROUPS,
  });
  bench = await openApiBench({
    startIso: new Date().toISOString(),
    oidc: { config, provider: createProvider(config, 'secret') },
  });
  visitor = openVisitor(bench.origin);
});
afterEach(async () => {
  await bench.close();
  await server.stop();
});

/** Goes to the provider as a browser does and gives the address to which it sends the browser back. */
const goThere = async (to = '/console/fleet'): Promise<URL> => {
  const away = await visitor.send(`/console/session/provider?to=${encodeURIComponent(to)}`);
  expect(away.status).toBe(302);
  const asked = new URL(away.headers.get('location') ?? '');
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  const back = await fetch(asked, { redirect: 'manual' });
  return new URL(back.headers.get('location') ?? '');
};
const comeBack = (url: URL, by: Visitor = visitor) => by.send(`${url.pathname}${url.search}`);
const own = async () => (await visitor.send('/console/session')).json();

describe('who comes back from the provider', () => {
  test('is in, with the scopes of their groups, on the page they wanted', async () => {
    const answer = await comeBack(await goThere());
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/fleet']);
    expect(await own()).toMatchObject({
      name: 'takahashi',
      scopes: ['employer:20000000000001', 'prime:20000000000001'],
      isFromProvider: true,
    });
    expect(bench.access.audit.page({ limit: 1, kind: 'log-in' })).toMatchObject([
      { actor: 'user:takahashi', detail: { how: 'oidc' } },
    ]);
  });

  test('has today the scopes that the provider says today, and none where it says none', async () => {
    await comeBack(await goThere());
    claims = { ...claims, groups: 'site-admins' };
    await comeBack(await goThere());
    expect(await own()).toMatchObject({ name: 'takahashi', scopes: ['admin'] });
    claims = { ...claims, groups: [] };
    const answer = await comeBack(await goThere());
    expect(answer.headers.get('location')).toBe('/console/log-in?fault=provider');
  });

  test('does not get in with an account that was closed here', async () => {
    await comeBack(await goThere());
    await bench.admin('/v1/accounts/takahashi', 'PATCH', { isDisabled: true });
    const answer = await comeBack(await goThere());
    expect(answer.headers.get('location')).toBe('/console/log-in?fault=provider');
  });

  test('does not become somebody who has that name here', async () => {
    await bench.admin('/v1/accounts', 'POST', { name: 'takahashi', scopes: ['admin'] });
    await comeBack(await goThere());
    expect((await own()).name).toMatch(/^oidc-[0-9a-f]{12}$/);
  });

  test('is sent to no page but ours', async () => {
    const answer = await comeBack(await goThere('https://evil.example/'));
    expect(answer.headers.get('location')).toBe('/console');
  });

  test.each<[string, (url: URL) => Promise<Response>]>([
    [
      'with a state that is not theirs',
      async (url) => {
        url.searchParams.set('state', 'other');
        return comeBack(url);
      },
    ],
    [
      'with a code that was made up',
      async (url) => {
        url.searchParams.set('code', 'made-up');
        return comeBack(url);
      },
    ],
    ['in another browser', async (url) => comeBack(url, openVisitor(bench.origin))],
    [
      'a second time',
      async (url) => {
        await comeBack(url);
        await visitor.change('/console/session', 'DELETE');
        return comeBack(url);
      },
    ],
    [
      'with an error of the provider',
      async (url) => {
        url.searchParams.delete('code');
        url.searchParams.set('error', 'access_denied');
        return comeBack(url);
      },
    ],
    [
      'for another client',
      async (url) => {
        claims = { ...claims, aud: 'somebody-else' };
        return comeBack(url);
      },
    ],
    [
      'from another issuer',
      async (url) => {
        claims = { ...claims, iss: 'https://evil.example' };
        return comeBack(url);
      },
    ],
    [
      'with another nonce',
      async (url) => {
        claims = { ...claims, nonce: 'other' };
        return comeBack(url);
      },
    ],
    [
      'too late',
      async (url) => {
        claims = { ...claims, exp: 1 };
        return comeBack(url);
      },
    ],
  ])('%s stays outside', async (_what, attack) => {
    const answer = await attack(await goThere());
    expect(answer.headers.get('location')).toBe('/console/log-in?fault=provider');
    expect((await own()).isLoggedIn).toBe(false);
  });
});

test('a provider that does not answer is told in words', async () => {
  await server.stop();
  const answer = await visitor.send('/console/session/provider');
  expect(answer.headers.get('location')).toBe('/console/log-in?fault=provider');
  await server.start(0, '127.0.0.1');
});

describe('a provider whose answers have no end', () => {
  /** Of 200 MB, as it comes out; `unpacked` tells what of it somebody took. */
  const providerThat = async (coding: string | undefined) => {
    const bomb = Buffer.alloc(200 * 1_048_576, ' ');
    const bytes = coding === undefined ? bomb : gzipSync(bomb);
    const answers = createServer((_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(coding === undefined ? {} : { 'content-encoding': coding }),
      });
      response.end(coding === 'gzip, gzip' ? gzipSync(bytes) : bytes);
    });
    answers.listen(0, '127.0.0.1');
    await once(answers, 'listening');
    const { port } = answers.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const config = OidcConfig.parse({ issuer, clientId: 'genba', scopesByValue: {} });
    return { answers, provider: createProvider(config, 'secret') };
  };
  test.each([[undefined], ['gzip'], ['gzip, gzip']])('packed as %s is given up', async (coding) => {
    const { answers, provider } = await providerThat(coding);
    const asked = provider.begin('https://gateway.example/back', '/console');
    await expect(asked).rejects.toMatchObject({ cause: { message: /longer than 1048576/ } });
    answers.closeAllConnections();
    answers.close();
  });
});

test.each<[string, Record<string, unknown>, object | undefined]>([
  ['nobody', { groups: ['minato'] }, undefined],
  ['an empty subject', { sub: '', groups: ['minato'] }, undefined],
  ['a subject that is a number', { sub: 5, groups: ['minato'] }, undefined],
  ['no group of ours', { sub: 'x', groups: ['others'] }, undefined],
  ['a group that is a prototype', { sub: 'x', groups: ['__proto__', 'constructor'] }, undefined],
  ['groups that are no texts', { sub: 'x', groups: [{ minato: true }, 5] }, undefined],
  [
    'two groups',
    { sub: 'x', groups: ['minato', 'site-admins'] },
    { scopes: ['admin', 'employer:20000000000001', 'prime:20000000000001'], name: undefined },
  ],
  [
    'a name that cannot be an account’s',
    { sub: 'x', groups: 'site-admins', preferred_username: '高橋 健一' },
    { scopes: ['admin'], name: undefined },
  ],
])('of %s the settings make what they say', (_what, told, person) => {
  const config = OidcConfig.parse({
    issuer: 'https://id.example',
    clientId: 'x',
    scopesByValue: GROUPS,
  });
  const found = personOf(told, config);
  if (person === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject({ externalId: 'https://id.example x', ...person });
});

test('plain HTTP to a provider is for loopback only', () => {
  const read = (issuer: string) =>
    OidcConfig.safeParse({ issuer, clientId: 'x', scopesByValue: {} }).success;
  expect([
    read('http://id.example'),
    read('https://id.example'),
    read('http://127.0.0.1:1'),
  ]).toEqual([false, true, true]);
});
