/** `/metrics`, read by the parser of Prometheus' own Python client (Debian's), over a real socket. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../gateway/api/server.ts';
import { createGateway, type Gateway } from '../../../gateway/gateway.ts';
import type { Metrics } from '../../../gateway/metrics.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { encodeTerminalState } from '../../../shared/terminal-state.ts';
import { utcMs } from '../../../shared/time.ts';
import { topicOf } from '../../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import {
  CARD,
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyTerminal,
  WORKER,
} from '../../fixtures/identities.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';

const TOKENS = { reader: 'read-me', scraper: 'count-me', admin: 'administer' };

let api: ReturnType<typeof createApi>;
let server: ServerType;
let url: string;
let gateway: Gateway;
let metrics: Metrics;
let clock: FakeClock;
let close: () => void;

beforeEach(async () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  clock = createFakeClock('2026-11-24T08:00:00+09:00');
  const known = { siteId: SITE, verify: verifyTerminal };
  gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals: new Map([
      [TERMINAL, known],
      [OTHER_TERMINAL, known],
    ]),
    registry: undefined,
    send: () => undefined,
    stale: () => undefined,
    onBatch: (outcome, entries) => metrics.onBatch(outcome, entries),
    log: () => undefined,
  });
  const watched = watchFleet({ db, ledger, gateway, clock });
  metrics = watched.metrics;
  api = createApi({
    ...gateway,
    ...watched,
    ledger,
    access: openAccess(db, clock, {
      read: [TOKENS.reader],
      metrics: [TOKENS.scraper],
      admin: [TOKENS.admin],
    }),
    version: '1.2.3',
    nextCommit: async () => undefined,
    nextDerived: async () => undefined,
    now: () => clock.read().wallMs,
    log: () => undefined,
  });
  server = createAdaptorServer({ fetch: api.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
  close = () => {
    server.close();
    ledger.close();
  };
});
afterEach(() => close());

const READ_METRICS = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([
  {"name": s.name, "labels": s.labels, "value": str(s.value), "type": family.type, "help": family.documentation}
  for family in text_string_to_metric_families(sys.stdin.read()) for s in family.samples]))`;

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
  readonly type: string;
  readonly help: string;
}

const scrape = async (): Promise<readonly Sample[]> => {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  const input = await response.text();
  return JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', READ_METRICS], {
      input,
      encoding: 'utf8',
      maxBuffer: 1e8,
    }),
  );
};
const figure = (samples: readonly Sample[], name: string, labels: object = {}): number => {
  const fitting = samples.filter(
    (each) =>
      each.name === name &&
      Object.entries(labels).every(([label, value]) => each.labels[label] === value),
  );
  if (fitting.length === 0) throw new Error(`no ${name} ${JSON.stringify(labels)}`);
  return fitting.reduce((sum, { value }) => sum + Number(value), 0);
};

describe('the metrics', () => {
  test('count what comes in, what waits and who is there', async () => {
    metrics.onBatch('committed', 40);
    metrics.onDerived(3, 0.004);
    gateway.onMessage(topicOf(TERMINAL, 'journal'), Buffer.from('?'));
    const { wallMs } = clock.read();
    const queue = { unsentTaps: 12, oldestMs: utcMs(wallMs - 90_000) };
    const state = encodeTerminalState(terminalState({ atMs: wallMs, queue }));
    gateway.onMessage(topicOf(TERMINAL, 'status'), state);
    clock.advance(10_000);

    const samples = await scrape();
    const expected: readonly (readonly [string, object, number])[] = [
      ['genba_entries_committed_total', {}, 40],
      ['genba_batches_total', { outcome: 'committed' }, 1],
      ['genba_batches_total', { outcome: 'unreadable' }, 1],
      ['genba_quarantined', {}, 1],
      ['genba_dirty_marks', {}, 0],
      ['genba_dirty_marks_derived_total', {}, 3],
      ['genba_derive_seconds_count', {}, 1],
      ['genba_derive_seconds_bucket', { le: '0.005' }, 1],
      ['genba_terminals', {}, 2],
      ['genba_terminals_online', {}, 1],
      ['genba_unsent_taps', {}, 12],
      ['genba_unsent_oldest_seconds', {}, 100],
      ['genba_alerts_open', { level: 'critical' }, 0],
    ];
    for (const [name, labels, value] of expected)
      expect([name, figure(samples, name, labels)]).toEqual([name, value]);
    expect(figure(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(samples.filter(({ type, help }) => type === 'unknown' || help === '')).toEqual([]);
  });

  test('have requests by the pattern that answered, so that no path makes a label of its own', async () => {
    const authorization = `Bearer ${TOKENS.reader}`;
    await fetch(`${url}/v1/taps?after=0`, { headers: { authorization } });
    await fetch(`${url}/v1/taps`);
    for (const path of ['/wp-admin', '/.env', `/v1/${WORKER}`, `/${CARD}`])
      await fetch(`${url}${path}`);
    const strange = await fetch(`${url}/healthz`, { method: 'PROPFIND' });
    expect(strange.status).toBe(405);

    const samples = await scrape();
    const count = (labels: object) => figure(samples, 'genba_http_request_seconds_count', labels);
    expect(count({ route: '/v1/taps', status: '200' })).toBe(1);
    expect(count({ status: '401' })).toBe(2);
    expect(count({ route: 'none', status: '404' })).toBe(3);
    const routes = new Set(samples.flatMap(({ labels: { route } }) => route ?? []));
    const methods = new Set(samples.flatMap(({ labels: { method } }) => method ?? []));
    expect(methods).toEqual(new Set(['GET']));
    expect(JSON.stringify([...routes])).not.toMatch(/wp-admin|env|\d{14}|[0-9A-F]{16}/);
  });
});

describe('who may read them', () => {
  const from = async (headers: HeadersInit) => (await fetch(`${url}/metrics`, { headers })).status;

  test.each([
    ['on this machine', {}, 200],
    ['through a proxy of this machine', { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['through a proxy that says it otherwise', { forwarded: 'for=203.0.113.9' }, 401],
    [
      'through a proxy, with the token for it',
      { via: '1.1 x', authorization: `Bearer ${TOKENS.scraper}` },
      200,
    ],
    [
      'through a proxy, with a reader’s token',
      { via: '1.1 x', authorization: `Bearer ${TOKENS.reader}` },
      403,
    ],
  ])('%s: %o → %i', async (_who, headers, status) => {
    expect(await from(headers)).toBe(status);
  });

  test('nobody whose address is not known', async () => {
    expect((await api.request('/metrics')).status).toBe(401);
  });

  test('the token for it reads nothing else', async () => {
    const headers = { authorization: `Bearer ${TOKENS.scraper}` };
    expect((await fetch(`${url}/v1/taps`, { headers })).status).toBe(403);
    expect((await fetch(`${url}/v1/terminals`, { headers })).status).toBe(403);
    const put = { method: 'PUT', body: '{}', headers };
    expect((await fetch(`${url}/v1/registry`, put)).status).toBe(403);
  });
});
