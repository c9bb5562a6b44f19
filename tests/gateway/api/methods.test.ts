/** Every path that is described answers to its methods alone: OPTIONS names them, HEAD is where GET is, others are told. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, type ApiBench, openApiBench, READ_TOKEN } from '../../fixtures/api-bench.ts';

const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];

let bench: ApiBench;
let paths: readonly (readonly [path: string, methods: readonly string[]])[];
beforeAll(async () => {
  bench = await openApiBench();
  const described = await (await fetch(`${bench.origin}/openapi.json`)).json();
  const patterns = Object.entries<object>(described.paths).map(([path, operations]) => ({
    path: path.replaceAll(/\{\w+\}/g, '1'),
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    methods: Object.keys(operations).map((method) => method.toUpperCase()),
  }));
  // What one describes by its name is read by another with a place for any name: `bounces` may be a mail's, too.
  paths = patterns.map(({ path }) => [
    path,
    patterns.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : [])),
  ]);
});
afterAll(() => bench.close());

const ask = (path: string, method: string, token = ADMIN_TOKEN): Promise<Response> =>
  fetch(`${bench.origin}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
const allowOf = (methods: readonly string[]): string =>
  [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])]
    .toSorted()
    .join(', ');

test('each path of the description has the methods that it says, and no other', async () => {
  expect(paths.length).toBeGreaterThan(100);
  for (const [path, methods] of paths) {
    for (const method of METHODS.filter((each) => !methods.includes(each))) {
      const answer = await ask(path, method);
      expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([
        method,
        path,
        405,
        allowOf(methods),
      ]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toEqual({ title: 'There is no such method here', status: 405 });
    }
    const options = await ask(path, 'OPTIONS');
    expect([path, options.status, options.headers.get('allow'), await options.text()]).toEqual([
      path,
      204,
      allowOf(methods),
      '',
    ]);
  }
}, 60_000);

describe('HEAD', () => {
  test('is answered as GET is, without its body', async () => {
    for (const [path] of paths.filter(([, methods]) => methods.includes('GET'))) {
      const [get, head] = [await ask(path, 'GET'), await ask(path, 'HEAD')];
      expect([path, head.status, head.headers.get('content-type')]).toEqual([
        path,
        get.status,
        get.headers.get('content-type'),
      ]);
      expect(await head.text()).toBe('');
      await get.text();
    }
  }, 60_000);

  test('is no method of a path that can only be changed', async () => {
    const answer = await ask('/v1/amendments/1/x', 'HEAD');
    expect(answer.status).toBe(404);
    const [path = ''] = paths.find(([, methods]) => !methods.includes('GET')) ?? [];
    const head = await ask(path, 'HEAD');
    expect([head.status, head.headers.get('allow')?.includes('HEAD')]).toEqual([405, false]);
  });
});

describe('whoever asks', () => {
  test('with a token that may only read is told the same, and a stranger that he is one', async () => {
    expect((await ask('/v1/taps', 'DELETE', READ_TOKEN)).status).toBe(405);
    expect((await ask('/v1/taps', 'OPTIONS', READ_TOKEN)).status).toBe(204);
    for (const method of ['DELETE', 'OPTIONS'])
      expect((await ask('/v1/taps', method, 'nobody')).status).toBe(401);
  });

  test('for a path that there is not finds nothing, by any method', async () => {
    for (const method of [...METHODS, 'HEAD', 'OPTIONS'])
      expect([method, (await ask('/v1/nothing', method)).status]).toEqual([method, 404]);
  });

  test.each([
    ['/healthz', 'GET, HEAD, OPTIONS'],
    ['/console/fleet', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('outside of /v1, too: %s', async (path, allow) => {
    const answer = await fetch(`${bench.origin}${path}`, { method: 'PATCH' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });

  test('by a method that no path has is told those that there are', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<(string | number | undefined)[]>();
    request(`${bench.origin}/healthz`, { method: 'PROPFIND' }, (answer) => {
      answer.resume();
      resolve([answer.statusCode, answer.headers.allow]);
    })
      .on('error', reject)
      .end();
    expect(await promise).toEqual([405, 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
  });
});
