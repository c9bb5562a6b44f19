/** How often a password may be tried: a guesser gets nowhere, and nobody is locked out for good. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLogInLimits, type TriedBy, waitMs } from '../../../gateway/access/log-in-limits.ts';
import { uptimeMs } from '../../../shared/time.ts';

const HOUR = 3_600_000;
const stranger = (account: string, address = '192.0.2.1'): TriedBy => ({
  kind: 'stranger',
  account,
  address,
});

test.each([
  [0, 0, 'nothing tried'],
  [4, 0, 'slips of the finger are free'],
  [5, 1_000, 'then it begins'],
  [6, 2_000, 'and doubles'],
  [10, 32_000, 'and doubles'],
  [15, 900_000, 'a quarter of an hour at most'],
  [1_000_000, 900_000, 'whatever a stranger did'],
])('after %i failures one waits %i ms: %s', (failures, wait) => {
  expect(waitMs({ failures, lastAt: uptimeMs(0) }, 5, uptimeMs(0))).toBe(wait);
});

describe('the limits', () => {
  const open = () => {
    let now = 0;
    const limits = createLogInLimits(() => uptimeMs(now));
    return { limits, pass: (ms: number) => (now += ms) };
  };

  test('count an account from wherever it is tried', () => {
    const { limits } = open();
    for (let each = 0; each < 5; each += 1)
      expect(limits.try(stranger('kanri', `192.0.2.${each}`))).toBe(0);
    expect(limits.try(stranger('kanri', '198.51.100.7'))).toBe(1_000);
  });

  test('count an address whatever account it tries', () => {
    const { limits } = open();
    for (let each = 0; each < 20; each += 1) expect(limits.try(stranger(`user-${each}`))).toBe(0);
    expect(limits.try(stranger('another'))).toBe(1_000);
  });

  test('leave the owner’s browser alone while a stranger guesses', () => {
    const { limits, pass } = open();
    for (let each = 0; each < 1_000; each += 1) {
      limits.try(stranger('kanri'));
      pass(1_000);
    }
    expect(limits.try(stranger('kanri'))).toBeGreaterThan(0);
    expect(limits.try({ kind: 'own-browser', account: 'kanri', browser: 'x' })).toBe(0);
  });

  test('one good account buys no endless tries at others', () => {
    const { limits } = open();
    let heard = 0;
    for (let each = 0; each < 100; each += 1) {
      if (limits.try(stranger(`user-${each}`)) > 0) break;
      heard += 1;
      if (limits.try(stranger('mine')) === 0) limits.succeeded(stranger('mine'));
    }
    expect(heard).toBeLessThanOrEqual(20);
  });

  test('whatever was tried before, who waits a quarter of an hour is heard', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            account: fc.constantFrom('a', 'b'),
            address: fc.constantFrom('192.0.2.1', '192.0.2.2'),
            after: fc.integer({ min: 0, max: 2 * HOUR }),
          }),
          { maxLength: 200 },
        ),
        (tries) => {
          const { limits, pass } = open();
          for (const { account, address, after } of tries) {
            pass(after);
            limits.try(stranger(account, address));
          }
          pass(HOUR / 4);
          expect(limits.try(stranger('a'))).toBe(0);
        },
      ),
    );
  });

  test('a guesser who never rests gets a hundred tries a day, not a million', () => {
    const { limits, pass } = open();
    let heard = 0;
    for (let second = 0; second < 24 * 3_600; second += 1) {
      if (limits.try(stranger('kanri')) === 0) heard += 1;
      pass(1_000);
    }
    expect(heard).toBeLessThan(120);
    expect(heard).toBeGreaterThan(90);
  });
});
