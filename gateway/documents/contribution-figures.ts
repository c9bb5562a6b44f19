/** Figures of 掛金 rows as documents show them: sums in whole days and yen, by any key. */
import type { Contribution } from '../policies/contribution.ts';
import { BASIS_JA, NOT_PAYABLE_JA } from './words-ja.ts';

export interface ContributionSum {
  readonly workedDays: number;
  readonly days: number;
  readonly yen: number;
}

export const sumOf = (rows: readonly Contribution[]): ContributionSum => ({
  /** Dates with work; leave is paid without any. */
  workedDays: rows.filter(({ basis }) => basis === 'shift').length,
  days: rows.reduce((sum, row) => sum + row.days, 0),
  yen: rows.reduce((sum, row) => sum + row.yen, 0),
});

/** Groups in the order of their keys. */
export const groupedBy = (
  rows: readonly Contribution[],
  keyOf: (row: Contribution) => string,
): readonly (readonly [Contribution, ...Contribution[]])[] => {
  const groups = new Map<string, [Contribution, ...Contribution[]]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
};

/** Each rate that a row rests on, once, with who says so. */
export const rateSources = (rows: readonly Contribution[]): readonly string[] => [
  ...new Set(rows.map(({ rate }) => `掛金日額 ${rate.yen}円: ${rate.source}`)),
];

/** What became of days that lapsed, and who has to see to them. */
export const LAPSED_NOTE =
  '期限切れの日は、このシステムで充当が確定しないまま、就労から730日を過ぎた日です。もう納付できません（掛金を受ける権利は2年で消滅します）。元請は、納付済みの記録がないかを所属事業者と確かめ、扱いを建退共に問い合わせてください。';

/** The same, where any of the days did. */
export const lapsedNotes = (rows: readonly Contribution[]): readonly string[] =>
  rows.some(({ notPayable }) => notPayable === 'too-late') ? [LAPSED_NOTE] : [];

/** Days that the shifts earned and nobody has approved yet. */
export const pendingDays = (rows: readonly Contribution[]): number =>
  rows.reduce(
    (sum, { notPayable, candidateDays, days }) =>
      sum + (notPayable === undefined ? candidateDays - days : 0),
    0,
  );

/** What is to be known of somebody's rows (備考), each thing once. */
export const remarkOf = (rows: readonly Contribution[]): string => {
  const pending = pendingDays(rows);
  const said = rows.flatMap(({ notPayable, basis }) => [
    ...(notPayable === undefined ? [] : [NOT_PAYABLE_JA[notPayable]]),
    ...(basis === 'shift' ? [] : [BASIS_JA[basis]]),
  ]);
  return [...new Set(said), ...(pending > 0 ? [`承認待ち ${pending}日`] : [])].join('、');
};
