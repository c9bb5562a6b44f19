/** What dates leave open of a span: every moment is either covered by some row, or open exactly once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uncovered } from '../../../gateway/attendance/moment-spans.ts';
import {
  addDays,
  dateInJapan,
  isValidOn,
  startOfDate,
  utcMs,
  workDate,
} from '../../../shared/time.ts';

const DAY = workDate('2026-11-01');
const date = fc.integer({ min: 0, max: 20 }).map((days) => addDays(DAY, days));
const row = fc.record({
  from: fc.option(date, { nil: undefined }),
  to: fc.option(date, { nil: undefined }),
});
const moment = fc
  .integer({ min: 0, max: 20 * 24 * 4 })
  .map((quarters) => utcMs(startOfDate(DAY) + quarters * 900_000));

test('a moment is open once exactly where no row is valid on its date', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), moment, moment, moment, (rows, a, b, at) => {
      const within = { from: a < b ? a : b, to: a < b ? b : a };
      const isWithin = at >= within.from && at <= within.to;
      const isOpen = isWithin && !rows.some((each) => isValidOn(each, dateInJapan(at)));
      const open = uncovered(within, rows).filter(({ from, to }) => from <= at && at <= to);
      expect(open).toHaveLength(isOpen ? 1 : 0);
    }),
    { numRuns: 2_000 },
  );
});
