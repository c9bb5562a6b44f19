/** The way in: what the commands say and give back when they are called as people call them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { registryDocument, SITE_ID, WORKER_ID } from '../fixtures/registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const npm = (...line: readonly string[]) => spawnSync('npm', line, { cwd: ROOT, encoding: 'utf8' });

describe('npm run', () => {
  test('replay gives one JSON document on stdout and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'genba-npm-'));
    const [registry, taps] = [join(folder, 'registry.json'), join(folder, 'taps.ndjson')];
    writeFileSync(registry, JSON.stringify(registryDocument));
    writeFileSync(
      taps,
      JSON.stringify({
        siteId: SITE_ID,
        at: '2026-11-24T08:00:00+09:00',
        direction: 'in',
        workerId: WORKER_ID,
      }),
    );
    const done = npm(
      'run',
      'replay',
      '--',
      '--registry',
      registry,
      '--taps',
      taps,
      '--report',
      'attendance',
    );
    rmSync(folder, { recursive: true });
    expect(JSON.parse(done.stdout)).toMatchObject({
      report: 'attendance',
      rows: [{ workerId: WORKER_ID }],
    });
    expect(done.status).toBe(0);
  });

  test.each([
    ['replay', '--nonsense'],
    ['simulate', '--nonsense'],
    ['bench', 'nonsense'],
    ['tap', '--nonsense'],
    ['start', '--nonsense'],
    ['package', '--nonsense'],
  ])('%s %s says what is wrong and exits 2', (command, word) => {
    const done = npm('run', command, '--', word);
    expect(done.status).toBe(2);
    expect(done.stderr).toMatch(/usage:|there are/);
    expect(done.stdout).toBe('');
  });

  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  test.each(Object.keys(scripts))('%s -- --help tells how it is used, and does nothing', (name) => {
    const done = npm('run', name, '--', '--help');
    expect(done.stdout).toMatch(new RegExp(`^usage: npm (run )?${name}\\b`));
    expect([done.stderr, done.status]).toEqual(['', 0]);
  });

  test('an unknown command of the way in itself prints usage and exits 2', () => {
    const done = spawnSync(
      process.execPath,
      [join(ROOT, 'provisioning/bootstrap.mjs'), 'nonsense'],
      { encoding: 'utf8' },
    );
    expect(done.status).toBe(2);
    expect(done.stderr).toContain('usage:');
  });

  test('set-up with everything here does nothing', () => {
    const done = npm('run', 'setup');
    expect(done.status).toBe(0);
    expect(done.stderr).toContain('everything is here already');
  });
});
