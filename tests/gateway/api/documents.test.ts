/** Documents over the API: request in, response out, on a real ledger. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../gateway/api/server.ts';
import { DOCUMENTS } from '../../../gateway/documents/catalogue.ts';
import { indexRegistry } from '../../../gateway/registry.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { startOfDate } from '../../../shared/time.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import { storeDays } from '../../fixtures/store-days.ts';
import {
  AS_OF,
  DEMO_PRIME,
  DEMO_REBAR,
  DEMO_SITE,
  MONTH,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const TOKEN = 'read-me';
const ADMIN = 'rule-me';
const query = `siteId=${DEMO_SITE}&companyId=${DEMO_REBAR}&month=${MONTH}`;

let get: (path: string, token?: string) => Promise<Response>;
let issue: (scope: string) => Promise<string>;
let close: () => void;

beforeEach(() => {
  const { registry, days } = workedMonth();
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  const nobody = { contacts: () => [], contactsToStore: () => [] };
  storeDays(ledger, days);
  const index = indexRegistry(registry);
  const api = createApi({
    ledger: { ...ledger, attendance: ledger.attendance },
    registry: () => registry,
    registryIndex: () => index,
    importRegistry: () => undefined,
    ...nobody,
    ...watchFleet({
      db,
      ledger,
      gateway: nobody,
      clock: createFakeClock(`${AS_OF}T00:00:00+09:00`),
    }),
    access: openAccess(db, createFakeClock(`${AS_OF}T00:00:00+09:00`), {
      read: [TOKEN],
      admin: [ADMIN],
    }),
    version: '1.2.3',
    nextCommit: async () => undefined,
    nextDerived: async () => undefined,
    now: () => startOfDate(AS_OF),
    log: () => undefined,
  });
  issue = async (scope) => {
    const response = await api.request('/v1/tokens', {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: scope.replace(':', '-'), scopes: [scope] }),
    });
    return (await response.json()).token;
  };
  get = async (path, token = TOKEN) =>
    api.request(path, { headers: { authorization: `Bearer ${token}` } });
  close = ledger.close;
});
afterEach(() => close());

describe('documents', () => {
  test('are listed with what each must be told', async () => {
    const { documents } = await (await get('/v1/documents')).json();
    expect(documents).toHaveLength(DOCUMENTS.length);
    expect(documents[0]).toEqual({
      name: 'employment-report-monthly',
      titleJa: '就労状況報告書（月別）',
      parameters: [
        { name: 'siteId', required: true },
        { name: 'companyId', required: true },
        { name: 'month', required: true },
      ],
    });
  });

  test('come as a page that may do nothing', async () => {
    const response = await get(`/v1/documents/employment-report-monthly?${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(response.headers.get('content-security-policy')).toMatch("default-src 'none'");
    expect(await response.text()).toContain('北浜鉄筋工業株式会社');
  });

  test('come as CSV for new programs and for old ones', async () => {
    const address = `/v1/documents/employment-report-daily?${query}&format=csv`;
    const utf8 = Buffer.from(await (await get(address)).arrayBuffer());
    expect([...utf8.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const response = await get(`${address}&encoding=cp932`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=Shift_JIS');
    const old = iconv.decode(Buffer.from(await response.arrayBuffer()), 'cp932');
    expect(`\uFEFF${old}`).toBe(utf8.toString());
  });

  test('come as a workbook with a name to keep it by', async () => {
    const response = await get(`/v1/documents/employment-report-daily?${query}&format=xlsx`);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="employment-report-daily-${AS_OF}.xlsx"`,
    );
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  test.each([
    ['/v1/documents/nothing', 404, ['nothing'], 'no such document'],
    [
      '/v1/documents/employment-report-daily?format=pdf&month=2026-11',
      400,
      ['/format', '/siteId', '/companyId'],
      'every fault at once',
    ],
    [
      `/v1/documents/employment-report-daily?${query.replace(DEMO_SITE, '39999999999999')}`,
      400,
      ['/siteId'],
      'a site that the registry does not have',
    ],
  ])('%s is refused with %i at %o (%s)', async (path, status, places, _because) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
  });

  test('of a worker are for the worker and the employer, in the worker’s language', async () => {
    const address = (workerId: string) =>
      `/v1/documents/worker-statement?workerId=${workerId}&from=${MONTH}&to=${MONTH}`;
    const [own, mate] = ['10260000000009', '10260000000005'] as const;
    const worker = await issue(`worker:${own}`);
    const page = await get(address(own), worker);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html lang="vi">');
    expect((await get(address(mate), worker)).status).toBe(403);
    expect((await get(address(own), await issue(`employer:${DEMO_REBAR}`))).status).toBe(200);
    expect((await get(address(own), await issue(`prime:${DEMO_PRIME}`))).status).toBe(403);
  });

  test('need a token', async () => {
    expect((await get(`/v1/documents/employment-report-daily?${query}`, 'wrong')).status).toBe(401);
  });
});
