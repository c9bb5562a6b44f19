/** 2,000 worlds in every test run, shared over the cores; a violation names the seed that repeats it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runSeed } from './world.ts';

const SEEDS = 2_000;
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

const simulate = async (first: number, count: number) => {
  const child = spawn(process.execPath, [RUN, '--seed', String(first), '--seeds', String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return { output, code, summary: JSON.parse(last) };
};

describe('the simulated world', () => {
  test(`keeps every promise over ${SEEDS} seeds`, async () => {
    const shares = Math.min(2, availableParallelism());
    const each = SEEDS / shares;
    const results = await Promise.all(
      Array.from({ length: shares }, (_, share) => simulate(1 + share * each, each)),
    );
    for (const { output, code, summary } of results) {
      expect(summary, output).toMatchObject({ seeds: each, violations: 0 });
      expect(code).toBe(0);
      // A world in which nothing happens proves nothing.
      expect(summary.touches).toBeGreaterThan(each * 10);
      expect(summary.crashes).toBeGreaterThan(each * 3);
    }
  }, 900_000);

  test('is the same again for the same seed, and another for another', () => {
    const [first, again, other] = [7, 7, 8].map((seed) => runSeed(seed).traceHash);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test.each([[['--seeds', 'many']], [['--nonsense']]])('%j prints usage and exits 2', (line) => {
    const { status, stderr } = spawnSync(process.execPath, [RUN, ...line], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('usage:');
  });
});
