/** Instants, work dates and months in Japan. */
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  clockTimeInJapan,
  dateInJapan,
  IsoInstant,
  isoInJapan,
  isValidOn,
  lastDateOf,
  month,
  monthsAfter,
  startOfDate,
  utcMs,
  workDate,
} from '../../shared/time.ts';

const instant = (text: string) => utcMs(Date.parse(text));

describe('an instant in Japan', () => {
  test.each([
    [
      '2026-11-23T15:00:00Z',
      '2026-11-24',
      '00:00',
      '2026-11-24T00:00:00+09:00',
      'midnight begins the day',
    ],
    [
      '2026-11-23T14:59:59.999Z',
      '2026-11-23',
      '23:59',
      '2026-11-23T23:59:59.999+09:00',
      'a millisecond before is the day before',
    ],
    [
      '2026-12-31T15:30:00Z',
      '2027-01-01',
      '00:30',
      '2027-01-01T00:30:00+09:00',
      'the year turns in Japan',
    ],
    ['2028-02-28T15:00:00Z', '2028-02-29', '00:00', '2028-02-29T00:00:00+09:00', 'a leap day'],
  ])('%s is %s %s', (text, date, time, iso) => {
    expect(dateInJapan(instant(text))).toBe(date);
    expect(clockTimeInJapan(instant(text))).toBe(time);
    expect(isoInJapan(instant(text))).toBe(iso);
    expect(Date.parse(iso)).toBe(Date.parse(text));
  });

  test('a date begins at its midnight', () => {
    expect(dateInJapan(startOfDate(workDate('2026-11-24')))).toBe('2026-11-24');
    expect(dateInJapan(utcMs(startOfDate(workDate('2026-11-24')) - 1))).toBe('2026-11-23');
  });
});

describe('days and months', () => {
  test.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2024-11-24', 730, '2026-11-24'],
    ['9999-12-31', 1, '9999-12-31'],
    ['9999-01-01', 730, '9999-12-31'],
    ['0000-01-01', -1, '0000-01-01'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(addDays(workDate(from), days)).toBe(to);
  });

  test.each([
    ['2026-11', 1, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-06', 18, '2027-12'],
    ['9998-12', 13, '9999-12'],
    ['1970-01', -12, '1969-01'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(month(from), months)).toBe(to);
  });

  test.each([
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-10-31', 1, '2026-11-30'],
    ['2026-11-25', -60, '2021-11-25'],
    ['9998-12-31', 60, '9999-12-31'],
  ])('%s and %i months is the day %s', (from, months, to) => {
    expect(monthsAfter(workDate(from), months)).toBe(to);
  });

  test.each([
    ['2026-02', '2026-02-28'],
    ['2028-02', '2028-02-29'],
    ['2026-12', '2026-12-31'],
    ['9998-12', '9998-12-31'],
  ])('%s ends on %s', (of, last) => {
    expect(lastDateOf(month(of))).toBe(last);
  });

  test.each([
    [{}, true, 'open at both ends'],
    [{ from: '2026-11-24' }, true, 'the first day counts'],
    [{ from: '2026-11-25' }, false, 'the day before does not'],
    [{ to: '2026-11-24' }, true, 'the last day counts'],
    [{ to: '2026-11-23' }, false, 'the day after does not'],
  ])('%j holds on 2026-11-24: %s (%s)', (interval, isValid, _because) => {
    const dated = Object.fromEntries(
      Object.entries(interval).map(([key, text]) => [key, workDate(text)]),
    );
    expect(isValidOn(dated, workDate('2026-11-24'))).toBe(isValid);
  });

  test.each(['2026-02-30', '2026-13-01', '26-01-01', ''])('"%s" is no date', (text) => {
    expect(() => workDate(text)).toThrow();
  });
});

test.each([
  ['2026-11-24T08:00:00+09:00', true, 'as people outside write it'],
  ['1970-01-01T09:00:00+09:00', true, 'the first one'],
  ['1970-01-01T08:59:59+09:00', false, 'before all that a clock here can say'],
  ['9999-12-31T23:59:59-09:00', false, 'after the last'],
  ['2026-11-24T08:00:00', false, 'without an offset nobody knows when'],
])('%s as an instant: %s (%s)', (text, isOne) => {
  expect(IsoInstant.safeParse(text).success).toBe(isOne);
});
