/** A day of pay by the guideline (賃金目安の1日分), as a figure that can be added up again. */
import { dayPayOf, type Guideline } from '../policies/labour-cost.ts';
import type { Ratio } from '../policies/yen.ts';
import { registryRow } from './registry-leaf.ts';
import { decided, type Figure, product, sum, type WhyNode } from './why.ts';

export const guidelineLeaf = (row: Guideline): WhyNode =>
  registryRow('payGuidelines', row, 'yenPerYear', 'daysPerYear', 'foremanYenPerDay');

const greatestDivisor = (a: bigint, b: bigint): bigint =>
  b === 0n ? a : greatestDivisor(b, a % b);

/** As a figure has it: a whole number, else `n/d` in its lowest terms. */
export const exactValue = ({ numerator, denominator }: Ratio): number | string => {
  const divisor = greatestDivisor(numerator, denominator);
  return denominator === divisor
    ? Number(numerator / divisor)
    : `${numerator / divisor}/${denominator / divisor}`;
};

/** `grounds`: what chose the guideline and the role. */
export const dayPayFigure = (
  guideline: Guideline,
  isForeman: boolean,
  grounds: readonly WhyNode[],
): Figure => {
  const { yenPerYear, daysPerYear, foremanYenPerDay = 0 } = guideline;
  const leaf = guidelineLeaf(guideline);
  const yen = (code: string, textJa: string, value: number): Figure =>
    decided(code, textJa, value, [leaf], { unit: 'yen' });
  return sum(
    'day-pay',
    '1日の賃金の目安',
    exactValue(dayPayOf(guideline, isForeman)),
    [
      product(
        'pay',
        '年収の目安 ÷ その日数',
        exactValue(dayPayOf(guideline, false)),
        [
          yen('yenPerYear', '年収の目安', yenPerYear),
          {
            ...decided('daysPerYear', 'その日数', daysPerYear, [leaf], { unit: 'days' }),
            role: 'divide',
          },
        ],
        { unit: 'yen' },
      ),
      ...(isForeman ? [yen('foremanYenPerDay', '1日の職長手当', foremanYenPerDay)] : []),
    ],
    { unit: 'yen', grounds },
  );
};
