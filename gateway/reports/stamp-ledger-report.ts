/**
 * Report `stamp-ledger` (工事別証紙受払簿): per contract, value, colour and month what was bought, handed to
 * each subcontractor, pasted by the prime and carried over; beside it what each subcontractor is owed.
 */
import { z } from 'zod';
import { firstDateOf, isValidOn } from '../../shared/time.ts';
import { knowsMethod } from '../policies/contract-use.ts';
import { stampDeliveries, stampMonths } from '../policies/stamp-book.ts';
import { primeOf } from '../registry/registry.ts';
import { contractFacts } from './contract-facts.ts';
import { allDates, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';

const Counterparts = z.array(z.object({ companyId: z.string(), days: z.int() })).readonly();

/** One month of one book; a stamp of 310円 or 320円 is one day. */
export const StampMonthFields = {
  month: z.string(),
  valueYen: z.int(),
  colour: z.enum(['red', 'blue']),
  carriedInDays: z.int(),
  purchasedDays: z.int(),
  receivedDays: z.int(),
  receivedFrom: Counterparts,
  issuedDays: z.int(),
  issuedTo: Counterparts,
  exchangedDays: z.int(),
  pastedDays: z.int(),
  exemptDays: z.int(),
  lapsedDays: z.int(),
  carriedOverDays: z.int(),
};

const StampLedgerRow = z.object({
  contractId: z.string(),
  companyId: z.string(),
  ...StampMonthFields,
});

const DeliveryRow = z.object({
  contractId: z.string(),
  companyId: z.string(),
  earnedDays: z.int(),
  receivedDays: z.int(),
  outstandingDays: z.int(),
});

export const stampLedger: Report = {
  name: 'stamp-ledger',
  titleJa: '工事別証紙受払簿',
  key: ['contractId', 'valueYen', 'colour', 'month'],
  row: StampLedgerRow,
  beside: { deliveries: z.array(DeliveryRow).readonly() },
  besideKeys: { deliveries: ['contractId', 'companyId'] },
  needs: allDates,
  make: (input) => {
    const { contracts, movementsOf } = contractFacts(input);
    const byStamps = contracts.flatMap((contract) => {
      const primeId = primeOf(input.index, contract.siteId);
      return primeId !== undefined && knowsMethod(contract, 'stamps')
        ? [{ contractId: contract.contractId, primeId }]
        : [];
    });
    return {
      report: 'stamp-ledger',
      rows: byStamps
        .flatMap(({ contractId, primeId }) =>
          stampMonths(movementsOf(contractId).filter(({ companyId }) => companyId === primeId)).map(
            (row) => ({ contractId, companyId: primeId, ...row }),
          ),
        )
        .filter(({ month }) => isValidOn(monthAsked(input.filter), firstDateOf(month)))
        .sort(byKeys(['contractId', 'valueYen', 'colour', 'month'])),
      deliveries: byStamps.flatMap(({ contractId, primeId }) =>
        stampDeliveries(movementsOf(contractId), primeId).map((row) => ({ contractId, ...row })),
      ),
    };
  },
};
