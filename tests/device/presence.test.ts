/** Who is on site, as one terminal sees it. */
import { describe, expect, test } from 'vitest';
import { createPresence } from '../../device/presence.ts';
import type { TapEntry } from '../../shared/entry.ts';
import { JournalId } from '../../shared/ids.ts';
import { uptimeMs, utcMs } from '../../shared/time.ts';
import { CARD, SITE, TERMINAL } from '../fixtures/identities.ts';

const HOUR = 3_600_000;
const jst = (text: string) => utcMs(Date.parse(`${text}+09:00`));

const tap = (
  at: string,
  direction: TapEntry['direction'],
  fields: Partial<TapEntry> = {},
): TapEntry => ({
  v: 1,
  terminalId: TERMINAL,
  journalId: JournalId.parse('11111111-1111-4111-8111-111111111111'),
  seq: 1,
  wallMs: jst(at),
  uptimeMs: uptimeMs(0),
  bootId: 'boot-1',
  clock: 'trusted',
  kind: 'tap',
  siteId: SITE,
  readerId: 'gate',
  direction,
  presented: { by: 'card', cardId: CARD },
  verdict: 'recorded',
  reasons: [],
  ...fields,
});

describe('presence', () => {
  test.each([
    ['who entered is there', [tap('2026-11-24T07:00', 'in')], '2026-11-24T12:00', 1],
    [
      'who left is not',
      [tap('2026-11-24T07:00', 'in'), tap('2026-11-24T17:00', 'out')],
      '2026-11-24T18:00',
      0,
    ],
    [
      'a forgotten exit ends with the longest shift',
      [tap('2026-11-24T07:00', 'in')],
      '2026-11-25T01:00',
      0,
    ],
    [
      'an auto reader turns the person round',
      [tap('2026-11-24T07:00', 'auto'), tap('2026-11-24T12:00', 'auto')],
      '2026-11-24T12:30',
      0,
    ],
    [
      'the next day an auto reader lets in again, though the exit was forgotten',
      [tap('2026-11-23T07:00', 'auto'), tap('2026-11-24T07:00', 'auto')],
      '2026-11-24T08:00',
      1,
    ],
    [
      'a repeat turns nobody round',
      [tap('2026-11-24T07:00', 'auto'), tap('2026-11-24T07:00', 'auto', { verdict: 'repeat' })],
      '2026-11-24T08:00',
      1,
    ],
  ])('%s', (_because, taps, now, count) => {
    const presence = createPresence(18 * HOUR);
    for (const each of taps) presence.note('a', each);
    expect(presence.onSite(jst(now))).toBe(count);
  });

  test('counts people and not touches', () => {
    const presence = createPresence(18 * HOUR);
    presence.note('a', tap('2026-11-24T07:00', 'in'));
    presence.note('a', tap('2026-11-24T08:00', 'in'));
    presence.note('b', tap('2026-11-24T07:00', 'in'));
    expect(presence.onSite(jst('2026-11-24T09:00'))).toBe(2);
  });

  test('remembers the dates of this month on which somebody entered', () => {
    const presence = createPresence(18 * HOUR);
    presence.note('a', tap('2026-10-31T07:00', 'in'));
    presence.note('a', tap('2026-11-23T21:00', 'in'));
    presence.note('a', tap('2026-11-24T06:00', 'out'));
    presence.note('a', tap('2026-11-24T21:00', 'in'));
    expect(presence.datesEntered('a', jst('2026-11-24T22:00'))).toEqual([
      '2026-11-23',
      '2026-11-24',
    ]);
    expect(presence.datesEntered('b', jst('2026-11-24T22:00'))).toEqual([]);
  });

  test('a repeat does not prolong the repeat window', () => {
    const presence = createPresence(18 * HOUR);
    presence.note('a', tap('2026-11-24T07:00', 'in', { uptimeMs: uptimeMs(5) }));
    presence.note('a', tap('2026-11-24T07:00', 'in', { uptimeMs: uptimeMs(9), verdict: 'repeat' }));
    expect(presence.lastTouch('a', 'gate')?.uptimeMs).toBe(5);
    expect(presence.lastTouch('a', 'other gate')).toBeUndefined();
  });
});
