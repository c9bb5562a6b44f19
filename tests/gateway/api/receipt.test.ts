/** 掛金収納書の記録 over the API: the 元請 of the contract writes it, and it stands on the next sheet. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DocumentDesk, openDocumentDesk } from '../../fixtures/document-desk.ts';
import { DEMO_CONTRACT, DEMO_PRIME, DEMO_REBAR, DEMO_SITE } from '../../fixtures/worked-month.ts';

const address = `/v1/contracts/${encodeURIComponent(DEMO_CONTRACT)}/receipt`;
const reason = { lateReason: '口座振替の手続に時間を要した' };

let desk: DocumentDesk;
beforeEach(() => {
  desk = openDocumentDesk();
});
afterEach(() => desk.close());

const sheet = async () =>
  (await desk.get(`/v1/documents/purchase-receipt?contractId=${DEMO_CONTRACT}`)).text();

describe('the note of a receipt', () => {
  test('is written by the 元請 of the site, and printed from then on', async () => {
    expect(await sheet()).not.toContain(reason.lateReason);
    const prime = await desk.issue(`prime:${DEMO_PRIME}`);
    const response = await desk.put(address, { ...reason, submittedOn: '2026-12-01' }, prime);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      contractId: DEMO_CONTRACT,
      submittedOn: '2026-12-01',
      ...reason,
    });
    expect(await sheet()).toContain(reason.lateReason);
    expect(await sheet()).toContain('2026-12-01');
  });

  test('leaves as it was what it does not say, and every other contract', async () => {
    await desk.put(address, reason);
    await desk.put(address, { shortReason: '前の工事の残りを使用' });
    const { contracts } = await (await desk.get('/v1/registry/contracts')).json();
    expect(contracts).toHaveLength(1);
    expect(contracts[0]).toMatchObject({
      contractId: DEMO_CONTRACT,
      receiptLateReason: reason.lateReason,
      purchaseShortReason: '前の工事の残りを使用',
      method: 'points',
    });
  });

  test.each([
    [`employer:${DEMO_REBAR}`, 'a subcontractor'],
    ['prime:29999999999999', 'another 元請'],
    [`orderer-contract:${DEMO_CONTRACT}`, 'the orderer'],
    [`orderer-site:${DEMO_SITE}`, 'the orderer of the site'],
  ])('is not for %s (%s)', async (scope) => {
    const response = await desk.put(address, reason, await desk.issue(scope));
    expect(response.status).toBe(403);
    expect(await sheet()).not.toContain(reason.lateReason);
  });

  test.each<[object, number, readonly string[], string]>([
    [{}, 400, [''], 'nothing said'],
    [{ lateReason: ' ' }, 400, ['/lateReason'], 'an empty reason'],
    [{ lateReason: 'あ'.repeat(201) }, 400, ['/lateReason'], 'too long'],
    [
      { submittedOn: '2026-13-01', reason: 'x' },
      400,
      ['/submittedOn', ''],
      'no such day, no such field',
    ],
    [{ submittedOn: '2026-12-06' }, 422, ['/submittedOn'], 'tomorrow'],
    [{ submittedOn: '2026-08-02' }, 422, ['/submittedOn'], 'the day before the contract'],
    [{ lateReason: 'x'.repeat(9_000) }, 413, [''], 'more than a body may have'],
  ])('%j is refused with %i at %j (%s)', async (body, status, places) => {
    const response = await desk.put(address, body);
    expect(response.status).toBe(status);
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
    expect(await sheet()).not.toContain('xxx');
  });

  test('of no contract is not found by who may write, and closed to the rest', async () => {
    expect((await desk.put('/v1/contracts/none/receipt', reason)).status).toBe(404);
    const prime = await desk.issue(`prime:${DEMO_PRIME}`);
    expect((await desk.put('/v1/contracts/none/receipt', reason, prime)).status).toBe(403);
  });
});
