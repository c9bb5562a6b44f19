/** The disk fails under the real terminal: full while it runs, full when it starts, broken when it starts. */
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';

/** A disk of its own for the terminal, seen from outside through its root. */
const SMALL_DISK = (folder: string): readonly string[] => [
  'unshare',
  ...(process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user']),
  'sh',
  '-c',
  'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"',
  folder,
];

let site: Site;
let terminal: RunningService | undefined;
beforeEach(async () => {
  site = await createSite({ hasReaders: false });
});
afterEach(async () => {
  await terminal?.kill('SIGKILL');
  terminal = undefined;
  site.remove();
});

const kioskUrl = (path: string): URL => new URL(path, String(terminal?.ready.kioskUrl));
interface View {
  readonly isClosed: boolean;
  readonly unsent: number;
  readonly faults: readonly string[];
  readonly touch?: { readonly tone: string };
}
const view = async (): Promise<View> => (await fetch(kioskUrl('/view'))).json();
let typedIds = 0;
/** A touch; each of another person, so that none is a repeat. */
const touch = async (): Promise<string> => {
  typedIds += 1;
  const workerId = String(typedIds).padStart(14, '0');
  const answer = await fetch(kioskUrl('/typed'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ workerId }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()).kind;
};

describe('a full disk', () => {
  test('refuses the touch visibly, and recovers by itself when there is room again', async () => {
    terminal = await site.startTerminal({}, SMALL_DISK(site.terminalDataDir));
    expect(await touch()).toBe('recorded');
    const filler = join(`/proc/${terminal.pid}/root`, site.terminalDataDir, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(2_000_000))).toThrow('ENOSPC');
    expect(await touch()).toBe('not-recorded');
    expect(await view()).toMatchObject({ isClosed: true, touch: { tone: 'failed' } });
    expect((await view()).faults).toContain('記録できません（ディスク）');
    truncateSync(filler, 0);
    await until(async () => !(await view()).isClosed, 'the disk has room again');
    expect(await touch()).toBe('recorded');
  });

  test('takes no receipt that is to be remembered, and stops nothing by it', async () => {
    const gateway = await site.startGateway();
    terminal = await site.startTerminal({}, SMALL_DISK(site.terminalDataDir));
    expect(await touch()).toBe('recorded');
    await site.drained(terminal);
    const filler = join(`/proc/${terminal.pid}/root`, site.terminalDataDir, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(2_000_000))).toThrow('ENOSPC');
    expect(await terminal.kill('SIGTERM')).toBe(0);
    await gateway.kill('SIGTERM');
  });

  test('at start is said, and the next start finds the room', async () => {
    const disk = SMALL_DISK(site.terminalDataDir);
    const fill = ['sh', '-c', 'head -c 2000000 /dev/zero > "$0/filler"; exec "$@"'];
    await expect(site.startTerminal({}, [...disk, ...fill, site.terminalDataDir])).rejects.toThrow(
      /full|ENOSPC|disk I\/O/,
    );
    terminal = await site.startTerminal({}, disk);
    expect(await touch()).toBe('recorded');
  });
});

describe('a broken journal', () => {
  test('is set aside whole; the terminal records again at once, and says what happened', async () => {
    terminal = await site.startTerminal();
    expect(await touch()).toBe('recorded');
    await terminal.kill('SIGTERM');
    const file = join(site.terminalDataDir, 'journal.db');
    writeFileSync(file, Buffer.alloc(statSync(file).size, 0x55));
    terminal = await site.startTerminal();
    expect(await touch()).toBe('recorded');
    expect(readdirSync(join(site.terminalDataDir, 'set-aside-1'))).toContain('journal.db');
    expect(existsSync(file)).toBe(true);
    const status = await (await fetch(kioskUrl('/status'))).json();
    expect(status.lines).toContainEqual({
      part: '退避した記録',
      text: expect.stringContaining('set-aside-1（'),
      isGood: false,
    });
    expect(status.state.faults).toContainEqual({ part: 'set-aside', reason: 'set-aside-1' });
  });
});
