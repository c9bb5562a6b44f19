/** Who is on site where there are other gates: what the ledger says, and over it this terminal's own that it has not yet. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPresence, type Presence } from '../../device/presence.ts';
import { toldSite } from '../../device/site-told.ts';
import type { Entry, Presented, TapEntry } from '../../shared/entry.ts';
import type { LastPassage } from '../../shared/presence-statement.ts';
import { type ClockReading, HOUR_MS, uptimeMs, utcMs } from '../../shared/time.ts';
import { CARD, OTHER_TERMINAL, SITE, TERMINAL, WORKER } from '../fixtures/identities.ts';
import { journalId, jst, passageOf, peopleOf, statementOf } from '../fixtures/site-presence.ts';

const BOOTED = jst('2026-11-20T00:00');
const at = (text: string, fields: Partial<ClockReading> = {}): ClockReading => ({
  wallMs: jst(text),
  uptimeMs: uptimeMs(jst(text) - BOOTED),
  bootId: 'boot-1',
  trust: 'trusted',
  ...fields,
});
type Tap = readonly [time: string, direction: TapEntry['direction'], seq: number];
const head = (now: ClockReading, seq: number) => ({
  v: 1 as const,
  terminalId: TERMINAL,
  journalId,
  seq,
  wallMs: now.wallMs,
  uptimeMs: now.uptimeMs,
  bootId: now.bootId,
  clock: now.trust,
  siteId: SITE,
});
const tapAt = (now: ClockReading, direction: TapEntry['direction'], seq: number): TapEntry => ({
  ...head(now, seq),
  kind: 'tap',
  readerId: 'gate',
  direction,
  presented: { by: 'typed', workerId: WORKER },
  verdict: 'recorded',
  reasons: [],
});
const touch = (presence: Presence, [time, direction, seq]: Tap): void =>
  presence.note(WORKER, tapAt(at(time), direction, seq));
const identify = (presented: Presented): string =>
  presented.by === 'card' ? presented.cardId : presented.workerId;
/** The ledger says so, and has of this terminal's journal as much as `seq`. */
const ledger = (seq: number, ...people: readonly LastPassage[]) =>
  statementOf({
    gates: [
      { terminalId: TERMINAL, journals: [[journalId, seq]] },
      { terminalId: OTHER_TERMINAL, journals: [] },
    ],
    passageByWho: peopleOf(...people),
  });
const hear = (
  presence: Presence,
  statement: ReturnType<typeof ledger>,
  heard = at('2026-11-24T12:00'),
): void => presence.hear(toldSite({ statement, heard }, journalId, identify));
const there = (time: string, passage: 'in' | 'out', fields: Partial<LastPassage> = {}) =>
  passageOf({ who: WORKER, passage, at: jst(time), ...fields });

const NOON = at('2026-11-24T12:00');
/** Of the worker at noon: since when and where on site, if at all. */
const seen = (presence: Presence, now = NOON): string =>
  presence
    .onSite(now)
    .map(
      ({ since, gate }) => `${new Date(since + 9 * HOUR_MS).toISOString().slice(11, 16)} ${gate}`,
    )
    .join('、');

