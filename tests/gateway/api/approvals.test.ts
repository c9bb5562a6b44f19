/** 1日を超える日数の承認 over the API: the 元請 of the site says how many days a long shift counts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DocumentDesk, openDocumentDesk } from '../../fixtures/document-desk.ts';
import { DEMO_PRIME, DEMO_REBAR, DEMO_SITE } from '../../fixtures/worked-month.ts';

/** 佐藤 健太 works 16 hours once in the month. */
const SATO = '10260000000006';

let desk: DocumentDesk;
let workDate: string;
beforeEach(async () => {
  desk = openDocumentDesk();
  const [row] = await waiting();
  workDate = row.workDate;
});
afterEach(() => desk.close());

const waiting = async (token?: string) =>
  (await (await desk.get('/v1/approvals?month=2026-11', token)).json()).approvals;
const contribution = async () => {
  const { rows, unresolved } = await (await desk.get('/v1/contributions?month=2026-11')).json();
  return {
    ...rows.find(
      (row: { workerId: string; workDate: string }) =>
        row.workerId === SATO && row.workDate === workDate,
    ),
    isWaiting: unresolved.some(({ reason }: { reason: string }) => reason === 'awaiting-approval'),
  };
};

describe('the approval of more than one day', () => {
  test('is asked for by each such shift, and given by the 元請 of its site', async () => {
    expect(await waiting()).toEqual([
      expect.objectContaining({
        workerId: SATO,
        companyId: DEMO_REBAR,
        siteId: DEMO_SITE,
        candidateDays: 2,
        days: 1,
        mayDecide: false,
      }),
    ]);
    expect(await contribution()).toMatchObject({ days: 1, yen: 320, isWaiting: true });

    const prime = await desk.issue(`prime:${DEMO_PRIME}`);
    expect(await waiting(prime)).toMatchObject([{ workerId: SATO, mayDecide: true }]);
    const body = { workerId: SATO, workDate, days: 2 };
    expect((await desk.put('/v1/approvals', body, prime)).status).toBe(200);
    expect(await contribution()).toMatchObject({ days: 2, yen: 640, isWaiting: false });
    const [row] = await waiting(prime);
    expect(row).toMatchObject({ approvedDays: 2, approvedBy: expect.stringContaining('token:') });
  });

  test('may say one day, and what was said last holds', async () => {
    await desk.put('/v1/approvals', { workerId: SATO, workDate, days: 1 });
    expect(await contribution()).toMatchObject({ days: 1, isWaiting: false });
  });

  test.each([
    [`employer:${DEMO_REBAR}`, 403, 'the employer, who would approve its own'],
    ['prime:29999999999999', 422, 'another 元請, who is told nothing of the shift'],
    [`orderer-site:${DEMO_SITE}`, 403, 'the orderer'],
    [`worker:${SATO}`, 403, 'the worker'],
  ])('is not for %s: %i (%s)', async (scope, status) => {
    const response = await desk.put(
      '/v1/approvals',
      { workerId: SATO, workDate, days: 2 },
      await desk.issue(scope),
    );
    expect(response.status).toBe(status);
    expect(await contribution()).toMatchObject({ days: 1, isWaiting: true });
  });

  test.each<[object, number, readonly string[], string]>([
    [{ workDate: '2026-11-09' }, 422, ['/workDate'], 'a day of ordinary hours'],
    [{ workDate: '2026-11-29' }, 422, ['/workDate'], 'a day without work'],
    [{ days: 3 }, 422, ['/days'], 'more than the shift earns'],
    [{ days: 0 }, 400, ['/days'], 'none at all'],
    [{ workDate: '2026-11-31', days: 9 }, 400, ['/workDate', '/days'], 'no such day'],
  ])('%j is refused with %i at %j: %s', async (fields, status, places) => {
    const body = { workerId: SATO, workDate, days: 2, ...fields };
    const response = await desk.put('/v1/approvals', body);
    expect(response.status).toBe(status);
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
    expect((await (await desk.get('/v1/registry/approvals')).json()).approvals).toEqual([]);
  });
});

test('two words at the same moment: the later one holds', async () => {
  await desk.put('/v1/approvals', { workerId: SATO, workDate, days: 2 });
  const response = await desk.put('/v1/approvals', { workerId: SATO, workDate, days: 1 });
  expect(response.status).toBe(200);
  expect(await contribution()).toMatchObject({ days: 1 });
});
