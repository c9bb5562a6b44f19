/** Under a machine's loosest umask, in folders that others may enter: nothing that holds names or keys is theirs to read. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import { type RunningService, runService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const GATEWAY = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));
const LOOSE = ['sh', '-c', 'umask 000; exec "$@"', 'sh'] as const;

let site: Site;
let running: RunningService[];
beforeEach(async () => {
  site = await createSite({
    gatewaySettings: { trust: { host: 'localhost', enrolment: { listen: '127.0.0.1', port: 0 } } },
  });
  running = [];
});
afterEach(async () => {
  for (const service of running) await service.kill('SIGKILL');
  site.remove();
});

const started = async (service: Promise<RunningService>): Promise<RunningService> => {
  const ready = await service;
  running.push(ready);
  return ready;
};
/** Files that somebody else may read or write. */
const openFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .map((path) => relative(site.folder, path));

test('ledger, journal, keys, names, backup and export are their owner’s alone', async () => {
  const data = join(site.folder, 'gateway');
  for (const folder of [data, site.terminalDataDir]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }
  const config = join(site.folder, 'gateway.json');
  await started(runService('gateway', config, {}, LOOSE));
  await site.importRegistry();
  const terminal = await started(site.startTerminal({}, LOOSE));
  await until(
    async () => (await (await fetch(`${terminal.ready.kioskUrl}view`)).json()).siteName !== '',
    'the roster',
  );
  await touch(terminal);
  await site.drained(terminal);
  expect(readdirSync(data).length).toBeGreaterThan(2);
  expect(readdirSync(site.terminalDataDir).length).toBeGreaterThan(1);
  expect([...openFiles(data), ...openFiles(site.terminalDataDir)]).toEqual([]);

  for (const [name, command] of [
    ['out.backup', 'backup'],
    ['out.export', 'export'],
  ] as const) {
    const words = [GATEWAY, command, '--config', config, '--out', join(site.folder, name)];
    const done = spawnSync('sh', [...LOOSE.slice(1), process.execPath, ...words], {
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(statSync(join(site.folder, name)).mode & 0o777).toBe(0o600);
  }
  for (const key of ['gateway.pem', 'terminal.pem'])
    expect(statSync(join(site.folder, key)).mode & 0o777).toBe(0o600);
}, 120_000);
