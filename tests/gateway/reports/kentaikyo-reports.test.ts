/** 受払簿, 総括表, 充当書: figures worked out by hand over small histories, and sums that must agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completionSummary } from '../../../gateway/reports/completion-summary-report.ts';
import { contractCheckReport } from '../../../gateway/reports/contract-check-report.ts';
import { contributions } from '../../../gateway/reports/contributions-report.ts';
import { stampBook } from '../../../gateway/reports/stamp-book-report.ts';
import { stampLedger } from '../../../gateway/reports/stamp-ledger-report.ts';
import { workerStatement } from '../../../gateway/reports/worker-statement-report.ts';
import { SiteId } from '../../../shared/ids.ts';
import { addDays, month, workDate } from '../../../shared/time.ts';
import { attendanceDay, workerSubject } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  PRIME,
  registryDocument,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

const asOf = workDate('2026-07-15');
const PRIME_WORKER = '10000000000002';
const [worker] = registryDocument.workers;
const [employment] = registryDocument.employments;
const [assignment] = registryDocument.assignments;
const [first, second] = registryDocument.contracts;

/** K1 by stamps; the prime has a worker of its own beside the subcontractor's. */
const tables = {
  contracts: [{ ...first, method: 'stamps', plannedWorkerDays: 20 }, second],
  workers: [worker, { ...worker, workerId: PRIME_WORKER, memberNo: '487654322' }],
  employments: [employment, { ...employment, workerId: PRIME_WORKER, companyId: PRIME }],
  assignments: [assignment, { ...assignment, workerId: PRIME_WORKER, companyId: PRIME }],
  purchases: [
    {
      contractId: 'K1',
      method: 'stamps',
      date: '2026-04-10',
      days: 10,
      yen: 3_200,
      colour: 'blue',
    },
    { contractId: 'K1', method: 'stamps', date: '2026-04-10', days: 5, yen: 1_600, colour: 'red' },
  ],
  stampIssues: [
    { contractId: 'K1', toCompanyId: FIRST_TIER, date: '2026-05-31', days: 2 },
    { contractId: 'K1', toCompanyId: FIRST_TIER, date: '2026-06-30', days: 1 },
  ],
};
const touched = (date: string, workerId = WORKER_ID) =>
  attendanceDay(date, { subject: workerSubject(workerId) });
const days = [
  touched('2026-05-07'),
  touched('2026-05-08'),
  touched('2026-06-01'),
  touched('2026-06-02'),
  touched('2026-05-07', PRIME_WORKER),
];

const nothing = {
  exchangedDays: 0,
  receivedDays: 0,
  receivedFrom: [],
  issuedTo: [],
  exemptDays: 0,
  lapsedDays: 0,
};

