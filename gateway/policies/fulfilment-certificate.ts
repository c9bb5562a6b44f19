/**
 * 加入・履行証明の判定: A ≥ days worked × 320 × 10/12, compared exactly in integers.
 *
 * A = ① points for own members at own cost + ② points for them by primes + ③ stamps bought + ④ stamps
 * carried over from the year before + ⑤ stamps received from primes − ⑥ stamps handed to subcontractors.
 * Printed: 252 days → 67,200円. Sources: http://okayama-kentaikyo.jp/certificate.html,
 * http://miyagi-kentai.jp/k_rikou/index_.html.
 */
import type { WorkDate } from '../../shared/time.ts';
import { DAILY_PREMIUM_YEN } from './daily-premium.ts';
import { rowOn } from './effective-table.ts';
import { floorRatio, wholeYen } from './yen.ts';

export interface CertificateFigures {
  readonly ownPointsYen: number;
  readonly primePointsYen: number;
  readonly stampsBoughtYen: number;
  readonly stampsCarriedOverYen: number;
  readonly stampsReceivedYen: number;
  readonly stampsIssuedYen: number;
  /** 就労日数 of own members in the business year. */
  readonly workedDays: number;
  /** Last day of the business year: the rate of that date is asked for. */
  readonly yearEnd: WorkDate;
}

export interface CertificateWorksheet {
  readonly amountYen: number;
  /** The least whole sum that passes. */
  readonly requiredYen: number;
  readonly shortYen: number;
  readonly passes: boolean;
}

const REQUIRED_TWELFTHS = 10n;
const TWELVE = 12n;

export const certificateWorksheet = (figures: CertificateFigures): CertificateWorksheet => {
  const amountYen =
    figures.ownPointsYen +
    figures.primePointsYen +
    figures.stampsBoughtYen +
    figures.stampsCarriedOverYen +
    figures.stampsReceivedYen -
    figures.stampsIssuedYen;
  const rate = rowOn(DAILY_PREMIUM_YEN, figures.yearEnd).value;
  const requiredTwelfths = REQUIRED_TWELFTHS * BigInt(rate) * BigInt(figures.workedDays);
  const requiredYen = wholeYen(floorRatio(requiredTwelfths + TWELVE - 1n, TWELVE));
  return {
    amountYen,
    requiredYen,
    shortYen: Math.max(0, requiredYen - amountYen),
    passes: BigInt(amountYen) * TWELVE >= requiredTwelfths,
  };
};
