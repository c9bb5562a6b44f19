/** 訂正依頼 over the API: asked, decided, counted; on a real ledger, as each scope sees it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attendanceOfTouches } from '../../../gateway/attendance/attendance-of-touches.ts';
import { parseRegistryDocument } from '../../../gateway/registry/parse-registry.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import {
  type CorrectionWorld,
  callAs,
  FORGOTTEN,
  openCorrections,
  startCorrections,
  type Who,
} from '../../fixtures/correction-world.ts';
import {
  castDocument,
  NEIGHBOUR,
  OTHER_PRIME,
  PAST_SITE,
  PRIME,
  SECOND,
  SITE,
  WORKER,
} from '../../fixtures/viewing-cast.ts';

let world: CorrectionWorld;
beforeEach(() => {
  world = openCorrections();
});
afterEach(() => world.ledger.close());

const call = (who: Who, method: string, path: string, body?: unknown, headers = {}) =>
  callAs(world, who, method, path, body, headers);
const ask = (who: Who, fields: object = {}, headers = {}) =>
  call(who, 'POST', '/v1/correction-requests', { ...FORGOTTEN, ...fields }, headers);
const decide = (who: Who, id: string, verdict = 'approved', reason = '確認済み') =>
  call(who, 'POST', `/v1/correction-requests/${id}/decision`, { verdict, reason });
const list = async (who: Who, query = '') =>
  (await call(who, 'GET', `/v1/correction-requests${query}`)).body.requests;
const derive = (): void => {
  while (world.gateway.derive() > 0);
};
const days = () =>
  world.ledger
    .attendance({})
    .map(({ workDate, flags, evidence }) => ({ workDate, flags, evidence }));

describe('a request', () => {
  test('waits until the 元請 approves it, and then counts, with who and why', async () => {
    const asked = await ask('employer');
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({
      ...FORGOTTEN,
      companyId: SECOND,
      state: 'pending',
      mendDue: '2026-12-31',
      stage: 'before-extract',
      isLate: false,
      askedBy: 'token:employer',
      askedFor: `employer:${SECOND}`,
      mayDecide: false,
    });
    derive();
    expect(days()).toEqual([]);
    expect(await list('prime', '?state=pending')).toMatchObject([{ mayDecide: true }]);

    world.clock.advance(60_000);
    const decided = await decide('prime', asked.body.id);
    expect(decided).toMatchObject({
      status: 200,
      body: {
        state: 'approved',
        decidedBy: 'token:prime',
        decidedAt: '2026-11-25T12:01:00+09:00',
        decisionReason: '確認済み',
      },
    });
    derive();
    expect(days()).toEqual([
      {
        workDate: '2026-11-20',
        flags: ['missing-out', 'corrected'],
        evidence: [`correction/${asked.body.id}`],
      },
    ]);
    expect(await list('prime', '?state=pending')).toEqual([]);
    expect(await list('employer', '?state=decided')).toHaveLength(1);
  });

  test('that was rejected changes nothing, and says why', async () => {
    const { body } = await ask('worker');
    expect(body.askedFor).toBe(`worker:${WORKER}`);
    await decide('prime', body.id, 'rejected', '当日は休み');
    derive();
    expect(days()).toEqual([]);
    expect(await list('worker')).toMatchObject([
      { state: 'rejected', decisionReason: '当日は休み' },
    ]);
  });

  test('marks that one day stale, and nothing else', async () => {
    const { body } = await ask('employer');
    derive();
    await decide('prime', body.id);
    expect(world.ledger.dirtyMarks(10)).toMatchObject([
      { siteId: SITE, bearer: { kind: 'worker', workerId: WORKER } },
    ]);
    const before = world.ledger.changesAfter(0, 100, undefined).at(-1)?.changeNo ?? 0;
    derive();
    expect(
      world.ledger.changesAfter(before, 100, undefined).map(({ workDate }) => workDate),
    ).toEqual(['2026-11-20']);
  });

  test('still counts after a restart, and after the registry is imported again', async () => {
    const { body } = await ask('employer');
    await decide('prime', body.id);
    world = startCorrections(world.db, world.clock);
    derive();
    const corrected = days();
    expect(corrected).toHaveLength(1);
    await call('admin', 'PUT', '/v1/registry', castDocument);
    derive();
    expect(days()).toEqual(corrected);
    // Taken out with what was approved, and in again: it counts once.
    await call('admin', 'PUT', '/v1/registry', world.gateway.effectiveRegistry());
    derive();
    expect(days()).toEqual(corrected);
    expect(world.gateway.effectiveRegistry().corrections).toHaveLength(1);
  });

  test('is what an auditor recomputes from the documents', async () => {
    const { body } = await ask('employer');
    await decide('prime', body.id);
    const out = await ask('prime', { kind: 'set-out', at: '2026-11-20T17:00:00+09:00' });
    await decide('prime', out.body.id);
    derive();
    const parsed = parseRegistryDocument(
      JSON.parse(JSON.stringify(world.gateway.effectiveRegistry())),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const plain = attendanceOfTouches([], indexRegistry(parsed.value));
    expect(plain).toEqual(world.ledger.attendance({}));
    expect(plain).toMatchObject([{ minutes: 540 }]);
  });

  test('corrects a correction, which the day then names as well', async () => {
    const first = await ask('employer');
    await decide('prime', first.body.id);
    derive();
    const evidence = `correction/${first.body.id}`;
    const second = await ask('employer', {
      at: '2026-11-20T07:30:00+09:00',
      reason: '時刻の誤り',
      corrects: evidence,
    });
    expect(second.status).toBe(201);
    await decide('prime', second.body.id);
    derive();
    expect(days()[0]?.evidence).toEqual([`correction/${second.body.id}`, evidence]);
    expect(
      (
        await ask('employer', {
          workDate: '2026-11-19',
          kind: 'void',
          at: undefined,
          corrects: evidence,
        })
      ).body.faults,
    ).toMatchObject([{ place: '/corrects' }]);
  });
});

describe('sent twice', () => {
  const key = { 'idempotency-key': 'a-key-of-the-asker' };
  test('under one key, it is one request', async () => {
    const first = await ask('employer', {}, key);
    const second = await ask('employer', {}, key);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    await decide('prime', first.body.id);
    expect((await ask('employer', {}, key)).body).toMatchObject({
      id: first.body.id,
      state: 'approved',
    });
  });
  test('a key is for one request only, and each asker has keys of its own', async () => {
    await ask('employer', {}, key);
    expect((await ask('employer', { reason: '別の理由' }, key)).status).toBe(409);
    expect(
      (await ask('worker', { workDate: '2026-11-19', kind: 'void', at: undefined }, key)).status,
    ).toBe(201);
  });
  test('without a key, the same that waits already is refused', async () => {
    const { body } = await ask('employer');
    const again = await ask('worker', { reason: '本人からも' });
    expect(again).toMatchObject({ status: 409, body: { faults: [{ place: '' }] } });
    await decide('prime', body.id, 'rejected', '確認できない');
    expect((await ask('worker')).status).toBe(201);
  });
  test('a key that is none is told with the other faults', async () => {
    const { status, body } = await ask('employer', { reason: '' }, { 'idempotency-key': 'short' });
    expect(status).toBe(422);
    expect(body.faults.map(({ place }: { place: string }) => place)).toEqual([
      'idempotency-key',
      '/reason',
    ]);
  });
});

describe('who decides', () => {
  test('of two at once one wins, and the other is told', async () => {
    const { body } = await ask('employer');
    const both = await Promise.all([
      decide('prime', body.id, 'approved', '確認'),
      decide('second-prime', body.id, 'rejected', '不明'),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const winner = both.find(({ status }) => status === 200)?.body.state;
    expect(await list('prime')).toMatchObject([{ state: winner }]);
  });
  test('the same decision sent twice is one decision', async () => {
    const { body } = await ask('employer');
    expect((await decide('prime', body.id)).status).toBe(200);
    expect((await decide('prime', body.id)).status).toBe(200);
    expect((await decide('prime', body.id, 'rejected')).status).toBe(409);
    derive();
    expect(world.gateway.effectiveRegistry().corrections).toHaveLength(1);
  });
  test.each<[Who, number, string]>([
    ['prime', 200, 'the 元請 of the site'],
    ['employer', 403, 'the asker'],
    ['worker', 403, 'the worker sees it, and does not decide'],
    ['stranger', 404, 'another 元請 does not learn of it'],
    ['former', 404, 'nor a former employer'],
    ['upper', 404, 'nor an upper tier'],
    ['orderer', 404, 'nor an orderer'],
    ['central', 403, 'reads only'],
    ['admin', 403, 'whoever runs the gateway is not the 元請'],
  ])('%s: %i (%s)', async (who, status) => {
    const { body } = await ask('employer');
    expect((await decide(who, body.id)).status).toBe(status);
  });
  test('the 元請 may approve what it asked itself', async () => {
    const { body } = await ask('prime');
    expect((await decide('prime', body.id)).status).toBe(200);
  });
  test('but nobody what they asked as an employer', async () => {
    const sites = castDocument.sites.map((site) =>
      site.siteId === SITE ? { ...site, primeId: PRIME } : site,
    );
    const { body } = await ask('both-hats');
    expect(body.askedFor).toBe(`employer:${SECOND}`);
    await call('admin', 'PUT', '/v1/registry', {
      ...castDocument,
      sites: sites.map((site) => ({ ...site, primeId: OTHER_PRIME })),
    });
    expect((await decide('both-hats', body.id)).status).toBe(403);
    expect((await decide('stranger', body.id)).status).toBe(200);
  });
  test('the 元請 still decides when the works are over', async () => {
    const day = { siteId: PAST_SITE, workDate: '2025-12-20', kind: 'add', at: undefined };
    expect((await ask('former', day)).body.faults).toMatchObject([{ place: '/late' }]);
    const { body, status } = await ask('former', { ...day, late: true });
    expect([status, body.isLate, body.stage]).toEqual([201, true, 'closed']);
    expect((await decide('prime', body.id)).status).toBe(200);
  });
  test('a decision says why, and what it is', async () => {
    const { body } = await ask('employer');
    const wrong = await decide('prime', body.id, 'perhaps', '');
    expect(wrong.status).toBe(422);
    expect(wrong.body.faults).toMatchObject([{ place: '/verdict' }, { place: '/reason' }]);
  });
});

describe('who asks', () => {
  test.each<[Who, number, string]>([
    ['admin', 403, 'imports the registry'],
    ['central', 403, 'reads only'],
    ['orderer', 403, 'looks on'],
    ['upper', 403, 'is neither employer nor 元請'],
    ['former', 422, 'asks for its own people only'],
  ])('%s: %i (%s)', async (who, status) => {
    expect((await ask(who)).status).toBe(status);
  });
  test('each sees its own', async () => {
    await ask('employer');
    await ask('former', { workerId: NEIGHBOUR });
    const seen = async (who: Who) =>
      (await list(who)).map(({ workerId }: { workerId: string }) => workerId);
    expect(await seen('prime')).toEqual([WORKER, NEIGHBOUR]);
    expect(await seen('central')).toEqual([WORKER, NEIGHBOUR]);
    expect(await seen('employer')).toEqual([WORKER]);
    expect(await seen('former')).toEqual([NEIGHBOUR]);
    expect(await seen('worker')).toEqual([WORKER]);
    expect(await seen('stranger')).toEqual([]);
    expect(await seen('orderer')).toEqual([]);
  });
  test('asks no faster than a person clerks', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 130; count += 1)
      statuses.push((await ask('employer', { reason: '' })).status);
    expect(statuses.indexOf(429)).toBe(120);
    world.clock.advance(60_000);
    expect((await ask('employer')).status).toBe(201);
  });
  test('a body that is no JSON, or too long', async () => {
    const raw = (body: string) =>
      world.api.request('/v1/correction-requests', {
        method: 'POST',
        headers: { authorization: 'Bearer employer' },
        body,
      });
    expect((await raw('{')).status).toBe(400);
    expect((await raw(`"${'x'.repeat(5_000)}"`)).status).toBe(413);
  });
});

test('what was asked and decided is never changed or taken out', async () => {
  const { body } = await ask('employer');
  await decide('prime', body.id);
  for (const sql of [
    "update correction_request set reason = 'x'",
    'delete from correction_request',
    "update correction_decision set verdict = 'rejected'",
    'delete from correction_decision',
  ])
    expect(() => world.db.exec(sql)).toThrow(/append-only/);
});
