/**
 * Backup and restore of the gateway on real processes: what the ledger lost with its disk comes again from
 * the terminals, once, and whoever follows the cursor misses nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { openVisitor } from '../fixtures/api-bench.ts';
import { until } from '../fixtures/event-log.ts';
import { registryDocument } from '../fixtures/registry.ts';
import type { RunningService } from '../fixtures/service.ts';
import { type ApiTap, createSite, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const GATEWAY = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));

let site: Site;
let running: RunningService[];
beforeEach(async () => {
  site = await createSite();
  running = [];
});
afterEach(async () => {
  for (const service of running) await service.kill('SIGKILL');
  site.remove();
});

const started = async (service: Promise<RunningService>): Promise<RunningService> => {
  running.push(await service);
  return service;
};
const config = () => join(site.folder, 'gateway.json');
const dataDir = () => join(site.folder, 'gateway');
const backupFile = () => join(site.folder, 'gateway.backup');
const command = (...parameters: readonly string[]) =>
  spawnSync(process.execPath, [GATEWAY, ...parameters], { encoding: 'utf8' });
const restore = () => command('restore', backupFile(), '--config', config());

/** Not the blocking kind: the services of the test go on beside it. */
const backUp = async (): Promise<readonly [unknown, string, string]> => {
  const child = spawn(process.execPath, [
    ...[GATEWAY, 'backup', '--config', config(), '--out', backupFile()],
  ]);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return [code, stdout, stderr];
};

const view = async (terminal: RunningService) =>
  (await fetch(`${terminal.ready.kioskUrl}view`)).json();
const showsSite = (terminal: RunningService, name: string): Promise<void> =>
  until(async () => (await view(terminal)).siteName === name, `the roster of ${name}`, 25);

const ids = (taps: readonly ApiTap[]) => [...new Set(taps.map(({ id }) => id))].sort();
/** Reads on after a cursor, as the central system does. */
const follow = async (after: string): Promise<{ taps: readonly ApiTap[]; next: string }> =>
  (await site.api(`/v1/taps?after=${after}&limit=10000`)).json();

describe('a gateway that lost its disk', () => {
  test('goes on from its backup: nothing is lost and nothing is there twice', async () => {
    const gateway = await started(site.startGateway());
    await site.importRegistry();
    const terminal = await started(site.startTerminal());
    await showsSite(terminal, registryDocument.sites[0]?.name ?? '');
    await touch(terminal);
    await touch(terminal);
    await site.drained(terminal);

    // While both run, and while more comes in.
    const [backup] = await Promise.all([backUp(), touch(terminal)]);
    expect(backup).toEqual([0, expect.stringContaining('控えました'), '']);
    expect(statSync(backupFile()).mode & 0o777).toBe(0o600);
    await touch(terminal);
    await site.drained(terminal);
    const followed = await follow('0');
    expect(followed.taps).toHaveLength(4);

    await gateway.kill('SIGKILL');
    rmSync(dataDir(), { recursive: true });
    rmSync(join(site.folder, 'gateway.pem'));
    const restored = restore();
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(restored.stdout).toContain('もう一度失効させてください');

    const { records } = await (async () => {
      await started(site.startGateway());
      return (await site.api('/v1/audit?kind=restored')).json();
    })();
    expect(records).toMatchObject([{ actor: 'command', detail: { version: expect.any(String) } }]);

    // It has the key that the terminal believes; the terminal hears how far its ledger goes, and rewinds.
    await until(async () => (await site.taps()).length === 4, 'the same touches again', 25);
    await touch(terminal);
    await site.drained(terminal);
    const all = await site.taps();
    expect([all.length, ids(all).length]).toEqual([5, 5]);

    // Who had read beyond the backup misses nothing; what comes again, comes under its own id.
    const rest = await follow(followed.next);
    expect(ids([...followed.taps, ...rest.taps])).toEqual(ids(all));

    // Terminals take no roster older than the one they have.
    const renamed = registryDocument.sites.map((each) => ({ ...each, name: '改称後' }));
    await site.api('/v1/registry/sites', { method: 'PUT', body: JSON.stringify(renamed) });
    await showsSite(terminal, '改称後');
  }, 240_000);

  test('takes the configuration from the backup where the machine has none', async () => {
    const gateway = await started(site.startGateway());
    expect((await backUp())[0]).toBe(0);
    await gateway.kill('SIGTERM');
    const before = readFileSync(config(), 'utf8');
    const key = readFileSync(join(site.folder, 'gateway.pem'), 'utf8');
    for (const name of ['gateway', 'gateway.json', 'gateway.pem'])
      rmSync(join(site.folder, name), { recursive: true });
    expect(restore()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(config(), 'utf8')).toBe(before);
    expect(readFileSync(join(site.folder, 'gateway.pem'), 'utf8')).toBe(key);
    expect(readdirSync(dataDir())).toEqual(['ledger.db']);
    await started(site.startGateway());
  }, 120_000);
});

