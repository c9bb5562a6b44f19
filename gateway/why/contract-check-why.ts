/** Why a row of `contract-check` (工事ごとの確認) says what it says: what should be bought, was bought, was used. */
import {
  CONTRACT_ATTENTION,
  CONTRACT_ATTENTIONS,
  type ContractAttention,
} from '../policies/contract-attention.ts';
import { type ReasonedContractCheck, reasonedContractCheck } from '../policies/contract-check.ts';
import type { Contract } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import { contractFacts } from '../reports/contract-facts.ts';
import { basicFigures, DAYS, purchasedFigure, summaryLinks, YEN } from './contract-figures.ts';
import type { Explain } from './explain.ts';
import { contributionLink } from './record-links.ts';
import { registryRow } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { decided, type Figure, list, product, type RowLink, sum, type WhyNode } from './why.ts';

const balancesFigure = (
  reasoned: ReasonedContractCheck,
  contract: Contract,
  contributions: readonly Contribution[],
): Figure =>
  decided(
    'balances',
    '納付方法ごとの購入 − 充当と、不足する月の見込み',
    reasoned.check.balances,
    [houseRule('point-forecast')],
    {
      parts: reasoned.check.balances.map(({ method, purchasedYen, usedYen, balanceYen }) =>
        sum(
          'balanceYen',
          method === 'points' ? '電子申請の残額' : '証紙の残額',
          balanceYen,
          [
            purchasedFigure(
              reasoned,
              contract,
              'purchasedYen',
              purchasedYen,
              (row) => row.method === method,
            ),
            {
              ...sum(
                'usedYen',
                '充当した額',
                usedYen,
                summaryLinks(contract, contributions, 'allocatedYen', method),
                { ...YEN, grounds: [registryRow('contracts', contract, 'method')] },
              ),
              role: 'minus',
            },
          ],
          YEN,
        ),
      ),
    },
  );

type LookedAt =
  | 'receiptDue'
  | 'receiptOn'
  | 'purchased'
  | 'expected'
  | 'balances'
  | 'progress'
  | 'difference'
  | 'allocatedYen';

/** Which figures a thing to look at is decided by. */
const LOOKS_AT: Readonly<Partial<Record<ContractAttention, readonly LookedAt[]>>> = {
  'receipt-overdue': ['receiptDue', 'receiptOn'],
  'receipt-late': ['receiptDue', 'receiptOn'],
  'purchase-before-contract': ['purchased'],
  'purchase-other-method': ['purchased'],
  'purchase-not-whole-days': ['purchased'],
  'joint-venture-member-short': ['purchased', 'expected'],
  'balance-negative': ['balances'],
  'runs-out-soon': ['balances', 'progress'],
  'use-behind-progress': ['progress', 'allocatedYen', 'expected'],
  'allocation-incomplete': ['progress', 'difference'],
  'evidence-required': ['progress'],
};

/** Which days a thing to look at asks of. */
const ASKED_OF_DAYS: Readonly<Partial<Record<ContractAttention, (row: Contribution) => boolean>>> =
  {
    'days-awaiting-approval': ({ candidateDays, days }) => candidateDays > days,
    'days-without-member-no': ({ notPayable }) => notPayable === 'no-member-no',
    'days-too-late': ({ notPayable }) => notPayable === 'too-late',
  };

const daysInDoubt = (
  contributions: readonly Contribution[],
  code: ContractAttention,
): readonly RowLink[] =>
  contributions
    .filter(ASKED_OF_DAYS[code] ?? (() => false))
    .map((row) => contributionLink(row, 'days'));

