/**
 * 工事ごとの確認: what a contract should have bought, what it bought, what its workers have earned, and
 * what a person should look at – at the contract, during works and at completion.
 */
import { daysBetween, type WorkDate } from '../../shared/time.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { Method } from '../registry/registry-document.ts';
import { isBrokenPurchase } from './allocation-accounts.ts';
import { CONTRACT_ATTENTIONS, type ContractAttention } from './contract-attention.ts';
import {
  areSharesWhole,
  type Contract,
  knowsMethod,
  type Purchase,
  purchasesBy,
  receiptOn,
  useOf,
  yenOfPurchases,
} from './contract-use.ts';
import type { Contribution } from './contribution.ts';
import { isAwaitingApproval } from './contribution-doubts.ts';
import { type MemberShare, memberShares } from './joint-venture.ts';
import { type OrdererProfile, ordererProfile } from './orderer-profiles.ts';
import { type Balance, balanceOf } from './point-balance.ts';
import { type ExpectedPurchase, expectedPurchase } from './purchase-estimate.ts';
import { receiptDue } from './receipt-deadline.ts';
import { stampDeliveries } from './stamp-book.ts';
import type { StampMovement } from './stamp-movements.ts';

export type PurchaseVerdict = 'missing' | 'short' | 'over' | 'adequate';

export interface ContractCheck {
  readonly contractId: string;
  readonly method: Method;
  readonly expectedYen: number;
  readonly estimateYen: number;
  readonly purchasedYen: number;
  readonly receiptDue: WorkDate;
  /** When the receipt was handed in or, where nobody wrote it down, the first purchase. */
  readonly receiptOn?: WorkDate;
  readonly workerDays: number;
  readonly allocatedDays: number;
  readonly allocatedYen: number;
  /** Days: workerDays − allocatedDays. Above 0 something that was worked is not covered. */
  readonly difference: number;
  /** purchasedYen − allocatedYen */
  readonly balanceYen: number;
  readonly verdict: PurchaseVerdict;
  readonly attention: readonly ContractAttention[];
  readonly basis: ExpectedPurchase['basis'];
  readonly basisSource: string;
  /** 出来高 as reported, else the part of the period that has passed; whole percent. */
  readonly progressPercent?: number;
  /** allocatedYen of expectedYen, whole percent, rounded down. */
  readonly usedPercent: number;
  readonly balances: readonly Balance[];
  readonly jointVenture: readonly MemberShare[];
  /** Whether the orderer asks for the receipt at that contract sum; absent without a profile. */
  readonly isReceiptAsked?: boolean;
}

export interface ContractQuestion {
  readonly index: RegistryIndex;
  readonly contract: Contract;
  /** Of that contract alone. */
  readonly contributions: readonly Contribution[];
  readonly movements: readonly StampMovement[];
  readonly asOf: WorkDate;
}

const MUCH_TOO_MUCH = 2;
/** Use of less than half the progress is asked about; a default of this product. */
const BEHIND_FACTOR = 2;
/** Before this much of the works is done, use says little; a default of this product. */
const PROGRESS_TELLS_PERCENT = 20;

/** First that applies. */
const purchaseVerdict = (purchasedYen: number, expectedYen: number): PurchaseVerdict => {
  if (purchasedYen === 0) return 'missing';
  if (purchasedYen < expectedYen) return 'short';
  return purchasedYen > MUCH_TOO_MUCH * expectedYen ? 'over' : 'adequate';
};

const progressOn = (contract: Contract, asOf: WorkDate): number | undefined => {
  const reported = (contract.progress ?? [])
    .filter(({ date }) => date <= asOf)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .at(-1);
  if (reported !== undefined) return reported.percent;
  const { contractDate, completionDate } = contract;
  if (completionDate === undefined || completionDate <= contractDate) return undefined;
  const passed = Math.max(0, daysBetween(contractDate, asOf));
  return Math.min(100, Math.floor((passed * 100) / daysBetween(contractDate, completionDate)));
};

interface Found {
  readonly question: ContractQuestion;
  readonly purchases: readonly Purchase[];
  readonly check: Omit<ContractCheck, 'attention'>;
}

/** A check with the rows that it rests on. */
export interface ReasonedContractCheck {
  readonly check: ContractCheck;
  /** Known by that day. */
  readonly purchases: readonly Purchase[];
  readonly profile: OrdererProfile | undefined;
}