test('nobody is logged in by a backup who was when it was made', async () => {
  const gateway = await started(site.startGateway());
  await site.importRegistry();
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', headers };
  await site.api('/v1/accounts', { ...asked, body: '{"name":"kanri","scopes":["admin"]}' });
  const link = await site.api('/v1/accounts/kanri/links', { ...asked, body: '{}' });
  const visitor = openVisitor(String(gateway.ready.apiUrl));
  const body = JSON.stringify({ code: (await link.json()).path.split('#code=')[1] });
  await visitor.send('/console/session/link', { method: 'POST', body });
  expect((await visitor.send('/v1/accounts')).status).toBe(200);
  expect((await backUp())[0]).toBe(0);
  await gateway.kill('SIGTERM');

  for (const name of ['gateway', 'gateway.pem'])
    rmSync(join(site.folder, name), { recursive: true });
  expect(restore()).toMatchObject({ status: 0, stderr: '' });
  await started(site.startGateway());
  expect((await visitor.send('/v1/accounts')).status).toBe(401);
  expect((await site.api('/v1/accounts')).status).toBe(200);
});

describe('what is refused, with nothing changed', () => {
  const make = async (): Promise<void> => {
    const gateway = await started(site.startGateway());
    expect((await backUp())[0]).toBe(0);
    await gateway.kill('SIGTERM');
  };

  test('a restore over a ledger that is there', async () => {
    await make();
    const before = statSync(site.ledgerFile).mtimeMs;
    const refused = restore();
    expect(refused.status).toBe(2);
    for (const path of [site.ledgerFile, join(site.folder, 'gateway.pem')])
      expect(refused.stderr).toContain(path);
    expect(statSync(site.ledgerFile).mtimeMs).toBe(before);
  });

  test('a damaged backup', async () => {
    await make();
    rmSync(dataDir(), { recursive: true });
    rmSync(join(site.folder, 'gateway.pem'));
    const bytes = readFileSync(backupFile());
    bytes.fill(0xa5, 8_192, 16_384);
    writeFileSync(backupFile(), bytes);
    const refused = restore();
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(backupFile())]);
    expect(readdirSync(site.folder)).not.toContain('gateway');
  });

  test.each([
    ['half of a backup', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['the first page of one', (bytes: Buffer) => bytes.subarray(0, 4_096)],
    ['nothing', () => Buffer.alloc(0)],
    ['some text', () => Buffer.from('控えではありません')],
  ])('%s', async (_what, partOf) => {
    await make();
    rmSync(dataDir(), { recursive: true });
    rmSync(join(site.folder, 'gateway.pem'));
    writeFileSync(backupFile(), partOf(readFileSync(backupFile())));
    const refused = restore();
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(backupFile())]);
    expect(readdirSync(site.folder)).not.toContain('gateway');
  });

  test('a backup of a later version, and a start on a ledger of one', async () => {
    await make();
    const later = (path: string): void => {
      const db = openDurableSqlite(path, { checkpointPages: 1_000 });
      db.pragma('user_version = 9999');
      db.pragma('journal_mode = delete');
      db.close();
    };
    later(site.ledgerFile);
    const start = command('--config', config());
    expect([start.status, start.stderr]).toEqual([2, expect.stringContaining('later version')]);
    rmSync(dataDir(), { recursive: true });
    rmSync(join(site.folder, 'gateway.pem'));
    later(backupFile());
    const refused = restore();
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('より新しい')]);
    expect(readdirSync(site.folder)).not.toContain('gateway');
  });

  test('a file that is there already, a ledger as a backup, and missing words', async () => {
    await make();
    expect((await backUp())[0]).toBe(2);
    const asBackup = command('restore', site.ledgerFile, '--config', config());
    expect([asBackup.status, asBackup.stderr]).toEqual([2, expect.stringContaining('ledger.db')]);
    for (const parameters of [['backup'], ['restore'], ['backup', '--fly'], ['fly']])
      expect(command(...parameters).status).toBe(2);
  }, 120_000);
});