export const explainContractCheck: Explain = (input, key) => {
  const { contracts, ofContract, movementsOf } = contractFacts(input);
  const contract = contracts.find(({ contractId }) => contractId === key.contractId);
  if (contract === undefined) return undefined;
  const contributions = ofContract(contract.contractId);
  const reasoned = reasonedContractCheck({
    index: input.index,
    contract,
    contributions,
    movements: movementsOf(contract.contractId),
    asOf: input.asOf,
  });
  const { check, purchases, profile } = reasoned;
  const figures = basicFigures(reasoned, contract, contributions);
  const { contractLeaf, expected, purchased, workerDays, allocatedDays, allocatedYen } = figures;
  const profileLeaf: readonly WhyNode[] =
    profile === undefined
      ? []
      : [registryRow('ordererProfiles', profile, 'name', 'thresholdYen', 'receiptDays')];
  const submitted = registryRow('contracts', contract, 'receiptSubmittedOn', 'contractDate');
  const verdictRule = houseRule('purchase-verdict');
  const progressLeaf = registryRow(
    'contracts',
    contract,
    'progress',
    'contractDate',
    'completionDate',
  );
  const difference = sum(
    'difference',
    '延べ就業日数 − 充当日数',
    check.difference,
    [workerDays, { ...allocatedDays, role: 'minus' }],
    DAYS,
  );
  const receiptDue = decided(
    'receiptDue',
    '掛金収納書の期限',
    check.receiptDue,
    [houseRule('receipt-due'), contractLeaf, ...profileLeaf],
    { unit: 'date' },
  );
  const receiptOn = decided(
    'receiptOn',
    '収納書を出した日、登録がなければ最初の購入',
    check.receiptOn,
    [submitted, ...purchases.map((row) => registryRow('purchases', row, 'yen'))],
    { unit: 'date' },
  );
  const progress = decided(
    'progressPercent',
    '報告された出来高、なければ工期の経過',
    check.progressPercent,
    [houseRule('progress'), progressLeaf],
    { unit: 'number' },
  );
  const balances = balancesFigure(reasoned, contract, contributions);
  const lookedAt = {
    receiptDue,
    receiptOn,
    purchased,
    expected,
    balances,
    progress,
    difference,
    allocatedYen,
  };
  return [
    decided('method', '契約の納付方法', check.method, [contractLeaf], { unit: 'codes' }),
    expected,
    figures.estimate,
    purchased,
    receiptDue,
    receiptOn,
    workerDays,
    allocatedDays,
    allocatedYen,
    difference,
    sum(
      'balanceYen',
      '購入額 − 充当額',
      check.balanceYen,
      [purchased, { ...allocatedYen, role: 'minus' }],
      YEN,
    ),
    decided('verdict', '購入額と必要額の比べ', check.verdict, [verdictRule], {
      unit: 'codes',
      parts: [purchased, expected],
    }),
    list(
      'attention',
      '確認が必要な点',
      check.attention,
      CONTRACT_ATTENTIONS.map((code) =>
        decided(
          code,
          CONTRACT_ATTENTION[code].textJa,
          check.attention.includes(code),
          [houseRule('contract-attention'), contractLeaf, ...daysInDoubt(contributions, code)],
          { unit: 'flag', parts: (LOOKS_AT[code] ?? []).map((each) => lookedAt[each]) },
        ),
      ),
      { unit: 'codes', grounds: [houseRule('contract-attention')] },
    ),
    decided(
      'basis',
      '必要額の根拠',
      check.basis,
      [
        houseRule('purchase-expected'),
        registryRow('contracts', contract, 'plannedWorkerDays', 'costYen'),
      ],
      { unit: 'codes' },
    ),
    decided('basisSource', '必要額の根拠の出典', check.basisSource, [], {
      unit: 'text',
      parts: [expected],
    }),
    progress,
    check.expectedYen === 0
      ? decided('usedPercent', '必要額がないため0%', check.usedPercent, [verdictRule], {
          unit: 'number',
          parts: [expected],
        })
      : product(
          'usedPercent',
          '充当額 × 100 ÷ 必要額（切り捨て）',
          check.usedPercent,
          [
            allocatedYen,
            decided('hundred', '百分率', 100, [verdictRule], { unit: 'number' }),
            { ...expected, role: 'divide' },
          ],
          { unit: 'number', rounding: 'down' },
        ),
    balances,
    decided(
      'jointVenture',
      '共同企業体の構成員ごとの必要額と購入額',
      check.jointVenture,
      [
        houseRule('joint-venture'),
        registryRow('contracts', contract, 'jointVenture'),
        ...purchases.map((row) => registryRow('purchases', row, 'yen', 'companyId')),
      ],
      { parts: [expected] },
    ),
    decided(
      'isReceiptAsked',
      '発注者が収納書を求める契約額か',
      check.isReceiptAsked,
      [registryRow('contracts', contract, 'costYen', 'ordererProfileId'), ...profileLeaf],
      { unit: 'flag' },
    ),
  ];
};
