/** 購入額の目安, 掛金収納書の期限, 証紙の交換: the printed vectors and those worked out beside them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimateYen,
  exchangeStamps,
  expectedPurchase,
  type WorkType,
} from '../../../gateway/policies/purchase-estimate.ts';
import { receiptDue } from '../../../gateway/policies/receipt-deadline.ts';
import { workDate } from '../../../shared/time.ts';

const contractDate = workDate('2026-04-01');
const contract = (costYen: number, workType: WorkType, joiningRatePercent: number) => ({
  costYen,
  workType,
  joiningRatePercent,
  contractDate,
});

describe('estimateYen', () => {
  test.each<[number, WorkType, number, number, string]>([
    [50_000_000, 'pavement', 50, 103_571, 'printed: 2.9 ‰ × 50/70, rounded down'],
    [49_999_000, 'pavement', 50, 117_854, '3.3 ‰: 117,854.79 rounded down'],
    [30_000_000, 'civil-other', 70, 108_000, '3.6 ‰, the joining rate that the table assumes'],
    [300_000_000, 'non-housing', 35, 315_000, '2.1 ‰, half of it'],
    [800_000, 'housing', 70, 3_840, 'below 1,000千円 the first column holds: 12 days'],
    [500_000_000, 'tunnel', 100, 1_357_142, '1.9 ‰: 1,357,142.86 rounded down'],
    [9_999_999, 'bridge', 70, 34_999, 'the last yen of the first column'],
    [10_000_000, 'bridge', 70, 32_000, 'the first of the second'],
    [99_999_999, 'dam', 70, 309_999, 'the last yen of the third'],
    [100_000_000, 'dam', 70, 250_000, 'the first of the fourth'],
    [499_999_999, 'dredging', 70, 949_999, 'the last yen of the fourth'],
    [500_000_000, 'machinery', 70, 550_000, 'the first of the fifth'],
    [50_000_000, 'outdoor-electrical', 62.5, 80_357, 'a broken percentage is taken exactly'],
    [50_000_000, 'housing', 0, 0, 'nobody is a member'],
    [0, 'housing', 70, 0, 'nothing costs nothing'],
  ])('%i, %s, %d %% → %i: %s', (costYen, workType, joining, yen) => {
    expect(estimateYen(contract(costYen, workType, joining))).toBe(yen);
  });

  test('is the exact quotient rounded down, whatever the cost and the percentage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500_000_000, max: 9_000_000_000_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (costYen, hundredths) => {
          const yen = estimateYen(contract(costYen, 'pavement', hundredths / 100));
          const exact = BigInt(costYen) * 17n * BigInt(hundredths);
          const per = 10_000n * 70n * 100n;
          expect(BigInt(yen) * per <= exact && exact < (BigInt(yen) + 1n) * per).toBe(true);
        },
      ),
    );
  });
});

describe('expectedPurchase', () => {
  test('planned days come first, at the rate of the contract date', () => {
    const planned = { ...contract(30_000_000, 'civil-other', 70), plannedWorkerDays: 338 };
    expect(expectedPurchase(planned)).toMatchObject({
      basis: 'planned-days',
      expectedYen: 108_160,
      estimateYen: 108_000,
      expectedDays: 338,
    });
    expect(expectedPurchase({ ...planned, contractDate: workDate('2021-09-30') }).expectedYen).toBe(
      104_780,
    );
  });

  test('the table where nobody planned; 337.5 days are 338 stamps', () => {
    expect(expectedPurchase(contract(30_000_000, 'civil-other', 70))).toMatchObject({
      basis: 'table',
      expectedYen: 108_000,
      expectedDays: 338,
      source: expect.stringContaining('tori-ken'),
    });
  });
});

describe('receiptDue', () => {
  test.each<[string, 'points' | 'stamps', object | undefined, string, string]>([
    ['2026-04-10', 'stamps', undefined, '2026-05-10', 'one month'],
    ['2026-04-10', 'points', undefined, '2026-05-20', 'the 40th day, the first not counted'],
    ['2026-01-31', 'stamps', undefined, '2026-02-28', 'a month that has no 31st'],
    ['2028-01-31', 'stamps', undefined, '2028-02-29', 'a leap year'],
    ['2026-12-15', 'stamps', undefined, '2027-01-15', 'over the turn of the year'],
    ['2026-04-10', 'stamps', { stamps: 30 }, '2026-05-10', "an orderer's own days"],
    ['2026-04-10', 'points', { stamps: 30 }, '2026-05-20', 'which say nothing of points'],
  ])('%s by %s %j: %s, %s', (date, method, days, due) => {
    expect(receiptDue(workDate(date), method, days)).toBe(due);
  });
});

describe('exchangeStamps', () => {
  test.each([
    [32, '2021-10-15', 31, 0, 'printed: 32 × 310 = 31 × 320 = 9,920'],
    [64, '2021-10-15', 62, 0, 'twice that'],
    [1, '2021-10-15', 1, 10, 'one for one and the difference'],
    [31, '2021-12-31', 31, 310, 'printed: the difference is 310円 at most'],
    [33, '2021-12-31', 32, 10, 'one more than 32'],
    [31, '2022-01-01', 30, 0, 'headquarters drops the fraction'],
    [0, '2021-10-15', 0, 0, 'nothing'],
  ])('%i on %s → %i and %i円: %s', (oldStamps, date, newStamps, differenceYen) => {
    expect(exchangeStamps(oldStamps, workDate(date))).toEqual({ newStamps, differenceYen });
  });
});
