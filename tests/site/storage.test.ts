/** The disk fails under the real terminal: full while it runs, full or read-only when it starts, broken when it starts. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import { CHIP, standInGpioTools } from '../fixtures/gpio-tools.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { rescuedFrom } from '../fixtures/rescued.ts';
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

  /** Fills the disk before the terminal starts on it; what lies in folder `seed` was there before. */
  const startOnFullDisk = async (seed: string, env: Readonly<Record<string, string>> = {}) => {
    const { terminalDataDir } = site;
    const fill = 'cp -a "$0/." "$1"; head -c 2000000 /dev/zero >"$1/filler"; shift; exec "$@"';
    terminal = await site.startTerminal(env, [
      ...SMALL_DISK(terminalDataDir),
      ...['sh', '-c', fill, seed, terminalDataDir],
    ]);
    const filler = join(`/proc/${terminal.pid}/root`, terminalDataDir, 'filler');
    return { makeRoom: () => truncateSync(filler, 0) };
  };

  test('at the start closes the gate and stops nothing; with room again it opens by itself', async () => {
    const seed = join(site.folder, 'seed');
    mkdirSync(seed);
    const { makeRoom } = await startOnFullDisk(seed);
    expect((await view()).faults).toContain('記録できません（ディスク）');
    expect(await touch()).toBe('not-recorded');
    expect(await view()).toMatchObject({ isClosed: true, touch: { tone: 'failed' } });
    makeRoom();
    await until(async () => !(await view()).isClosed, 'the disk has room again');
    expect(await touch()).toBe('recorded');
    expect(terminal?.hasEnded()).toBe(false);
  });

  test('at the start is told the gateway, and the journal goes on where it ended', async () => {
    const gateway = await site.startGateway();
    terminal = await site.startTerminal();
    expect([await touch(), await touch()]).toEqual(['recorded', 'recorded']);
    await terminal.kill('SIGTERM');
    const seed = join(site.folder, 'seed');
    cpSync(site.terminalDataDir, seed, { recursive: true });
    const { makeRoom } = await startOnFullDisk(seed);
    expect(await touch()).toBe('not-recorded');
    const faults = async () => {
      const { terminals } = await (await site.api('/v1/terminals')).json();
      const own = terminals.find((each: { terminalId: string }) => each.terminalId === TERMINAL);
      return (own?.state?.faults ?? []).map(({ part }: { part: string }) => part);
    };
    await until(async () => (await faults()).includes('storage'), 'the gateway knows', 50);
    makeRoom();
    await until(async () => !(await view()).isClosed, 'the disk has room again');
    // Who was here before the start is here still.
    expect(await view()).toMatchObject({ onSite: 2 });
    expect(await touch()).toBe('recorded');
    await until(async () => (await faults()).length === 0, 'the gateway knows that it is well', 50);
    await site.drained(terminal as RunningService);
    const workers = (await site.taps()).map(({ workerId }) => Number(workerId));
    expect(workers).toEqual([1, 2, 4].map((nth) => typedIds - 4 + nth));
    await gateway.kill('SIGTERM');
  });

  test('is a red light between the touches, which goes by itself', async () => {
    site.remove();
    const wires = { red: { line: 3 }, yellow: { line: 4 } };
    site = await createSite({
      hasReaders: false,
      terminalSettings: { signals: { adapter: 'gpiod', chip: CHIP, lines: wires } },
    });
    const tools = standInGpioTools(join(site.folder, 'gpio'));
    const seed = join(site.folder, 'seed');
    mkdirSync(seed);
    const { makeRoom } = await startOnFullDisk(seed, { PATH: `${tools.bin}:${process.env.PATH}` });
    await until(() => tools.level(3) === '1', 'the red light stands');
    makeRoom();
    await until(() => tools.level(3) === '0', 'the red light is gone');
    expect(await touch()).toBe('recorded');
    await until(() => tools.level(4) === '1', 'the yellow light for who is on no roster');
  });
});

test('a disk that is read-only at the start closes the gate until it can be written to', async () => {
  terminal = await site.startTerminal({}, [
    ...SMALL_DISK(site.terminalDataDir),
    ...['sh', '-c', 'mount -o remount,ro "$0"; exec "$@"', site.terminalDataDir],
  ]);
  expect(await touch()).toBe('not-recorded');
  expect((await view()).faults).toContain('記録できません（ディスク）');
  const itsDisk = ['--target', String(terminal.pid), '--mount'];
  const asItsUser = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  execFileSync('nsenter', [
    ...[...itsDisk, ...asItsUser],
    ...['mount', '-o', 'remount,rw', site.terminalDataDir],
  ]);
  await until(async () => !(await view()).isClosed, 'the disk can be written to');
  expect(await touch()).toBe('recorded');
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

  test('so is one whose log has a rotten page before its last touches, and they are rescued', async () => {
    terminal = await site.startTerminal();
    for (let count = 0; count < 3; count += 1) expect(await touch()).toBe('recorded');
    await terminal.kill('SIGKILL');
    const log = join(site.terminalDataDir, 'journal.db-wal');
    const frame = 24 + 4_096;
    const bytes = readFileSync(log);
    // The second touch: the page of each holds those before it, too.
    writeFileSync(log, bytes.fill(0xa5, bytes.length - 2 * frame, bytes.length - frame));
    terminal = await site.startTerminal();
    expect(await touch()).toBe('recorded');
    const status = await (await fetch(kioskUrl('/status'))).json();
    expect(status.state.faults).toContainEqual({ part: 'set-aside', reason: 'set-aside-1' });
    const rescued = rescuedFrom(join(site.terminalDataDir, 'set-aside-1'));
    const kinds = rescued?.entries.map(({ text }) => JSON.parse(text).kind);
    expect(kinds?.filter((kind) => kind === 'tap')).toHaveLength(3);
    expect([rescued?.missing, rescued?.broken]).toEqual([[], []]);
  });
});
