/**
 * A terminal that died with unsent touches: read off its card, taken in by the gateway beside its running
 * service, and still there once when the terminal comes back to life.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteAuditLog } from '../../gateway/store/sqlite-audit-log.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import { badBlock } from '../fixtures/bad-block.ts';
import { until } from '../fixtures/event-log.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const program = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const runOn = (
  disk: Readonly<Record<string, string>>,
  path: string,
  ...parameters: readonly string[]
) =>
  spawnSync(process.execPath, [program(path), ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, ...disk },
  });
const run = (path: string, ...parameters: readonly string[]) => runOn({}, path, ...parameters);

const PREFILLED = 400;

let site: Site;
const running: RunningService[] = [];
const started = async (service: Promise<RunningService>): Promise<RunningService> => {
  running.push(await service);
  return service;
};
beforeEach(async () => {
  site = await createSite();
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.kill('SIGKILL');
  site.remove();
});

const file = () => join(site.folder, 'rescued.ndjson');
const importRescue = (disk: Readonly<Record<string, string>> = {}) => {
  const config = join(site.folder, 'gateway.json');
  return runOn(disk, 'gateway/main.ts', 'import-rescue', file(), '--config', config);
};
const count = async (): Promise<number> => {
  const taps = await site.taps();
  expect(new Set(taps.map(({ id }) => id)).size).toBe(taps.length);
  return taps.length;
};

test('the unsent touches of a dead terminal are in the ledger, once', async () => {
  prefillJournal(site.terminalDataDir, PREFILLED);
  const gateway = await started(site.startGateway());
  const terminal = await started(site.startTerminal());
  await site.drained(terminal);
  await gateway.kill('SIGKILL');
  for (let touches = 0; touches < 3; touches += 1) await touch(terminal);
  await terminal.kill('SIGKILL');

  const rescued = run(
    'provisioning/genba.ts',
    'rescue',
    '--data',
    site.terminalDataDir,
    '--out',
    file(),
  );
  expect([rescued.status, rescued.stderr]).toEqual([0, '']);

  await started(site.startGateway());
  expect(await count()).toBe(PREFILLED);
  const imported = importRescue();
  expect([imported.status, imported.stderr]).toEqual([0, '']);
  expect(imported.stdout).toContain('うちタッチ 3件');
  expect(await count()).toBe(PREFILLED + 3);

  // An export says of them that nobody signed them, and is whole.
  const config = join(site.folder, 'gateway.json');
  const exported = join(site.folder, 'export.ndjson');
  expect(run('gateway/main.ts', 'export', '--config', config, '--out', exported).status).toBe(0);
  const verified = run('gateway/main.ts', 'verify', exported, '--json');
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, summary: { unsigned: 3 } });

  const again = importRescue();
  expect(again.stdout).toContain('取り込んだ記録 0件');
  expect(await count()).toBe(PREFILLED + 3);

  // Its card was not dead after all.
  const revived = await started(site.startTerminal());
  await site.drained(revived);
  await touch(revived);
  await site.drained(revived);
  await until(async () => (await count()) === PREFILLED + 4, 'one more touch', 25);

  const db = openDurableSqlite(site.ledgerFile, { checkpointPages: 1_000 });
  const audit = openSqliteAuditLog(db, () => utcMs(0));
  const noted = audit.page({ limit: 100, kind: 'rescue-imported' });
  expect(noted.map(({ actor, detail }) => [actor, detail.taps, detail.isSigned])).toEqual([
    ['command', 0, false],
    ['command', 3, false],
  ]);
  expect(audit.verify().kind).toBe('intact');
  db.close();
}, 180_000);

const entriesInLedger = (): number => {
  const db = openDurableSqlite(site.ledgerFile, { checkpointPages: 1_000 });
  const count = db.prepare<[], number>('select count(*) from entry').pluck().get() ?? 0;
  db.close();
  return count;
};

test('a file of a terminal that is nobody here, or that is damaged, changes nothing', async () => {
  const several = 2_500;
  prefillJournal(site.terminalDataDir, several);
  const gateway = await started(site.startGateway());
  await gateway.kill('SIGTERM');
  run('provisioning/genba.ts', 'rescue', '--data', site.terminalDataDir, '--out', file());
  expect(existsSync(file())).toBe(true);
  const good = readFileSync(file(), 'utf8');
  for (const [bad, word] of [
    [good.replaceAll('gate-1', 'gate-9'), 'gate-9'],
    [good.replace('"seq":2,', '"seq":x,'), 'line 3'],
    [good.slice(0, -100), `line ${several + 1}`],
    [`${good.split('\n').slice(0, -5).join('\n')}\n`, 'line 1/count'],
    ['', 'line 1'],
  ] as const) {
    writeFileSync(file(), bad);
    const refused = importRescue();
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(word)]);
  }
  writeFileSync(file(), good);
  const from = 1 << 20;
  const unreadable = importRescue(badBlock(file(), from, from + 4_096));
  expect([unreadable.status, unreadable.stderr]).toEqual([
    2,
    expect.stringContaining('読み書きできません'),
  ]);
  expect(entriesInLedger()).toBe(0);

  // One that can be read to its end once, in three reads, and not again: what was taken is whole and told.
  const partly = importRescue(badBlock(file(), from, from + 4_096, 4));
  expect([partly.status, partly.stderr]).toEqual([1, expect.stringContaining('途中までです')]);
  expect(partly.stdout).toContain('取り込んだ記録 2000件');
  expect(entriesInLedger()).toBe(2_000);

  // Of one whose chain breaks, what stands before it is taken; of the whole one, the rest.
  const altered = good
    .split('\n')
    .map((line, index) => (index === 2_300 ? line.replace('recorded', 'repeat') : line))
    .join('\n');
  expect(altered).not.toBe(good);
  writeFileSync(file(), altered);
  const upToBreak = importRescue();
  expect([upToBreak.status, upToBreak.stderr]).toEqual([
    1,
    expect.stringContaining('201件（2300番から）'),
  ]);
  expect(entriesInLedger()).toBe(2_299);
  writeFileSync(file(), good);
  const rest = importRescue();
  expect([rest.status, rest.stdout]).toEqual([
    0,
    expect.stringContaining(
      '取り込んだ記録 201件（うちタッチ 201件）\nすでに台帳にあった記録 2299件',
    ),
  ]);
  expect(entriesInLedger()).toBe(several);
}, 120_000);
