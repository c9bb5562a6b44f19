/** A small fuzzing run as part of every test run, and the proof that a run finds what is there. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../simulation/random.ts';
import { fuzz } from './fuzz.ts';
import { mutate } from './mutate.ts';
import type { Finding } from './slice.ts';

const at = (name: string): string => new URL(name, import.meta.url).href;
const MINUTES = 60_000;

describe('every parser that meets outside bytes', () => {
  test('neither crashes nor hangs nor lets anything forged pass', {
    timeout: 10 * MINUTES,
  }, async () => {
    const findings: Finding[] = [];
    const result = await fuzz({
      inputs: 20_000,
      seed: 20_261_125,
      threads: 2,
      catalogue: at('./catalogue.ts'),
      hangMs: 2 * MINUTES,
      found: (finding) => findings.push(finding),
    });
    expect(findings).toEqual([]);
    expect(result.inputs).toBeGreaterThanOrEqual(20_000);
    expect(Math.min(...Object.values(result.inputsByTarget))).toBeGreaterThan(0);
  });
});

describe('a run', () => {
  test('finds what throws, at once and later, what never ends and what eats memory', {
    timeout: 5 * MINUTES,
  }, async () => {
    const found = new Set<string>();
    const result = await fuzz({
      inputs: 6,
      seed: 3,
      threads: 1,
      catalogue: at('./planted.ts'),
      hangMs: 20_000,
      found: ({ kind, target }) => found.add(`${kind} ${target}`),
    });
    expect([...found].sort()).toEqual([
      'crash eats-memory',
      'crash rejects',
      'crash throws',
      'crash throws-later',
      'hang never-ends',
    ]);
    expect([result.inputs, result.crashes, result.hangs]).toEqual([6, 4, 1]);
  });

  test('makes the same inputs of the same seed, and others of another', () => {
    const source = { samples: [Buffer.from('{"a":[1,2],"b":"x"}\nline 2')], words: ['"c":'] };
    const inputs = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 200 }, () => mutate(source, random).toString('hex'));
    };
    expect(inputs(5)).toEqual(inputs(5));
    expect(inputs(5)).not.toEqual(inputs(6));
    expect(new Set(inputs(5)).size).toBeGreaterThan(150);
  });

  test.each([
    [['--inputs', 'many'], '--inputs must be a whole number'],
    [['--seed', '-1'], 'usage'],
    [['--nonsense'], 'usage'],
  ])('with %o is refused with exit code 2', (line, said) => {
    const program = fileURLToPath(at('./run.ts'));
    const { status, stderr } = spawnSync(process.execPath, [program, ...line], {
      encoding: 'utf8',
    });
    expect([status, stderr.includes(said)]).toEqual([2, true]);
  });
});
