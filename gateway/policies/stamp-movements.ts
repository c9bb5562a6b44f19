/**
 * 証紙の動き: bought, received from the prime, handed to subcontractors, pasted into books.
 *
 * 310円 and 320円 stamps are kept in separate books, and so are red and blue
 * (http://kumaken.or.jp/publics/index/142/, https://a-kenkyo.or.jp/shuken …). Our readings, because a
 * registry row says neither: a stamp handed over has the value of its date and the colour of who gets it;
 * a stamp is pasted on the work date that it pays for. A day that was not allocated within 730 days gives its
 * stamp back on the day on which it lapses: what a book said of earlier months stays as it was.
 */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { isExemptDay } from './booklet.ts';
import type { Contract } from './contract-use.ts';
import { type Contribution, colourOf, daysInTime, type StampColour } from './contribution.ts';
import { DAILY_PREMIUM_YEN } from './daily-premium.ts';
import { lapseDate } from './not-payable.ts';
import { exchangedStamps, stampValueOn } from './purchase-estimate.ts';

export interface StampMovement {
  readonly contractId: string;
  /** In whose book it stands. */
  readonly companyId: CompanyId;
  readonly kind: 'purchased' | 'received' | 'issued' | 'exchanged' | 'pasted' | 'exempt' | 'lapsed';
  readonly date: WorkDate;
  /** 310 or 320: which book. */
  readonly valueYen: number;
  readonly colour: StampColour;
  /** Below 0 only where an exchange took them out of this book. */
  readonly days: number;
  /** From whom it came or to whom it went. */
  readonly counterpartId?: CompanyId;
  /** The row or the contribution that it comes from. */
  readonly source: StampSource;
}

export type StampSource =
  | { readonly of: 'purchase'; readonly row: RegistryRow<'purchases'> }
  | { readonly of: 'issue'; readonly row: RegistryRow<'stampIssues'> }
  | { readonly of: 'exchange'; readonly row: RegistryRow<'stampExchanges'> }
  | { readonly of: 'contribution'; readonly row: Contribution };

/** A purchase of whole stamps of one value tells which; else its date does. */
export const valueOfPurchase = (yen: number, days: number | undefined, date: WorkDate): number =>
  DAILY_PREMIUM_YEN.find(({ value }) => days !== undefined && days > 0 && days * value === yen)
    ?.value ?? stampValueOn(date);

const bought = (
  index: RegistryIndex,
  contract: Contract,
  asOf: WorkDate,
): readonly StampMovement[] =>
  (index.purchasesByContract.get(contract.contractId) ?? []).flatMap((row) => {
    const companyId = row.companyId ?? primeOf(index, contract.siteId);
    if (row.method !== 'stamps' || companyId === undefined || row.date > asOf) return [];
    const valueYen = valueOfPurchase(row.yen, row.days, row.date);
    const days = row.days ?? Math.floor(row.yen / valueYen);
    const { contractId, date, colour } = row;
    const source = { of: 'purchase', row } as const;
    return [{ contractId, companyId, kind: 'purchased', date, valueYen, colour, days, source }];
  });

const handedOver = (
  index: RegistryIndex,
  contract: Contract,
  asOf: WorkDate,
): readonly StampMovement[] => {
  const primeId = primeOf(index, contract.siteId);
  if (primeId === undefined) return [];
  return (index.stampIssuesByContract.get(contract.contractId) ?? []).flatMap(
    (row): readonly StampMovement[] => {
      const { contractId, toCompanyId, date, days } = row;
      if (date > asOf) return [];
      const colour = colourOf(index.companyById.get(toCompanyId));
      const source = { of: 'issue', row } as const;
      const valueYen = stampValueOn(date);
      const what = { contractId, date, valueYen, colour, days, source } as const;
      return [
        { ...what, companyId: primeId, kind: 'issued', counterpartId: toCompanyId },
        { ...what, companyId: toCompanyId, kind: 'received', counterpartId: primeId },
      ];
    },
  );
};

