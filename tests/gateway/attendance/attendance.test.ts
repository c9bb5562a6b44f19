/** From touches to attendance days: one row a rule, with its reason; then what must always hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attendanceDays, nightMs } from '../../../gateway/attendance/attendance.ts';
import type { Subject, Touch } from '../../../gateway/attendance/shifts.ts';
import { DEFAULT_SITE_RULES, type SiteRules } from '../../../gateway/attendance/site-rules.ts';
import type { DayCorrection } from '../../../gateway/corrections.ts';
import type { Direction } from '../../../shared/ids.ts';
import { isoInJapan, utcMs, workDate } from '../../../shared/time.ts';
import { CARD, SITE, WORKER } from '../../fixtures/identities.ts';

const worker: Subject = { kind: 'worker', workerId: WORKER };
const jst = (text: string) => utcMs(Date.parse(`2026-11-${text}:00+09:00`));

/** `24T07:00 in`, or `24T07:00 auto@west` for a reader of its own name. */
const touch = (text: string, index: number): Touch => {
  const [at = '', passage = ''] = text.split(' ');
  const [direction = '', readerId = direction] = passage.split('@');
  return {
    id: `t${index}`,
    siteId: SITE,
    readerId,
    direction: direction as Direction,
    at: jst(at),
    subject: worker,
  };
};
const person = { siteId: SITE, subject: worker, rules: DEFAULT_SITE_RULES };
const days = (texts: readonly string[], rules: Partial<SiteRules> = {}) =>
  attendanceDays(texts.map(touch), { ...person, rules: { ...DEFAULT_SITE_RULES, ...rules } });

/** `date first-in last-out minutes night flags` */
const line = (day: ReturnType<typeof days>[number]): string =>
  [
    day.workDate.slice(8),
    day.firstIn === undefined ? '-' : isoInJapan(day.firstIn).slice(8, 16),
    day.lastOut === undefined ? '-' : isoInJapan(day.lastOut).slice(8, 16),
    day.minutes,
    day.nightMinutes,
    day.flags.join(',') || 'ok',
  ].join(' ');

