/** 期限切れ: days that stood unpaid for 730 days stay on every list, and no balance moves without a line that says why. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settledWork } from '../../../gateway/allocation/settled-work.ts';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { contractCheckReport } from '../../../gateway/reports/contract-check-report.ts';
import { contributions } from '../../../gateway/reports/contributions-report.ts';
import { deadlines } from '../../../gateway/reports/deadlines-report.ts';
import { stampBook } from '../../../gateway/reports/stamp-book-report.ts';
import { stampLedger } from '../../../gateway/reports/stamp-ledger-report.ts';
import { workerStatement } from '../../../gateway/reports/worker-statement-report.ts';
import { explainStampBook } from '../../../gateway/why/stamps-why.ts';
import { addDays, startOfDate, utcMs, type WorkDate, workDate } from '../../../shared/time.ts';
import {
  confirmed,
  firstDays,
  openAllocationBench,
  planned,
  pointsPurchase,
  withContract,
} from '../../fixtures/allocation-bench.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import { documentOf, linesOf } from '../../fixtures/documents.ts';
import { disagreement } from '../../fixtures/re-add.ts';
import { FIRST_TIER, registryWith, WORKER_ID } from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';
import { DEMO_CONTRACT, stampTables, workedMonth } from '../../fixtures/worked-month.ts';

type Row = Readonly<Record<string, unknown>>;
/** The subcontractor's stamps: ten came, and a day of May 2026 takes one each. */
const tables = {
  ...withContract({ method: 'stamps' }),
  purchases: [{ ...pointsPurchase, method: 'stamps', days: 10 }],
  stampIssues: [{ contractId: 'K1', toCompanyId: FIRST_TIER, date: '2026-04-20', days: 10 }],
};
const may = firstDays('2026-05', 3);
/** The last day of all on which 2026-05-01 can be paid. */
const LAST = workDate('2028-04-30');
const on = (asOf: WorkDate, days = may, asked: object = tables) =>
  ({ tables: asked, days, asOf }) as const;
const bookOf = (asOf: WorkDate, days = may) =>
  makeReport(stampBook, on(asOf, days)).rows.filter(
    (row) => (row as Row).companyId === FIRST_TIER,
  ) as readonly Row[];

describe('受払簿', () => {
  test('what was pasted stays in its month, and comes back by a line of its own', () => {
    expect(bookOf(LAST)).toMatchObject([
      { month: '2026-04', carriedOverDays: 10, lapsedDays: 0 },
      { month: '2026-05', pastedDays: 3, carriedOverDays: 7, lapsedDays: 0 },
    ]);
    expect(bookOf(addDays(LAST, 2))).toMatchObject([
      { month: '2026-04', carriedOverDays: 10 },
      { month: '2026-05', pastedDays: 3, carriedOverDays: 7 },
      { month: '2028-05', pastedDays: 0, lapsedDays: 2, carriedInDays: 7, carriedOverDays: 9 },
    ]);
  });

  test('why it came back adds up, and ends in the 730 days', () => {
    const registry = registryWith(tables);
    const asOf = addDays(LAST, 2);
    const figures = explainStampBook(
      {
        registry,
        index: indexRegistry(registry),
        days: may,
        filter: {},
        asOf,
        now: startOfDate(asOf),
        reckonedOf: () => [],
        told: () => undefined,
      },
      { companyId: FIRST_TIER, valueYen: '320', colour: 'red', month: '2028-05' },
    );
    expect(figures?.flatMap((figure) => disagreement(figure) ?? [])).toEqual([]);
    const lapsed = figures?.find(({ code }) => code === 'lapsedDays');
    expect(lapsed?.parts).toMatchObject([{ value: 1 }, { value: 1 }]);
    expect(JSON.stringify(lapsed)).toContain('中小企業退職金共済法');
  });

  test('what the prime owes a subcontractor does not hold days that nobody can pay any more', () => {
    const { deliveries } = makeReport(stampLedger, on(addDays(LAST, 2)));
    expect(deliveries).toMatchObject([{ companyId: FIRST_TIER, earnedDays: 1, receivedDays: 10 }]);
  });

  test('months once shown are shown the same on any later day, first books and all', () => {
    const booklets = [{ workerId: WORKER_ID, number: 1, issuedOn: '2026-05-01' }];
    const worked = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(worked, fc.integer({ min: 0, max: 900 }), fc.nat(900), (dates, early, more) => {
        const days = dates.map((at) => attendanceDay(addDays(workDate('2026-05-01'), at)));
        const [before, after] = [early, early + more].map(
          (at) =>
            makeReport(stampBook, {
              tables: { ...tables, booklets },
              days,
              asOf: addDays(workDate('2026-07-01'), at),
            }).rows as readonly Row[],
        );
        const whole = (before ?? []).filter(
          ({ month }) => String(month) < addDays(workDate('2026-07-01'), early).slice(0, 7),
        );
        expect(after).toEqual(expect.arrayContaining([...whole]));
        for (const row of after ?? [])
          expect(row.carriedOverDays).toBe(
            Number(row.carriedInDays) +
              Number(row.purchasedDays) +
              Number(row.receivedDays) -
              Number(row.issuedDays) +
              Number(row.exchangedDays) -
              Number(row.pastedDays) +
              Number(row.lapsedDays),
          );
      }),
      { numRuns: 60 },
    );
  });
});

