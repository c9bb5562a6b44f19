/** The API as people outside rely on it, request in and response out, on a real ledger. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../../device/journal.ts';
import { createApi } from '../../../gateway/api/server.ts';
import { createCommitSignal } from '../../../gateway/commit-signal.ts';
import { createGateway, type Gateway } from '../../../gateway/gateway.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { encodeBatch } from '../../../shared/batch.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { topicOf } from '../../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import {
  CARD,
  gatewaySigner,
  OTHER_CARD,
  SITE,
  TERMINAL,
  terminalSigner,
  verifyTerminal,
} from '../../fixtures/identities.ts';
import { registryDocument, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';

const TOKENS = { reader: 'read-me', admin: 'administer' };

let api: ReturnType<typeof createApi>;
let gateway: Gateway;
let journal: Journal;
let clock: FakeClock;
let logged: string[];
let close: () => void;

beforeEach(() => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 1_000 }), TERMINAL);
  clock = createFakeClock('2026-11-24T07:00:00+09:00');
  logged = [];
  const commits = createCommitSignal();
  const log = (message: string, fields = {}): void => {
    logged.push(JSON.stringify({ message, ...fields }));
  };
  gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals: new Map([[TERMINAL, { siteId: SITE, verify: verifyTerminal }]]),
    registry: undefined,
    send: () => undefined,
    stale: commits.notify,
    log,
  });
  api = createApi({
    ...gateway,
    ...watchFleet({ db, ledger, gateway, clock }),
    ledger,
    access: openAccess(db, clock, {
      read: [TOKENS.reader],
      admin: [TOKENS.admin],
    }),
    version: '1.2.3',
    nextCommit: commits.next,
    nextDerived: commits.next,
    now: () => clock.read().wallMs,
    log,
  });
  close = () => {
    journal.close();
    ledger.close();
  };
});
afterEach(() => close());

const get = (path: string, token = TOKENS.reader) =>
  api.request(path, { headers: { authorization: `Bearer ${token}` } });
const put = (path: string, body: string, token = TOKENS.admin) =>
  api.request(path, {
    method: 'PUT',
    body: new Uint8Array(Buffer.from(body)),
    headers: { authorization: `Bearer ${token}` },
  });

/** A touch that arrives at the gateway in a batch of its own. */
const touch = (cardId = CARD): void => {
  const outcome = journal.append(
    {
      kind: 'tap',
      siteId: SITE,
      readerId: 'in',
      direction: 'in',
      presented: { by: 'card', cardId },
      verdict: 'recorded',
      reasons: [],
    },
    clock.read(),
  );
  if (outcome.kind !== 'stored') throw new Error(outcome.message);
  const { seq } = outcome.entry;
  const bytes = encodeBatch(
    journal,
    journal.hashAt(seq - 1) ?? '',
    journal.read(seq, seq),
    terminalSigner,
  );
  gateway.onMessage(topicOf(TERMINAL, 'journal'), bytes);
  clock.advance(120_000);
};

describe('access', () => {
  test.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer wrong'],
    ['another scheme', `Basic ${TOKENS.reader}`],
    ['an empty token', 'Bearer '],
    ['a token that is far too long', `Bearer ${'x'.repeat(10_000)}`],
  ])('with %s is refused', async (_what, authorization) => {
    const response = await api.request(
      '/v1/taps',
      authorization === undefined ? {} : { headers: { authorization } },
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('to the registry needs more than reading', async () => {
    expect((await put('/v1/registry', '{}', TOKENS.reader)).status).toBe(403);
  });

  test('is logged by the name of the token, and nobody else by name', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    await get('/v1/contributions?month=2026-11');
    expect(logged.filter((line) => line.includes('"token:read-0"'))).toHaveLength(1);
    expect(logged.join()).not.toContain('山田');
    expect(logged.join()).not.toContain(WORKER_ID);
  });

  test.each([
    '/v1/taps',
    '/v1/attendance',
    '/v1/registry',
    '/v1/registry/workers?format=csv',
    '/v1/documents/purchase-receipt?contractId=K1',
  ])('%s is answered to who asked, and kept on no way', async (path) => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    const response = await get(path, TOKENS.admin);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('health and the description are open, and tell nothing of people', async () => {
    expect(await (await api.request('/healthz')).json()).toEqual({ status: 'ok' });
    const description = await (await api.request('/openapi.json')).json();
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        '/v1/taps',
        '/v1/attendance',
        '/v1/contributions',
        '/v1/registry',
        '/healthz',
      ]),
    );
  });
});