describe('the latest passage counts', () => {
  test.each<[string, readonly Tap[], ReturnType<typeof ledger>, string]>([
    ['in at the other gate', [], ledger(0, there('2026-11-24T06:30', 'in')), '06:30 gate-2'],
    [
      'in there, and out here, unsent',
      [['2026-11-24T11:00', 'out', 1]],
      ledger(0, there('2026-11-24T06:30', 'in')),
      '',
    ],
    [
      'in here, and out there',
      [['2026-11-24T06:30', 'in', 1]],
      ledger(1, there('2026-11-24T11:00', 'out')),
      '',
    ],
    [
      'out there before an unsent entry here',
      [['2026-11-24T11:00', 'in', 1]],
      ledger(0, there('2026-11-24T10:00', 'out')),
      '11:00 gate-1',
    ],
    [
      'out there after an unsent entry here',
      [['2026-11-24T09:00', 'in', 1]],
      ledger(0, there('2026-11-24T10:00', 'out')),
      '',
    ],
    [
      'an auto reader here lets out who came in there',
      [['2026-11-24T11:00', 'auto', 1]],
      ledger(0, there('2026-11-24T06:30', 'in')),
      '',
    ],
    [
      'an auto touch that the ledger has is its to say',
      [['2026-11-24T06:30', 'auto', 1]],
      ledger(1, there('2026-11-24T06:30', 'in', { gate: TERMINAL })),
      '06:30 gate-1',
    ],
    [
      'the office took back the entry that the ledger has',
      [['2026-11-24T06:30', 'in', 1]],
      ledger(1),
      '',
    ],
    [
      'an entry that it does not have counts',
      [['2026-11-24T06:30', 'in', 1]],
      ledger(0),
      '06:30 gate-1',
    ],
    [
      'a forgotten exit ends with the longest shift',
      [],
      ledger(0, there('2026-11-23T17:59', 'in')),
      '',
    ],
    [
      'of the site, which may be longer',
      [],
      { ...ledger(0, there('2026-11-23T17:59', 'in')), maxShiftHours: 24 },
      '17:59 gate-2',
    ],
  ])('%s', (_what, taps, statement, expected) => {
    const before = createPresence(18 * HOUR_MS, TERMINAL);
    hear(before, statement);
    for (const each of taps) touch(before, each);
    expect(seen(before)).toBe(expected);

    const after = createPresence(18 * HOUR_MS, TERMINAL);
    for (const each of taps) touch(after, each);
    hear(after, statement);
    expect(seen(after)).toBe(expected);
  });

  test('whatever order touches and statements come in', () => {
    const minute = fc.integer({ min: 0, max: 700 });
    const time = (minutes: number) => utcMs(jst('2026-11-24T00:00') + minutes * 60_000);
    const direction = fc.constantFrom('in' as const, 'out' as const, 'auto' as const);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(minute, direction), { maxLength: 5 }),
        fc.option(fc.tuple(minute, fc.constantFrom('in' as const, 'out' as const)), {
          nil: undefined,
        }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        (touches, row, held, heardAfter) => {
          const taps = touches.toSorted(([a], [b]) => a - b);
          const heldSeq = Math.min(held, taps.length);
          const statement = ledger(
            heldSeq,
            ...(row === undefined
              ? []
              : [passageOf({ who: WORKER, at: time(row[0]), passage: row[1] })]),
          );
          const play = (heardAt: number): string => {
            const presence = createPresence(18 * HOUR_MS, TERMINAL);
            if (heardAt === 0) hear(presence, statement);
            for (const [index, [minutes, way]] of taps.entries()) {
              const wallMs = time(minutes);
              const now = at('2026-11-24T00:00', { wallMs, uptimeMs: uptimeMs(wallMs - BOOTED) });
              presence.note(WORKER, tapAt(now, way, index + 1));
              if (heardAt === index + 1) hear(presence, statement);
            }
            if (heardAt > taps.length) hear(presence, statement);
            return seen(presence);
          };
          // An older statement before it leaves nothing behind.
          expect(play(heardAfter)).toBe(play(9));
        },
      ),
    );
  });

  test('and what the screen says at an auto reader goes by it', () => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    expect(presence.passageOf(WORKER, 'auto', NOON)).toBe('in');
    hear(presence, ledger(0, there('2026-11-24T06:30', 'in')));
    expect(presence.passageOf(WORKER, 'auto', NOON)).toBe('out');
    hear(presence, ledger(0, there('2026-11-24T11:30', 'out')));
    expect(presence.passageOf(WORKER, 'auto', NOON)).toBe('in');
  });
});

describe('who touched today', () => {
  test.each<[string, readonly Tap[], ReturnType<typeof ledger>, boolean]>([
    ['nobody', [], ledger(0), false],
    ['in at the other gate, and out again', [], ledger(0, there('2026-11-24T10:00', 'out')), true],
    ['there yesterday', [], ledger(0, there('2026-11-23T17:00', 'out')), false],
    ['on site since yesterday', [], ledger(0, there('2026-11-23T20:00', 'in')), true],
    [
      'came home this morning from a shift of yesterday',
      [],
      ledger(0, there('2026-11-24T05:00', 'out', { day: there('2026-11-23T05:00', 'in').day })),
      false,
    ],
    [
      'here, unsent',
      [
        ['2026-11-24T07:00', 'in', 1],
        ['2026-11-24T08:00', 'out', 2],
      ],
      ledger(0),
      true,
    ],
    [
      'here, and the office says that it was not so',
      [['2026-11-24T07:00', 'in', 1]],
      ledger(1),
      false,
    ],
  ])('%s', (_what, taps, statement, expected) => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    for (const each of taps) touch(presence, each);
    hear(presence, statement);
    expect(presence.wasHereToday(WORKER, NOON)).toBe(expected);
  });
});

