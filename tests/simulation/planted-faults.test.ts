/** The simulation finds what is wrong: every planted fault, by its invariant, within its seeds. */
import { describe, expect, test } from 'vitest';
import { PLANTED_FAULTS } from './planted-faults.ts';
import { runSeed } from './world.ts';

describe('the simulation bites', () => {
  test.each(PLANTED_FAULTS)('$name (within $within)', ({ caughtBy, within, parts }) => {
    let found: string | undefined;
    for (let seed = 1; seed <= within && found === undefined; seed += 1) {
      found = runSeed(seed, parts).violation?.invariant;
    }
    expect(caughtBy.filter((invariant) => found?.startsWith(invariant))).not.toEqual([]);
  });

  test('and finds nothing in the same seeds of the real parts', () => {
    const most = Math.max(...PLANTED_FAULTS.map(({ within }) => within));
    for (let seed = 1; seed <= most; seed += 1) expect(runSeed(seed).violation).toBeUndefined();
  });
});