describe('stamp-ledger', () => {
  test('bought, handed over, pasted and carried over, by value, colour and month', () => {
    const { rows, deliveries } = makeReport(stampLedger, { tables, days, asOf });
    const book = { contractId: 'K1', companyId: PRIME, valueYen: 320, ...nothing };
    const red = { ...book, colour: 'red', purchasedDays: 0, pastedDays: 0 };
    expect(rows).toEqual([
      {
        ...book,
        colour: 'blue',
        month: '2026-04',
        carriedInDays: 0,
        purchasedDays: 10,
        issuedDays: 0,
        pastedDays: 0,
        carriedOverDays: 10,
      },
      {
        ...book,
        colour: 'blue',
        month: '2026-05',
        carriedInDays: 10,
        purchasedDays: 0,
        issuedDays: 0,
        pastedDays: 1,
        carriedOverDays: 9,
      },
      {
        ...red,
        month: '2026-04',
        carriedInDays: 0,
        purchasedDays: 5,
        issuedDays: 0,
        carriedOverDays: 5,
      },
      {
        ...red,
        month: '2026-05',
        carriedInDays: 5,
        issuedDays: 2,
        issuedTo: [{ companyId: FIRST_TIER, days: 2 }],
        carriedOverDays: 3,
      },
      {
        ...red,
        month: '2026-06',
        carriedInDays: 3,
        issuedDays: 1,
        issuedTo: [{ companyId: FIRST_TIER, days: 1 }],
        carriedOverDays: 2,
      },
    ]);
    // Four days were worked and three stamps handed over.
    expect(deliveries).toEqual([
      {
        contractId: 'K1',
        companyId: FIRST_TIER,
        earnedDays: 4,
        receivedDays: 3,
        outstandingDays: 1,
      },
    ]);
  });

  test('310円 and 320円 stamps stand in separate books', () => {
    const straddling = {
      ...tables,
      contracts: [{ ...tables.contracts[0], contractDate: '2021-09-01' }, second],
      purchases: [
        { contractId: 'K1', method: 'stamps', date: '2021-09-10', yen: 3_100, colour: 'blue' },
        { contractId: 'K1', method: 'stamps', date: '2021-10-10', yen: 3_200, colour: 'blue' },
        // Old stamps that were still bought in October say so by their sum.
        {
          contractId: 'K1',
          method: 'stamps',
          date: '2021-10-11',
          days: 2,
          yen: 620,
          colour: 'blue',
        },
      ],
      stampIssues: [],
    };
    const worked = ['2021-09-30', '2021-10-01'].map((date) => touched(date, PRIME_WORKER));
    const { rows } = makeReport(stampLedger, {
      tables: straddling,
      days: worked,
      asOf: workDate('2021-11-01'),
    });
    expect(
      rows.map((row) => {
        const { valueYen, purchasedDays, pastedDays, carriedOverDays } = row as Record<
          string,
          unknown
        >;
        return [
          valueYen,
          (row as { month: string }).month,
          purchasedDays,
          pastedDays,
          carriedOverDays,
        ];
      }),
    ).toEqual([
      [310, '2021-09', 10, 1, 9],
      [310, '2021-10', 2, 0, 11],
      [320, '2021-10', 10, 1, 9],
    ]);
  });

  test('every fifth day of a first book takes no stamp', () => {
    const booklets = [{ workerId: PRIME_WORKER, number: 1, issuedOn: '2026-05-01' }];
    const worked = Array.from({ length: 25 }, (_each, day) =>
      touched(addDays(workDate('2026-05-01'), day), PRIME_WORKER),
    );
    const { rows } = makeReport(stampLedger, {
      tables: { ...tables, booklets },
      days: worked,
      filter: { month: month('2026-05') },
      asOf,
    });
    expect(rows).toMatchObject([
      { colour: 'blue', pastedDays: 20, exemptDays: 5, carriedOverDays: -10 },
      { colour: 'red', pastedDays: 0, issuedDays: 2 },
    ]);
  });

  test('a contract by points has no stamps', () => {
    expect(makeReport(stampLedger, { days, asOf }).rows).toEqual([]);
  });
});

describe('stamp-book', () => {
  test("of a subcontractor: received from the prime, pasted into its workers' books", () => {
    const { rows } = makeReport(stampBook, { tables, days, asOf });
    expect(
      rows.filter((row) => (row as { companyId: string }).companyId === FIRST_TIER),
    ).toMatchObject([
      {
        month: '2026-05',
        colour: 'red',
        carriedInDays: 0,
        receivedFrom: [{ companyId: PRIME, days: 2 }],
        pastedDays: 2,
        carriedOverDays: 0,
      },
      { month: '2026-06', receivedDays: 1, pastedDays: 2, carriedOverDays: -1 },
    ]);
  });
});

describe('completion-summary', () => {
  test('company by company, and the contract as a whole against its purchases', () => {
    const otherScheme = {
      ...tables,
      workers: [worker, { ...worker, workerId: PRIME_WORKER, memberNo: undefined }],
    };
    const { rows, totals } = makeReport(completionSummary, { tables: otherScheme, days, asOf });
    expect(rows).toEqual([
      {
        contractId: 'K1',
        companyId: PRIME,
        method: 'stamps',
        workers: 1,
        workerDays: 1,
        allocatedDays: 0,
        allocatedYen: 0,
        notPayable: { 'no-member-no': 1 },
        difference: 1,
      },
      {
        contractId: 'K1',
        companyId: FIRST_TIER,
        method: 'stamps',
        workers: 1,
        workerDays: 4,
        allocatedDays: 4,
        allocatedYen: 1_280,
        notPayable: {},
        difference: 0,
      },
    ]);
    expect(totals).toMatchObject([
      {
        contractId: 'K1',
        workers: 2,
        workerDays: 5,
        allocatedDays: 4,
        difference: 1,
        purchasedYen: 4_800,
        balanceYen: 3_520,
        evidence: { required: ['completion-summary', 'stamp-ledger', 'work-reports'] },
      },
      { contractId: 'K2', workerDays: 0, difference: 0, purchasedYen: 0 },
    ]);
  });
});

