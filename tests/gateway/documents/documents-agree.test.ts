/** Whatever was worked, documents and exports of one contract say the same: property over random months. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportRows } from '../../../gateway/csv-exports/export-rows.ts';
import { addDays, workDate } from '../../../shared/time.ts';
import { documentOf, factsOf, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_CONTRACT,
  DEMO_FORMWORK,
  DEMO_PRIME,
  DEMO_REBAR,
  DEMO_SITE,
  MONTH,
  stampTables,
  workedDays,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const COMPANIES = [DEMO_PRIME, DEMO_REBAR, DEMO_FORMWORK];
const asked = { contractId: DEMO_CONTRACT };
const whole = workedMonth(stampTables());
const sumOf = (rows: readonly Readonly<Record<string, unknown>>[], key: string): number =>
  rows.reduce((sum, row) => sum + Number(row[key] ?? 0), 0);

test('days and yen are the same in 就労状況報告書, 充当書, 総括表, 確認資料, 受払簿 and the exports', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...workedDays()]), fc.nat(40), (days, later) => {
      // In its time, or while its days lapse one after another.
      const asOf = later < 20 ? whole.asOf : addDays(workDate('2028-10-20'), later);
      const input = { ...whole, days, asOf };
      const summary = factsOf(documentOf('completion-summary', asked, input));
      const [allocated, worked, yen] = [
        summary.掛金充当日数,
        summary.延べ就業日数,
        summary.掛金充当額,
      ];

      const allocation = documentOf('contract-allocation', asked, input);
      expect(tableOf(allocation, 1).totals).toMatchObject({ days: allocated, yen });
      expect(sumOf(tableOf(allocation).rows, 'allocatedYen')).toBe(yen);

      const companies = tableOf(allocation).rows.length === 0 ? [] : COMPANIES;
      for (const form of ['monthly', 'daily']) {
        const reports = companies.map((companyId) =>
          tableOf(
            documentOf(
              `employment-report-${form}`,
              { siteId: DEMO_SITE, companyId, month: MONTH },
              input,
            ),
          ),
        );
        const totals = reports.map((report) => report.totals ?? {});
        expect([sumOf(totals, 'days'), sumOf(totals, 'yen')]).toEqual([allocated, yen]);
        for (const { rows, totals: of } of reports)
          expect(of).toMatchObject({ days: sumOf(rows, 'days'), yen: sumOf(rows, 'yen') });
      }

      const evidence = documentOf('completion-evidence', asked, input);
      const months = evidence.sections.find(({ title }) => title === '月ごとの内訳');
      expect(months).toMatchObject({
        totals: { workerDays: worked, allocatedDays: allocated, allocatedYen: yen },
      });

      // Nobody here has a first book, so every day that is covered has a stamp.
      const moved = exportRows('stamp-movements', { ...input, filter: {} });
      const stampsOf = (asked: string): number =>
        sumOf(
          moved.filter(({ kind }) => kind === asked),
          'stamps',
        );
      expect(stampsOf('pasted') - stampsOf('lapsed')).toBe(allocated);
      const paid = exportRows('contribution-days', { ...input, filter: asked });
      expect([sumOf(paid, 'days'), sumOf(paid, 'yen')]).toEqual([allocated, yen]);

      const ledger = documentOf('stamp-ledger', asked, input);
      const books = ledger.sections.filter(({ title }) => title?.startsWith('320円証紙'));
      for (const book of books) {
        if (book.kind !== 'table') continue;
        for (const row of book.rows) {
          const [before, bought, received, issued, used, lapsed, after] = [
            row.carriedInDays,
            row.purchasedDays,
            row.receivedDays,
            row.issuedDays,
            row.pastedDays,
            row.lapsedDays,
            row.carriedOverDays,
          ].map(Number) as [number, number, number, number, number, number, number];
          expect(before + bought + received - issued - used + lapsed).toBe(after);
        }
      }
    }),
    { numRuns: 25 },
  );
});