describe('attendanceDays', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'an entry and an exit are a day',
      ['24T08:00 in', '24T17:00 out'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    [
      'a way out at noon is not time on site',
      ['24T08:00 in', '24T12:00 out', '24T13:00 in', '24T17:00 out'],
      ['24 24T08:00 24T17:00 480 0 ok'],
    ],
    [
      'the order of arrival means nothing',
      ['24T17:00 out', '24T08:00 in'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    ['entry without exit never loses the day', ['24T08:00 in'], ['24 24T08:00 - 0 0 missing-out']],
    ['exit without entry is a day too', ['24T17:00 out'], ['24 - 24T17:00 0 0 missing-in']],
    [
      'a night shift is one shift of the first date',
      ['24T21:00 in', '25T06:00 out'],
      ['24 24T21:00 25T06:00 540 420 ok'],
    ],
    [
      'also with a break across midnight',
      ['24T21:00 in', '24T23:50 out', '25T00:40 in', '25T06:00 out'],
      ['24 24T21:00 25T06:00 490 370 ok'],
    ],
    [
      'work before five in the morning is night work',
      ['24T03:00 in', '24T08:00 out'],
      ['24 24T03:00 24T08:00 300 120 ok'],
    ],
    [
      'auto: the first touch enters, the last leaves',
      ['24T08:00 auto', '24T12:00 auto', '24T13:00 auto', '24T17:00 auto'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    ['auto: one touch is presence', ['24T08:00 auto'], ['24 24T08:00 - 0 0 missing-out']],
    [
      'auto: the next day is another shift',
      ['23T08:00 auto', '23T17:00 auto', '24T08:00 auto'],
      ['23 23T08:00 23T17:00 540 0 ok', '24 24T08:00 - 0 0 missing-out'],
    ],
    [
      'auto: a night shift',
      ['24T21:00 auto', '25T06:00 auto'],
      ['24 24T21:00 25T06:00 540 420 ok'],
    ],
    [
      'a second touch of the same reader within a minute is the first again',
      ['24T08:00 auto', '24T08:00 auto'],
      ['24 24T08:00 - 0 0 missing-out'],
    ],
    [
      'another reader within a minute is not',
      ['24T08:00 auto@east', '24T08:00 auto@west'],
      ['24 24T08:00 24T08:00 0 0 ok'],
    ],
    [
      'an entry touched again a little later counts from the first',
      ['24T08:00 in', '24T08:05 in', '24T17:00 out'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    [
      'an exit touched again a little later counts to the last',
      ['24T08:00 in', '24T17:00 out', '24T17:05 out'],
      ['24 24T08:00 24T17:05 545 0 ok'],
    ],
    [
      'a forgotten way out at noon is flagged and its time not counted',
      ['24T08:00 in', '24T13:00 in', '24T17:00 out'],
      ['24 24T08:00 24T17:00 240 0 missing-out'],
    ],
    [
      'a forgotten way back in is flagged and its time not counted',
      ['24T08:00 in', '24T12:00 out', '24T17:00 out'],
      ['24 24T08:00 24T17:00 240 0 missing-in'],
    ],
    [
      'a forgotten exit does not swallow the next day',
      ['23T14:00 in', '24T07:00 in', '24T17:00 out'],
      ['23 23T14:00 - 0 0 missing-out', '24 24T07:00 24T17:00 600 0 ok'],
    ],
    [
      'a forgotten entry does not lengthen the day before',
      ['23T17:00 in', '23T23:00 out', '24T10:00 out'],
      ['23 23T17:00 23T23:00 360 60 ok', '24 - 24T10:00 0 0 missing-in'],
    ],
    [
      'an early shift after a late one is a new day',
      ['23T17:00 in', '23T22:00 out', '24T04:00 in', '24T09:00 out'],
      ['23 23T17:00 23T22:00 300 0 ok', '24 24T04:00 24T09:00 300 60 ok'],
    ],
    [
      'two shifts of one date are one day',
      ['24T05:00 in', '24T09:00 out', '24T18:00 in', '24T22:00 out'],
      ['24 24T05:00 24T22:00 480 0 ok'],
    ],
    [
      'the longest shift ends an open one',
      ['23T08:00 in', '24T02:01 out'],
      ['23 23T08:00 - 0 0 missing-out', '24 - 24T02:01 0 0 missing-in'],
    ],
    [
      'an exit just within the longest shift still closes it, touched on the way',
      ['23T08:00 in', '23T15:00 in', '23T20:00 out', '24T02:00 out'],
      ['23 23T08:00 24T02:00 300 0 missing-out,missing-in'],
    ],
    [
      'directed and auto readers mix: auto closes what is open',
      ['24T08:00 in', '24T17:00 auto'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    [
      'directed and auto readers mix: auto opens where nothing runs',
      ['24T08:00 auto', '24T17:00 out'],
      ['24 24T08:00 24T17:00 540 0 ok'],
    ],
    [
      'seconds count only in sum',
      ['24T08:00 in', '24T08:00 out@o'],
      ['24 24T08:00 24T08:00 0 0 ok'],
    ],
  ])('%s', (_because, texts, expected) => {
    expect(days(texts).map(line)).toEqual(expected);
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      'before the day begins it is still yesterday',
      '05:00',
      ['24T04:59 in', '24T08:00 out'],
      ['23'],
    ],
    ['from the day begins it is today', '05:00', ['24T05:00 in', '24T08:00 out'], ['24']],
    ['midnight is the default', '00:00', ['24T00:00 in', '24T08:00 out'], ['24']],
  ])('day start: %s', (_because, dayStart, texts, dates) => {
    const [hours = 0, minutes = 0] = dayStart.split(':').map(Number);
    const result = days(texts, { dayStartMinutes: hours * 60 + minutes });
    expect(result.map(({ workDate }) => workDate.slice(8))).toEqual(dates);
  });

  test('a shorter longest shift is a setting', () => {
    const texts = ['24T08:00 auto', '24T19:00 auto'];
    expect(days(texts).map(line)).toEqual(['24 24T08:00 24T19:00 660 0 ok']);
    expect(days(texts, { maxShiftHours: 10 }).map(line)).toEqual(['24 24T08:00 - 0 0 missing-out']);
  });

  test('a card that nobody holds has days of its own, flagged', () => {
    const touches = ['24T08:00 in', '24T17:00 out'].map(touch);
    const subject: Subject = { kind: 'card', cardId: CARD };
    const [day] = attendanceDays(
      touches.map((each) => ({ ...each, subject })),
      { ...person, subject },
    );
    expect(day).toMatchObject({ subject, minutes: 540, flags: ['unknown-card'] });
  });

  /** `24 set-in 25T07:00`, made in the order given. */
  const correction = (text: string, index: number): DayCorrection => {
    const [day, kind, at] = text.split(' ');
    return {
      id: `c${index}`,
      workDate: workDate(`2026-11-${day}`),
      kind: kind as DayCorrection['kind'],
      at: at === undefined ? undefined : jst(at),
    };
  };
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'the exit that was forgotten',
      ['24T08:00 in'],
      ['24 set-out 24T17:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    [
      'the entry that was forgotten',
      ['24T17:00 out'],
      ['24 set-in 24T08:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    [
      'an entry that was late at the reader, with a way out at noon',
      ['24T08:30 in', '24T12:00 out', '24T13:00 in', '24T17:00 out'],
      ['24 set-in 24T08:00'],
      ['24 24T08:00 24T17:00 480 0 corrected'],
    ],
    [
      'an exit that was touched later than the work ended',
      ['24T08:00 in', '24T18:30 out'],
      ['24 set-out 24T17:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    [
      'an exit of the next morning, longer than any shift may be',
      ['24T08:00 in'],
      ['24 set-out 25T05:00'],
      ['24 24T08:00 25T05:00 1260 420 corrected'],
    ],
    [
      'auto: the last touch was no exit but on the way',
      ['24T08:00 auto', '24T15:00 auto'],
      ['24 set-out 24T17:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    [
      'auto: a single touch is the entry, not the exit',
      ['24T08:00 auto'],
      ['24 set-out 24T17:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    ['a day without a touch', [], ['24 add'], ['24 - - 0 0 corrected']],
    ['and when it began', [], ['24 add 24T08:00'], ['24 24T08:00 - 0 0 missing-out,corrected']],
    [
      'and when it ended',
      [],
      ['24 add 24T08:00', '24 set-out 24T17:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    ['a day that does not count', ['24T08:00 in', '24T17:00 out'], ['24 void'], []],
    [
      'a correction of a correction: it counts after all, as the later word says',
      ['24T08:00 in', '24T17:00 out'],
      ['24 void', '24 add 24T09:00', '24 set-out 24T16:00'],
      ['24 24T09:00 24T16:00 420 0 corrected'],
    ],
    [
      'a correction of a correction: the later entry stands',
      ['24T17:00 out'],
      ['24 set-in 24T07:00', '24 set-in 24T08:00'],
      ['24 24T08:00 24T17:00 540 0 corrected'],
    ],
    [
      'one day never moves the others',
      ['23T08:00 in', '24T08:00 in', '24T17:00 out', '25T08:00 in'],
      ['23 set-out 23T17:00', '25 void'],
      ['23 23T08:00 23T17:00 540 0 corrected', '24 24T08:00 24T17:00 540 0 ok'],
    ],
    [
      'an entry put on the evening before still belongs to the day it was said of',
      ['24T05:00 out'],
      ['24 set-in 23T21:00'],
      ['24 23T21:00 24T05:00 480 420 corrected'],
    ],
    [
      'an entry after the exit is kept and flagged, and no time is made of it',
      ['24T08:00 in', '24T17:00 out'],
      ['24 set-in 24T18:00'],
      ['24 24T18:00 24T17:00 0 0 missing-out,missing-in,corrected'],
    ],
  ])('a correction: %s', (_because, texts, corrections, expected) => {
    const result = attendanceDays(texts.map(touch), {
      ...person,
      corrections: corrections.map(correction),
    });
    expect(result.map(line)).toEqual(expected);
    const dates = new Set(corrections.map((text) => text.slice(0, 2)));
    for (const day of result.filter(({ workDate: date }) => dates.has(date.slice(8))))
      expect(day.evidence.filter((id) => id.startsWith('c'))).not.toEqual([]);
  });

  test('a touch that was taken back counts for nothing and stands in the evidence of its day', () => {
    const touches = ['24T08:00 in', '24T08:30 out', '24T17:00 out'].map(touch);
    const voided = touches.map((each, index) =>
      index === 1 ? { ...each, voidedBy: 'the void' } : each,
    );
    const [day] = attendanceDays(voided, person);
    expect(day && line(day)).toBe('24 24T08:00 24T17:00 540 0 corrected');
    expect(day?.evidence).toEqual(['t0', 't2', 'the void']);
  });

  test('passages by hand count side by side with touches, however close', () => {
    const touches = ['24T08:00 in@gate', '24T08:00 out@gate'].map(touch);
    const [day] = attendanceDays(
      touches.map((each) => ({ ...each, isManual: true })),
      person,
    );
    expect(day && line(day)).toBe('24 24T08:00 24T08:00 0 0 corrected');
  });

  const aTouch = fc.record({
    minute: fc.integer({ min: 0, max: 60 * 24 * 6 }),
    direction: fc.constantFrom<Direction>('in', 'out', 'auto'),
    readerId: fc.constantFrom('east', 'west'),
  });
  const someTouches = fc.array(aTouch, { maxLength: 24 }).map((all) =>
    all.map(
      ({ minute, direction, readerId }, index): Touch => ({
        id: `t${String(index).padStart(2, '0')}`,
        siteId: SITE,
        readerId,
        direction,
        at: utcMs(jst('01T00:00') + minute * 60_000),
        subject: worker,
      }),
    ),
  );

  test('whatever the history: order means nothing, no touch is lost, and minutes stay within the span', () => {
    fc.assert(
      fc.property(someTouches, fc.infiniteStream(fc.nat()), (touches, dice) => {
        const result = attendanceDays(touches, person);
        const shuffled = touches
          .map((each) => ({ each, rank: dice.next().value ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ each }) => each);
        expect(attendanceDays(shuffled, person)).toEqual(result);

        const evidence = result.flatMap((day) => day.evidence);
        expect(new Set(evidence).size).toBe(evidence.length);
        const counted = new Set(evidence);
        for (const missed of touches.filter(({ id }) => !counted.has(id))) {
          const isRepeat = touches.some(
            ({ id, readerId, at }) =>
              counted.has(id) &&
              readerId === missed.readerId &&
              missed.at - at < 60_000 &&
              at <= missed.at,
          );
          expect(isRepeat).toBe(true);
        }
        for (const day of result) {
          expect(day.minutes).toBeGreaterThanOrEqual(0);
          expect(day.nightMinutes).toBeLessThanOrEqual(day.minutes);
          const span = Math.max(
            ...day.shifts.flatMap(({ intervals }) => intervals.map(({ outAt }) => outAt)),
            day.firstTouchAt,
          );
          expect(day.minutes * 60_000).toBeLessThanOrEqual(span - day.firstTouchAt);
        }
        expect(new Set(result.map(({ workDate }) => workDate)).size).toBe(result.length);
      }),
      { numRuns: 10_000 },
    );
  });
});

test.each([
  ['a night that begins with the first moment of all', 0, 21 * 3_600_000, 7 * 3_600_000],
  ['a night and a day', 4 * 3_600_000, 28 * 3_600_000, 7 * 3_600_000],
])('nightMs: %s', (_what, inAt, outAt, expected) => {
  expect(nightMs({ inAt: utcMs(inAt), outAt: utcMs(outAt) })).toBe(expected);
});