describe('what a manager takes back here counts before the ledger knows of it', () => {
  test.each<[string, readonly Tap[], ReturnType<typeof ledger>, string]>([
    [
      'an entry that the ledger has',
      [['2026-11-24T06:30', 'in', 1]],
      ledger(1, there('2026-11-24T06:30', 'in', { gate: TERMINAL })),
      '',
    ],
    [
      'an entry after one at the other gate leaves that one',
      [['2026-11-24T07:30', 'in', 1]],
      ledger(0, there('2026-11-24T06:30', 'in')),
      '06:30 gate-2',
    ],
    [
      'an exit after an entry here',
      [
        ['2026-11-24T06:30', 'in', 2],
        ['2026-11-24T11:00', 'out', 1],
      ],
      ledger(2, there('2026-11-24T11:00', 'out', { gate: TERMINAL })),
      '06:30 gate-1',
    ],
    [
      'an exit of who came in there',
      [['2026-11-24T11:00', 'out', 1]],
      ledger(1, there('2026-11-24T11:00', 'out', { gate: TERMINAL })),
      '11:00 gate-1',
    ],
    [
      'the ledger knows it',
      [['2026-11-24T06:30', 'in', 1]],
      ledger(9, there('2026-11-24T05:00', 'in')),
      '05:00 gate-2',
    ],
  ])('%s', (_what, taps, statement, expected) => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    for (const each of taps) touch(presence, each);
    hear(presence, statement);
    presence.voidSeq(1, 9);
    expect(seen(presence)).toBe(expected);
  });

  test('and so does an entrance written down by hand', () => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    hear(presence, ledger(0, there('2026-11-24T10:00', 'out')));
    const change = { do: 'add', workerId: WORKER, direction: 'in' } as const;
    const entry = (seq: number): Extract<Entry, { kind: 'manual' }> => ({
      ...head(NOON, seq),
      kind: 'manual',
      change: { ...change, at: NOON.wallMs },
      by: '所長',
      reason: '忘れ',
    });
    presence.noteManual(WORKER, entry(1), { ...change, at: jst('2026-11-24T09:00') });
    expect(seen(presence)).toBe('');
    presence.noteManual(WORKER, entry(2), { ...change, at: jst('2026-11-24T10:30') });
    expect(seen(presence)).toBe('10:30 gate-1');
  });
});

describe('clocks', () => {
  const guess = (text: string, trust: ClockReading['trust'] = 'untrusted') =>
    at(text, {
      wallMs: utcMs(jst(text) - jst('2026-11-24T00:00') + jst('2024-01-01T00:00')),
      trust,
    });

  test('a wall clock that is years behind leaves the site as it is, and times come right with it', () => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    const statement = {
      ...ledger(0, there('2026-11-24T06:30', 'in')),
      atMs: jst('2026-11-24T12:00'),
    };
    hear(presence, statement, guess('2026-11-24T12:00'));
    const later = guess('2026-11-24T13:00');
    expect(presence.countOnSite(later)).toBe(1);
    expect(seen(presence, later)).toBe('06:30 gate-2');
    presence.note(WORKER, tapAt(later, 'auto', 1));
    expect(presence.countOnSite(later)).toBe(0);
    expect(presence.countOnSite(at('2026-11-24T14:00'))).toBe(0);
  });

  test('a wall clock that is years ahead empties no site', () => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    const ahead = (text: string) =>
      at(text, { wallMs: utcMs(jst(text) + 1e11), trust: 'untrusted' });
    const statement = {
      ...ledger(0, there('2026-11-24T06:30', 'in')),
      atMs: jst('2026-11-24T12:00'),
    };
    hear(presence, statement, ahead('2026-11-24T12:00'));
    expect(presence.countOnSite(ahead('2026-11-24T20:00'))).toBe(1);
    expect(presence.countOnSite(ahead('2026-11-25T01:00'))).toBe(0);
  });

  test('a gateway’s clock that is off by hours does not matter where this one is right', () => {
    const presence = createPresence(18 * HOUR_MS, TERMINAL);
    const statement = {
      ...ledger(0, there('2026-11-24T06:30', 'in')),
      atMs: jst('2026-11-24T20:00'),
    };
    hear(presence, statement);
    expect(seen(presence)).toBe('06:30 gate-2');
  });
});

test('a card that only this terminal’s roster knows is its holder’s', () => {
  const statement = ledger(0, passageOf({ who: `card:${CARD}` as LastPassage['who'] }));
  const roster = (presented: Presented) =>
    presented.by === 'card' && presented.cardId === CARD ? WORKER : identify(presented);
  const presence = createPresence(18 * HOUR_MS, TERMINAL);
  presence.hear(toldSite({ statement, heard: NOON }, journalId, roster));
  expect(presence.onSite(NOON).map(({ identity }) => identity)).toEqual([WORKER]);
});

test('the latest touches say the same ways again when they are read again at a start', () => {
  const presence = createPresence(18 * HOUR_MS, TERMINAL);
  // In at the other gate, out here, back in here; the ledger has the first two of them.
  hear(presence, ledger(1, there('2026-11-24T10:00', 'out', { gate: TERMINAL })));
  touch(presence, ['2026-11-24T10:00', 'auto', 1]);
  touch(presence, ['2026-11-24T11:00', 'auto', 2]);
  expect(presence.latestTouches(NOON).map(({ passage }) => passage)).toEqual(['in', 'out']);
  expect(presence.datesEntered(WORKER, NOON)).toEqual(['2026-11-24']);
});

test('what is forgotten changes nothing of who is on site', () => {
  const presence = createPresence(18 * HOUR_MS, TERMINAL);
  touch(presence, ['2026-11-22T07:00', 'in', 1]);
  hear(presence, ledger(1, there('2026-11-24T06:30', 'in')));
  presence.forget(NOON);
  expect(seen(presence)).toBe('06:30 gate-2');
});
