/** Who is on site, as one terminal sees it. */
import { describe, expect, test } from 'vitest';
import { createPresence } from '../../device/presence.ts';
import type { Entry, TapEntry } from '../../shared/entry.ts';
import { JournalId } from '../../shared/ids.ts';
import { type ClockReading, uptimeMs, utcMs } from '../../shared/time.ts';
import { CARD, SITE, TERMINAL, WORKER } from '../fixtures/identities.ts';

const HOUR = 3_600_000;
const jst = (text: string) => utcMs(Date.parse(`${text}+09:00`));

/** Up since the first of October. */
const uptimeAt = (text: string) => uptimeMs(jst(text) - jst('2026-10-01T00:00'));
const at = (text: string, fields: Partial<ClockReading> = {}): ClockReading => ({
  wallMs: jst(text),
  uptimeMs: uptimeAt(text),
  bootId: 'boot-1',
  trust: 'trusted',
  ...fields,
});

const tap = (
  time: string,
  direction: TapEntry['direction'],
  fields: Partial<TapEntry> = {},
): TapEntry => ({
  v: 1,
  terminalId: TERMINAL,
  journalId: JournalId.parse('11111111-1111-4111-8111-111111111111'),
  seq: 1,
  wallMs: jst(time),
  uptimeMs: uptimeAt(time),
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
    const presence = createPresence(18 * HOUR, TERMINAL);
    for (const each of taps) presence.note('a', each);
    expect(presence.countOnSite(at(now))).toBe(count);
  });

  test('counts people and not touches', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note('a', tap('2026-11-24T07:00', 'in'));
    presence.note('a', tap('2026-11-24T08:00', 'in'));
    presence.note('b', tap('2026-11-24T07:00', 'in'));
    expect(presence.countOnSite(at('2026-11-24T09:00'))).toBe(2);
  });

  test('remembers the dates of this month on which somebody entered', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note('a', tap('2026-10-31T07:00', 'in'));
    presence.note('a', tap('2026-11-23T21:00', 'in'));
    presence.note('a', tap('2026-11-24T06:00', 'out'));
    presence.note('a', tap('2026-11-24T21:00', 'in'));
    expect(presence.datesEntered('a', at('2026-11-24T22:00'))).toEqual([
      '2026-11-23',
      '2026-11-24',
    ]);
    expect(presence.datesEntered('b', at('2026-11-24T22:00'))).toEqual([]);
  });

  test('a wall clock that jumps by years empties no site and moves no touch', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    const guess = { clock: 'untrusted', wallMs: jst('2024-01-01T00:00') } as const;
    presence.note('a', tap('2026-11-24T07:00', 'in', guess));
    const now = at('2026-11-24T09:30');
    expect(presence.onSite(now)).toEqual([
      {
        identity: 'a',
        presented: { by: 'card', cardId: CARD },
        since: jst('2026-11-24T07:00'),
        gate: TERMINAL,
      },
    ]);
    expect(presence.datesEntered('a', now)).toEqual(['2026-11-24']);
    expect(presence.passageOf('a', 'auto', now)).toBe('out');
  });

  test('a touch of the boot before is placed by its own wall clock', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note('a', tap('2026-11-24T07:00', 'in', { bootId: 'boot-0' }));
    const now = at('2026-11-24T09:30', { uptimeMs: uptimeMs(1_000) });
    expect(presence.onSite(now).map(({ since }) => since)).toEqual([jst('2026-11-24T07:00')]);
  });

  describe('what a manager writes down', () => {
    const change = {
      do: 'add',
      workerId: WORKER,
      direction: 'in',
      at: jst('2026-11-24T08:00'),
    } as const;
    const manual = (seq: number): Extract<Entry, { kind: 'manual' }> => {
      const { terminalId, journalId, v } = tap('2026-11-24T10:00', 'in');
      const head = { v, terminalId, journalId, seq, bootId: 'boot-1', clock: 'trusted' } as const;
      const { wallMs, uptimeMs } = at('2026-11-24T10:00');
      return {
        ...head,
        wallMs,
        uptimeMs,
        kind: 'manual',
        siteId: SITE,
        change,
        by: '所長',
        reason: '忘れ',
      };
    };
    const now = at('2026-11-24T11:00');

    test('puts a worker on site from the time given', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      presence.noteManual(WORKER, manual(2), change);
      expect(presence.onSite(now).map(({ since }) => since)).toEqual([change.at]);
      expect(presence.datesEntered(WORKER, now)).toEqual(['2026-11-24']);
    });

    test('does not undo a later touch', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      presence.note(WORKER, tap('2026-11-24T09:00', 'out'));
      presence.noteManual(WORKER, manual(2), change);
      expect(presence.countOnSite(now)).toBe(0);
      expect(presence.datesEntered(WORKER, now)).toEqual(['2026-11-24']);
    });

    test('a void takes the passage back, and its repeat window with it', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      presence.note(WORKER, tap('2026-11-24T09:00', 'in', { seq: 7 }));
      presence.voidSeq(7, 8);
      expect(presence.countOnSite(now)).toBe(0);
      expect(presence.datesEntered(WORKER, now)).toEqual([]);
      expect(presence.lastTouch(WORKER, 'gate')).toBeUndefined();
    });
  });

  describe('the latest touches', () => {
    const now = at('2026-11-24T17:30');
    const seqsOf = (presence: ReturnType<typeof createPresence>) =>
      presence.latestTouches(now).map(({ seq }) => seq);

    test('newest first, each with the way it went', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      presence.note('a', tap('2026-11-24T07:00', 'auto', { seq: 1 }));
      presence.note('b', tap('2026-11-24T07:01', 'in', { seq: 2, verdict: 'held' }));
      presence.note('a', tap('2026-11-24T17:00', 'auto', { seq: 3 }));
      expect(presence.latestTouches(now)).toEqual([
        {
          seq: 3,
          identity: 'a',
          passage: 'out',
          verdict: 'recorded',
          at: jst('2026-11-24T17:00'),
        },
        { seq: 2, identity: 'b', passage: 'in', verdict: 'held', at: jst('2026-11-24T07:01') },
        { seq: 1, identity: 'a', passage: 'in', verdict: 'recorded', at: jst('2026-11-24T07:00') },
      ]);
    });

    test('without repeats and what was taken back, and no more than a few', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      for (let seq = 1; seq <= 100; seq += 1)
        presence.note(`${seq}`, tap('2026-11-24T07:00', 'in', { seq }));
      presence.note('100', tap('2026-11-24T07:00', 'in', { seq: 101, verdict: 'repeat' }));
      presence.voidSeq(99, 102);
      expect(seqsOf(presence).slice(0, 3)).toEqual([100, 98, 97]);
      expect(seqsOf(presence)).toHaveLength(19);
    });

    test('stay when what no answer needs is forgotten, at the time that the clock of now gives', () => {
      const presence = createPresence(18 * HOUR, TERMINAL);
      const guess = { clock: 'untrusted', wallMs: jst('2024-01-01T00:00') } as const;
      presence.note('a', tap('2026-11-24T07:00', 'out', guess));
      presence.forget(now);
      expect(presence.latestTouches(now).map((touch) => touch.at)).toEqual([
        jst('2026-11-24T07:00'),
      ]);
    });
  });

  test('forgets what no answer needs, and nothing else', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note('gone', tap('2026-11-24T07:00', 'out'));
    presence.note('here', tap('2026-11-24T07:00', 'in'));
    presence.note('long ago', tap('2026-10-02T07:00', 'in'));
    const now = at('2026-11-24T09:00');
    presence.forget(now);
    expect(presence.onSite(now).map(({ identity }) => identity)).toEqual(['here']);
    expect(presence.lastTouch('here', 'gate')).toBeUndefined();
    expect(presence.datesEntered('here', now)).toEqual(['2026-11-24']);
    expect(presence.datesEntered('long ago', at('2026-10-31T00:00'))).toEqual([]);
    expect(presence.countOnSite(at('2026-11-24T10:00'))).toBe(1);
  });

  test('the days of the month are kept when their touches are forgotten', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    for (const day of ['02', '03', '20'])
      presence.note('a', tap(`2026-11-${day}T07:00`, 'in', { seq: Number(day) }));
    presence.forget(at('2026-11-24T09:00'));
    presence.note('a', tap('2026-11-24T09:30', 'in'));
    const dates = ['02', '03', '20', '24'].map((day) => `2026-11-${day}`);
    expect(presence.datesEntered('a', at('2026-11-24T10:00'))).toEqual(dates);
    presence.forget(at('2026-12-01T09:00'));
    expect(presence.datesEntered('a', at('2026-12-01T09:00'))).toEqual([]);
  });

  test('a repeat does not prolong the repeat window', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note('a', tap('2026-11-24T07:00', 'in', { uptimeMs: uptimeMs(5) }));
    presence.note('a', tap('2026-11-24T07:00', 'in', { uptimeMs: uptimeMs(9), verdict: 'repeat' }));
    expect(presence.lastTouch('a', 'gate')?.uptimeMs).toBe(5);
    expect(presence.lastTouch('a', 'other gate')).toBeUndefined();
  });

  test('who entered before a boot that bears the same id is there since then, and not from now on', () => {
    const presence = createPresence(18 * HOUR, TERMINAL);
    presence.note(WORKER, tap('2026-11-24T07:00', 'in'));
    const rebooted = (text: string) => at(text, { uptimeMs: uptimeMs(60_000) });
    expect(presence.onSite(rebooted('2026-11-24T12:00'))).toMatchObject([
      { since: jst('2026-11-24T07:00') },
    ]);
    expect(presence.onSite(rebooted('2026-11-25T01:00'))).toEqual([]);
  });
});
