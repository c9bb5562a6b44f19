/** `/metrics`, read by the parser of Prometheus' own Python client (Debian's), over a real socket. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeTerminalState } from '../../../shared/terminal-state.ts';
import { utcMs } from '../../../shared/time.ts';
import { topicOf } from '../../../shared/topics.ts';
import {
  type ApiBench,
  METRICS_TOKEN,
  openApiBench,
  READ_TOKEN,
} from '../../fixtures/api-bench.ts';
import {
  CARD,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyTerminal,
  WORKER,
} from '../../fixtures/identities.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';

let bench: ApiBench;
beforeEach(async () => {
  const known = { siteId: SITE, verify: verifyTerminal };
  bench = await openApiBench({
    terminals: new Map([
      [TERMINAL, known],
      [OTHER_TERMINAL, known],
    ]),
  });
});
afterEach(() => bench.close());

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
  const response = await fetch(`${bench.origin}/metrics`);
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
    bench.metrics.onBatch('committed', 40);
    bench.metrics.onDerived(3, 0.004);
    bench.gateway.onMessage(topicOf(TERMINAL, 'journal'), Buffer.from('?'));
    const { wallMs } = bench.clock.read();
    const queue = { unsentTaps: 12, oldestMs: utcMs(wallMs - 90_000) };
    const state = encodeTerminalState(terminalState({ atMs: wallMs, queue }));
    bench.gateway.onMessage(topicOf(TERMINAL, 'status'), state);
    bench.clock.advance(10_000);

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
    // As `promtool check metrics` has it: a total is a counter.
    expect(
      samples.filter(({ name, type }) => name.endsWith('_total') && type !== 'counter'),
    ).toEqual([]);
  });

  test('have requests by the pattern that answered, so that no path makes a label of its own', async () => {
    const authorization = `Bearer ${READ_TOKEN}`;
    await fetch(`${bench.origin}/v1/taps?after=0`, { headers: { authorization } });
    await fetch(`${bench.origin}/v1/taps`);
    for (const path of ['/wp-admin', '/.env', `/v1/${WORKER}`, `/${CARD}`])
      await fetch(`${bench.origin}${path}`);
    const strange = await fetch(`${bench.origin}/healthz`, { method: 'PROPFIND' });
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
  const from = async (headers: HeadersInit) =>
    (await fetch(`${bench.origin}/metrics`, { headers })).status;

  test.each([
    ['on this machine', {}, 200],
    ['through a proxy of this machine', { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['through a proxy that says it otherwise', { forwarded: 'for=203.0.113.9' }, 401],
    [
      'through a proxy, with the token for it',
      { via: '1.1 x', authorization: `Bearer ${METRICS_TOKEN}` },
      200,
    ],
    [
      'through a proxy, with a reader’s token',
      { via: '1.1 x', authorization: `Bearer ${READ_TOKEN}` },
      403,
    ],
  ])('%s: %o → %i', async (_who, headers, status) => {
    expect(await from(headers)).toBe(status);
  });

  test('nobody whose address is not known', async () => {
    expect((await bench.api.request('/metrics')).status).toBe(401);
  });

  test('the token for it reads nothing else', async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    expect((await fetch(`${bench.origin}/v1/taps`, { headers })).status).toBe(403);
    expect((await fetch(`${bench.origin}/v1/terminals`, { headers })).status).toBe(403);
    const put = { method: 'PUT', body: '{}', headers };
    expect((await fetch(`${bench.origin}/v1/registry`, put)).status).toBe(403);
  });
});
