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
    { timeout: 280_000 },
  );
  const { touches, entries, heaps } = JSON.parse(stdout);
  expect(touches).toBeGreaterThan(15_000);
  // Each touch, its missing face, and what link and clock had to say.
  expect(entries).toBeGreaterThan(2 * touches);
  const [first = 0, , last = 0] = heaps;
  expect(last).toBeLessThan(first * 1.05);
}, 300_000);
