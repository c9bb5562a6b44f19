/** Tables of the registry over HTTP, as JSON and as CSV: in all or nothing, out so that they can be put back. */
import { setImmediate } from 'node:timers/promises';
import { OpenAPIHono } from '@hono/zod-openapi';
import iconv from 'iconv-lite';
import { beforeEach, describe, expect, test } from 'vitest';
import { registryRoutes } from '../../../gateway/api/registry-routes.ts';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import {
  FIRST_TIER,
  registryDocument,
  registryWith,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

let registry: Registry;
let imports: number;
let logged: string[];
let app: OpenAPIHono;

beforeEach(() => {
  registry = registryWith();
  imports = 0;
  logged = [];
  app = new OpenAPIHono();
  registryRoutes(app, {
    registry: () => registry,
    importRegistry: (next) => {
      registry = next;
      imports += 1;
    },
    log: (message, fields) => logged.push(JSON.stringify({ message, ...fields })),
  });
});

const put = async (table: string, body: string | Uint8Array<ArrayBuffer>, type = 'text/csv') =>
  app.request(`/v1/registry/${table}`, {
    method: 'PUT',
    body,
    headers: { 'content-type': type },
  });
const HEADCOUNTS = `siteId,companyId,date,workers\n${SITE_ID},${FIRST_TIER},2026-11-20,3\n`;

describe('a CSV file', () => {
  test('replaces its table, and the answer counts what changed', async () => {
    const response = await put('headcounts', HEADCOUNTS);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      rows: { headcounts: 1, workers: 1 },
      changes: { headcounts: { added: 1, removed: 0, changed: 0 } },
    });
    expect(registry.headcounts).toEqual([
      { siteId: SITE_ID, companyId: FIRST_TIER, date: '2026-11-20', workers: 3 },
    ]);
    expect(logged.join()).not.toContain(SITE_ID);
  });

  test.each<[string, string]>([
    ['text/csv; charset=Shift_JIS', 'cp932'],
    ['text/csv;charset="windows-31j"', 'cp932'],
    ['text/csv; charset=UTF-8', 'utf8'],
    ['text/csv', 'cp932'],
    ['TEXT/CSV', 'utf8'],
  ])('of %s is read as it is encoded', async (type, encoding) => {
    const text = `技能者ID,氏名,フリガナ,生年月日,CCUS登録\n${WORKER_ID},髙﨑 一郎,タカサキ,1980/4/1,TRUE`;
    const response = await put('workers', new Uint8Array(iconv.encode(text, encoding)), type);
    expect(response.status).toBe(200);
    expect(registry.workers).toMatchObject([{ name: '髙﨑 一郎', birthDate: '1980-04-01' }]);
  });

  test.each<[string, string, string, string, readonly string[]]>([
    [
      'whose rows are wrong',
      'headcounts',
      `${HEADCOUNTS}x,${FIRST_TIER},2026-11-31,-1`,
      'text/csv',
      ['line 3, column siteId', 'line 3, column date', 'line 3, column workers'],
    ],
    [
      'that contradicts the other tables',
      'headcounts',
      HEADCOUNTS.replace(SITE_ID, '39999999999999'),
      'text/csv',
      ['line 2, column siteId'],
    ],
    [
      'that other tables need otherwise',
      'workers',
      'workerId,name,kana,birthDate,ccusRegistered\n',
      'text/csv',
      ['/cards/0/workerId', '/employments/0/workerId', '/assignments/0/workerId'],
    ],
    [
      'that contradicts itself',
      'headcounts',
      `${HEADCOUNTS}\n${HEADCOUNTS.split('\n')[1]}`,
      'text/csv',
      ['line 4'],
    ],
    [
      'of an unknown charset',
      'headcounts',
      HEADCOUNTS,
      'text/csv; charset=ebcdic',
      ['content-type'],
    ],
  ])('%s is refused whole', async (_what, table, text, type, places) => {
    const before = registry;
    const response = await put(table, text, type);
    expect(response.status).toBe(422);
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
    expect(registry).toBe(before);
  });

  test('is for one table; the whole registry is JSON', async () => {
    const response = await app.request('/v1/registry', {
      method: 'PUT',
      body: HEADCOUNTS,
      headers: { 'content-type': 'text/csv' },
    });
    expect(response.status).toBe(415);
    expect((await put('nonsense', HEADCOUNTS)).status).toBe(404);
  });

  test('that comes while another one is read takes nothing from it', async () => {
    const leave = `workerId,companyId,date,kind\n${WORKER_ID},${FIRST_TIER},2026-11-20,paid-leave`;
    const responses = await Promise.all([
      put('headcounts', HEADCOUNTS),
      put('leave', leave),
      put('consents', '[]', 'application/json'),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(imports).toBe(3);
    expect(registry).toMatchObject({
      headcounts: [{ workers: 3 }],
      leave: [{ kind: 'paid-leave' }],
    });
  });
});

describe('a CSV file of a million lines', () => {
  const lineOf = (number: number): string => {
    const date = new Date(Date.UTC(2020, 0, 1 + (number % 2_000))).toISOString().slice(0, 10);
    return `${SITE_ID},${21_000_000_000_000 + Math.floor(number / 2_000)},${date},3\n`;
  };
  const companies = Array.from({ length: 500 }, (_, number) => ({
    ...registryDocument.companies[2],
    companyId: String(21_000_000_000_000 + number),
  }));

  test('is refused whole for two bad cells and an unknown company, all told; others are answered meanwhile', async () => {
    const before = registryWith({ companies: [...registryDocument.companies, ...companies] });
    registry = before;
    const lines = Array.from({ length: 1_000_000 }, (_, number) => lineOf(number));
    lines[5] = lines[5]?.replace(',3', ',three') ?? '';
    lines[500_000] = lines[500_000]?.replace(/,21/, ',22') ?? '';
    lines[999_999] = lines[999_999]?.replace(/-\d\d,3/, '-32,3') ?? '';
    const body = Buffer.from(`siteId,companyId,date,workers\n${lines.join('')}`);

    let isAnswered = false;
    const refusal = put('headcounts', new Uint8Array(body)).finally(() => {
      isAnswered = true;
    });
    let others = 0;
    while (!isAnswered) {
      expect((await app.request('/v1/registry/leave')).status).toBe(200);
      others += 1;
      await setImmediate();
    }
    const response = await refusal;
    expect(response.status).toBe(422);
    expect((await response.json()).faults.map(({ place }: { place: string }) => place)).toEqual([
      'line 7, column workers',
      'line 500002, column companyId',
      'line 1000001, column date',
    ]);
    expect(others).toBeGreaterThan(100);
    expect([registry, imports]).toEqual([before, 0]);
  }, 300_000);
});

describe('a table', () => {
  const get = (path: string) => app.request(`/v1/registry${path}`);

  test.each(Object.keys(registryDocument))(
    '%s goes out as CSV and is put back as it was',
    async (table) => {
      for (const query of ['', '&encoding=cp932', '&header=ja', '&encoding=cp932&header=ja']) {
        const response = await get(`/${table}?format=csv${query}`);
        const type = response.headers.get('content-type') ?? '';
        const bytes = new Uint8Array(await response.arrayBuffer());
        const { changes } = await (await put(table, bytes, type)).json();
        expect(changes).toEqual({});
      }
    },
  );

  test('and the whole go out as JSON and are put back as they were', async () => {
    const whole = await (await get('')).json();
    expect(whole).toEqual(registry);
    expect(await (await get('/workers')).json()).toEqual({ workers: registry.workers });
    expect(await (await get('/leave')).json()).toEqual({ leave: [] });
    const back = await app.request('/v1/registry', { method: 'PUT', body: JSON.stringify(whole) });
    expect((await back.json()).changes).toEqual({});
  });

  test('with a name that CP932 cannot write is refused, and the line told', async () => {
    const [worker] = registry.workers;
    registry = registryWith({
      workers: [worker, { ...worker, workerId: '10000000000002', name: '𠮷田 Nguyễn' }],
    });
    const response = await get('/workers?format=csv&encoding=cp932');
    expect(response.status).toBe(422);
    expect((await response.json()).faults).toEqual([
      { place: 'line 3', message: 'CP932 has no 𠮷 (U+20BB7)' },
      { place: 'line 3', message: 'CP932 has no ễ (U+1EC5)' },
    ]);
    expect((await get('/workers?format=csv')).status).toBe(200);
  });

  test.each([
    ['/nonsense', 404],
    ['/workers?format=xlsx', 400],
    ['/workers?format=csv&encoding=latin1', 400],
  ])('%s is refused', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });
});
