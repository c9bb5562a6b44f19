/** Whom the clock is believed. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createClockTrust } from '../../shared/clock-trust.ts';
import { uptimeMs } from '../../shared/time.ts';

const asking = (answers: readonly boolean[]) => {
  let asked = 0;
  const trust = createClockTrust('system-sync', async () => answers[asked++] ?? false);
  return {
    asked: () => asked,
    at: async (uptime: number) => {
      const told = trust(uptimeMs(uptime));
      await setImmediate();
      return told;
    },
  };
};

test('a clock that is kept right by other means is believed without a question', () => {
  const isSynchronized = () => Promise.reject(new Error('asked'));
  expect(createClockTrust('always', isSynchronized)(uptimeMs(0))).toBe('trusted');
});

test('the system is asked once a minute until it says yes, and never again', async () => {
  const clock = asking([false, true]);
  const told = [];
  for (const uptime of [5_000, 5_001, 64_999, 65_000, 65_001, 1_000_000])
    told.push(`${await clock.at(uptime)} ${clock.asked()}`);
  expect(told).toEqual([
    'untrusted 1',
    'untrusted 1',
    'untrusted 1',
    'untrusted 2',
    'trusted 2',
    'trusted 2',
  ]);
});