describe('worker-statement', () => {
  test('by contract and month, and the total with the book', () => {
    const booklets = [{ workerId: WORKER_ID, number: 2, issuedOn: '2026-05-08', daysBefore: 247 }];
    const { rows, totals } = makeReport(workerStatement, {
      tables: { ...tables, booklets },
      days: [...days, attendanceDay('2026-06-03', { site: SECOND_SITE })],
      filter: { siteId: SiteId.parse(SITE_ID) },
      asOf,
    });
    const row = { workerId: WORKER_ID, contractId: 'K1', companyId: FIRST_TIER, method: 'stamps' };
    expect(rows).toMatchObject([
      { ...row, month: '2026-05', days: 2, yen: 640 },
      {
        ...row,
        month: '2026-06',
        days: 2,
        yen: 640,
        dates: [
          { date: '2026-06-01', days: 1, yen: 320 },
          { date: '2026-06-02', days: 1, yen: 320 },
        ],
      },
      { workerId: PRIME_WORKER, month: '2026-05', days: 1 },
    ]);
    // The total counts every site; the book was full with the third day since its issue.
    expect(totals).toMatchObject([
      {
        workerId: WORKER_ID,
        memberNo: '487654321',
        days: 5,
        yen: 1_600,
        booklet: { number: 2, days: 250, daysLeft: 0, daysBeyond: 1, filledOn: '2026-06-02' },
      },
      { workerId: PRIME_WORKER, days: 1 },
    ]);
  });

  test('a month narrows the rows', () => {
    const { rows } = makeReport(workerStatement, {
      tables,
      days,
      filter: { month: month('2026-06') },
      asOf,
    });
    expect(rows).toHaveLength(1);
  });
});

describe('whatever was worked, the reports agree', () => {
  const history = fc.uniqueArray(
    fc.record({
      day: fc.integer({ min: 0, max: 60 }),
      workerId: fc.constantFrom(WORKER_ID, PRIME_WORKER),
      site: fc.constantFrom(SITE_ID, SECOND_SITE),
      hours: fc.integer({ min: 0, max: 17 }),
    }),
    { selector: ({ day, workerId, site }) => `${day} ${workerId} ${site}`, maxLength: 60 },
  );
  const sum = (rows: readonly object[], field: string): number =>
    rows.reduce((total, row) => total + Number((row as Record<string, unknown>)[field]), 0);

  test('days and yen of all rows are the same in every report, in whatever order days come', () => {
    fc.assert(
      fc.property(history, (worked) => {
        const all = worked.map(({ day, workerId, site, hours }) =>
          attendanceDay(addDays(workDate('2026-05-01'), day), {
            site,
            hours,
            subject: workerSubject(workerId),
          }),
        );
        const made = (report: typeof contributions, order = all) =>
          makeReport(report, { tables, days: order, asOf });
        const rows = made(contributions).rows;
        const [summary, check, statement] = [
          completionSummary,
          contractCheckReport,
          workerStatement,
        ].map((report) => made(report).rows);
        for (const other of [summary ?? [], check ?? []]) {
          expect(sum(other, 'allocatedDays')).toBe(sum(rows, 'days'));
          expect(sum(other, 'allocatedYen')).toBe(sum(rows, 'yen'));
          expect(sum(other, 'workerDays')).toBe(rows.length);
        }
        expect(sum(statement ?? [], 'yen')).toBe(sum(rows, 'yen'));
        expect(made(contributions, all.toReversed())).toEqual(made(contributions));
        expect(made(stampBook, all.toReversed())).toEqual(made(stampBook));
      }),
      { numRuns: 50 },
    );
  });

  test('stamps are neither made nor lost between one month and the next', () => {
    fc.assert(
      fc.property(history, (worked) => {
        const all = worked.map(({ day, workerId, site }) =>
          attendanceDay(addDays(workDate('2026-05-01'), day), {
            site,
            subject: workerSubject(workerId),
          }),
        );
        const { rows } = makeReport(stampBook, { tables, days: all, asOf });
        const accounts = new Map<string, number>();
        for (const row of rows as readonly Record<string, number | string>[]) {
          const key = `${row.companyId} ${row.valueYen} ${row.colour}`;
          expect(row.carriedInDays).toBe(accounts.get(key) ?? 0);
          const carriedOver =
            Number(row.carriedInDays) +
            Number(row.purchasedDays) +
            Number(row.receivedDays) -
            Number(row.issuedDays) -
            Number(row.pastedDays);
          expect(row.carriedOverDays).toBe(carriedOver);
          accounts.set(key, carriedOver);
        }
      }),
      { numRuns: 50 },
    );
  });
});
