/** Why a row of `deadlines` (期限の暦) is due, overdue or done: its rule, and the rows that it is counted from. */
import { isoInJapan } from '../../shared/time.ts';
import { type Contribution, daysInTime } from '../policies/contribution.ts';
import type { ReasonedDeadline, SettledByRun } from '../policies/deadline.ts';
import { DEADLINE } from '../policies/deadline-kinds.ts';
import { deadlinesAsked } from '../reports/deadlines-report.ts';
import { type Explain, isOfKey, type WhyInput } from './explain.ts';
import { completeLink, contributionLink, unknownCardLink } from './record-links.ts';
import { registryRow, rowOrNone } from './registry-leaf.ts';
import { count, decided, type Figure, type RuleLeaf, sum, type WhyNode } from './why.ts';

const ruleOf = ({ row: { kind } }: ReasonedDeadline): RuleLeaf => ({
  kind: 'rule',
  id: kind,
  textJa: DEADLINE[kind].ruleJa,
  source: DEADLINE[kind].source,
});

/** The rows of the registry that date it. */
const rowsOf = (
  { index }: WhyInput,
  { row, contract, bookletOf }: ReasonedDeadline,
): readonly WhyNode[] => [
  ...(contract === undefined
    ? []
    : [
        registryRow(
          'contracts',
          contract,
          'contractDate',
          'completionDate',
          'method',
          'receiptSubmittedOn',
        ),
        ...(index.purchasesByContract.get(contract.contractId) ?? []).map((each) =>
          registryRow('purchases', each, 'yen', 'days'),
        ),
      ]),
  ...(bookletOf === undefined
    ? []
    : (index.bookletsByWorker.get(bookletOf) ?? []).map((each) =>
        registryRow('booklets', each, 'daysBefore', 'closedOn'),
      )),
  ...(row.kind === 'report' && row.companyId !== undefined
    ? [companyLeaf(index, row.companyId)]
    : []),
];

const companyLeaf = (index: WhyInput['index'], companyId: string): WhyNode => {
  const company = [...index.companyById.values()].find((each) => each.companyId === companyId);
  return rowOrNone('companies', company, { companyId }, 'payDay', 'payMonthOffset');
};

/** What is left of the month: its days, less those that stand allocated, run by run. */
const allocatedOf = (found: ReasonedDeadline): readonly Figure[] => {
  const { row, contributions = [], runs = [] } = found;
  if (!['allocation', 'allocation-addition', 'lapse'].includes(row.kind)) return [];
  const days = { unit: 'days' } as const;
  const owed = daysFigure(contributions);
  const allocated = sum(
    'allocated',
    '充当済みの日数',
    runs.reduce((total, run) => total + run.days, 0),
    runs.map((run) => decided('run', '充当の確定', run.days, [runLeaf(run)], days)),
    days,
  );
  return [
    allocated,
    sum(
      'left',
      '掛金の日数 − 充当済みの日数',
      Number(owed.value) - Number(allocated.value),
      // Before the first run nothing is allocated, and only the rule says why.
      [owed, { ...allocated, role: 'minus', grounds: [ruleOf(found)] }],
      days,
    ),
  ];
};

const daysFigure = (contributions: readonly Contribution[]): Figure =>
  sum(
    'days',
    'この期限に関わる掛金の日数',
    contributions.reduce((total, each) => total + daysInTime(each), 0),
    contributions.map((each) =>
      contributionLink(each, each.lapsedDays === undefined ? 'days' : 'lapsedDays'),
    ),
    { unit: 'days' },
  );

const runLeaf = ({ runId, confirmedAt, days }: SettledByRun): WhyNode => ({
  kind: 'done',
  by: 'allocation-run',
  id: runId,
  at: isoInJapan(confirmedAt),
  days,
});

/** By what a report counts as handed in. */
const doneLeaves = ({ row, runs = [], mail }: ReasonedDeadline): readonly WhyNode[] =>
  row.kind !== 'report'
    ? []
    : [
        ...(mail === undefined
          ? []
          : [
              {
                kind: 'done',
                by: 'mail',
                id: mail.mailId,
                at: isoInJapan(mail.sentAt),
              } as const,
            ]),
        ...runs.map(runLeaf),
      ];

/** The days or records that are still to be reported, allocated or mended. */
const countsOf = ({
  contributions,
  records,
  unknownCards = [],
}: ReasonedDeadline): readonly Figure[] => [
  ...(contributions === undefined ? [] : [daysFigure(contributions)]),
  ...(records === undefined
    ? []
    : [
        count(
          'incomplete',
          '足りないもののある就業履歴',
          records.filter(({ complete }) => !complete).length,
          records.filter(({ complete }) => !complete).map(completeLink),
          { unit: 'number' },
        ),
        count(
          'unknownCards',
          '未登録カードのタッチ',
          unknownCards.length,
          unknownCards.map(unknownCardLink),
          { unit: 'number' },
        ),
        count('records', 'その月の就業履歴', records.length, records.map(completeLink), {
          unit: 'number',
        }),
      ]),
];

export const explainDeadline: Explain = (input, key) => {
  const found = deadlinesAsked(input).find(
    ({ row: { due, kind, siteId, contractId, companyId, workerId, month } }) =>
      isOfKey(key, { due, kind, siteId, contractId, companyId, workerId, month }),
  );
  if (found === undefined) return undefined;
  const grounds = [ruleOf(found), ...rowsOf(input, found), ...doneLeaves(found)];
  const parts = [...countsOf(found), ...allocatedOf(found)].map((figure) => ({
    ...figure,
    grounds: [...figure.grounds, ruleOf(found)],
  }));
  return [
    decided('state', '期限の状態', found.row.state, grounds, { unit: 'codes', parts }),
    decided('who', 'する人', found.row.who, [ruleOf(found)], { unit: 'codes' }),
    decided('whyJa', '内容', found.row.whyJa, grounds, { unit: 'text', parts }),
  ];
};
