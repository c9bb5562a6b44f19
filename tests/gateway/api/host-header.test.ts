/** A Host header that is none is the client's fault and told so, whatever route it asks for. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ADMIN_TOKEN, type ApiBench, openApiBench } from '../../fixtures/api-bench.ts';

let bench: ApiBench;
beforeEach(async () => {
  bench = await openApiBench();
});
afterEach(() => bench.close());

test.each([
  ['GET', '/healthz'],
  ['GET', '/v1/taps'],
  ['PUT', '/v1/registry'],
])('%s %s with a Host that is none is refused as a problem document', async (method, path) => {
  const headers = { host: '127.0.1e999.1', authorization: `Bearer ${ADMIN_TOKEN}` };
  const sent = request(new URL(path, bench.origin), { method, headers });
  sent.end(method === 'PUT' ? '{}' : undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect(response.statusCode).toBe(400);
  expect(response.headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(Buffer.concat(chunks).toString()).faults).toEqual([
    { place: 'host', message: 'is no host name' },
  ]);
});
