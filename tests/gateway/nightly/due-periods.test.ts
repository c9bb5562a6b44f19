/** Which dates and months a night closes, and which nights were missed. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_SITE_RULES } from '../../../gateway/attendance/site-rules.ts';
import {
  datesToClose,
  monthsToClose,
  type SiteToClose,
} from '../../../gateway/nightly/due-periods.ts';
import { isMissed, lastNight } from '../../../gateway/nightly/nights.ts';
import { SiteId } from '../../../shared/ids.ts';
import { isoInJapan, month, workDate } from '../../../shared/time.ts';
import { jst } from '../../fixtures/attendance-day.ts';
import { SITE_ID } from '../../fixtures/registry.ts';

const dates = (...texts: readonly string[]) => texts.map(workDate);
const months = (...texts: readonly string[]) => texts.map(month);

const siteWith = (facts: Partial<SiteToClose>): SiteToClose => ({
  siteId: SiteId.parse(SITE_ID),
  rules: DEFAULT_SITE_RULES,
  accumulation: {},
  lastClosedDate: undefined,
  lastClosedMonth: undefined,
  openDates: [],
  openMonths: [],
  hasOpenShift: () => false,
  ...facts,
});
const openOn =
  (...texts: readonly string[]): SiteToClose['hasOpenShift'] =>
  (date) =>
    texts.includes(date);

describe('dates', () => {
  test.each<[string, Partial<SiteToClose>, string, readonly string[]]>([
    ['the first night closes yesterday, worked or not', {}, '2026-11-24T02:00', ['2026-11-23']],
    [
      'worked dates before it, too',
      { openDates: dates('2026-11-20') },
      '2026-11-24T02:00',
      ['2026-11-20', '2026-11-23'],
    ],
    [
      'after days without the gateway every date is made up for',
      { lastClosedDate: workDate('2026-11-20') },
      '2026-11-24T02:00',
      ['2026-11-21', '2026-11-22', '2026-11-23'],
    ],
    [
      'a touch that came late for a date that was never closed',
      { lastClosedDate: workDate('2026-11-23'), openDates: dates('2026-11-02') },
      '2026-11-24T02:00',
      ['2026-11-02'],
    ],
    [
      'outside its period a site is closed only where somebody worked',
      { accumulation: { to: workDate('2026-11-10') }, openDates: dates('2026-11-12') },
      '2026-11-24T02:00',
      ['2026-11-12'],
    ],
    [
      'a site that the registry does not know: likewise',
      { accumulation: undefined },
      '2026-11-24T02:00',
      [],
    ],
    [
      'a day that begins at 05:00 is not over at 02:00',
      { rules: { ...DEFAULT_SITE_RULES, dayStartMinutes: 300 }, openDates: dates('2026-11-23') },
      '2026-11-24T02:00',
      ['2026-11-22'],
    ],
    [
      'a night shift that is still under way keeps its date open',
      { openDates: dates('2026-11-23'), hasOpenShift: openOn('2026-11-23') },
      '2026-11-24T02:00',
      [],
    ],
    [
      'but no longer than a shift can last: who forgot the exit holds up nobody',
      { openDates: dates('2026-11-23'), hasOpenShift: openOn('2026-11-23') },
      '2026-11-24T18:00',
      ['2026-11-23'],
    ],
    [
      'today is never closed',
      { openDates: dates('2026-11-24') },
      '2026-11-24T23:59',
      ['2026-11-23'],
    ],
  ])('%s', (_what, facts, now, expected) => {
    expect(datesToClose(siteWith(facts), jst(now))).toEqual(expected);
  });
});

describe('months', () => {
  test.each<[string, Partial<SiteToClose>, number | 'by-hand', string, readonly string[]]>([
    ['on the evening before the day: not last month', {}, 10, '2026-12-09T23:59', ['2026-10']],
    ['on the day', {}, 10, '2026-12-10T02:00', ['2026-11']],
    [
      'closed by a person before',
      { lastClosedMonth: month('2026-11') },
      10,
      '2026-12-10T02:00',
      [],
    ],
    [
      'missed months are made up for',
      { lastClosedMonth: month('2026-08') },
      10,
      '2026-12-10T02:00',
      ['2026-09', '2026-10', '2026-11'],
    ],
    [
      'a worked month that nobody closed',
      { lastClosedMonth: month('2026-11'), openMonths: months('2026-05', '2026-12') },
      10,
      '2026-12-10T02:00',
      ['2026-05'],
    ],
    [
      'a site that began in December',
      { accumulation: { from: workDate('2026-12-01') } },
      10,
      '2026-12-10T02:00',
      [],
    ],
    [
      'by hand: never by itself',
      { openMonths: months('2026-05') },
      'by-hand',
      '2026-12-10T02:00',
      [],
    ],
  ])('%s', (_what, facts, monthDay, now, expected) => {
    expect(monthsToClose(siteWith(facts), jst(now), monthDay)).toEqual(expected);
  });
});

describe('a night', () => {
  test.each([
    ['2026-11-24T02:00', '2026-11-24T02:00:00+09:00', 'its own moment'],
    ['2026-11-24T01:59', '2026-11-23T02:00:00+09:00', 'just before it: the night before'],
    ['2026-11-24T23:00', '2026-11-24T02:00:00+09:00', 'the evening after it'],
  ])('at %s is that of %s (%s)', (now, expected) => {
    expect(isoInJapan(lastNight(jst(now), '02:00'))).toBe(expected);
  });

  test.each([
    [undefined, true, 'it never ran'],
    ['2026-11-24T02:00', false, 'it ran tonight'],
    ['2026-11-23T02:10', true, 'the last was the night before'],
  ])('begun last at %s: missed %s (%s)', (last, expected, _because) => {
    const lastBegunAt = last === undefined ? undefined : jst(last);
    expect(isMissed(lastBegunAt, jst('2026-11-24T09:00'), '02:00')).toBe(expected);
  });
});
