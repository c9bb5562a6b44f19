/** Three days at a gate leave the memory as they found it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { TERMINAL_NODE_FLAGS } from '../../device/node-flags.ts';

const RUN = fileURLToPath(new URL('./soak-run.ts', import.meta.url));

test('72 hours of touches, links and nights: the heap stays flat', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', ...TERMINAL_NODE_FLAGS, RUN],
    { timeout: 580_000 },
  );
  const { touches, entries, heaps } = JSON.parse(stdout);
  expect(touches).toBeGreaterThan(15_000);
  // Each touch, its missing face, and what link and clock had to say.
  expect(entries).toBeGreaterThan(2 * touches);
  const [first = 0, ...later] = heaps;
  expect(later).toHaveLength(3);
  // What the compiler keeps moves the heap by a percent or so; anything kept for each touch is more.
  for (const heap of later) expect(heap).toBeLessThan(first * 1.03);
}, 600_000);
