/** 掛金日数 of one shift: the printed vectors and the boundaries around them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedHours } from '../../../gateway/policies/contribution-days.ts';
import {
  type ContributionReadings,
  DEFAULT_READINGS,
} from '../../../gateway/policies/contribution-readings.ts';
import { utcMs } from '../../../shared/time.ts';

const contributionDays = (...asked: Parameters<typeof countedHours>): number =>
  countedHours(...asked).days;

const jst = (text: string) => utcMs(Date.parse(`${text}:00+09:00`));

describe('contributionDays', () => {
  test.each([
    ['2026-11-24T08:00', '2026-11-24T08:00', 1, 'presence alone is a day'],
    ['2026-11-24T08:00', '2026-11-24T11:00', 1, 'printed: two or three paid hours are a day'],
    ['2026-11-24T08:00', '2026-11-24T16:00', 1, 'exactly 8 hours'],
    ['2026-11-24T08:00', '2026-11-24T20:00', 1, '4 hours beyond, all on the same day'],
    ['2026-11-24T08:00', '2026-11-24T23:59', 1, 'a minute short of a second unit'],
    ['2026-11-24T08:00', '2026-11-25T00:00', 2, 'a whole unit beyond 8 hours'],
    ['2026-11-24T21:00', '2026-11-25T09:00', 2, 'printed: 05–09 is 4 hours of the next day'],
    ['2026-11-24T21:00', '2026-11-25T08:59', 1, 'a minute short of 4 hours'],
    ['2026-11-24T18:00', '2026-11-25T06:00', 2, '02–06 is 4 hours of the next day'],
    ['2026-11-24T18:00', '2026-11-25T05:00', 1, 'only 3 hours of the next day'],
    ['2026-11-24T14:00', '2026-11-25T02:00', 1, '4 hours beyond, but 2 of them before midnight'],
    ['2026-11-24T12:00', '2026-11-25T04:00', 2, 'one unit, nothing left over'],
    ['2026-11-24T12:00', '2026-11-25T08:00', 3, 'one unit and 4 hours of the next day left over'],
    ['2026-11-24T12:00', '2026-11-25T07:59', 2, 'one unit and not quite 4 hours left over'],
    ['2026-11-24T00:00', '2026-11-25T00:00', 3, 'two whole units beyond 8 hours'],
  ])('%s to %s is %i: %s', (inAt, outAt, days) => {
    const shift = { startAt: jst(inAt), intervals: [{ inAt: jst(inAt), outAt: jst(outAt) }] };
    expect(contributionDays(shift)).toBe(days);
  });

  test('time outside the gate is not worked: 21:00–09:00 with an hour out is 1 day', () => {
    const intervals = [
      { inAt: jst('2026-11-24T21:00'), outAt: jst('2026-11-25T01:00') },
      { inAt: jst('2026-11-25T02:00'), outAt: jst('2026-11-25T09:00') },
    ];
    expect(contributionDays({ startAt: jst('2026-11-24T21:00'), intervals })).toBe(1);
  });

  test.each<[string, string, ContributionReadings['breaks'], number, string]>([
    ['2026-11-24T21:00', '2026-11-25T09:00', 'not-subtracted', 2, 'as printed'],
    ['2026-11-24T21:00', '2026-11-25T09:00', 'statutory', 1, 'an hour of break leaves 3 beyond'],
    ['2026-11-24T21:00', '2026-11-25T10:00', 'statutory', 2, '13 h with an hour of break'],
    ['2026-11-24T08:00', '2026-11-25T00:59', 'statutory', 1, 'a minute short of 16 h and a break'],
    ['2026-11-24T08:00', '2026-11-25T01:00', 'statutory', 2, '16 h and an hour of break'],
  ])('%s to %s with breaks %s is %i: %s', (inAt, outAt, breaks, days) => {
    const shift = { startAt: jst(inAt), intervals: [{ inAt: jst(inAt), outAt: jst(outAt) }] };
    expect(contributionDays(shift, { ...DEFAULT_READINGS, breaks })).toBe(days);
  });

  test('a break that was taken outside the gate is not subtracted again', () => {
    const intervals = [
      { inAt: jst('2026-11-24T21:00'), outAt: jst('2026-11-25T01:00') },
      { inAt: jst('2026-11-25T02:00'), outAt: jst('2026-11-25T10:00') },
    ];
    const shift = { startAt: jst('2026-11-24T21:00'), intervals };
    expect(contributionDays(shift, { ...DEFAULT_READINGS, breaks: 'statutory' })).toBe(2);
  });

  test.each<[string, string, ContributionReadings['nextDayHours'], number, string]>([
    ['2026-11-24T12:00', '2026-11-25T08:00', 'of-remainder', 3, '8 + 8, and 4 of the next day'],
    ['2026-11-24T12:00', '2026-11-25T08:00', 'without-whole-unit', 2, 'a whole unit is enough'],
    ['2026-11-24T21:00', '2026-11-25T09:00', 'without-whole-unit', 2, 'printed under either'],
  ])('%s to %s, 4 hours %s, is %i: %s', (inAt, outAt, nextDayHours, days) => {
    const shift = { startAt: jst(inAt), intervals: [{ inAt: jst(inAt), outAt: jst(outAt) }] };
    expect(contributionDays(shift, { ...DEFAULT_READINGS, nextDayHours })).toBe(days);
  });

  test('more work never earns fewer days, and a day has three at most by any reading', () => {
    const minutes = fc.integer({ min: 0, max: 24 * 60 });
    const readings = fc.record({
      breaks: fc.constantFrom('not-subtracted' as const, 'statutory' as const),
      nextDayHours: fc.constantFrom('of-remainder' as const, 'without-whole-unit' as const),
    });
    const daysOf = (start: number, length: number, how: ContributionReadings): number => {
      const inAt = utcMs(jst('2026-11-24T00:00') + start * 60_000);
      const intervals = [{ inAt, outAt: utcMs(inAt + length * 60_000) }];
      return contributionDays({ startAt: inAt, intervals }, how);
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_439 }),
        minutes,
        minutes,
        readings,
        (start, a, b, how) => {
          const fewer = daysOf(start, Math.min(a, b), how);
          const more = daysOf(start, Math.max(a, b), how);
          // A break that becomes due takes a little off; nothing else does.
          if (how.breaks === 'not-subtracted' && how.nextDayHours === 'without-whole-unit')
            expect(more).toBeGreaterThanOrEqual(fewer);
          expect(fewer).toBeGreaterThanOrEqual(1);
          expect(more).toBeLessThanOrEqual(3);
        },
      ),
    );
  });

  test('a shift of which only one touch is known is a day', () => {
    expect(contributionDays({ startAt: jst('2026-11-24T21:00'), intervals: [] })).toBe(1);
  });
});
