/** Why a row of `completion-summary` (総括表) adds up so: each worker's months under the contract. */
import { reasonedSummaries } from '../policies/completion-summary.ts';
import type { Contribution } from '../policies/contribution.ts';
import { reasonedWorkerMonths } from '../policies/worker-totals.ts';
import { contractFacts } from '../reports/contract-facts.ts';
import type { Explain } from './explain.ts';
import { contributionLink } from './record-links.ts';
import { registryRow } from './registry-leaf.ts';
import { houseRule, kentaikyoRule } from './rule-leaf.ts';
import { count, decided, link, type RowLink, sum, tally } from './why.ts';

/** A worker's statement: the same months, added up in the same way. */
const monthLinks = (
  contributions: readonly Contribution[],
  column: 'workedDays' | 'days' | 'yen',
): readonly RowLink[] =>
  reasonedWorkerMonths(contributions).map(({ month: statement }) => {
    const { workerId, month, companyId, contractId, method } = statement;
    return link(
      'worker-statement',
      { workerId, month, companyId, contractId, method },
      column,
      statement[column],
      { unit: column === 'yen' ? 'yen' : 'days' },
    );
  });

export const explainCompletionSummary: Explain = (input, key) => {
  const { contracts, ofContract } = contractFacts(input);
  const contract = contracts.find(({ contractId }) => contractId === key.contractId);
  const found =
    contract &&
    reasonedSummaries(contract, ofContract(contract.contractId)).find(
      ({ summary }) => summary.companyId === key.companyId,
    );
  if (contract === undefined || found === undefined) return undefined;
  const { summary, contributions } = found;
  const workerDays = sum(
    'workerDays',
    '延べ就業日数（納付できない日も含む）',
    summary.workerDays,
    monthLinks(contributions, 'workedDays'),
    { unit: 'days' },
  );
  const allocatedDays = sum(
    'allocatedDays',
    '充当する日数',
    summary.allocatedDays,
    monthLinks(contributions, 'days'),
    { unit: 'days' },
  );
  const unpaid = Map.groupBy(
    contributions.filter(({ notPayable }) => notPayable !== undefined),
    ({ notPayable }) => notPayable,
  );
  return [
    decided(
      'method',
      '納付方法',
      summary.method,
      [houseRule('method-of-contract'), registryRow('contracts', contract, 'method', 'exceptions')],
      { unit: 'codes' },
    ),
    count(
      'workers',
      '就業した人数',
      summary.workers,
      [...Map.groupBy(contributions, ({ workerId }) => workerId).values()].map((of) =>
        sum('worker', '一人の就業日数', of.length, monthLinks(of, 'workedDays'), {
          unit: 'days',
        }),
      ),
      { unit: 'people' },
    ),
    workerDays,
    allocatedDays,
    sum('allocatedYen', '充当額', summary.allocatedYen, monthLinks(contributions, 'yen'), {
      unit: 'yen',
    }),
    tally(
      'notPayable',
      '納付できない日数を、理由ごとに',
      summary.notPayable,
      [...unpaid].flatMap(([reason, of]) =>
        reason === undefined
          ? []
          : [
              count(
                reason,
                '納付できない日',
                of.length,
                of.map((row) => contributionLink(row, 'notPayable')),
                { unit: 'days', grounds: [kentaikyoRule(reason)] },
              ),
            ],
      ),
      { unit: 'text', grounds: unpaid.size === 0 ? [workerDays] : [] },
    ),
    sum(
      'difference',
      '延べ就業日数 − 充当する日数',
      summary.difference,
      [workerDays, { ...allocatedDays, role: 'minus' }],
      { unit: 'days' },
    ),
  ];
};
