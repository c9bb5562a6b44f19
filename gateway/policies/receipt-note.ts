/**
 * 掛金収納書の記録: when the receipt of a contract was handed in, why it was late, and why less was bought than
 * is expected: what an orderer asks for where the day has passed (city.warabi.saitama.jp … 1003171.html).
 */
import { faulty, ok, type Result } from '../../shared/result.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { Contract } from './contract-use.ts';

/** What is not said stays as it was. */
export interface ReceiptNote {
  readonly submittedOn?: WorkDate | undefined;
  readonly lateReason?: string | undefined;
  readonly shortReason?: string | undefined;
}

/** The contract with the note in it; every fault by the note's own fields. */
export const withReceiptNote = (
  contract: Contract,
  { submittedOn, lateReason, shortReason }: ReceiptNote,
  today: WorkDate,
): Result<Contract> => {
  if (submittedOn !== undefined && submittedOn > today)
    return faulty({ place: '/submittedOn', message: `${submittedOn} is in the future` });
  if (submittedOn !== undefined && submittedOn < contract.contractDate)
    return faulty({
      place: '/submittedOn',
      message: `${submittedOn} is before the contract of ${contract.contractDate}`,
    });
  return ok({
    ...contract,
    ...(submittedOn === undefined ? {} : { receiptSubmittedOn: submittedOn }),
    ...(lateReason === undefined ? {} : { receiptLateReason: lateReason }),
    ...(shortReason === undefined ? {} : { purchaseShortReason: shortReason }),
  });
};
