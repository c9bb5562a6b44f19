/** What a worker is told at the touch: days of this month and in all, also by a roster that is old. */
import { expect, test } from 'vitest';
import { contributedDays } from '../../device/contributed-days.ts';
import { month, workDate } from '../../shared/time.ts';
import { rosterWorkerOf } from '../fixtures/roster.ts';

const november = month('2026-11');
const entered = [workDate('2026-11-24')];

test.each<[string, Parameters<typeof rosterWorkerOf>[0], string, unknown]>([
  [
    'today is one more',
    { contributedDays: [2, 3], daysBefore: 340 },
    '2026-11',
    { month: 3, total: 343 },
  ],
  [
    'a day that the roster knows is no other',
    { contributedDays: [2, 24], daysBefore: 340 },
    '2026-11',
    { month: 2, total: 342 },
  ],
  [
    'a shift of two days that was approved',
    { contributedDays: [2], extraDays: 1, daysBefore: 340 },
    '2026-11',
    { month: 3, total: 343 },
  ],
  ['the months before are not known yet', { contributedDays: [2] }, '2026-11', { month: 2 }],
  [
    'a roster of last month: its days are in all, not of this month',
    { contributedDays: [5, 6], extraDays: 1, daysBefore: 340 },
    '2026-10',
    { month: 1, total: 344 },
  ],
  [
    'who earns none is told nothing',
    { earnsContribution: false, daysBefore: 340 },
    '2026-11',
    undefined,
  ],
])('%s', (_because, worker, rosterMonth, told) => {
  expect(
    contributedDays(
      rosterWorkerOf(worker),
      { month: month(rosterMonth) },
      { month: november, entered },
    ),
  ).toEqual(told);
});

test('a stranger is told nothing', () => {
  expect(contributedDays(undefined, undefined, { month: november, entered })).toBeUndefined();
});
