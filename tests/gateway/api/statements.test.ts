/** Closing a month over the API, and who sees what of it: request in, response out, on a real ledger. */
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../gateway/api/server.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
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

const MONTH_OF_SITE = { siteId: DEMO_SITE, month: MONTH };

let ask: (method: string, path: string, body?: object, token?: string) => Promise<Response>;
let lateDay: () => void;
let close: () => void;

beforeEach(() => {
  const { registry, days } = workedMonth();
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  const clock = createFakeClock(`${AS_OF}T02:00:00+09:00`);
  const index = indexRegistry(registry);
  const gateway = {
    contacts: () => [],
    contactsToStore: () => [],
    registry: () => registry,
    registryIndex: () => index,
    derive: () => 0,
  };
  storeDays(ledger, days.slice(1));
  lateDay = () => storeDays(ledger, days.slice(0, 1));
  const api = createApi({
    ledger,
    ...gateway,
    importRegistry: () => undefined,
    ...watchFleet({ db, ledger, gateway, clock }),
    access: openAccess(db, clock, { read: ['read-me'], admin: ['administer'] }),
    version: '1.2.3',
    nextCommit: async () => 'late',
    nextDerived: async () => 'late',
    now: () => clock.read().wallMs,
    log: () => undefined,
  });
  ask = async (method, path, body, token = 'administer') =>
    api.request(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  close = ledger.close;
});
afterEach(() => close());

const json = async (method: string, path: string, body?: object, token?: string) =>
  (await ask(method, path, body, token)).json();
const tokenOf = async (name: string, scope: string): Promise<string> =>
  (await json('POST', '/v1/tokens', { name, scopes: [scope] })).token;
const closeMonth = async (): Promise<number> =>
  (await json('POST', '/v1/statements', MONTH_OF_SITE)).statement.statementId;
const companies = (rows: readonly { readonly companyId?: string }[]) =>
  new Set(rows.map(({ companyId }) => companyId));

describe('a month', () => {
  test('is closed by a person, and its content has the hash that the statement names', async () => {
    const made = await ask('POST', '/v1/statements', MONTH_OF_SITE);
    expect(made.status).toBe(201);
    const { statement } = await made.json();
    expect(statement).toMatchObject({ ...MONTH_OF_SITE, issuedBy: 'token:admin-0' });
    const content = await (
      await ask('GET', `/v1/statements/${statement.statementId}/content`)
    ).text();
    expect(hash('sha256', content)).toBe(statement.sha256);
    const { rows } = await json('GET', `/v1/statements/${statement.statementId}`);
    expect(rows).toEqual(JSON.parse(content));
    const { statements } = await json('GET', `/v1/statements?siteId=${DEMO_SITE}&month=${MONTH}`);
    expect(
      statements.find((row: { companyId: string }) => row.companyId === DEMO_REBAR),
    ).toMatchObject({
      ...MONTH_OF_SITE,
      amendments: 0,
    });
  });

  test.each<[string, object, number, string]>([
    ['twice', MONTH_OF_SITE, 409, '/month'],
    ['before it is over', { siteId: DEMO_SITE, month: '2026-12' }, 409, '/month'],
    ['of a site that nobody knows', { siteId: '39999999999999', month: MONTH }, 404, '/siteId'],
    ['of what is no month', { siteId: DEMO_SITE, month: '2026-13' }, 400, '/month'],
    ['with what nobody asked for', { ...MONTH_OF_SITE, force: true }, 400, ''],
  ])('is not closed %s', async (_what, body, status, place) => {
    await closeMonth();
    const refused = await ask('POST', '/v1/statements', body);
    expect(refused.status).toBe(status);
    expect((await refused.json()).faults[0].place).toBe(place);
  });

  test('is closed by nobody who may only read', async () => {
    expect((await ask('POST', '/v1/statements', MONTH_OF_SITE, 'read-me')).status).toBe(403);
  });
});

describe('an amendment', () => {
  test('is shown before it is issued, and then stays', async () => {
    const id = await closeMonth();
    expect(await json('POST', '/v1/amendments', MONTH_OF_SITE)).toEqual({
      outcome: 'nothing-changed',
    });
    lateDay();
    const { changes: coming } = await json('GET', `/v1/statements/${id}/difference`);
    expect(coming).toHaveLength(3);
    const made = await ask('POST', '/v1/amendments', MONTH_OF_SITE);
    expect(made.status).toBe(201);
    const { amendmentId } = (await made.json()).amendment;
    const { changes, companies: sums } = await json('GET', `/v1/amendments/${amendmentId}`);
    expect(changes).toEqual(coming);
    expect(sums).toMatchObject([{ added: 3, amendmentNo: 1, contributionDays: 1, yen: 320 }]);
    const { amendments } = await json('GET', `/v1/amendments?statementId=${id}`);
    expect(amendments).toEqual(sums);
    const { statement } = await json('GET', `/v1/statements/${id}`);
    expect(statement.amendmentIds).toEqual([amendmentId]);
    expect((await json('GET', `/v1/statements/${id}/difference`)).changes).toEqual([]);
  });

  test.each([
    ['GET', '/v1/amendments/1', 404],
    ['GET', '/v1/amendments/0', 400],
    ['GET', '/v1/statements/99', 404],
    ['GET', '/v1/statements/x', 400],
    ['GET', '/v1/statements/99/content', 404],
    ['GET', '/v1/statements/99/difference', 404],
    ['GET', '/v1/statements?month=2026', 400],
  ])('or statement that is not there: %s %s is %i', async (method, path, status) => {
    await closeMonth();
    expect((await ask(method, path)).status).toBe(status);
  });
});

describe('who sees it', () => {
  test('an employer: its own figures and its own workers', async () => {
    const id = await closeMonth();
    const token = await tokenOf('rebar', `employer:${DEMO_REBAR}`);
    const { statements } = await json('GET', '/v1/statements', undefined, token);
    expect(companies(statements)).toEqual(new Set([DEMO_REBAR]));
    const {
      statement,
      rows,
      companies: own,
    } = await json('GET', `/v1/statements/${id}`, undefined, token);
    // Who closed it is not told, in the list as little as here.
    expect(statement).toMatchObject({ statementId: id, sha256: expect.any(String) });
    expect([statement.issuedBy, statements[0].issuedBy]).toEqual([undefined, undefined]);
    expect(companies(own)).toEqual(new Set([DEMO_REBAR]));
    expect(companies(rows.contributions)).toEqual(new Set([DEMO_REBAR]));
    expect(rows.attendance.length).toBeGreaterThan(0);
    expect((await ask('GET', `/v1/statements/${id}/content`, undefined, token)).status).toBe(403);
    const difference = await json('GET', `/v1/statements/${id}/difference`, undefined, token);
    expect(difference.changes).toEqual([]);
  });

  test('the 元請: every company on its site, and of the rows what the report shows it', async () => {
    const id = await closeMonth();
    const token = await tokenOf('prime', `prime:${DEMO_PRIME}`);
    const { rows, companies: all } = await json('GET', `/v1/statements/${id}`, undefined, token);
    expect(companies(all).size).toBeGreaterThan(1);
    const report = `/v1/reports/attendance?siteId=${DEMO_SITE}&month=${MONTH}`;
    const today = (await json('GET', report, undefined, token)).rows;
    const inOrder = (each: readonly object[]) => each.map((row) => JSON.stringify(row)).sort();
    expect(inOrder(rows.attendance)).toEqual(inOrder(today));
  });

  test('a stranger: not even that there is one', async () => {
    const id = await closeMonth();
    lateDay();
    await json('POST', '/v1/amendments', MONTH_OF_SITE);
    const token = await tokenOf('stranger', 'employer:29999999999999');
    expect((await json('GET', '/v1/statements', undefined, token)).statements).toEqual([]);
    expect((await json('GET', '/v1/amendments', undefined, token)).amendments).toEqual([]);
    expect((await ask('GET', `/v1/statements/${id}`, undefined, token)).status).toBe(404);
    expect((await ask('GET', `/v1/amendments/${id + 1}`, undefined, token)).status).toBe(404);
    const difference = await ask('GET', `/v1/statements/${id}/difference`, undefined, token);
    expect(difference.status).toBe(404);
  });

  test('a look and a closing stand in the audit log', async () => {
    const id = await closeMonth();
    await ask('GET', `/v1/statements/${id}`, undefined, 'read-me');
    const { records } = await json('GET', '/v1/audit');
    expect(records).toMatchObject([
      { kind: 'look', actor: 'token:read-0', detail: { path: `/v1/statements/${id}` } },
      { kind: 'change', actor: 'token:admin-0', detail: { path: '/v1/statements' } },
    ]);
  });
});

test('the description names every address', async () => {
  const { paths } = await json('GET', '/openapi.json');
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v1/statements',
      '/v1/statements/{id}',
      '/v1/statements/{id}/content',
      '/v1/statements/{id}/difference',
      '/v1/amendments',
      '/v1/amendments/{id}',
    ]),
  );
  expect(Object.keys(paths['/v1/statements'])).toEqual(['post', 'get']);
});