describe('the registry', () => {
  test('is taken whole, and what rests on it appears', async () => {
    touch();
    const stored = await put('/v1/registry', JSON.stringify(registryDocument));
    expect(stored.status).toBe(200);
    expect((await stored.json()).rows).toMatchObject({ workers: 1, sites: 2, leave: 0 });
    expect((await (await get('/v1/contributions')).json()).rows).toMatchObject([
      { workerId: WORKER_ID, yen: 320 },
    ]);
  });

  test('with faults is refused with every fault, and the old one stands', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    const bad = {
      ...registryDocument,
      workers: [{}],
      cards: [{ cardId: 'x', workerId: WORKER_ID }],
    };
    const response = await put('/v1/registry', JSON.stringify(bad));
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(
      expect.arrayContaining(['/workers/0/workerId', '/workers/0/name', '/cards/0/cardId']),
    );
    touch();
    gateway.derive();
    expect((await (await get('/v1/attendance')).json()).rows).toMatchObject([
      { workerId: WORKER_ID },
    ]);
  });

  test.each([
    ['no JSON', '{', 422],
    ['a list', '[]', 422],
    ['nothing', '', 422],
  ])('that is %s is refused', async (_what, body, status) => {
    expect((await put('/v1/registry', body)).status).toBe(status);
  });

  test('one table may be replaced, and is judged against the others', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    const leave = [
      { workerId: WORKER_ID, companyId: '20000000000002', date: '2026-11-20', kind: 'paid-leave' },
    ];
    expect((await put('/v1/registry/leave', JSON.stringify(leave))).status).toBe(200);
    expect((await (await get('/v1/contributions?month=2026-11')).json()).rows).toMatchObject([
      { basis: 'paid-leave' },
    ]);
    const stranger = [{ ...leave[0], workerId: '19999999999999' }];
    expect((await put('/v1/registry/leave', JSON.stringify(stranger))).status).toBe(422);
    expect((await put('/v1/registry/nonsense', '[]')).status).toBe(404);
    expect((await put('/v1/registry/__proto__', '[]')).status).toBe(404);
  });
});

describe('taps', () => {
  test('who follows the cursor sees each once, in order, and an empty page repeats the cursor', async () => {
    for (let count = 0; count < 5; count += 1) touch();
    const seen: string[] = [];
    let cursor = '0';
    for (let page = await (await get('/v1/taps?limit=2')).json(); page.taps.length > 0; ) {
      seen.push(...page.taps.map(({ id }: { id: string }) => id));
      cursor = page.next;
      page = await (await get(`/v1/taps?limit=2&after=${cursor}`)).json();
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((seq) => `${TERMINAL}/${journal.journalId}/${seq}`));
    expect((await (await get(`/v1/taps?after=${cursor}`)).json()).next).toBe(cursor);
    expect(await (await get('/v1/taps?limit=2')).json()).toMatchObject({
      taps: [{ id: seen[0] }, { id: seen[1] }],
    });
  });

  test('name the worker once the card is known', async () => {
    touch();
    touch(OTHER_CARD);
    await put('/v1/registry', JSON.stringify(registryDocument));
    const { taps } = await (await get(`/v1/taps?siteId=${SITE_ID}`)).json();
    expect(taps[0]).toEqual({
      id: expect.any(String),
      siteId: SITE_ID,
      terminalId: TERMINAL,
      workerId: WORKER_ID,
      cardId: CARD,
      direction: 'in',
      at: '2026-11-24T07:00:00+09:00',
      atTrust: 'trusted',
      receivedAt: '2026-11-24T07:00:00+09:00',
      verdict: 'recorded',
    });
    expect(taps[1].workerId).toBeUndefined();
  });

  test('of another site are not in its page', async () => {
    touch();
    expect((await (await get('/v1/taps?siteId=39999999999999')).json()).taps).toEqual([]);
  });

  test('are waited for, and come as soon as they are committed', async () => {
    const waiting = get('/v1/taps?wait=30');
    touch();
    expect((await (await waiting).json()).taps).toHaveLength(1);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=10001', 'limit'],
    ['after=-1', 'after'],
    ['after=x', 'after'],
    ['after=0x10', 'after'],
    ['after=1e3', 'after'],
    ['after=1&after=2', 'after'],
    ['siteId=1', 'siteId'],
    ['wait=61', 'wait'],
  ])('?%s is refused, and the fault named', async (query, place) => {
    const response = await get(`/v1/taps?${query}`);
    expect(response.status).toBe(400);
    expect((await response.json()).faults).toMatchObject([{ place: `/${place}` }]);
  });

  test.each([
    ['/v1/taps?siteid=39999999999999', 'siteid'],
    ['/v1/changes?site=39999999999999', 'site'],
    ['/v1/attendance?Month=2026-11', 'Month'],
    ['/v1/reports/contributions?month=2026-11&siteID=39999999999999', 'siteID'],
  ])('%s is refused, not answered with everything', async (path, name) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect((await response.json()).faults).toMatchObject([
      { message: expect.stringContaining(name) },
    ]);
  });

  test('an empty cursor is the beginning', async () => {
    touch();
    expect((await (await get('/v1/taps?after=')).json()).taps).toHaveLength(1);
  });

  test('several faults of a query are named at once', async () => {
    const { faults } = await (await get('/v1/taps?limit=0&siteId=1')).json();
    expect(faults).toHaveLength(2);
  });
});

