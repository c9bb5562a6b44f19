/** 共済手帳 of 250 days, the first with 50 that the state pays, and 履行証明 in exact integers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bookletProgress,
  bookletRenewalDue,
  isExemptDay,
} from '../../../gateway/policies/booklet.ts';
import { certificateWorksheet } from '../../../gateway/policies/fulfilment-certificate.ts';
import { workDate } from '../../../shared/time.ts';

describe('bookletProgress', () => {
  test.each([
    [1, 4, 4, 0, 246, 0, 'before the fifth day nothing is exempt'],
    [1, 5, 4, 1, 245, 0, 'the fifth is'],
    [1, 25, 20, 5, 225, 0, 'printed: 25 days take 20 stamps'],
    [1, 250, 200, 50, 0, 0, 'printed: 200 and 50'],
    [1, 251, 200, 50, 0, 1, 'the next day belongs into the next book'],
    [2, 25, 25, 0, 225, 0, 'only the first book has exempt days'],
    [2, 250, 250, 0, 0, 0, 'full'],
  ])('book %i, %i days: %i stamps, %i exempt, %i left, %i beyond: %s', (number, days, ...rest) => {
    const { stamps, exemptDays, daysLeft, daysBeyond } = bookletProgress(number, days);
    expect([stamps, exemptDays, daysLeft, daysBeyond]).toEqual(rest.slice(0, 4));
  });

  test('day by day and at once come to the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 250 }),
        (number, days) => {
          let exempt = 0;
          for (let day = 1; day <= days; day += 1) exempt += isExemptDay(number, day) ? 1 : 0;
          expect(bookletProgress(number, days).exemptDays).toBe(exempt);
        },
      ),
    );
  });

  test.each([
    ['2025-04-01', undefined, '2027-04-01', 'two-years', 'not full: two years after issue'],
    ['2025-04-01', '2026-02-10', '2026-02-11', 'full', 'full before that'],
    ['2025-04-01', '2027-04-01', '2027-04-01', 'two-years', 'both on one day'],
  ])('issued %s, filled %s: due %s (%s): %s', (issued, filled, due, because, _why) => {
    expect(
      bookletRenewalDue(workDate(issued), filled === undefined ? undefined : workDate(filled)),
    ).toEqual({ due, because });
  });
});

describe('certificateWorksheet', () => {
  const nothing = {
    ownPointsYen: 0,
    primePointsYen: 0,
    stampsBoughtYen: 0,
    stampsCarriedOverYen: 0,
    stampsReceivedYen: 0,
    stampsIssuedYen: 0,
    yearEnd: workDate('2026-03-31'),
  };

  test.each([
    [252, 67_200, true, 67_200, 'printed: 252 days → 67,200'],
    [252, 67_199, false, 67_200, 'a yen short'],
    [250, 66_666, false, 66_667, '66,666.67: the whole yen below is short'],
    [250, 66_667, true, 66_667, 'the one above passes'],
    [0, 0, true, 0, 'nobody worked'],
  ])('%i days, %i円: %s, at least %i: %s', (workedDays, yen, passes, requiredYen) => {
    expect(certificateWorksheet({ ...nothing, workedDays, stampsBoughtYen: yen })).toMatchObject({
      passes,
      requiredYen,
      shortYen: Math.max(0, requiredYen - yen),
    });
  });

  test('A is ① + ② + ③ + ④ + ⑤ − ⑥', () => {
    expect(
      certificateWorksheet({
        ...nothing,
        workedDays: 1,
        ownPointsYen: 1,
        primePointsYen: 20,
        stampsBoughtYen: 300,
        stampsCarriedOverYen: 4_000,
        stampsReceivedYen: 50_000,
        stampsIssuedYen: 4_321,
      }).amountYen,
    ).toBe(50_000);
  });

  test('the least sum that passes is the one that is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (workedDays) => {
        const { requiredYen } = certificateWorksheet({ ...nothing, workedDays });
        const passes = (stampsBoughtYen: number) =>
          certificateWorksheet({ ...nothing, workedDays, stampsBoughtYen }).passes;
        expect(passes(requiredYen)).toBe(true);
        if (requiredYen > 0) expect(passes(requiredYen - 1)).toBe(false);
      }),
    );
  });
});
