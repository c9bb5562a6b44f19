/** What somebody does to the terminal's folder while the real terminal works in it. */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import { rescuedFrom } from '../fixtures/rescued.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';

let site: Site;
const running: RunningService[] = [];
const start = async (): Promise<RunningService> => {
  const terminal = await site.startTerminal();
  running.push(terminal);
  return terminal;
};
beforeEach(async () => {
  site = await createSite({ hasReaders: false });
});
afterEach(async () => {
  for (const terminal of running.splice(0)) await terminal.kill('SIGKILL');
  site.remove();
});

let typedIds = 0;
/** A touch; each of another person, so that none is a repeat. */
const touch = async ({ ready }: RunningService): Promise<string> => {
  typedIds += 1;
  const answer = await fetch(`${ready.kioskUrl}typed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ workerId: String(typedIds).padStart(14, '0') }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()).kind;
};

describe('a second terminal', () => {
  test('does not start, and the first one records on', async () => {
    const first = await start();
    expect(await touch(first)).toBe('recorded');
    await expect(start()).rejects.toThrow(`another terminal works in ${site.terminalDataDir}`);
    expect(await touch(first)).toBe('recorded');
    // However the first one ends, the next one may work there.
    await first.kill('SIGKILL');
    expect(await touch(await start())).toBe('recorded');
  });
});

describe('a journal that somebody takes away while touches are made', () => {
  const file = (suffix = ''): string => join(site.terminalDataDir, `journal.db${suffix}`);
  /** Workers of the touches that can be read of a folder. */
  const workersIn = (folder: string): readonly number[] =>
    (rescuedFrom(folder)?.entries ?? [])
      .map(({ text }) => JSON.parse(text))
      .flatMap(({ presented }) => (presented === undefined ? [] : [Number(presented.workerId)]));
  const folders = (): readonly string[] =>
    readdirSync(site.terminalDataDir).filter((name) => name.startsWith('set-aside'));

  test.each<[string, () => void, { readonly aside: boolean }]>([
    [
      'deleted whole',
      () => {
        for (const suffix of ['', '-wal', '-shm']) rmSync(file(suffix));
      },
      { aside: true },
    ],
    ['deleted but for its log', () => rmSync(file()), { aside: true }],
    ['replaced by an older one', () => renameSync(file('.older'), file()), { aside: true }],
    ['deprived of its log', () => rmSync(file('-wal')), { aside: false }],
  ])('%s: no touch beeps that nobody finds again', async (_how, hurt, { aside }) => {
    const before = await start();
    await touch(before);
    await before.kill('SIGTERM');
    copyFileSync(file(), file('.older'));
    const older = typedIds;
    const terminal = await start();
    const beeped = [older];
    const touchNow = async (): Promise<void> => {
      if ((await touch(terminal)) === 'recorded') beeped.push(typedIds);
    };
    await touchNow();
    expect(beeped).toEqual([older, older + 1]);
    hurt();
    // It is not written where nobody will look for it.
    await touchNow();
    expect(beeped).toEqual([older, older + 1]);
    await until(() => terminal.hasEnded(), 'a new start is asked for');
    expect(await terminal.kill('SIGTERM')).toBe(3);
    // Beside another journal its log would be read into that.
    expect(existsSync(file('-wal'))).toBe(false);
    const next = await start();
    expect(await touch(next)).toBe('recorded');
    beeped.push(typedIds);
    await next.kill('SIGKILL');
    expect(folders()).toEqual(aside ? ['set-aside-1'] : []);
    const found = [
      site.terminalDataDir,
      ...folders().map((name) => join(site.terminalDataDir, name)),
    ].flatMap(workersIn);
    expect([...new Set(found)].toSorted((a, b) => a - b)).toEqual(beeped);
  });

  test('with its whole folder, which cannot be made again: the gate closes, and what is unsent is sent', async () => {
    const gateway = await site.startGateway();
    running.push(gateway);
    const terminal = await start();
    await site.drained(terminal);
    await gateway.kill('SIGKILL');
    expect(await touch(terminal)).toBe('recorded');
    renameSync(site.terminalDataDir, `${site.terminalDataDir}.moved`);
    writeFileSync(site.terminalDataDir, '');
    expect(await touch(terminal)).toBe('not-recorded');
    const view = async () => (await fetch(`${terminal.ready.kioskUrl}view`)).json();
    expect(await view()).toMatchObject({ isClosed: true, unsent: 1 });
    running.push(await site.startGateway());
    await until(async () => (await site.taps()).length === 1, 'the touch at the gateway', 50);
  });
});