describe('changes', () => {
  const changes = async (query = '') => (await get(`/v1/changes${query}`)).json();

  test('name each derived row once, and again when it changes again', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    touch();
    gateway.derive();
    const first = await changes();
    expect(first.changes).toMatchObject([
      { report: 'attendance', siteId: SITE, workerId: WORKER_ID, workDate: '2026-11-24' },
    ]);
    expect(await changes(`?after=${first.next}`)).toEqual({ changes: [], next: first.next });
    touch();
    touch(OTHER_CARD);
    gateway.derive();
    const second = await changes(`?after=${first.next}`);
    expect(
      second.changes
        .map(({ workerId, cardId }: Record<string, string>) => workerId ?? cardId)
        .sort(),
    ).toEqual([OTHER_CARD, WORKER_ID].sort());
    expect((await changes()).changes).toHaveLength(2);
  });

  test.each(['?after=x', '?limit=0', '?wait=61', '?siteId=1'])('%s is refused', async (query) => {
    expect((await get(`/v1/changes${query}`)).status).toBe(400);
  });
});

describe('reports', () => {
  test.each([
    '/v1/attendance?month=2026-13',
    '/v1/contributions?month=x',
    '/v1/reports/attendance?siteId=1',
  ])('%s is refused', async (path) => {
    expect((await get(path)).status).toBe(400);
  });

  test('by name are the same as by path', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    touch();
    gateway.derive();
    for (const name of ['attendance', 'contributions']) {
      const [byName, byPath] = await Promise.all([get(`/v1/reports/${name}`), get(`/v1/${name}`)]);
      expect(await byName.json()).toEqual(await byPath.json());
    }
  });

  test('of an untrusted boot wait until the boot is dated', async () => {
    await put('/v1/registry', JSON.stringify(registryDocument));
    clock.setTrust('untrusted');
    clock.stepWall(-40 * 86_400_000);
    touch();
    gateway.derive();
    expect((await (await get('/v1/attendance')).json()).rows).toEqual([]);
    expect(await (await get('/healthz')).json()).toMatchObject({ undatedTaps: 1 });
    clock.stepWall(40 * 86_400_000);
    clock.setTrust('trusted');
    touch(OTHER_CARD);
    gateway.derive();
    const { rows } = await (await get('/v1/attendance')).json();
    expect(
      rows.find(({ workerId }: { workerId?: string }) => workerId === WORKER_ID),
    ).toMatchObject({
      workDate: '2026-11-24',
      firstIn: '2026-11-24T07:00:00+09:00',
    });
    expect((await (await get('/v1/taps')).json()).taps[0]).toMatchObject({ atTrust: 'recovered' });
  });

  test('an unknown path is a problem document too', async () => {
    const response = await get('/v1/nothing');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});
