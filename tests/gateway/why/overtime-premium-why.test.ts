/** Why the overtime costs so much: a date that crosses the month's 60 hours can be added up again as well. */
import { expect, test } from 'vitest';
import { reportNamed } from '../../../gateway/reports/catalogue.ts';
import type { Figure, WhyNode } from '../../../gateway/why/why.ts';
import { shift } from '../../fixtures/kentaikyo-worked.ts';
import { worldOf } from '../../fixtures/random-site.ts';
import { disagreement } from '../../fixtures/re-add.ts';
import { registryDocument, WORKER_ID } from '../../fixtures/registry.ts';
import { tapLine } from '../../fixtures/report.ts';

/** Four hours of overtime on 14 dates of whole weeks, seven on the 20th, two on the 24th of 2026-11: 65 h. */
const touches = [
  ...['02', '03', '04', '05', '06', '09', '10', '11', '12', '13', '16', '17', '18', '19'].flatMap(
    (day) => shift(`2026-11-${day}T06:00`, `2026-11-${day}T18:00`),
  ),
  ...shift('2026-11-20T06:00', '2026-11-20T21:00'),
  ...shift('2026-11-24T08:00', '2026-11-24T18:00'),
];
const guideline = { level: 2, yenPerYear: 5_690_000, daysPerYear: 234, source: '試験の目安' };

const figuresOf = (payGuidelines: readonly object[]): readonly Figure[] => {
  const overtime = reportNamed('overtime');
  if (overtime === undefined) throw new Error('no report overtime');
  const { asker } = worldOf({ ...registryDocument, payGuidelines }, touches.map(tapLine));
  return asker.why(overtime, { workerId: WORKER_ID, month: '2026-11' })?.figures ?? [];
};
const named = (figures: readonly Figure[], code: string): Figure => {
  const figure = figures.find((each) => each.code === code);
  if (figure === undefined) throw new Error(`no ${code}`);
  return figure;
};
const all = (node: WhyNode): readonly Figure[] =>
  node.kind === 'figure' ? [node, ...[...node.parts, ...node.grounds].flatMap(all)] : [];

test('each side of the 60 hours is a product of its own, and everything adds up', () => {
  const premium = named(figuresOf([guideline]), 'premiumYen');
  // 5,690,000 ÷ 234 ÷ 8 × (60 h × 1.25 + 5 h × 1.5) = 250,761.2…
  expect(premium.value).toBe(250_761);
  const sides = premium.parts.flatMap((part) => (part.kind === 'figure' ? [part] : []));
  expect(sides[0]?.textJa).toBe('2026-11-02');
  expect(sides.slice(-3).map(({ code, textJa }) => [code, textJa])).toEqual([
    ['within', '2026-11-20（月60時間まで）'],
    ['beyond', '2026-11-20（月60時間を超えた分）'],
    ['beyond', '2026-11-24（月60時間を超えた分）'],
  ]);
  expect(all(premium).flatMap((figure) => disagreement(figure) ?? [])).toEqual([]);
  expect(all(premium).map(({ code }) => code)).toContain('threshold');
});

test('what has no guideline is told date by date, and is why there is no sum', () => {
  const figures = figuresOf([{ ...guideline, to: '2026-11-20' }]);
  const without = named(figures, 'overtimeMinutesWithoutGuideline');
  expect(without).toMatchObject({ value: 120, parts: [{ textJa: '2026-11-24', value: 120 }] });
  const premium = named(figures, 'premiumYen');
  expect(premium).toMatchObject({ how: 'decided', parts: [without] });
  expect(premium).not.toHaveProperty('value');
});