describe('papers', () => {
  const later = { ...workedMonth(stampTables()), asOf: workDate('2028-11-10') };

  test('工事別受払簿 has a column and a list of what lapsed, with who mends it', () => {
    const model = documentOf('stamp-ledger', { contractId: DEMO_CONTRACT }, later);
    const lapsed = model.sections.find(({ title }) => title?.startsWith('期限切れ'));
    if (lapsed?.kind !== 'table') throw new Error('no list of lapsed days');
    expect(lapsed.rows.length).toBeGreaterThan(0);
    expect(linesOf(lapsed)[0]).toContain('2026年11月分');
    expect(JSON.stringify(lapsed)).toContain('元請');
    expect(JSON.stringify(model.sections)).toContain('lapsedDays');
    const now = documentOf(
      'stamp-ledger',
      { contractId: DEMO_CONTRACT },
      workedMonth(stampTables()),
    );
    expect(JSON.stringify(now)).not.toContain('期限切れ');
  });

  test('a company’s own book holds what a run allocated in its time, like the contract’s', () => {
    const input = workedMonth(stampTables());
    const all = documentOf('contract-allocation', { contractId: DEMO_CONTRACT }, input);
    expect(all.notes.join()).not.toContain('期限切れ');
    const { contributions: rows } = contributionsOf(input.days, input.index, { asOf: input.asOf });
    const allocated = () =>
      rows.flatMap((row) =>
        row.days > 0 && row.contractId !== undefined && row.method !== undefined
          ? [
              {
                ...row,
                contractId: row.contractId,
                method: row.method,
                dayYen: row.rate.yen,
                exemptDays: 0,
              },
            ]
          : [],
      );
    const book = (asOf: string) =>
      documentOf(
        'stamp-book',
        { companyId: '20260000000002' },
        { ...input, allocated, asOf: workDate(asOf) },
      ).sections;
    expect(book('2029-01-01')).toEqual(book('2026-12-05'));
  });

  test('掛金充当書 says what happened to them, and who has to see to it', () => {
    const model = documentOf('contract-allocation', { contractId: DEMO_CONTRACT }, later);
    expect(model.notes.join()).toContain('730日');
    expect(JSON.stringify(model.sections)).toContain('期限切れ');
  });
});

