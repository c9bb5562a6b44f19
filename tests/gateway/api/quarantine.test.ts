/** `GET /v1/quarantine`: the very bytes that could not be taken, for administrators and nobody else. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { topicOf } from '../../../shared/topics.ts';
import { ADMIN_TOKEN, type ApiBench, openApiBench, READ_TOKEN } from '../../fixtures/api-bench.ts';
import { TERMINAL } from '../../fixtures/identities.ts';

let bench: ApiBench;
beforeEach(async () => {
  bench = await openApiBench();
});
afterEach(() => bench.close());

const BYTES = Buffer.from([0x7b, 0x00, 0xff, 0x22]);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const get = (path: string, token = ADMIN_TOKEN) =>
  fetch(`${bench.origin}/v1/quarantine${path}`, { headers: { authorization: `Bearer ${token}` } });

test('lists what came, how often and why, and gives it back byte for byte', async () => {
  const topic = topicOf(TERMINAL, 'journal');
  bench.gateway.onMessage(topic, BYTES);
  bench.clock.advance(60_000);
  bench.gateway.onMessage(topic, BYTES);
  expect(await (await get('')).json()).toEqual({
    quarantined: [
      {
        sha256: SHA256,
        topic,
        reason: expect.stringMatching(/^unreadable: /),
        byteCount: 4,
        firstAt: '2026-11-24T08:00:00+09:00',
        lastAt: '2026-11-24T08:01:00+09:00',
        times: 2,
      },
    ],
  });
  const response = await get(`/${SHA256}`);
  expect(response.headers.get('content-disposition')).toContain('attachment');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
});

test.each([
  ['', READ_TOKEN, 403, 'it may hold anything that anybody sent'],
  [`/${SHA256}`, READ_TOKEN, 403, 'its bytes too'],
  [`/${SHA256}`, ADMIN_TOKEN, 404, 'it is not there'],
  ['/1', ADMIN_TOKEN, 400, 'that is no SHA-256'],
])('%s of %s is answered with %i: %s', async (path, token, status) => {
  expect((await get(path, token)).status).toBe(status);
});
