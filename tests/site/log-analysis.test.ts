/** ログ分析 on the running gateway: what each rule is about is really done, and the page's data names it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clockAnomalies } from '../../gateway/access/audit-sources.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { encodeTerminalState } from '../../shared/terminal-state.ts';
import { MINUTE_MS, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { type ApiBench, openApiBench, openVisitor } from '../fixtures/api-bench.ts';
import { until } from '../fixtures/event-log.ts';
import { OTHER_TERMINAL, TERMINAL } from '../fixtures/identities.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { terminalState } from '../fixtures/terminal-state.ts';

const PASSWORD = 'umibe no machi no kaze';
const GATEWAY = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));

let site: Site;
let gateway: RunningService;
beforeEach(async () => {
  site = await createSite();
  gateway = await site.startGateway();
  await site.importRegistry();
});
afterEach(async () => {
  await gateway.kill('SIGKILL');
  site.remove();
});

const change = (path: string, method: string, body?: object): Promise<Response> =>
  site.api(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const findings = async (settings = ''): Promise<readonly { kind: string; actor: string }[]> =>
  (await (await site.api(`/v1/audit/analysis?${settings}`)).json()).findings;
const audited = async (kind: string): Promise<readonly { detail: object }[]> =>
  (await (await site.api(`/v1/audit?kind=${kind}`)).json()).records;

test('a terminal that reaches for another’s topic', async () => {
  const client = await connectAsync(site.brokerUrl, { clientId: TERMINAL, reconnectPeriod: 0 });
  await client.publishAsync(topicOf(OTHER_TERMINAL, 'journal'), 'false touches', { qos: 1 });
  await client.endAsync();
  expect(await findings()).toMatchObject([
    { kind: 'topic-forbidden', actor: `terminal:${TERMINAL}` },
  ]);
});

test('guesses at a password, and a log-in after them', async () => {
  const account = { name: 'kanri', scopes: ['admin'], password: PASSWORD };
  expect((await change('/v1/accounts', 'POST', account)).status).toBe(201);
  const visitor = openVisitor(String(gateway.ready.apiUrl));
  for (let each = 0; each < 5; each += 1)
    expect((await visitor.logIn('kanri', 'a guess of somebody')).status).toBe(401);
  await until(async () => (await visitor.logIn('kanri', PASSWORD)).status === 204, 'the log-in');
  expect((await findings()).map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
    'log-in-after-failures user:kanri',
    expect.stringMatching(/^failed-log-ins /),
    expect.stringMatching(/^failed-log-ins /),
  ]);
});

test('who is refused again and again, and who reads much', async () => {
  const issued = await change('/v1/tokens', 'POST', { name: 'reader', scopes: ['central'] });
  const headers = { authorization: `Bearer ${(await issued.json()).token}` };
  for (let each = 0; each < 20; each += 1)
    expect((await site.api('/v1/accounts', { headers })).status).toBe(403);
  for (const path of ['/v1/roster', '/v1/reports/roster', '/v1/deadlines'])
    expect((await site.api(path, { headers })).status).toBe(200);
  const named = (await findings('readRows=2')).map(({ kind, actor }) => `${kind} ${actor}`);
  expect(named.toSorted()).toEqual(['many-refusals token:reader', 'unusual-reading token:reader']);
  expect((await change('/v1/tokens/reader', 'DELETE')).status).toBe(204);
  expect([await audited('token-issued'), await audited('token-revoked')]).toMatchObject([
    [{ detail: { name: 'reader' } }],
    [{ detail: { name: 'reader' } }],
  ]);
});

test('the last records deleted under the running gateway, at its next word', async () => {
  expect(await audited('started')).toHaveLength(1);
  const db = openDurableSqlite(site.ledgerFile, { checkpointPages: 1_000 });
  db.exec('drop trigger audit_is_kept');
  db.exec('delete from audit where audit_no > 1');
  db.close();
  await change('/v1/tokens', 'POST', { name: 'after', scopes: ['central'] });
  expect(await findings()).toMatchObject([{ kind: 'chain-failed', actor: 'gateway' }]);
  // What is left follows from itself: without that word nobody would know.
  const verdict = await (await site.api('/v1/audit/verification')).json();
  expect(verdict).toMatchObject({ kind: 'intact' });
});

test('a backup that was taken', () => {
  const words = ['backup', '--config', join(site.folder, 'gateway.json')];
  const out = ['--out', join(site.folder, 'gateway.backup')];
  expect(spawnSync(process.execPath, [GATEWAY, ...words, ...out]).status).toBe(0);
  return expect(audited('backup-made')).resolves.toHaveLength(1);
});

test('a terminal whose clock is wrong, once it has been so for ten minutes', async () => {
  const bench: ApiBench = await openApiBench({
    fleetDeps: { onBegun: (alert) => clockAnomalies(bench.access.audit)(alert) },
  });
  for (let minute = 0; minute <= 12; minute += 1) {
    const atMs = utcMs(bench.clock.read().wallMs + 5 * MINUTE_MS);
    const state = encodeTerminalState(terminalState({ atMs }));
    bench.gateway.onMessage(topicOf(TERMINAL, 'status'), state);
    await bench.fleet.watch();
    bench.clock.advance(MINUTE_MS);
  }
  const { findings: named } = await (await bench.admin('/v1/audit/analysis')).json();
  expect(named).toContainEqual(
    expect.objectContaining({ kind: 'clock-anomaly', actor: `terminal:${TERMINAL}` }),
  );
  await bench.close();
});
