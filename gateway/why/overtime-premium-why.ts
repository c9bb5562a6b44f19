/** Why the overtime of a month costs so much by the guideline (割増賃金の目安): date by date, to the minute. */
import type { WorkerId } from '../../shared/ids.ts';
import { dayPayOf } from '../policies/labour-cost.ts';
import {
  BEYOND_MINUTES,
  overtimePremium,
  type PricedOvertime,
  type WorkedOvertime,
  yenOfMinutes,
} from '../policies/overtime-premium.ts';
import { DAY_MINUTES_MAX } from '../policies/working-time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { dayPayFigure, exactValue } from './day-pay.ts';
import { attendanceLink } from './record-links.ts';
import { noRow, rowOrNone } from './registry-leaf.ts';
import { datedRule, houseRule } from './rule-leaf.ts';
import { decided, type Figure, product, sum, type WhyNode } from './why.ts';

type Priced = PricedOvertime<WorkedOvertime>;

const MINUTES = { unit: 'minutes' } as const;
const divide = (figure: Figure): Figure => ({ ...figure, role: 'divide' });
const minus = (figure: Figure): Figure => ({ ...figure, role: 'minus' });

const dateMinutes = ({ date, overtimeMinutes, worked }: Priced): Figure =>
  decided(
    'date',
    date,
    overtimeMinutes,
    worked.days.map((day) => attendanceLink(day, 'minutes')),
    MINUTES,
  );

/** Whose trade, role and level chose the guideline. */
const chosenBy = ({ assignment, worked }: Priced, workerId: WorkerId, index: RegistryIndex) => {
  const worker = index.workerById.get(workerId);
  return [
    houseRule('overtime-priced-by'),
    rowOrNone(
      'assignments',
      assignment,
      { siteId: worked.days.at(-1)?.siteId, workerId, from: worked.date },
      'trade',
      'role',
    ),
    rowOrNone('workers', worker, { workerId }, 'level'),
  ];
};

/** The minutes of one date on both sides of the month's 60 hours; a date that does not cross has one side. */
const sidesOf = (of: Priced, earlier: readonly Priced[]): Readonly<Record<Side, Figure>> => {
  if (of.withinMinutes === 0 || of.beyondMinutes === 0)
    return { within: dateMinutes(of), beyond: dateMinutes(of) };
  const before = sum(
    'before',
    'この日までの月の時間外',
    of.beforeMinutes,
    earlier.map(dateMinutes),
    MINUTES,
  );
  const threshold = decided(
    'threshold',
    '月60時間',
    BEYOND_MINUTES,
    [datedRule('premium-rates', '時間外労働の割増率', of.rates, undefined)],
    MINUTES,
  );
  return {
    within: sum(
      'within',
      '月60時間までの分',
      of.withinMinutes,
      [threshold, minus(before)],
      MINUTES,
    ),
    beyond: sum(
      'beyond',
      '月60時間を超えた分',
      of.beyondMinutes,
      [before, dateMinutes(of), minus(threshold)],
      MINUTES,
    ),
  };
};

type Side = 'within' | 'beyond';
const SIDE = {
  within: { textJa: '（月60時間まで）', percent: 'percent', minutes: 'withinMinutes' },
  beyond: {
    textJa: '（月60時間を超えた分）',
    percent: 'beyondPercent',
    minutes: 'beyondMinutes',
  },
} as const;

const costOf = (
  side: Side,
  of: Priced,
  earlier: readonly Priced[],
  chosen: readonly WhyNode[],
): readonly Figure[] => {
  const { guideline, isForeman, rates, date } = of;
  const crosses = of.withinMinutes > 0 && of.beyondMinutes > 0;
  const textJa = side === 'beyond' || crosses ? SIDE[side].textJa : '';
  const minutes = of[SIDE[side].minutes];
  const percent = rates.value[SIDE[side].percent];
  if (guideline === undefined || minutes === 0) return [];
  return [
    product(
      side,
      `${date}${textJa}`,
      exactValue(yenOfMinutes(dayPayOf(guideline, isForeman), minutes, percent)),
      [
        dayPayFigure(guideline, isForeman, chosen),
        divide(decided('day', '1日8時間', DAY_MINUTES_MAX, [houseRule('overtime-day')], MINUTES)),
        sidesOf(of, earlier)[side],
        decided(
          'percent',
          '割増率(%)',
          percent,
          [datedRule('premium-rates', '時間外労働の割増率(%)', rates, percent, 'number')],
          { unit: 'number' },
        ),
        divide(
          decided('hundred', '百分率', 100, [houseRule('overtime-premium')], { unit: 'number' }),
        ),
      ],
      { unit: 'yen' },
    ),
  ];
};

/** `dates`: of the row's month, as overtimeOfMonth prices them. */
export const premiumFigures = (
  dates: readonly Priced[],
  workerId: WorkerId,
  index: RegistryIndex,
): readonly Figure[] => {
  const { premiumYen, overtimeMinutesWithoutGuideline } = overtimePremium(dates);
  const rule = houseRule('overtime-premium');
  const missing = dates.filter(({ guideline }) => guideline === undefined);
  const level = index.workerById.get(workerId)?.level;
  const without = sum(
    'overtimeMinutesWithoutGuideline',
    '賃金目安のない日の時間外の合計',
    overtimeMinutesWithoutGuideline,
    missing.map((of) => {
      const minutes = dateMinutes(of);
      return {
        ...minutes,
        textJa: level === undefined ? `${of.date}（技能者のレベルの登録なし）` : of.date,
        grounds: [
          noRow('payGuidelines', {
            trade: of.assignment?.trade,
            level: level === undefined ? undefined : String(level),
            from: of.date,
          }),
          ...chosenBy(of, workerId, index),
          ...minutes.grounds,
        ],
      };
    }),
    { ...MINUTES, grounds: [houseRule('overtime-priced-by')] },
  );
  const premium =
    premiumYen === undefined
      ? decided('premiumYen', '賃金目安のない時間外があるため求めない', undefined, [rule], {
          unit: 'yen',
          parts: [without],
        })
      : sum(
          'premiumYen',
          '日ごとの時間外 × 賃金目安の1時間分 × 割増率の合計（目安）',
          premiumYen,
          dates.flatMap((of, at) => {
            const chosen = chosenBy(of, workerId, index);
            return (['within', 'beyond'] as const).flatMap((side) =>
              costOf(side, of, dates.slice(0, at), chosen),
            );
          }),
          { unit: 'yen', rounding: 'half-up', grounds: [rule] },
        );
  return [premium, without];
};
