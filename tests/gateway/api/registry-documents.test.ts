/** What passes for a registry document: UTF-8, and at least one table; what is none of ours is named. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryDocument, SITE_ID } from '../../fixtures/registry.ts';
import { openTouchedSite, type TouchedSite } from '../../fixtures/touched-site.ts';

let site: TouchedSite;
beforeEach(() => {
  site = openTouchedSite({
    document: registryDocument,
    siteId: SITE_ID,
    now: '2026-11-25T12:00:00+09:00',
    happenings: [],
  });
});
afterEach(() => site.close());

const headers = { authorization: 'Bearer administer' };
const put = (path: string, body: string | Buffer) =>
  site.api.request(path, { method: 'PUT', headers, body: new Uint8Array(Buffer.from(body)) });

test.each([
  ['/v1/registry', registryDocument],
  ['/v1/registry/workers', registryDocument.workers],
])(
  '%s in another encoding is refused by the place of its first byte that is none',
  async (path, json) => {
    const refused = await put(path, iconv.encode(JSON.stringify(json), 'cp932'));
    expect(refused.status).toBe(422);
    const { faults } = await refused.json();
    expect(faults[0]).toEqual({
      place: expect.stringMatching(/^line 1, character \d+$/),
      message: 'is no character of UTF-8',
    });
    const stands = await site.api.request('/v1/registry/workers', { headers });
    expect((await stands.json()).workers).toEqual(registryDocument.workers);
  },
);

test('a document with no table of ours is another document', async () => {
  const refused = await put('/v1/registry', JSON.stringify({ worker: [] }));
  expect(refused.status).toBe(422);
  expect((await refused.json()).faults).toMatchObject([
    { message: expect.stringContaining('is no registry document') },
  ]);
});

test('with a table that there is not yet it is taken, and the table named', async () => {
  const taken = await put('/v1/registry', JSON.stringify({ ...registryDocument, tomorrow: [] }));
  expect(taken.status).toBe(200);
  expect((await taken.json()).unknown).toEqual(['tomorrow']);
});
