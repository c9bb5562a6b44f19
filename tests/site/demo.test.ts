/** `npm start` as a newcomer runs it: the demo, one touch, the contribution; Ctrl-C leaves nothing. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openVisitor } from '../fixtures/api-bench.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { until } from '../fixtures/event-log.ts';
import { descendantsOf, isRunning, processesNaming } from '../fixtures/processes.ts';

const program = (name: string): string =>
  fileURLToPath(new URL(`../../provisioning/${name}`, import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'genba-demo-'));
});
const started = new Set<ChildProcess>();
afterEach(async () => {
  // A test that failed half-way leaves its demo running.
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  }
  started.clear();
  rmSync(dir, { recursive: true, force: true });
});

const startDemo = async () => {
  const child = spawn(process.execPath, [program('demo.ts'), '--dir', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(child);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('npm run tap')) break;
  }
  return { child, lines };
};

const isOpen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

const tap = (...more: readonly string[]) =>
  spawnSync(process.execPath, [program('tap.ts'), '--dir', dir, ...more], { encoding: 'utf8' });

const browser = watchedBrowser();
/** What a site manager sees in a browser; the link's code leaves the address bar. */
const checkConsole = async (consoleUrl: string): Promise<void> => {
  const page = await browser.open();
  await page.goto(consoleUrl);
  await page.getByText('640円').first().waitFor();
  expect(await page.locator('#contributions tbody tr').count()).toBe(2);
  expect(await page.locator('#terminals tbody').innerText()).toContain('接続中');
  expect(await page.locator('#unresolved tbody').innerText()).toContain('未登録カードのタッチ');
  expect(page.url()).not.toContain('code');
  await page.locator('#pages').getByRole('link', { name: 'やること・帳票' }).click();
  await page.getByText('未登録カードのタッチ').first().waitFor();
  await page.getByRole('button', { name: '就業履歴' }).click();
  await page.getByRole('cell', { name: '高橋 健一' }).waitFor();
  await page.getByRole('button', { name: 'ログアウト' }).click();
  await page.getByRole('button', { name: 'ログイン', exact: true }).waitFor();
  await page.goto(`${new URL(consoleUrl).origin}/console`);
  await page.waitForURL('**/console/log-in**');
  await browser.leave();
};

describe('the demo', () => {
  test('one touch becomes a contribution, and Ctrl-C leaves no process and no port', async () => {
    const { child, lines } = await startDemo();
    const line = (start: string): readonly string[] =>
      lines.find((each) => each.startsWith(start))?.split(' ') ?? [];
    const [, kioskUrl = ''] = line('kiosk ');
    const [, signUrl = ''] = line('sign ');
    const [, consoleUrl = ''] = line('console ');
    const [, apiUrl = '', , token = ''] = line('api ');
    expect(line('api ')[2]).toBe('token');

    const done = tap();
    expect(done.stdout).toMatch(/^\d\d:\d\d 入場 高橋 記録しました 今月の建退共 1日\n$/);
    expect(done.status).toBe(0);
    expect(tap('FFFFFFFF00000001').stdout).toContain('未登録カード');
    expect(tap('10260000000002', '--reader', 'out').stdout).toContain('退場');

    const headers = { authorization: `Bearer ${token}` };
    const contributions = async () =>
      (await (await fetch(`${apiUrl}/v1/contributions`, { headers })).json()).rows;
    await until(async () => (await contributions()).length === 2, 'two contributions');
    expect(await contributions()).toMatchObject([
      { days: 1, yen: 320 },
      { days: 1, yen: 320 },
    ]);
    expect((await fetch(kioskUrl)).status).toBe(200);
    expect((await fetch(signUrl)).status).toBe(200);
    expect((await fetch(consoleUrl)).status).toBe(200);
    expect(
      (await fetch(`${apiUrl}/v1/registry`, { method: 'PUT', headers, body: '{}' })).status,
    ).toBe(403);

    await checkConsole(consoleUrl);
    const made = spawnSync('sh', ['-c', line("administrator's ").slice(2).join(' ')], {
      input: 'minato no hashi 1234\n',
      encoding: 'utf8',
    });
    expect(made).toMatchObject({ status: 0, stdout: 'kanri を作りました（admin）\n' });
    expect((await openVisitor(apiUrl).logIn('kanri', 'minato no hashi 1234')).status).toBe(204);

    const ports = [kioskUrl, apiUrl].map((url) => Number(new URL(url).port));
    const family = descendantsOf(child.pid ?? 0);
    // Gateway, terminal, reader host, PC/SC daemon.
    expect(family.length).toBeGreaterThanOrEqual(4);
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(processesNaming(dir)).toEqual([]);
    expect(await Promise.all(ports.map(isOpen))).toEqual([false, false]);
    expect(family.filter(isRunning)).toEqual([]);
  });

  test('killed, it leaves no process either, and starts again with what it had', async () => {
    const first = await startDemo();
    tap();
    const family = descendantsOf(first.child.pid ?? 0);
    first.child.kill('SIGKILL');
    await until(() => !family.some(isRunning), 'everything has ended');
    const second = await startDemo();
    const view = async () =>
      await (
        await fetch(`${second.lines.find((each) => each.startsWith('kiosk '))?.split(' ')[1]}view`)
      ).json();
    await until(async () => (await view()).unsent === 0, 'everything is sent');
    expect((await view()).onSite).toBe(1);
    const exited = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    await exited;
    expect(processesNaming(dir)).toEqual([]);
  });

  test.each([
    ['nonsense', [['nonsense']], 2, 'neither a card id nor a worker id'],
    ['a reader that is not', [['--reader', 'side']], 2, 'usage:'],
    ['an option that is not', [['--nonsense']], 2, 'usage:'],
    ['no demo', [[]], 1, 'no demo is running'],
  ])('tap with %s says so', (_what, [line = []], status, said) => {
    const done = tap(...line);
    expect(done.status).toBe(status);
    expect(done.stderr).toContain(said);
  });
});
