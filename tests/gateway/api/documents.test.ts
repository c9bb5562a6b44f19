/** Documents over the API: request in, response out, on a real ledger. */
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DOCUMENTS } from '../../../gateway/documents/catalogue.ts';
import { type DocumentDesk, openDocumentDesk } from '../../fixtures/document-desk.ts';
import { AS_OF, DEMO_PRIME, DEMO_REBAR, DEMO_SITE, MONTH } from '../../fixtures/worked-month.ts';

const query = `siteId=${DEMO_SITE}&companyId=${DEMO_REBAR}&month=${MONTH}`;

let desk: DocumentDesk;
beforeEach(() => {
  desk = openDocumentDesk();
});
afterEach(() => desk.close());

const get = (path: string, token?: string) => desk.get(path, token);

describe('documents', () => {
  test('are listed with what each must be told', async () => {
    const { documents } = await (await get('/v1/documents')).json();
    expect(documents).toHaveLength(DOCUMENTS.length);
    expect(documents[0]).toEqual({
      name: 'employment-report-monthly',
      titleJa: '就労状況報告書（月別）',
      parameters: [
        { name: 'siteId', required: true, takes: 'text' },
        { name: 'companyId', required: true, takes: 'text' },
        { name: 'month', required: true, takes: 'month' },
      ],
    });
  });

  test('are listed with the choices there are', async () => {
    const { documents } = await (await get('/v1/documents')).json();
    const roster = documents.find(({ name }: { name: string }) => name === 'worker-roster');
    expect(roster.parameters).toContainEqual({
      name: 'copy',
      required: false,
      takes: 'text',
      choices: ['prime', 'orderer'],
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
    const worker = await desk.issue(`worker:${own}`);
    const page = await get(address(own), worker);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html lang="vi">');
    expect((await get(address(mate), worker)).status).toBe(403);
    expect((await get(address(own), await desk.issue(`employer:${DEMO_REBAR}`))).status).toBe(200);
    expect((await get(address(own), await desk.issue(`prime:${DEMO_PRIME}`))).status).toBe(403);
  });

  test('need a token', async () => {
    expect((await get(`/v1/documents/employment-report-daily?${query}`, 'wrong')).status).toBe(401);
  });
});
