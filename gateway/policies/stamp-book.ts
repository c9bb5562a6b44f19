/**
 * 証紙受払簿: stamps carried in, bought, received, handed over, pasted and carried over, month by month.
 *
 * Stamps of days that lapsed unpaid (期限切れ) come back in the month of the lapse, so that no month changes afterwards.
 *
 * One account per book of 310円 or 320円 stamps and colour; of a contract (工事別) or of a company.
 */
import type { CompanyId } from '../../shared/ids.ts';
import { type Month, monthOf } from '../../shared/time.ts';
import type { StampColour } from './contribution.ts';
import type { StampMovement } from './stamp-movements.ts';

export interface Counterpart {
  readonly companyId: CompanyId;
  readonly days: number;
}

export interface StampMonth {
  readonly month: Month;
  readonly valueYen: number;
  readonly colour: StampColour;
  readonly carriedInDays: number;
  readonly purchasedDays: number;
  readonly receivedDays: number;
  readonly receivedFrom: readonly Counterpart[];
  readonly issuedDays: number;
  /** Each subcontractor by itself, never lumped. */
  readonly issuedTo: readonly Counterpart[];
  /** Given away for stamps of the other value (below 0), or come for them. */
  readonly exchangedDays: number;
  readonly pastedDays: number;
  /** Days of first books that the state pays: no stamp is pasted for them. */
  readonly exemptDays: number;
  /** Of days that were not allocated within 730 days: their stamps are in hand again. */
  readonly lapsedDays: number;
  /** Below 0: more was handed over or pasted than there was. */
  readonly carriedOverDays: number;
}

const daysOf = (movements: readonly StampMovement[], kind: StampMovement['kind']): number =>
  movements.reduce((sum, each) => (each.kind === kind ? sum + each.days : sum), 0);

const counterparts = (
  movements: readonly StampMovement[],
  kind: StampMovement['kind'],
): readonly Counterpart[] =>
  [
    ...Map.groupBy(
      movements.filter((each) => each.kind === kind),
      ({ counterpartId }) => counterpartId,
    ),
  ]
    .flatMap(([companyId, rows]) =>
      companyId === undefined ? [] : [{ companyId, days: daysOf(rows, kind) }],
    )
    .sort((a, b) => (a.companyId < b.companyId ? -1 : 1));

export interface ReasonedStampMonth {
  readonly stamps: StampMonth;
  readonly movements: readonly StampMovement[];
  /** The month before it in which anything moved in the same book. */
  readonly before: Month | undefined;
}

/** `movements`: of one book's holder, in order of date. Months in which nothing moved have no row. */
export const reasonedStampMonths = (
  movements: readonly StampMovement[],
): readonly ReasonedStampMonth[] =>
  [...Map.groupBy(movements, ({ valueYen, colour }) => `${valueYen} ${colour}`).values()].flatMap(
    (account) => {
      let carriedDays = 0;
      let before: Month | undefined;
      return [...Map.groupBy(account, ({ date }) => monthOf(date))].flatMap(([month, rows]) => {
        const [first] = rows;
        if (first === undefined) return [];
        const carriedInDays = carriedDays;
        const purchasedDays = daysOf(rows, 'purchased');
        const receivedDays = daysOf(rows, 'received');
        const issuedDays = daysOf(rows, 'issued');
        const exchangedDays = daysOf(rows, 'exchanged');
        const pastedDays = daysOf(rows, 'pasted');
        const lapsedDays = daysOf(rows, 'lapsed');
        carriedDays +=
          purchasedDays + receivedDays - issuedDays + exchangedDays - pastedDays + lapsedDays;
        const last = before;
        before = month;
        const stamps = {
          month,
          valueYen: first.valueYen,
          colour: first.colour,
          carriedInDays,
          purchasedDays,
          receivedDays,
          receivedFrom: counterparts(rows, 'received'),
          issuedDays,
          issuedTo: counterparts(rows, 'issued'),
          exchangedDays,
          pastedDays,
          exemptDays: daysOf(rows, 'exempt'),
          lapsedDays,
          carriedOverDays: carriedDays,
        };
        return [{ stamps, movements: rows, before: last }];
      });
    },
  );

/** The months alone. */
export const stampMonths = (movements: readonly StampMovement[]): readonly StampMonth[] =>
  reasonedStampMonths(movements).map(({ stamps }) => stamps);

export interface StampDelivery {
  readonly companyId: CompanyId;
  /** Stamps that the company's workers have earned under the contract, exempt days and those that lapsed left out. */
  readonly earnedDays: number;
  readonly receivedDays: number;
  /** Above 0: the prime owes stamps. Not handing them over is non-fulfilment (qa_h8). */
  readonly outstandingDays: number;
}

/** What each subcontractor of one contract has earned and been given. */
export const stampDeliveries = (
  movements: readonly StampMovement[],
  primeId: CompanyId | undefined,
): readonly StampDelivery[] =>
  [...Map.groupBy(movements, ({ companyId }) => companyId)]
    .filter(([companyId]) => companyId !== primeId)
    .map(([companyId, rows]) => {
      const earnedDays = daysOf(rows, 'pasted') - daysOf(rows, 'lapsed');
      const receivedDays = daysOf(rows, 'received') + daysOf(rows, 'purchased');
      return { companyId, earnedDays, receivedDays, outstandingDays: earnedDays - receivedDays };
    })
    .sort((a, b) => (a.companyId < b.companyId ? -1 : 1));
