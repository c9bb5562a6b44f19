/** Figures of a contract that its check is made of: what should be bought, what was, and what was used. */
import { companySummaries } from '../policies/completion-summary.ts';
import type { ReasonedContractCheck } from '../policies/contract-check.ts';
import type { Contract } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import { DAILY_PREMIUM_YEN } from '../policies/daily-premium.ts';
import { rowOn } from '../policies/effective-table.ts';
import {
  ASSUMED_JOINING_PERCENT,
  purchaseRate,
  TEN_THOUSAND,
} from '../policies/purchase-estimate.ts';
import { noRow, registryRow } from './registry-leaf.ts';
import { datedRule, houseRule } from './rule-leaf.ts';
import { decided, type Figure, link, product, type RowLink, sum } from './why.ts';

export const YEN = { unit: 'yen' } as const;
export const DAYS = { unit: 'days' } as const;

/** The lines of the 総括表 that the contract is the sum of. */
export const summaryLinks = (
  contract: Contract,
  contributions: readonly Contribution[],
  column: 'workerDays' | 'allocatedDays' | 'allocatedYen',
  method?: 'points' | 'stamps',
): readonly RowLink[] =>
  companySummaries(contract, contributions)
    .filter((summary) => method === undefined || summary.method === method)
    .map((summary) =>
      link(
        'completion-summary',
        { contractId: summary.contractId, companyId: summary.companyId },
        column,
        summary[column],
        column === 'allocatedYen' ? YEN : DAYS,
      ),
    );

const estimateFigure = (contract: Contract, value: number): Figure => {
  const { row, rate } = purchaseRate(contract);
  const leaf = registryRow('contracts', contract, 'costYen', 'workType', 'joiningRatePercent');
  const rule = datedRule('purchase-rates', '掛金納付の考え方の‰の表', row, rate / 10, 'number');
  const fixed = (code: string, textJa: string, of: bigint): Figure => ({
    ...decided(code, textJa, Number(of), [rule], { unit: 'number' }),
    role: 'divide',
  });
  return product(
    'estimateYen',
    '総工事費 × ‰ × 加入率 ÷ 70%（一円未満切り捨て）',
    value,
    [
      decided('costYen', '総工事費', contract.costYen, [leaf], YEN),
      decided('rate', '表の率（1万分の）', rate, [rule], { unit: 'number' }),
      decided('joiningRatePercent', '加入率(%)', contract.joiningRatePercent, [leaf], {
        unit: 'number',
      }),
      fixed('ten-thousand', '1万分率', TEN_THOUSAND),
      fixed('assumed-joining', '表が見込む加入率(%)', ASSUMED_JOINING_PERCENT),
    ],
    { ...YEN, rounding: 'down' },
  );
};

const expectedFigure = (contract: Contract, value: number, estimate: Figure): Figure => {
  const premium = rowOn(DAILY_PREMIUM_YEN, contract.contractDate);
  const grounds = [houseRule('purchase-expected')];
  const planned = contract.plannedWorkerDays;
  return planned === undefined
    ? sum('expectedYen', '‰の表の額', value, [estimate], { ...YEN, grounds })
    : product(
        'expectedYen',
        '計画の延べ人日 × 日額',
        value,
        [
          decided(
            'plannedWorkerDays',
            '計画の延べ人日',
            planned,
            [registryRow('contracts', contract, 'plannedWorkerDays')],
            DAYS,
          ),
          decided(
            'premium',
            '契約日の日額',
            premium.value,
            [datedRule('daily-premium', '掛金の日額', premium, premium.value, 'yen')],
            YEN,
          ),
        ],
        { ...YEN, grounds },
      );
};

export const purchasedFigure = (
  { purchases }: Pick<ReasonedContractCheck, 'purchases'>,
  contract: Contract,
  code: string,
  value: number,
  isAsked: (purchase: ReasonedContractCheck['purchases'][number]) => boolean = () => true,
): Figure => {
  const asked = purchases.filter(isAsked);
  return sum(
    code,
    'その日までの購入の合計',
    value,
    asked.map((row) =>
      decided('purchase', row.date, row.yen, [registryRow('purchases', row, 'yen', 'days')], YEN),
    ),
    {
      ...YEN,
      grounds: asked.length === 0 ? [noRow('purchases', { contractId: contract.contractId })] : [],
    },
  );
};

/** The figures that other columns are made of. */
export const basicFigures = (
  reasoned: ReasonedContractCheck,
  contract: Contract,
  contributions: readonly Contribution[],
) => {
  const { check } = reasoned;
  const contractLeaf = registryRow('contracts', contract, 'method', 'contractDate');
  const estimate = estimateFigure(contract, check.estimateYen);
  const used = (code: 'workerDays' | 'allocatedDays' | 'allocatedYen', textJa: string): Figure =>
    sum(code, textJa, check[code], summaryLinks(contract, contributions, code), {
      ...(code === 'allocatedYen' ? YEN : DAYS),
      grounds: [contractLeaf],
    });
  return {
    contractLeaf,
    estimate,
    expected: expectedFigure(contract, check.expectedYen, estimate),
    purchased: purchasedFigure(reasoned, contract, 'purchasedYen', check.purchasedYen),
    workerDays: used('workerDays', '会社ごとの延べ就業日数の合計'),
    allocatedDays: used('allocatedDays', '会社ごとの充当日数の合計'),
    allocatedYen: used('allocatedYen', '会社ごとの充当額の合計'),
  };
};
