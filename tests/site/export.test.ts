/**
 * An export of a running gateway, as an auditor meets it: verified and recomputed by the programs alone, with
 * the gateway gone; and what it says when a byte is not as it was.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPORTS } from '../../gateway/reports/catalogue.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import { registryDocument } from '../fixtures/registry.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const program = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const run = (path: string, ...parameters: readonly string[]) =>
  spawnSync(process.execPath, [program(path), ...parameters], { encoding: 'utf8' });
const gatewayCommand = (...parameters: readonly string[]) => run('gateway/main.ts', ...parameters);

const PREFILLED = 2_500;

let site: Site;
let file: string;
let gatewayKey: string;
let said: string;
let issued: ReadonlyMap<string, { readonly rows: readonly object[] }>;
let audited: readonly { readonly detail: Readonly<Record<string, unknown>> }[];
const config = () => join(site.folder, 'gateway.json');

/** Not the blocking kind: the services of the test go on beside it. */
const exportTo = async (out: string): Promise<readonly [unknown, string, string]> => {
  const child = spawn(process.execPath, [
    ...[program('gateway/main.ts'), 'export', '--config', config(), '--out', out],
  ]);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return [code, stdout, stderr];
};

const replay = (report: string, ...more: readonly string[]) =>
  run('gateway/replay.ts', '--export', file, '--report', report, ...more);

beforeAll(async () => {
  site = await createSite();
  file = join(site.folder, 'export.ndjson');
  prefillJournal(site.terminalDataDir, PREFILLED);
  const gateway = await site.startGateway();
  await site.importRegistry();
  const terminal = await site.startTerminal();
  await site.drained(terminal);
  await touch(terminal);
  await site.drained(terminal);
  // The same again would be no import.
  const [worker] = registryDocument.workers;
  await site.importRegistry({ workers: [{ ...worker, level: 3 }] });
  const [code, stdout, stderr] = await exportTo(file);
  expect([code, stderr]).toEqual([0, '']);
  said = stdout;
  gatewayKey = String(gateway.ready.publicKey);
  const answers = await Promise.all(
    REPORTS.map(
      async ({ name }) => [name, await (await site.api(`/v1/reports/${name}`)).json()] as const,
    ),
  );
  issued = new Map(answers);
  audited = (await (await site.api('/v1/audit?kind=export')).json()).records;
  await terminal.kill('SIGTERM');
  await gateway.kill('SIGTERM');
  rmSync(join(site.folder, 'gateway'), { recursive: true });
}, 240_000);
afterAll(() => site.remove());

describe('an export of a running gateway', () => {
  test('is whole, readable by its owner alone, and noted', () => {
    expect(said).toContain(gatewayKey);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.part`)).toBe(false);
    const verified = gatewayCommand('verify', file, '--gateway-key', gatewayKey);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toContain('指定の鍵と一致');
    const { summary } = JSON.parse(gatewayCommand('verify', file, '--json').stdout);
    expect(summary).toMatchObject({ journals: 1, registries: 2, unsigned: 0, gatewayKey });
    expect(summary.entries).toBeGreaterThan(PREFILLED);
    expect(audited).toMatchObject([
      { detail: { file: 'export.ndjson', entries: summary.entries, lines: summary.lines } },
    ]);
  });

  test('gives every report that the gateway issued', () => {
    const names = ['attendance', 'work-history', 'roster', 'contract-check'];
    for (const name of names) {
      const { status, stdout, stderr } = replay(name);
      expect([status, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout).rows).toEqual(issued.get(name)?.rows);
    }
    expect(issued.get('attendance')?.rows.length).toBeGreaterThan(1_000);
  });

  test('with one byte altered, its line is named, and nothing is recomputed from it', () => {
    const bytes = readFileSync(file);
    const place = Math.floor(bytes.length / 2);
    const before = bytes.subarray(0, place).toString().split('\n');
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    const altered = join(site.folder, 'altered.ndjson');
    writeFileSync(altered, bytes);
    const verified = gatewayCommand('verify', altered);
    expect([verified.status, verified.stdout]).toEqual([1, '']);
    expect(verified.stderr).toContain(`${before.length}行目`);
    const { fault } = JSON.parse(gatewayCommand('verify', altered, '--json').stdout);
    expect(fault.line).toBe(before.length);
    expect(fault.byteOffset).toBe(place - Buffer.byteLength(before.at(-1) ?? ''));
    const replayed = run('gateway/replay.ts', '--export', altered, '--report', 'attendance');
    expect([replayed.status, replayed.stdout]).toEqual([2, '']);
    expect(replayed.stderr).toContain(`${before.length}行目`);
  });

  test('of another gateway than the one asked for', () => {
    const key = `${'A'.repeat(43)}=`;
    const verified = gatewayCommand('verify', file, '--gateway-key', key);
    expect([verified.status, verified.stderr]).toEqual([1, expect.stringContaining('1行目')]);
  });
});

describe('what is refused with exit code 2', () => {
  test.each<[string, readonly string[], string]>([
    ['verify without a file', ['verify'], 'ファイル'],
    ['verify of a file that is not there', ['verify', '/nonexistent'], '/nonexistent'],
    ['verify of a folder', ['verify', '/'], '/'],
    ['a key that is none', ['verify', 'x', '--gateway-key', 'AAAA'], '--gateway-key'],
    ['a word too many', ['verify', '--fly'], '--fly'],
    ['export without words', ['export'], '--config'],
    ['export with no configuration', ['export', '--config', '/none', '--out', '/tmp/x'], '/none'],
  ])('%s', (_what, parameters, words) => {
    const { status, stdout, stderr } = gatewayCommand(...parameters);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  test('an export over a file that is there, or of a gateway whose ledger is gone', async () => {
    expect((await exportTo(file))[0]).toBe(2);
    const [code, , stderr] = await exportTo(join(site.folder, 'other.ndjson'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('ledger.db')]);
  });

  test('replay of an export and of documents at once, and of a file that is none', () => {
    const both = replay('attendance', '--taps', file);
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('--taps')]);
    const none = run('gateway/replay.ts', '--export', '/nonexistent', '--report', 'attendance');
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('/nonexistent')]);
  });
});