/** Whether each thing to look at is there; what is not listed does not compile. */
const ATTENTION: Readonly<Record<ContractAttention, (found: Found) => boolean>> = {
  'receipt-overdue': ({ check, question }) =>
    check.isReceiptAsked !== false &&
    question.asOf > check.receiptDue &&
    (check.receiptOn === undefined || check.receiptOn > question.asOf),
  'receipt-late': ({ check, question: { contract, asOf } }) =>
    check.isReceiptAsked !== false &&
    contract.receiptLateReason === undefined &&
    check.receiptOn !== undefined &&
    check.receiptOn <= asOf &&
    check.receiptOn > check.receiptDue,
  'purchase-before-contract': ({ purchases, question: { contract } }) =>
    purchases.some(({ date }) => date < contract.contractDate),
  'purchase-other-method': ({ purchases, question: { contract } }) =>
    purchases.some(({ method }) => !knowsMethod(contract, method)),
  'purchase-not-whole-days': ({ purchases }) =>
    purchases.some((row) => row.method === 'stamps' && isBrokenPurchase(row)),
  'exception-outside-organisation': ({ question: { contract, index } }) =>
    (contract.exceptions ?? []).some(
      ({ companyId }) =>
        companyId !== primeOf(index, contract.siteId) &&
        !index.organisationBySite.get(contract.siteId)?.some((row) => row.companyId === companyId),
    ),
  'joint-venture-shares': ({ question: { contract } }) => !areSharesWhole(contract),
  'joint-venture-member-short': ({ check }) =>
    check.method === 'points' &&
    check.purchasedYen > 0 &&
    check.jointVenture.some(({ expectedYen, purchasedYen }) => purchasedYen < expectedYen),
  'balance-negative': ({ check }) => check.balances.some(({ balanceYen }) => balanceYen < 0),
  'runs-out-soon': ({ check }) =>
    check.balances.some(
      ({ balanceYen, monthlyYen }) => balanceYen >= 0 && balanceYen < monthlyYen,
    ) && !isCompleted(check),
  'use-behind-progress': ({ check: { progressPercent, usedPercent } }) =>
    progressPercent !== undefined &&
    progressPercent >= PROGRESS_TELLS_PERCENT &&
    usedPercent * BEHIND_FACTOR < progressPercent,
  'stamps-outstanding': ({ question: { movements, index, contract } }) =>
    stampDeliveries(movements, primeOf(index, contract.siteId)).some(
      ({ outstandingDays }) => outstandingDays > 0,
    ),
  'days-awaiting-approval': ({ question: { contributions, index } }) =>
    contributions.some((row) => isAwaitingApproval(index, row)),
  'days-without-member-no': ({ question: { contributions } }) =>
    contributions.some(({ notPayable }) => notPayable === 'no-member-no'),
  'days-too-late': ({ question: { contributions } }) =>
    contributions.some(({ notPayable }) => notPayable === 'too-late'),
  'allocation-incomplete': ({ check }) => isCompleted(check) && check.difference > 0,
  'evidence-required': ({ check, question: { contract } }) =>
    isCompleted(check) && knowsMethod(contract, 'stamps'),
};

const isCompleted = ({ progressPercent }: Pick<ContractCheck, 'progressPercent'>): boolean =>
  progressPercent === 100;

export const reasonedContractCheck = (question: ContractQuestion): ReasonedContractCheck => {
  const { index, contract, contributions, asOf } = question;
  const purchases = purchasesBy(index.purchasesByContract.get(contract.contractId), asOf);
  const purchasedYen = yenOfPurchases(purchases);
  const expected = expectedPurchase(contract);
  const use = useOf(contributions);
  const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
  const received = receiptOn(contract, purchases);
  const progressPercent = progressOn(contract, asOf);
  const check = {
    contractId: contract.contractId,
    method: contract.method,
    expectedYen: expected.expectedYen,
    estimateYen: expected.estimateYen,
    purchasedYen,
    receiptDue: receiptDue(contract.contractDate, contract.method, profile?.receiptDays),
    ...(received === undefined ? {} : { receiptOn: received }),
    ...use,
    difference: use.workerDays - use.allocatedDays,
    balanceYen: purchasedYen - use.allocatedYen,
    verdict: purchaseVerdict(purchasedYen, expected.expectedYen),
    basis: expected.basis,
    basisSource: expected.source,
    ...(progressPercent === undefined ? {} : { progressPercent }),
    usedPercent:
      expected.expectedYen === 0 ? 0 : Math.floor((use.allocatedYen * 100) / expected.expectedYen),
    balances: (['points', 'stamps'] as const)
      .filter((method) => knowsMethod(contract, method))
      .map((method) =>
        balanceOf(
          method,
          purchases.filter((row) => row.method === method),
          contributions.filter((row) => row.method === method),
          asOf,
        ),
      ),
    jointVenture: memberShares(contract, expected.expectedYen, purchases),
    ...(profile?.thresholdYen === undefined
      ? {}
      : { isReceiptAsked: contract.costYen >= profile.thresholdYen }),
  };
  const found = { question, purchases, check };
  const attention = CONTRACT_ATTENTIONS.filter((each) => ATTENTION[each](found));
  return { check: { ...check, attention }, purchases, profile };
};

/** The check alone. */
export const contractCheck = (question: ContractQuestion): ContractCheck =>
  reasonedContractCheck(question).check;
