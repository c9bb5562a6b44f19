/** 充当 over the API: dry run, confirmation, lists, and who may see what of them. On a real ledger. */
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../gateway/api/server.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { startOfDate, utcMs, workDate } from '../../../shared/time.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import {
  type AllocationBench,
  firstDays,
  openAllocationBench,
} from '../../fixtures/allocation-bench.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import { FIRST_TIER, OTHER_COMPANY, PRIME, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';

const TODAY = '2026-07-05';
const body = { contractId: 'K1', month: '2026-05' };

let bench: AllocationBench;
let ask: (token: string, path: string, json?: unknown) => Promise<Response>;
let audited: () => readonly object[];

beforeEach(() => {
  bench = openAllocationBench();
  bench.addDays(firstDays('2026-05', 3));
  const clock = createFakeClock(`${TODAY}T00:00:00+09:00`);
  const now = () => startOfDate(workDate(TODAY));
  const nobody = { contacts: () => [], contactsToStore: () => [] };
  const access = openAccess(bench.db, clock);
  const scopes = ['admin', 'central', `prime:${PRIME}`, `prime:${OTHER_COMPANY}`].concat(
    `employer:${FIRST_TIER}`,
    `employer:${OTHER_COMPANY}`,
  );
  for (const scope of scopes)
    access.tokens.add(
      {
        name: scope.replace(':', '-'),
        scopes: [scope],
        issuedBy: 'test',
        issuedAt: utcMs(0),
        expiresAt: undefined,
        revokedAt: undefined,
      },
      hash('sha256', scope, 'buffer'),
    );
  const api = createApi({
    ledger: bench.ledger,
    registry: bench.registry,
    registryIndex: () => indexRegistry(bench.registry()),
    importRegistry: () => undefined,
    ...nobody,
    ...watchFleet({ db: bench.db, ledger: bench.ledger, gateway: nobody, clock }),
    access,
    allocations: { desk: bench.desk, store: bench.store },
    version: '1.2.3',
    nextCommit: async () => 'late',
    nextDerived: async () => 'late',
    now,
    log: () => undefined,
  });
  ask = async (token, path, json) =>
    api.request(path, {
      method: json === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
  audited = () => access.audit.page({ limit: 100 });
});
afterEach(() => bench.close());

describe('/v1/allocations', () => {
  test('a dry run is the default and stores nothing; its figures are what is confirmed', async () => {
    const dry = await ask('admin', '/v1/allocations', body);
    expect(dry.status).toBe(200);
    const { outcome, plan } = await dry.json();
    expect(outcome).toBe('planned');
    expect(plan).toMatchObject({ figures: { days: 3, yen: 960 }, rows: [{ yen: 320 }, {}, {}] });
    expect((await (await ask('admin', '/v1/allocations')).json()).allocations).toEqual([]);

    const { rowsSha256 } = plan;
    const made = await ask('admin', '/v1/allocations', { ...body, dryRun: false, rowsSha256 });
    expect(made.status).toBe(201);
    const { run } = await made.json();
    expect(run).toMatchObject({
      rowsSha256,
      confirmedAt: '2026-07-05T00:00:00+09:00',
      confirmedBy: 'token:admin',
      figures: plan.figures,
    });
    const kept = await (await ask('admin', `/v1/allocations/${run.runId}`)).json();
    expect(kept).toMatchObject({ run, rows: plan.rows, isIntact: true });
    expect(audited()).toContainEqual(
      expect.objectContaining({
        kind: 'change',
        actor: 'token:admin',
        detail: { method: 'POST', path: '/v1/allocations', rows: 4, status: 201 },
      }),
    );
    const again = await ask('admin', '/v1/allocations', { ...body, dryRun: false });
    expect([again.status, (await again.json()).outcome]).toEqual([200, 'nothing-to-allocate']);
  });

  test('figures that are not those that were seen are not confirmed', async () => {
    const seen = { ...body, dryRun: false, rowsSha256: '0'.repeat(64) };
    const answer = await ask('admin', '/v1/allocations', seen);
    expect(answer.status).toBe(409);
    expect((await answer.json()).faults).toMatchObject([{ place: '/rowsSha256' }]);
    expect((await (await ask('admin', '/v1/allocations')).json()).allocations).toEqual([]);
  });

  test('a list is narrowed to a contract and a month', async () => {
    await ask('admin', '/v1/allocations', { ...body, dryRun: false });
    const count = async (query: string) =>
      (await (await ask('admin', `/v1/allocations?${query}`)).json()).allocations.length;
    expect(await count('contractId=K1&month=2026-05')).toBe(1);
    expect(await count('contractId=K2')).toBe(0);
    expect(await count('month=2026-06')).toBe(0);
  });

  test.each([
    [{ contractId: 'K9', month: '2026-05' }, 422, ['/contractId']],
    [{ contractId: 'K1', month: '2026-09' }, 422, ['/month']],
    [{ month: '2026-13', dryRun: 'no', more: 1 }, 400, ['/contractId', '/month', '/dryRun', '']],
  ])('%j is refused with %i at %j', async (json, status, places) => {
    const answer = await ask('admin', '/v1/allocations', json);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { faults } = await answer.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
  });

  test.each([
    ['central', 200, 3, 'sees everything'],
    [`prime:${PRIME}`, 200, 3, 'the 元請 of the active site'],
    [`prime:${OTHER_COMPANY}`, 404, 0, 'the 元請 of another site'],
    [`employer:${FIRST_TIER}`, 404, 0, 'figures of the contract are not an employer’s'],
    [`employer:${OTHER_COMPANY}`, 404, 0, 'a stranger'],
  ])('%s gets %i with %i rows: %s', async (scope, status, rows, _because) => {
    const { run } = await (
      await ask('admin', '/v1/allocations', { ...body, dryRun: false })
    ).json();
    const one = await ask(scope, `/v1/allocations/${run.runId}`);
    expect(one.status).toBe(status);
    if (status === 200) expect((await one.json()).rows).toHaveLength(rows);
    const plan = await ask(scope, '/v1/allocations/plan?contractId=K1&month=2026-06');
    expect(plan.status).toBe(status);
    // What is closed to them is not told from what is not there.
    const none = await ask(scope, '/v1/allocations/plan?contractId=K9&month=2026-06');
    const later = await ask(scope, '/v1/allocations/plan?contractId=K1&month=2026-09');
    expect([none.status, later.status]).toEqual(
      status === 404 ? [404, 404] : [scope === 'central' ? 422 : 404, 422],
    );
    const list = await (await ask(scope, '/v1/allocations')).json();
    expect(list.allocations).toHaveLength(status === 200 ? 1 : 0);
    if (!scope.endsWith(PRIME))
      expect((await ask(scope, '/v1/allocations', body)).status).toBe(403);
  });

  test.each([
    [`prime:${PRIME}`, 'K1', 201, 'the 元請 of the contract, whose 掛金 it is'],
    [`prime:${OTHER_COMPANY}`, 'K1', 403, 'the 元請 of another site'],
    [`employer:${FIRST_TIER}`, 'K1', 403, 'a subcontractor is paid for'],
    ['central', 'K1', 403, 'looks and does nothing'],
    [`prime:${PRIME}`, 'K9', 403, 'whether there is such a contract is not told'],
    ['admin', 'K9', 422, 'but to administrators'],
  ])('%s confirms a run of %s with %i: %s', async (scope, contractId, status, _because) => {
    const answer = await ask(scope, '/v1/allocations', { ...body, contractId, dryRun: false });
    expect(answer.status).toBe(status);
    const { allocations } = await (await ask('admin', '/v1/allocations')).json();
    const by = `token:${scope.replace(':', '-')}`;
    expect(allocations).toMatchObject(status === 201 ? [{ confirmedBy: by }] : []);
    expect(audited()).toContainEqual(
      expect.objectContaining({
        kind: 'change',
        actor: by,
        detail: expect.objectContaining({ status }),
      }),
    );
  });

  test('rows name the worker, the date and what it cost', async () => {
    const { plan } = await (await ask('admin', '/v1/allocations', body)).json();
    expect(plan.rows[0]).toEqual({
      kind: 'regular',
      siteId: SITE_ID,
      workerId: WORKER_ID,
      companyId: FIRST_TIER,
      workDate: '2026-05-01',
      method: 'points',
      colour: 'red',
      dayYen: 320,
      days: 1,
      exemptDays: 0,
      yen: 320,
    });
  });
});
