/** 証紙の交換: 310円 stamps leave their book, and 320円 stamps come into theirs, on paper and in a run of 充当. */
import { describe, expect, test } from 'vitest';
import { parseRegistryDocument } from '../../../gateway/registry/parse-registry.ts';
import { stampLedger } from '../../../gateway/reports/stamp-ledger-report.ts';
import { workDate } from '../../../shared/time.ts';
import {
  firstDays,
  openAllocationBench,
  planned,
  withContract,
} from '../../fixtures/allocation-bench.ts';
import { registryDocument } from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

const tables = {
  ...withContract({ method: 'stamps', contractDate: '2021-04-01' }),
  purchases: [
    {
      contractId: 'K1',
      method: 'stamps',
      date: '2021-05-10',
      days: 40,
      yen: 12_400,
      colour: 'red',
    },
  ],
};
const exchange = (days: number, date: string) => ({
  stampExchanges: [{ contractId: 'K1', date, days, colour: 'red' }],
});

describe('an exchange', () => {
  test.each([
    [32, '2022-03-01', 31, 'printed: 32 for 31'],
    [33, '2022-03-01', 31, 'headquarters drop the fraction'],
    [33, '2021-11-01', 32, 'a bank takes the difference for one more'],
  ])('of %i stamps on %s brings %i: %s', (days, date, comes) => {
    const { rows } = makeReport(stampLedger, {
      tables: { ...tables, ...exchange(days, date) },
      asOf: workDate('2022-04-01'),
    });
    const month = date.slice(0, 7);
    expect(rows).toMatchObject([
      { valueYen: 310, month: '2021-05', exchangedDays: 0, carriedOverDays: 40 },
      { valueYen: 310, month, exchangedDays: -days, carriedOverDays: 40 - days },
      { valueYen: 320, month, exchangedDays: comes, carriedOverDays: comes },
    ]);
  });

  test('pays days of 320円 in a run, and is gone from the other account', () => {
    const bench = openAllocationBench({ ...tables, ...exchange(32, '2026-04-20') });
    bench.addDays(firstDays('2026-05', 3));
    const { balances } = planned(bench, '2026-05').figures;
    bench.close();
    expect(balances).toMatchObject([
      { valueYen: 310, colour: 'red', purchasedYen: 8 * 310, afterYen: 8 * 310 },
      { valueYen: 320, colour: 'red', purchasedYen: 31 * 320, allocatedYen: 960 },
    ]);
  });

  test('of a day on which there was no 320円 stamp is refused with its place', () => {
    const parsed = parseRegistryDocument({
      ...registryDocument,
      ...exchange(32, '2021-09-30'),
    });
    expect(parsed).toMatchObject({ ok: false, faults: [{ place: '/stampExchanges/0/date' }] });
  });
});
