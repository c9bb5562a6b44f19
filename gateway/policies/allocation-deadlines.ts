/**
 * 充当の期限: until when the days of a contract's month are to be allocated, and until when they can be at all.
 *
 * Pure. A run pays days in the order of their dates, so the first day of a month that is not wholly allocated
 * says when something begins to lapse: rather a warning too early than one too late.
 */
import { type Month, monthOf, type WorkDate } from '../../shared/time.ts';
import { type Contribution, daysInTime } from './contribution.ts';
import { correctionDue } from './correction-deadline.ts';
import {
  type DeadlineQuestion,
  monthJa,
  type ReasonedDeadline,
  type SettledByRun,
  stateOf,
} from './deadline.ts';
import { lapseDate, lastPayable } from './not-payable.ts';

/** A work month of a contract: what is owed in it and what runs have allocated of it. */
interface ContractMonth {
  readonly contractId: string;
  readonly month: Month;
  readonly rows: readonly [Contribution, ...Contribution[]];
  readonly runs: readonly SettledByRun[];
  /** Days owed, lapsed ones too. */
  readonly owed: number;
  /** Absent before the first run. */
  readonly allocated: number | undefined;
  /** Owed less allocated: below 0 where days are to be taken back. */
  readonly left: number;
  readonly due: WorkDate;
}

const contractMonths = ({ contributions, settled }: DeadlineQuestion): readonly ContractMonth[] =>
  [
    ...Map.groupBy(
      contributions.filter((row) => row.contractId !== undefined && daysInTime(row) > 0),
      ({ contractId, workDate }) => `${contractId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((of): readonly ContractMonth[] => {
    const [first, ...others] = of.toSorted((a, b) => (a.workDate < b.workDate ? -1 : 1));
    if (first?.contractId === undefined) return [];
    const { contractId, workDate } = first;
    const month = monthOf(workDate);
    const rows: ContractMonth['rows'] = [first, ...others];
    const owed = rows.reduce((sum, row) => sum + daysInTime(row), 0);
    const runs = settled.allocatedBy(contractId, month);
    const allocated = runs.length === 0 ? undefined : runs.reduce((sum, { days }) => sum + days, 0);
    const left = owed - (allocated ?? 0);
    const firstDue = rows.reduce(
      (earliest, { reportDue }) => (reportDue < earliest ? reportDue : earliest),
      first.reportDue,
    );
    const late = correctionDue(workDate);
    const due = allocated !== undefined && left !== 0 && late > firstDue ? late : firstDue;
    return [{ contractId, month, rows, runs, owed, allocated, left, due }];
  });

/** 充当, and 追加・残りの充当 once a run has been: by the earliest report deadline of the month's days. */
export const allocationDeadlines = (question: DeadlineQuestion): readonly ReasonedDeadline[] =>
  contractMonths(question).map((found) => {
    const { month, owed, allocated, left, due } = found;
    return {
      ...groundsOf(question, found),
      row: {
        due,
        kind: allocated !== undefined && left !== 0 ? 'allocation-addition' : 'allocation',
        state: stateOf(due, left === 0, question.asOf),
        who: 'prime',
        whyJa: `${monthJa(month)}の就労 ${owed}日${
          allocated === undefined
            ? ''
            : left < 0
              ? `（充当済み ${allocated}日、取消 ${-left}日）`
              : `（充当済み ${allocated}日、残り ${left}日）`
        }`,
        ...placeOf(found),
      },
    };
  });

/**
 * 期限切れ: the last day on which the oldest day of a month can be paid. Told from the day on which the month's run is
 * overdue, and never dropped afterwards: what has lapsed is still somebody's to see to.
 */
export const lapseDeadlines = (question: DeadlineQuestion): readonly ReasonedDeadline[] => {
  const { asOf } = question;
  return contractMonths(question)
    .filter(({ left, due }) => left > 0 && asOf > due)
    .map((found) => {
      const { month, rows, left } = found;
      const due = lastPayable(rows[0].workDate);
      const until = lastPayable((rows.at(-1) ?? rows[0]).workDate);
      const what = `${monthJa(month)}の就労のうち、充当していない ${left}日`;
      return {
        ...groundsOf(question, found),
        row: {
          due,
          kind: 'lapse',
          state: stateOf(due, false, asOf),
          who: 'prime',
          whyJa:
            asOf <= due
              ? `${what}。${lapseDate(rows[0].workDate)}から、古い日の順に納付できなくなります`
              : asOf <= until
                ? `${what}。古い日から期限切れになっています。${until}までに残りを充当してください`
                : `${what}。期限切れで、もう納付できません。所属事業者に知らせ、扱いを建退共に確かめてください`,
          ...placeOf(found),
        },
      };
    });
};

const placeOf = ({ contractId, month, rows: [{ siteId }] }: ContractMonth) => ({
  ...(siteId === undefined ? {} : { siteId }),
  contractId,
  month,
});

const groundsOf = (
  { index }: DeadlineQuestion,
  { contractId, rows, runs }: ContractMonth,
): Omit<ReasonedDeadline, 'row'> => {
  const contract = index.contractById.get(contractId);
  return { ...(contract === undefined ? {} : { contract }), contributions: rows, runs };
};
