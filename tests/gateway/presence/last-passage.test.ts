/** What attendance says of who is on site, and up to when the touches of a gate are known. */
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { knownUntil, lastPassageOf } from '../../../gateway/presence/last-passage.ts';
import { isoInJapan, utcMs, workDate } from '../../../shared/time.ts';
import { attendanceDay, jst } from '../../fixtures/attendance-day.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';

const NOW = jst('2026-11-24T12:00');
/** A day whose last entry waits for its exit; `from`: when its shift began. */
const open = (date: string, since: string, from = since): AttendanceDay => {
  const { lastOut: _, ...day } = attendanceDay(date);
  const [openSince, startAt] = [jst(`${date}T${since}`), jst(`${date}T${from}`)];
  return { ...day, openSince, firstTouchAt: startAt, shifts: [{ startAt, intervals: [] }] };
};
const left = (date: string, hours = 1): AttendanceDay => attendanceDay(date, { hours });
/** Somebody in the office vouches for the day, and says no time. */
const vouched = (date: string): AttendanceDay => {
  const { lastOut: _, firstIn: __, ...day } = attendanceDay(date, { from: '00:00', hours: 0 });
  return { ...day, shifts: [{ startAt: day.firstTouchAt, intervals: [] }] };
};

describe('the last passage', () => {
  test.each<[string, readonly AttendanceDay[], string | undefined]>([
    ['nobody', [], undefined],
    ['entered', [open('2026-11-24', '08:00')], 'in 24T08:00 of 24'],
    [
      'entered, and the day before as well',
      [left('2026-11-23'), open('2026-11-24', '08:00')],
      'in 24T08:00 of 24',
    ],
    ['left', [left('2026-11-24')], 'out 24T09:00 of 24'],
    ['a night shift is on site after midnight', [open('2026-11-23', '21:00')], 'in 23T21:00 of 23'],
    [
      'and also where the office vouches for the next day',
      [open('2026-11-23', '21:00'), vouched('2026-11-24')],
      'in 23T21:00 of 24',
    ],
    [
      'vouched for: was there, and nobody knows that they are',
      [vouched('2026-11-24')],
      'out 24T00:00 of 24',
    ],
    [
      'the longest shift ends a forgotten exit',
      [open('2026-11-23', '17:00')],
      'out 24T11:00 of 23',
    ],
    [
      'reckoned from the beginning of the shift, not from its last entry',
      [open('2026-11-23', '19:00', '17:00')],
      'out 24T11:00 of 23',
    ],
    [
      'an entry of a minute to come: clocks are never quite equal',
      [open('2026-11-24', '12:01')],
      'in 24T12:01 of 24',
    ],
    ['left a day ago: no list asks', [left('2026-11-23')], undefined],
    ['left less than a day ago', [left('2026-11-23', 5)], 'out 23T13:00 of 23'],
  ])('%s', (_what, days, expected) => {
    const last = lastPassageOf(days, { maxShiftHours: 18, now: NOW });
    expect(
      last && `${last.passage} ${isoInJapan(last.at).slice(8, 16)} of ${last.day.slice(8)}`,
    ).toBe(expected);
  });

  test('does not rest on the order of the days', () => {
    const days = [open('2026-11-23', '21:00'), vouched('2026-11-24'), left('2026-11-22')];
    expect(lastPassageOf(days.toReversed(), { maxShiftHours: 18, now: NOW })).toEqual(
      lastPassageOf(days, { maxShiftHours: 18, now: NOW }),
    );
    expect(lastPassageOf(days, { maxShiftHours: 18, now: NOW })?.day).toBe(workDate('2026-11-24'));
  });
});

describe('what a gate noted is known', () => {
  const minutesAgo = (minutes: number) => utcMs(NOW - minutes * 60_000);
  const well = {
    isOnline: true,
    lastHeardAt: minutesAgo(1),
    state: terminalState(),
    stateAt: minutesAgo(1),
  };
  const queue = (minutes: number) => ({ unsentTaps: 3, oldestMs: minutesAgo(minutes) });
  test.each<[string, Parameters<typeof knownUntil>[0], readonly number[], number | undefined]>([
    ['up to now: connected and nothing unsent', well, [], undefined],
    [
      'up to now: a touch that is on its way',
      { ...well, state: terminalState({ queue: queue(1) }) },
      [],
      undefined,
    ],
    ['not at all: never heard of', { ...well, isOnline: false, lastHeardAt: undefined }, [], 0],
    ['up to when it was heard last: gone', { ...well, isOnline: false }, [], minutesAgo(1)],
    [
      'up to when it was heard last: silent on a connection that nobody ended',
      { ...well, lastHeardAt: minutesAgo(4) },
      [],
      minutesAgo(4),
    ],
    [
      'up to its oldest unsent touch',
      { ...well, state: terminalState({ queue: queue(90) }) },
      [],
      minutesAgo(90),
    ],
    [
      'up to when it was heard, whatever its clock says of its touches',
      { ...well, state: terminalState({ queue: { unsentTaps: 1, oldestMs: utcMs(0) } }) },
      [],
      0,
    ],
    ['up to the first touch that nobody can date', well, [20, 30], minutesAgo(30)],
  ])('%s', (_what, contact, waiting, expected) => {
    const touches = waiting.map((minutes) => ({ receivedAt: minutesAgo(minutes) }));
    expect(knownUntil(contact, touches, NOW)).toBe(expected);
  });
});
