/** When a new certificate is asked for: a table of moments, and what holds whatever the gateway answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CertificateSpan,
  INITIAL_RENEWAL,
  type RenewalState,
  step,
} from '../../device/renewal.ts';
import { DAY_MS, MINUTE_MS, uptimeMs, utcMs } from '../../shared/time.ts';

const FROM = utcMs(Date.parse('2026-04-01T00:00:00+09:00'));
const certificate: CertificateSpan = { from: FROM, to: utcMs(FROM + 180 * DAY_MS) };
const tick = (state: RenewalState, afterMs: number, random = 0, span = certificate) =>
  step(state, {
    kind: 'tick',
    wallMs: utcMs(FROM + afterMs),
    uptimeMs: uptimeMs(afterMs),
    certificate: span,
    random,
  });

describe('asks', () => {
  test.each<[string, number, number, boolean]>([
    ['not on the day before two thirds of its life', 119 * DAY_MS, 0, false],
    ['from two thirds of its life on', 120 * DAY_MS, 0, true],
    ['not all terminals of a site at once', 120 * DAY_MS, 0.5, false],
    ['the last minutes, with little spread', 180 * DAY_MS - MINUTE_MS, 0, true],
    ['at once when it has ended already', 181 * DAY_MS, 0.99, true],
    ['not by a clock that is years behind', 0, 0, false],
  ])('%s', (_why, afterMs, random, isAsking) => {
    expect(tick(INITIAL_RENEWAL, afterMs, random).isAsking).toBe(isAsking);
  });

  test('within the hour after it is due', () => {
    const waiting = tick(INITIAL_RENEWAL, 120 * DAY_MS, 0.999).state;
    expect(tick(waiting, 120 * DAY_MS + 59 * MINUTE_MS, 0).isAsking).toBe(false);
    expect(tick(waiting, 120 * DAY_MS + 60 * MINUTE_MS, 0).isAsking).toBe(true);
  });

  test('nothing without a certificate to show', () => {
    const { isAsking } = step(INITIAL_RENEWAL, {
      kind: 'tick',
      wallMs: utcMs(FROM + 150 * DAY_MS),
      uptimeMs: uptimeMs(0),
      certificate: undefined,
      random: 0,
    });
    expect(isAsking).toBe(false);
  });

  test('no more when a person put a new certificate in place', () => {
    const failed = step(tick(INITIAL_RENEWAL, 120 * DAY_MS).state, {
      kind: 'failed',
      reason: 'x',
      uptimeMs: uptimeMs(120 * DAY_MS),
      random: 0,
    }).state;
    const fresh = { from: utcMs(FROM + 119 * DAY_MS), to: utcMs(FROM + 299 * DAY_MS) };
    expect(tick(failed, 121 * DAY_MS, 0, fresh)).toEqual({
      state: { kind: 'resting' },
      isAsking: false,
    });
  });
});

test('whatever the answers: one question at a time, never two within 45 s, always again within 7.5 h, and the fault is told until it is over', () => {
  const answers = fc.array(
    fc.record({
      isRenewed: fc.boolean(),
      takesMinutes: fc.integer({ min: 0, max: 3 }),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(answers, (script) => {
      let state: RenewalState = INITIAL_RENEWAL;
      let minute = 121 * 24 * 60;
      let span = certificate;
      let lastAsked: number | undefined;
      for (const { isRenewed, takesMinutes, random } of script) {
        const began = minute;
        for (;;) {
          const next = tick(state, minute * MINUTE_MS, random, span);
          state = next.state;
          if (next.isAsking) break;
          minute += 1;
          if (minute - began > 8 * 60) throw new Error('never asks again');
        }
        if (lastAsked !== undefined)
          expect((minute - lastAsked) * MINUTE_MS).toBeGreaterThan(45_000);
        lastAsked = minute;
        for (let waited = 0; waited < takesMinutes; waited += 1) {
          minute += 1;
          expect(tick(state, minute * MINUTE_MS, random, span)).toEqual({ state, isAsking: false });
        }
        const now = uptimeMs(minute * MINUTE_MS);
        state = step(
          state,
          isRenewed ? { kind: 'renewed' } : { kind: 'failed', reason: 'no', uptimeMs: now, random },
        ).state;
        expect('fault' in state ? state.fault : undefined).toBe(isRenewed ? undefined : 'no');
        if (!isRenewed) continue;
        span = { from: utcMs(FROM + now), to: utcMs(FROM + now + 180 * DAY_MS) };
        expect(tick(state, now + 119 * DAY_MS, random, span).isAsking).toBe(false);
        minute += 121 * 24 * 60;
        lastAsked = undefined;
      }
    }),
    { numRuns: 200 },
  );
});
