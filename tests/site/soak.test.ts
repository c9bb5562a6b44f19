/** Three days at a gate leave the memory as they found it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { TERMINAL_NODE_FLAGS } from '../../device/node-flags.ts';
import { GROWTH_MAX, growthOf, heldBytes } from '../fixtures/heap-snapshot.ts';

const RUN = fileURLToPath(new URL('./soak-run.ts', import.meta.url));

const soak = async (...leak: readonly 'leak'[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-soak-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...TERMINAL_NODE_FLAGS, RUN, folder, ...leak],
      { timeout: 580_000 },
    );
    const days = readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot'));
    const weights = days.toSorted().map((name) => heldBytes(join(folder, name)));
    return { ...JSON.parse(stdout), weights, growth: growthOf(weights) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

type Soak = Awaited<ReturnType<typeof soak>>;
let sound: Soak;
let leaking: Soak;
beforeAll(async () => {
  [sound, leaking] = await Promise.all([soak(), soak('leak')]);
}, 600_000);

test('72 hours of touches, links and nights: the memory stays flat', () => {
  const { touches, entries, weights, growth } = sound;
  expect(touches).toBeGreaterThan(15_000);
  // Each touch, its missing face, and what link and clock had to say.
  expect(entries).toBeGreaterThan(2 * touches);
  expect(weights).toHaveLength(4);
  expect(growth, weights.join(' ')).toBeLessThan(GROWTH_MAX);
});

test('buffers that are kept, of which the used heap tells next to nothing, would be found', () => {
  const { weights, growth } = leaking;
  expect(growth, weights.join(' ')).toBeGreaterThan(GROWTH_MAX);
});
