/** 突き合わせ over the API: a file in, differences out, within the asker's scope. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reconciliationRoutes } from '../../../gateway/api/reconciliation-routes.ts';
import { createReconciliationDesk } from '../../../gateway/reconciliation/reconciliation-desk.ts';
import { openSqliteReconciliations } from '../../../gateway/store/sqlite-reconciliations.ts';
import {
  type CorrectionWorld,
  callAs,
  openCorrections,
  type Who,
} from '../../fixtures/correction-world.ts';
import { NEIGHBOUR, SITE, WORKER } from '../../fixtures/viewing-cast.ts';

let world: CorrectionWorld;
beforeEach(() => {
  world = openCorrections();
  const { db, ledger, gateway, clock } = world;
  reconciliationRoutes(
    world.api,
    createReconciliationDesk({
      store: openSqliteReconciliations(db),
      ledger,
      registryIndex: gateway.registryIndex,
      now: () => clock.read().wallMs,
    }),
  );
});
afterEach(() => world.ledger.close());

const MAPPING = {
  source: 'ccus',
  month: '2026-11',
  columns: { siteId: 'siteId', workerId: 'workerId', workDate: 'workDate', way: 'way' },
  ways: { 直接入力: 'direct-input' },
};
const CSV = `siteId,workerId,workDate,way\r\n${SITE},${WORKER},2026-11-02,直接入力\r\n${SITE},${NEIGHBOUR},2026-11-03,\r\n`;
const post = async (who: Who, csv: string, mapping: object | string = MAPPING) => {
  const form = new FormData();
  form.set('mapping', typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  form.set('file', new File([csv], 'export.csv'));
  const response = await world.api.request('/v1/reconciliations', {
    method: 'POST',
    headers: { authorization: `Bearer ${who}` },
    body: form,
  });
  return { status: response.status, body: await response.json() };
};
const get = (who: Who, query = 'month=2026-11') =>
  callAs(world, who, 'GET', `/v1/reconciliations?${query}`);

describe('a file', () => {
  test('is kept with its hash, and compared', async () => {
    const { status, body } = await post('admin', CSV);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      source: 'ccus',
      rows: 2,
      sites: [SITE],
      sha256: createHash('sha256').update(CSV).digest('hex'),
      importedBy: 'token:admin-0',
    });
    const { body: found } = await get('admin');
    expect(found.differences).toMatchObject([
      { workerId: WORKER, workDate: '2026-11-02', causes: ['direct-input-without-touch'] },
      { workerId: NEIGHBOUR, workDate: '2026-11-03', causes: ['extra-at-ccus'] },
    ]);
    expect(found.files).toHaveLength(1);
    expect(() => world.db.exec("update reconciliation_file set sha256 = ''")).toThrow(
      /append-only/,
    );
  });
  test('that comes later for the same site takes the earlier one’s place', async () => {
    await post('admin', CSV);
    await post('admin', 'siteId,workerId,workDate,way\r\n', {
      ...MAPPING,
      columns: { ...MAPPING.columns, siteId: undefined },
      siteId: SITE,
    });
    expect((await get('admin')).body.differences).toEqual([]);
  });
  test('with a fault is not stored', async () => {
    const { status, body } = await post('admin', CSV.replace('2026-11-02', '2026-12-02'));
    expect([status, body.faults[0].place]).toEqual([422, 'line 2, column workDate']);
    expect((await post('admin', CSV, '{')).status).toBe(422);
    expect((await post('admin', CSV, {})).status).toBe(422);
    expect((await get('admin')).body.files).toEqual([]);
  });
  test('is for administrators to import', async () => {
    expect((await post('prime', CSV)).status).toBe(403);
  });
  test('comes as a form', async () => {
    expect((await callAs(world, 'admin', 'POST', '/v1/reconciliations', {})).status).toBe(400);
  });
});

test('each sees the differences of its own, and no list of files', async () => {
  await post('admin', CSV);
  const seen = async (who: Who) => {
    const { body } = await get(who);
    expect(body.files).toEqual([]);
    return body.differences.map(({ workerId }: { workerId: string }) => workerId);
  };
  expect(await seen('prime')).toEqual([WORKER, NEIGHBOUR]);
  expect(await seen('employer')).toEqual([WORKER]);
  expect(await seen('former')).toEqual([NEIGHBOUR]);
  expect(await seen('stranger')).toEqual([]);
});

test('as CSV in Japanese', async () => {
  await post('admin', CSV);
  const response = await world.api.request('/v1/reconciliations?month=2026-11&format=csv', {
    headers: { authorization: 'Bearer admin' },
  });
  const text = await response.text();
  expect(text).toContain('"現場ID","現場","技能者ID","氏名"');
  expect(text).toContain('"原因の見込み"');
  expect(text).toContain(`"'${WORKER}"`);
  expect(text).toContain('"タッチのない直接入力"');
  const { sites, workers } = world.gateway.registry();
  for (const { name } of [...sites, ...workers].filter(
    (row) =>
      ('primeId' in row && row.siteId === SITE) || ('kana' in row && row.workerId === WORKER),
  ))
    expect(text).toContain(`"${name}"`);
});