/** Out of the 310円 book, and what comes for it into the 320円 book. */
const exchanged = (
  index: RegistryIndex,
  contract: Contract,
  asOf: WorkDate,
): readonly StampMovement[] =>
  (index.stampExchangesByContract.get(contract.contractId) ?? []).flatMap(
    (row): readonly StampMovement[] => {
      const { contractId, date, colour } = row;
      const companyId = row.companyId ?? primeOf(index, contract.siteId);
      if (companyId === undefined || date > asOf) return [];
      const source = { of: 'exchange', row } as const;
      const what = { contractId, companyId, kind: 'exchanged', date, colour, source } as const;
      return exchangedStamps(row.days, date).map((each) => ({ ...what, ...each }));
    },
  );

/**
 * Which days of a worker, all contracts together, the state pays: every fifth of the first book that stamps pay,
 * as in a run of 充当; points pay every day (`booklet.ts`). A day that lapses later keeps its place in that order.
 */
export const exemptDays = (
  { bookletsByWorker }: Pick<RegistryIndex, 'bookletsByWorker'>,
  workerId: WorkerId,
  contributions: readonly Contribution[],
): ReadonlySet<Contribution> => {
  const first = bookletsByWorker.get(workerId)?.find(({ number }) => number === 1);
  if (first === undefined) return new Set();
  const inBook = contributions
    .filter((row) => row.method === 'stamps' && daysInTime(row) > 0)
    .filter(({ workDate }) => workDate >= first.issuedOn)
    .filter(({ workDate }) => first.closedOn === undefined || workDate <= first.closedOn)
    .toSorted((a, b) => (a.workDate < b.workDate ? -1 : 1));
  let ordinal = first.daysBefore ?? 0;
  const exempt = new Set<Contribution>();
  for (const row of inBook) {
    for (let day = 0; day < daysInTime(row); day += 1) {
      ordinal += 1;
      if (isExemptDay(1, ordinal)) exempt.add(row);
    }
  }
  return exempt;
};

const pasted = (
  index: RegistryIndex,
  contributions: readonly Contribution[],
): readonly StampMovement[] =>
  [...Map.groupBy(contributions, ({ workerId }) => workerId)].flatMap(([workerId, rows]) => {
    const exempt = exemptDays(index, workerId, rows);
    return rows.flatMap((row): readonly StampMovement[] => {
      const { contractId, companyId, workDate, colour, lapsedDays = 0 } = row;
      // What was pasted on the work date, whatever became of it later.
      const days = daysInTime(row);
      if (contractId === undefined || row.method !== 'stamps' || days === 0) return [];
      const valueYen = stampValueOn(workDate);
      const source = { of: 'contribution', row } as const;
      const what = { contractId, companyId, date: workDate, valueYen, colour, source } as const;
      const free = exempt.has(row) ? 1 : 0;
      return [
        ...(days > free ? [{ ...what, kind: 'pasted', days: days - free } as const] : []),
        ...(free > 0 ? [{ ...what, kind: 'exempt', days: free } as const] : []),
        ...(lapsedDays > free
          ? [
              {
                ...what,
                kind: 'lapsed',
                date: lapseDate(workDate),
                days: lapsedDays - free,
              } as const,
            ]
          : []),
      ];
    });
  });

/** Everything that moved by `asOf`, in order of date. `contributions`: all of the workers concerned. */
export const stampMovements = (
  index: RegistryIndex,
  contracts: readonly Contract[],
  contributions: readonly Contribution[],
  asOf: WorkDate,
): readonly StampMovement[] => {
  const asked = new Set(contracts.map(({ contractId }) => contractId));
  return [
    ...contracts.flatMap((contract) => [
      ...bought(index, contract, asOf),
      ...handedOver(index, contract, asOf),
      ...exchanged(index, contract, asOf),
    ]),
    ...pasted(index, contributions).filter(({ contractId }) => asked.has(contractId)),
  ].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
};
