/**
 * Report `stamp-book` (共済証紙受払簿): a company's stamps over all its contracts, by value, colour and month:
 * carried in, bought, received from primes, handed to subcontractors, pasted, carried over.
 */
import { z } from 'zod';
import { firstDateOf, isValidOn } from '../../shared/time.ts';
import { stampMonths } from '../policies/stamp-book.ts';
import { contractFacts } from './contract-facts.ts';
import { allDates, monthAsked, type Report } from './report.ts';
import { byKeys } from './row-order.ts';
import { StampMonthFields } from './stamp-ledger-report.ts';

const StampBookRow = z.object({ companyId: z.string(), ...StampMonthFields });

export const stampBook: Report = {
  name: 'stamp-book',
  titleJa: '共済証紙受払簿',
  key: ['companyId', 'valueYen', 'colour', 'month'],
  row: StampBookRow,
  needs: allDates,
  make: (input) => {
    const { contracts, movementsOf } = contractFacts(input);
    const movements = contracts
      .flatMap(({ contractId }) => movementsOf(contractId))
      .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    return {
      report: 'stamp-book',
      rows: [...Map.groupBy(movements, ({ companyId }) => companyId)]
        .flatMap(([companyId, rows]) => stampMonths(rows).map((row) => ({ companyId, ...row })))
        .filter(({ month }) => isValidOn(monthAsked(input.filter), firstDateOf(month)))
        .sort(byKeys(['companyId', 'valueYen', 'colour', 'month'])),
    };
  },
};
