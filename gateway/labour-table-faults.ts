/**
 * Faults between rows of the labour tables (台帳の労務の表): two rules for one question on one date,
 * periods and breaks that end before they begin.
 */
import type { Fault } from '../shared/result.ts';
import type { Dated } from '../shared/time.ts';
import type { Registry } from './registry-document.ts';

const overlaps = (a: Dated, b: Dated): boolean =>
  (a.from === undefined || b.to === undefined || a.from <= b.to) &&
  (b.from === undefined || a.to === undefined || b.from <= a.to);

/** One question, one date, one rule: rows of the same key must not hold at the same time. */
const doubledRules = <Row extends Dated>(
  table: string,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly Fault[] => {
  const seen = new Map<string, { readonly row: Row; readonly index: number }[]>();
  return rows.flatMap((row, index) => {
    const others = seen.get(keyOf(row)) ?? [];
    const other = others.find((each) => overlaps(each.row, row));
    seen.set(keyOf(row), [...others, { row, index }]);
    return other === undefined
      ? []
      : [
          {
            place: `/${table}/${index}`,
            message: `holds at the same time as /${table}/${other.index}`,
          },
        ];
  });
};

const reversedPeriods = ({ contracts }: Registry): readonly Fault[] =>
  contracts.flatMap(({ daysOff }, index) =>
    daysOff === undefined
      ? []
      : [daysOff, ...(daysOff.excluded ?? [])].flatMap(({ from, to }, at) =>
          from > to
            ? [
                {
                  place: `/contracts/${index}/daysOff${at === 0 ? '' : `/excluded/${at - 1}`}/to`,
                  message: `${to} is before from ${from}`,
                },
              ]
            : [],
        ),
  );

const reversedBreaks = ({ sites }: Registry): readonly Fault[] =>
  sites.flatMap(({ breaks = [] }, index) =>
    breaks.flatMap(({ from, to }, at) =>
      from === to
        ? [{ place: `/sites/${index}/breaks/${at}/to`, message: `${to} is no later than from` }]
        : [],
    ),
  );

export const labourTableFaults = (registry: Registry): readonly Fault[] => [
  ...doubledRules(
    'payGuidelines',
    registry.payGuidelines,
    ({ trade, level }) => `${trade ?? '*'} ${level}`,
  ),
  ...doubledRules(
    'levelCriteria',
    registry.levelCriteria,
    ({ trade, level }) => `${trade} ${level}`,
  ),
  ...doubledRules('assessments', registry.assessments, ({ body, block }) => `${body} ${block}`),
  ...doubledRules('incentives', registry.incentives, ({ authority }) => authority),
  ...reversedPeriods(registry),
  ...reversedBreaks(registry),
];
