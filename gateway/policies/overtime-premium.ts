/**
 * 時間外の割増賃金の目安: what a worker's overtime of one month costs at the pay guideline of the registry.
 *
 * An estimate, as the guideline is (labour-cost.ts): nobody owes it, and what is owed rests on the pay that was
 * agreed. A day of pay by the guideline ÷ 8 h × rate × overtime, to the minute. Rates are the least that
 * 労働基準法第37条第1項 asks for. The guideline's year of pay counts whole, also what 同条第5項 leaves out of the
 * base (bonuses, for example). Premiums for night (第4項) and for the 法定休日 (35 %) are not in it; work on a
 * 法定休日, which working-time.ts cannot tell, counts as overtime where it exceeds the hours. The month is the
 * calendar's, as for the limits; and like the hours it is told of everybody who touched, also of a 一人親方 or
 * 役員, to whom the Act does not apply. Rounded once per worker and month: below half a yen down, from half a yen up
 * (昭和63年3月14日 基発第150号, of a month's total of each kind).
 */
import type { WorkerId } from '../../shared/ids.ts';
import { type WorkDate, workDate } from '../../shared/time.ts';
import { assignmentOn, type RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import { type EffectiveRow, type EffectiveTable, rowOn } from './effective-table.ts';
import { dayPayOf, type Guideline, guidelineOn } from './labour-cost.ts';
import { DAY_MINUTES_MAX, type ReasonedDate } from './working-time.ts';
import { halfUpRatio, type Ratio, sumOfRatios, wholeYen } from './yen.ts';

export interface PremiumRates {
  /** Pay of an hour of overtime in percent of an ordinary one. */
  readonly percent: number;
  /** Of what exceeds 60 hours of overtime in a month. */
  readonly beyondPercent: number;
}

export const BEYOND_MINUTES = 60 * 60;

/**
 * Firms above the size of a 中小事業主 pay 50 % beyond 60 hours since 2010-04-01 already. The size that the
 * registry knows is that of 建退共, so before 2023-04-01 every firm's overtime is priced at 25 %.
 */
const PREMIUM_RATES: EffectiveTable<PremiumRates> = [
  {
    from: undefined,
    value: { percent: 125, beyondPercent: 125 },
    source:
      '労働基準法第37条第1項本文、割増賃金令(平成6年政令第5号)。60時間を超える分は旧第138条(中小事業主の適用猶予)',
  },
  {
    from: workDate('2023-04-01'),
    value: { percent: 125, beyondPercent: 150 },
    source: '労働基準法第37条第1項ただし書、https://www.mhlw.go.jp/content/000930914.pdf',
  },
];

/** One date's overtime and by what it is priced. */
export interface OvertimeToPrice {
  readonly date: WorkDate;
  readonly overtimeMinutes: number;
  readonly guideline: Guideline | undefined;
  readonly isForeman: boolean;
}

export type PricedOvertime<Of extends OvertimeToPrice = OvertimeToPrice> = Of & {
  /** The month's overtime before that date. */
  readonly beforeMinutes: number;
  /** Of the date's overtime: what stays within 60 hours of the month, and what exceeds them. */
  readonly withinMinutes: number;
  readonly beyondMinutes: number;
  readonly rates: EffectiveRow<PremiumRates>;
};

/** The dates of one month that have overtime, in order, and at which rate each minute stands. */
export const pricedOvertime = <Of extends OvertimeToPrice>(
  month: readonly Of[],
): readonly PricedOvertime<Of>[] => {
  let beforeMinutes = 0;
  return month
    .filter(({ overtimeMinutes }) => overtimeMinutes > 0)
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map((of) => {
      const left = Math.max(0, BEYOND_MINUTES - beforeMinutes);
      const withinMinutes = Math.min(of.overtimeMinutes, left);
      const priced = {
        ...of,
        beforeMinutes,
        withinMinutes,
        beyondMinutes: of.overtimeMinutes - withinMinutes,
        rates: rowOn(PREMIUM_RATES, of.date),
      };
      beforeMinutes += of.overtimeMinutes;
      return priced;
    });
};

/** Yen of so many minutes at so many percent of a day's pay, exact. */
export const yenOfMinutes = (dayPay: Ratio, minutes: number, percent: number): Ratio => ({
  numerator: dayPay.numerator * BigInt(minutes) * BigInt(percent),
  denominator: dayPay.denominator * BigInt(DAY_MINUTES_MAX) * 100n,
});

export interface OvertimePremium {
  /** Absent while any of the overtime has no guideline: half a sum is no sum. */
  readonly premiumYen?: number;
  readonly overtimeMinutesWithoutGuideline: number;
}

/** What the priced dates of one month come to; nothing worked beyond the hours costs 0. */
export const overtimePremium = (dates: readonly PricedOvertime[]): OvertimePremium => {
  const overtimeMinutesWithoutGuideline = dates
    .filter(({ guideline }) => guideline === undefined)
    .reduce((sum, { overtimeMinutes }) => sum + overtimeMinutes, 0);
  if (overtimeMinutesWithoutGuideline > 0) return { overtimeMinutesWithoutGuideline };
  const { numerator, denominator } = sumOfRatios(
    dates.flatMap(({ guideline, isForeman, withinMinutes, beyondMinutes, rates }) => {
      if (guideline === undefined) return [];
      const dayPay = dayPayOf(guideline, isForeman);
      return [
        yenOfMinutes(dayPay, withinMinutes, rates.value.percent),
        yenOfMinutes(dayPay, beyondMinutes, rates.value.beyondPercent),
      ];
    }),
  );
  return {
    premiumYen: wholeYen(halfUpRatio(numerator, denominator)),
    overtimeMinutesWithoutGuideline,
  };
};

export interface WorkedOvertime extends OvertimeToPrice {
  readonly worked: ReasonedDate;
  /** Of the site that was entered last on that date. */
  readonly assignment: RegistryRow<'assignments'> | undefined;
}

/**
 * The overtime of one worker and month: each date by the trade and role of the site that was entered last, where
 * a day's overtime mostly falls, and the worker's level. `month`: the dates that were worked in it.
 */
export const overtimeOfMonth = (
  month: readonly ReasonedDate[],
  workerId: WorkerId,
  index: RegistryIndex,
  guidelines: Registry['payGuidelines'],
): readonly PricedOvertime<WorkedOvertime>[] => {
  const level = index.workerById.get(workerId)?.level;
  return pricedOvertime(
    month.map((worked) => {
      const { date, overtimeMinutes, days } = worked;
      const last = days.at(-1);
      const assignment = last && assignmentOn(index, last.siteId, workerId, date);
      return {
        date,
        overtimeMinutes,
        worked,
        assignment,
        guideline: level && guidelineOn(guidelines, assignment?.trade, level, date),
        isForeman: assignment?.role === 'foreman',
      };
    }),
  );
};
