/** 掛金日数 of one shift: the printed vectors and the boundaries around them. */
import { describe, expect, test } from 'vitest';
import { contributionDays } from '../../../gateway/policies/contribution-days.ts';
import { utcMs } from '../../../shared/time.ts';

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

  test('a shift of which only one touch is known is a day', () => {
    expect(contributionDays({ startAt: jst('2026-11-24T21:00'), intervals: [] })).toBe(1);
  });
});