describe('days that can no longer be paid', () => {
  test('are listed as unresolved, with how many they were and who can mend it', () => {
    const { rows, unresolved } = makeReport(contributions, on(addDays(LAST, 1)));
    expect(rows[0]).toMatchObject({ notPayable: 'too-late', days: 0, lapsedDays: 1 });
    expect(rows[1]).not.toHaveProperty('lapsedDays');
    expect(unresolved).toMatchObject([
      { reason: 'too-late', workDate: '2026-05-01', mendedBy: 'prime', workerId: WORKER_ID },
    ]);
  });

  test('make the balance of a contract say what came back', () => {
    const { rows } = makeReport(
      contractCheckReport,
      on(addDays(LAST, 2), may, { purchases: [pointsPurchase] }),
    );
    expect(rows[0]).toMatchObject({
      attention: expect.arrayContaining(['days-too-late']),
      balances: [{ usedYen: 320, lapsedYen: 640, balanceYen: 2_880 }],
    });
  });

  test('are told before a run of 充当 of that contract', () => {
    const bench = openAllocationBench({ purchases: [pointsPurchase] }, '2028-05-02');
    bench.addDays([...may, ...firstDays('2028-04', 1)]);
    const { figures, rows } = planned(bench, '2028-04');
    bench.close();
    expect(figures.findings).toContainEqual(
      expect.objectContaining({ id: 'lapsed', mendedBy: 'prime', place: '2026-05-01/2026-05-02' }),
    );
    expect(figures.notPayable).toMatchObject({ 'too-late': 2 });
    expect(rows.map(({ workDate: date }) => date)).toEqual(['2026-05-03', '2028-04-01']);
  });

  test('are not told where a run paid them in time, and the run leaves them alone', () => {
    const bench = openAllocationBench({ purchases: [pointsPurchase] });
    bench.addDays(may);
    confirmed(bench, '2026-05');
    bench.setToday('2028-05-03');
    bench.addDays(firstDays('2028-04', 1));
    const { figures, rows } = planned(bench, '2028-04');
    bench.close();
    expect(figures.findings).toEqual([]);
    expect(rows).toMatchObject([{ workDate: '2028-04-01', days: 1 }]);
  });
});

describe('a day that a run allocated in its time', () => {
  test('is in no report a lapsed one, however old it is', () => {
    const bench = openAllocationBench({ purchases: [pointsPurchase] });
    bench.addDays(may);
    confirmed(bench, '2026-05');
    const asked = {
      ...on(workDate('2029-01-01'), may, { purchases: [pointsPurchase] }),
      settled: settledWork(bench.store, undefined),
    };
    const { rows, unresolved } = makeReport(contributions, asked);
    const [check] = makeReport(contractCheckReport, asked).rows as readonly Row[];
    const [month] = makeReport(workerStatement, asked).rows as readonly Row[];
    const [later] = makeReport(contributions, { ...asked, days: [attendanceDay('2026-05-20')] })
      .rows as readonly Row[];
    bench.close();
    expect(rows).toMatchObject([{ days: 1 }, { days: 1 }, { days: 1 }]);
    expect(unresolved).toEqual([]);
    expect(check).toMatchObject({ allocatedDays: 3, balances: [{ usedYen: 960, lapsedYen: 0 }] });
    expect(check?.attention).not.toContain('days-too-late');
    expect(month).toMatchObject({ days: 3 });
    expect(later).toMatchObject({ days: 0, notPayable: 'too-late' });
  });
});

describe('期限の暦', () => {
  const told = (asOf: string, settledDays = 0) =>
    (
      makeReport(deadlines, {
        ...on(workDate(asOf)),
        settled: {
          reportedBy: () => undefined,
          isAllocated: () => false,
          allocatedBy: () =>
            settledDays === 0
              ? []
              : [
                  {
                    runId: 'r1',
                    confirmedAt: utcMs(startOfDate(workDate('2026-07-01'))),
                    days: settledDays,
                  },
                ],
        },
      }).rows as readonly Row[]
    ).filter(({ kind }) => kind === 'lapse');

  test('says how many days are left, and how many are gone', () => {
    expect(told('2028-04-30')[0]?.whyJa).toContain('充当していない 3日');
    expect(told('2028-05-02', 1)[0]?.whyJa).toContain('充当していない 2日');
    expect(told('2028-05-02')[0]?.whyJa).toContain('期限切れ');
  });

  test('an allocated month has none', () => {
    expect(told('2028-05-01', 3)).toEqual([]);
  });
});
