/** What can have a say in some dates gives those dates as the whole history does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attendanceOfTouches } from '../../../gateway/attendance/attendance-of-touches.ts';
import type { Subject, Touch } from '../../../gateway/attendance/shifts.ts';
import { touchesAround } from '../../../gateway/attendance/touches-around.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { CardId, type Direction } from '../../../shared/ids.ts';
import { addDays, DAY_MS, isValidOn, startOfDate, utcMs, workDate } from '../../../shared/time.ts';
import { SITE } from '../../fixtures/identities.ts';
import { registryWith } from '../../fixtures/registry.ts';

const START = startOfDate(workDate('2026-01-01'));
const SUBJECTS: readonly Subject[] = ['01140A261A2B0001', '01140A261A2B0002'].map((cardId) => ({
  kind: 'card',
  cardId: CardId.parse(cardId),
}));

/** Minutes to the touch before: at once, within a shift, overnight, over a day, over a weekend, over a month. */
const gap = (longest: number) =>
  fc.oneof(
    ...[3, 600, 960, 2_700, longest].map((max) => fc.integer({ min: 0, max })),
    fc.constantFrom(1_080, 2_879, 2_880, 2_881),
  );
const history = fc.constantFrom(600, 2_880, 5_000, 60_000).chain((longest) =>
  fc.array(
    fc.record({
      gap: gap(longest),
      direction: fc.constantFrom<Direction>('in', 'out', 'auto'),
      readerId: fc.constantFrom('east', 'west'),
      isVoided: fc.integer({ min: 0, max: 9 }).map((of) => of === 0),
    }),
    { maxLength: 250, size: 'max' },
  ),
);

test('whatever the history, the rules of the site and the dates', () => {
  let [restless, cut] = [0, 0];
  fc.assert(
    fc.property(
      fc.tuple(history, history),
      fc.constantFrom('00:00', '05:00', '23:00'),
      fc.constantFrom(1, 18, 48),
      fc.nat(200),
      fc.nat(31),
      (histories, dayStart, maxShiftHours, first, length) => {
        const touches = histories.flatMap((steps, who) => {
          let at: number = START;
          return steps.map(({ gap: minutes, isVoided, ...step }, nth): Touch => {
            at += minutes * 60_000;
            return {
              ...step,
              id: `${who}/${String(nth).padStart(4, '0')}`,
              siteId: SITE,
              at: utcMs(at),
              subject: SUBJECTS[who] as Subject,
              ...(isVoided ? { voidedBy: 'manager' } : {}),
            };
          });
        });
        const from = addDays(workDate('2026-01-01'), first);
        const dates = { from, to: addDays(from, length) };
        const moments = {
          from: startOfDate(from),
          to: utcMs(startOfDate(dates.to) + 2 * DAY_MS),
        };
        const index = indexRegistry(
          registryWith({
            sites: registryWith().sites.map((site) => ({ ...site, dayStart, maxShiftHours })),
          }),
        );
        const daysOf = (of: readonly Touch[]) =>
          attendanceOfTouches(of, index)
            .filter((day) => isValidOn(dates, day.workDate))
            .map((day) => JSON.stringify(day))
            .sort();
        const around = touchesAround(touches, moments, (touch) => touch);
        expect(daysOf(around)).toEqual(daysOf(touches));
        if (around.length < touches.length) cut += 1;
        if (around.some(({ at }) => at < moments.from - 35 * DAY_MS)) restless += 1;
      },
    ),
    { numRuns: 300 },
  );
  expect(cut).toBeGreaterThan(100);
  expect(restless).toBeGreaterThan(5);
}, 120_000);
