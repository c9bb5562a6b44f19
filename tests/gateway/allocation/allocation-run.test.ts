/** 充当: what a run allocates, what it takes back, what it leaves and says. On a real ledger. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsSha256 } from '../../../gateway/allocation/allocation-figures.ts';
import {
  type AllocationBench,
  approval,
  confirmed,
  firstDays,
  key,
  night,
  openAllocationBench,
  planned,
  pointsPurchase,
  withContract,
} from '../../fixtures/allocation-bench.ts';
import { attendanceDay, workerSubject } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  SECOND_SITE,
  WORKER_ID,
} from '../../fixtures/registry.ts';

let bench: AllocationBench;
beforeEach(() => {
  bench = openAllocationBench();
});
afterEach(() => bench.close());

const purchases = [pointsPurchase];
const rowsOf = (rows: readonly { kind: string; workDate: string; days: number }[]) =>
  rows.map(({ kind, workDate, days }) => [kind, workDate, days]);

describe('a run', () => {
  test('says beforehand what it would do, and stores nothing of it', () => {
    bench.addDays(firstDays('2026-05', 3));
    expect(planned(bench, '2026-05')).toMatchObject({
      contractId: 'K1',
      month: '2026-05',
      figures: {
        workers: 1,
        regularDays: 3,
        additionDays: 0,
        reversalDays: 0,
        days: 3,
        yen: 960,
        companies: [{ companyId: FIRST_TIER, method: 'points', workers: 1, days: 3, yen: 960 }],
        balances: [
          {
            method: 'points',
            purchasedYen: 3_200,
            usedYen: 0,
            beforeYen: 3_200,
            allocatedYen: 960,
            afterYen: 2_240,
          },
        ],
        held: [],
      },
    });
    expect(bench.store.runs({})).toEqual([]);
  });

  test('is kept as it was confirmed, with who, when and on what it rested', () => {
    bench.addDays(firstDays('2026-05', 2));
    const { run, plan } = confirmed(bench, '2026-05');
    expect(bench.store.run(run.runId)).toEqual(run);
    expect(run).toMatchObject({
      contractId: 'K1',
      month: '2026-05',
      ledgerNo: 0,
      importNo: 0,
      confirmedBy: 'token:test',
    });
    const rows = bench.store.rowsOf(run.runId);
    expect(rows).toEqual(plan.rows);
    expect(rowsSha256(rows)).toBe(run.rowsSha256);
  });

  test('comes after the one before: nothing is left to allocate', () => {
    bench.addDays(firstDays('2026-05', 2));
    confirmed(bench, '2026-05');
    expect(bench.desk.confirm(key('2026-05'), { seen: undefined, by: 'token:test' }).kind).toBe(
      'nothing-to-allocate',
    );
    expect(bench.store.runs({})).toHaveLength(1);
  });

  test('is not confirmed when the figures are no longer those that were seen', () => {
    bench.addDays(firstDays('2026-05', 2));
    const { rowsSha256: seen } = planned(bench, '2026-05');
    bench.addDays([attendanceDay('2026-05-20')]);
    expect(bench.desk.confirm(key('2026-05'), { seen, by: 'token:test' }).kind).toBe('changed');
    expect(bench.store.runs({})).toEqual([]);
  });

  test('adds days that came late, in the run of the month and in the next', () => {
    bench.addDays(firstDays('2026-05', 2));
    confirmed(bench, '2026-05');
    bench.addDays([attendanceDay('2026-05-20')]);
    expect(rowsOf(confirmed(bench, '2026-05').plan.rows)).toEqual([['addition', '2026-05-20', 1]]);
    bench.addDays([attendanceDay('2026-05-21'), attendanceDay('2026-06-01')]);
    expect(rowsOf(confirmed(bench, '2026-06').plan.rows)).toEqual([
      ['addition', '2026-05-21', 1],
      ['regular', '2026-06-01', 1],
    ]);
  });

  test('takes back a day that is no longer there, and never edits the run that had it', () => {
    const [first, second] = firstDays('2026-05', 2);
    bench.addDays(firstDays('2026-05', 2));
    const before = confirmed(bench, '2026-05');
    if (first === undefined || second === undefined) throw new Error('no days');
    bench.dropDay(second);
    const { plan } = confirmed(bench, '2026-06');
    expect(plan.rows).toMatchObject([
      { kind: 'reversal', reason: 'withdrawn', workDate: '2026-05-02', days: -1 },
    ]);
    expect(plan.figures.balances).toMatchObject([{ beforeYen: 2_560, afterYen: 2_880 }]);
    expect(bench.store.rowsOf(before.run.runId)).toEqual(before.plan.rows);
  });

  test('adds the second day once it is approved, and takes it back when it is not any more', () => {
    bench.addDays([night]);
    confirmed(bench, '2026-05');
    bench.setRegistry({ purchases, approvals: [approval] });
    expect(rowsOf(confirmed(bench, '2026-05').plan.rows)).toEqual([['addition', '2026-05-01', 1]]);
    bench.setRegistry({ purchases, approvals: [{ ...approval, days: 1 }] });
    expect(rowsOf(confirmed(bench, '2026-05').plan.rows)).toEqual([['reversal', '2026-05-01', -1]]);
  });

  test('pays no day by points and by stamps: another method takes back and adds', () => {
    bench.addDays(firstDays('2026-05', 1));
    confirmed(bench, '2026-05');
    const stamps = { ...pointsPurchase, method: 'stamps', yen: 3_200 };
    bench.setRegistry({
      ...withContract({ exceptions: [{ companyId: FIRST_TIER, method: 'stamps' }] }),
      purchases: [...purchases, stamps],
    });
    const { plan } = confirmed(bench, '2026-05');
    expect(plan.rows).toMatchObject([
      { kind: 'reversal', reason: 'changed', method: 'points', days: -1 },
      { kind: 'addition', method: 'stamps', days: 1 },
    ]);
    expect(plan.figures.balances).toMatchObject([
      { method: 'points', afterYen: 3_200 },
      { method: 'stamps', valueYen: 320, colour: 'red', afterYen: 2_880 },
    ]);
  });

  test('leaves a day to the contract that has it until that one has taken it back', () => {
    // In the morning at the second site; then it turns out that he was at the first one before.
    const second = attendanceDay('2026-05-01', { site: SECOND_SITE, from: '10:00' });
    bench.setRegistry({
      purchases: [
        ...purchases,
        { ...pointsPurchase, contractId: 'K2', method: 'stamps', yen: 3_200 },
      ],
    });
    bench.addDays([second]);
    confirmed(bench, '2026-05', 'K2');
    bench.addDays([attendanceDay('2026-05-01', { from: '07:00', hours: 2 })]);
    const held = planned(bench, '2026-05');
    expect(held.rows).toEqual([]);
    expect(held.held).toMatchObject([
      { reason: 'allocated-elsewhere', workDate: '2026-05-01', otherContractId: 'K2' },
    ]);
    expect(rowsOf(confirmed(bench, '2026-05', 'K2').plan.rows)).toEqual([
      ['reversal', '2026-05-01', -1],
    ]);
    expect(rowsOf(confirmed(bench, '2026-05').plan.rows)).toEqual([['regular', '2026-05-01', 1]]);
  });

  test('two employers on one date are two days', () => {
    const workers = [
      registryDocument.workers[0],
      { ...registryDocument.workers[0], workerId: '10000000000002', memberNo: '487654322' },
    ];
    const other = { ...registryDocument.assignments[0], companyId: OTHER_COMPANY };
    bench.setRegistry({
      purchases,
      workers,
      assignments: [
        registryDocument.assignments[0],
        { ...other, siteId: SECOND_SITE },
        { ...other, workerId: '10000000000002' },
      ],
    });
    bench.addDays([
      attendanceDay('2026-05-01', { hours: 4 }),
      attendanceDay('2026-05-01', { site: SECOND_SITE, from: '13:00', hours: 4 }),
      attendanceDay('2026-05-01', { subject: workerSubject('10000000000002') }),
    ]);
    expect(planned(bench, '2026-05').figures).toMatchObject({
      days: 2,
      companies: [
        { companyId: FIRST_TIER, days: 1 },
        { companyId: OTHER_COMPANY, days: 1 },
      ],
    });
  });

  test('leaves what is more than 730 days back as it is', () => {
    bench.addDays(firstDays('2026-05', 1));
    confirmed(bench, '2026-05');
    for (const day of firstDays('2026-05', 1)) bench.dropDay(day);
    bench.setToday('2028-05-02');
    expect(planned(bench, '2028-05').rows).toEqual([]);
    expect(bench.desk.plan(key('2026-04'))).toEqual({
      ok: false,
      faults: [{ place: '/month', message: '2026-04 is more than 730 days back' }],
    });
  });

  test.each([
    [{ contractId: 'K9', month: '2026-05' }, ['/contractId']],
    [{ contractId: 'K1', month: '2026-08' }, ['/month']],
  ])('%j is refused at %j', ({ contractId, month }, places) => {
    const plan = bench.desk.plan(key(month, contractId));
    expect(plan.ok ? [] : plan.faults.map(({ place }) => place)).toEqual(places);
  });
});

describe('a shortage', () => {
  test('is said beforehand: how many days, how much, from which date on', () => {
    bench.addDays(firstDays('2026-05', 13));
    const { figures, rows } = planned(bench, '2026-05');
    expect(rows).toHaveLength(10);
    expect(figures.balances).toMatchObject([
      { afterYen: 0, short: { days: 3, yen: 960, missingYen: 960, from: '2026-05-11' } },
    ]);
    expect(figures.held).toEqual([{ reason: 'short', days: 3, workers: 1, from: '2026-05-11' }]);
    expect(figures.findings).toMatchObject([{ id: 'short', mendedBy: 'prime' }]);
  });

  test('comes with the next run once more was bought', () => {
    bench.addDays(firstDays('2026-05', 12));
    confirmed(bench, '2026-05');
    bench.setRegistry({ purchases: [...purchases, { ...pointsPurchase, date: '2026-06-10' }] });
    expect(rowsOf(confirmed(bench, '2026-05').plan.rows)).toEqual([
      ['addition', '2026-05-11', 1],
      ['addition', '2026-05-12', 1],
    ]);
  });

  test('leaves what does not make a whole day', () => {
    bench.setRegistry({ purchases: [{ ...pointsPurchase, yen: 1_000 }] });
    bench.addDays(firstDays('2026-05', 4));
    expect(planned(bench, '2026-05').figures.balances).toMatchObject([
      { afterYen: 40, short: { days: 1, yen: 320, missingYen: 280, from: '2026-05-04' } },
    ]);
  });

  test.each([
    [{}, 'recent-pace', '2026-06-14', 'ten days in 28: what is left lasts as long, and no longer'],
    [
      { plannedWorkerDays: 40, completionDate: '2026-06-15' },
      'planned-days',
      '2026-05-27',
      'thirty planned days in 30 calendar days: ten of them are bought',
    ],
  ])('is forecast with %j by %s: %s, %s', (fields, basis, runsOutOn, _because) => {
    bench.setRegistry({
      ...withContract(fields),
      purchases: [...purchases, { ...pointsPurchase, date: '2026-05-11' }],
    });
    bench.setToday('2026-05-16');
    bench.addDays(firstDays('2026-05', 10));
    confirmed(bench, '2026-05');
    expect(planned(bench, '2026-05').figures.forecasts).toMatchObject([
      { method: 'points', basis, leftYen: 3_200, runsOutOn },
    ]);
  });

  test('is not forecast for works that are over', () => {
    bench.setRegistry({ ...withContract({ completionDate: '2026-06-15' }), purchases });
    bench.addDays(firstDays('2026-05', 10));
    expect(planned(bench, '2026-05').figures.forecasts).toEqual([]);
  });
});

describe('stamps', () => {
  const stamps = { ...pointsPurchase, method: 'stamps' };
  const byStamps = withContract({ method: 'stamps' });

  test('310円 and 320円, red and blue are paid out of books of their own', () => {
    bench.setRegistry({
      ...withContract({ method: 'stamps', contractDate: '2021-04-01' }),
      purchases: [
        { ...stamps, date: '2021-09-01', yen: 620, days: 2 },
        { ...stamps, date: '2021-10-01', yen: 320, days: 1 },
        { ...stamps, date: '2021-10-01', yen: 3_200, days: 10, colour: 'blue' },
      ],
    });
    bench.setToday('2021-10-31');
    bench.addDays([
      ...['28', '29', '30'].map((day) => attendanceDay(`2021-09-${day}`)),
      ...firstDays('2021-10', 2),
    ]);
    expect(planned(bench, '2021-10').figures.balances).toEqual([
      expect.objectContaining({
        valueYen: 310,
        colour: 'red',
        afterYen: 0,
        short: { days: 1, yen: 310, missingYen: 310, from: '2021-09-30' },
      }),
      expect.objectContaining({ valueYen: 320, colour: 'blue', afterYen: 3_200 }),
      expect.objectContaining({
        valueYen: 320,
        colour: 'red',
        afterYen: 0,
        short: { days: 1, yen: 320, missingYen: 320, from: '2021-10-02' },
      }),
    ]);
  });

  test('25 days of a first book take 20 stamps, also where they come late or are taken back', () => {
    const booklets = [{ workerId: WORKER_ID, number: 1, issuedOn: '2026-05-01' }];
    bench.setRegistry({ ...byStamps, purchases: [{ ...stamps, yen: 6_400 }], booklets });
    const days = firstDays('2026-05', 25);
    bench.addDays(days.filter((_day, at) => at !== 3));
    confirmed(bench, '2026-05');
    bench.addDays(days);
    confirmed(bench, '2026-05');
    const standing = () => bench.store.allocated('K1', []);
    const sum = (field: 'days' | 'exemptDays') =>
      standing().reduce((all, row) => all + row[field], 0);
    expect([sum('days'), sum('exemptDays')]).toEqual([25, 5]);
    for (const day of days.slice(0, 6)) bench.dropDay(day);
    confirmed(bench, '2026-06');
    bench.addDays(days);
    confirmed(bench, '2026-06');
    expect([sum('days'), sum('exemptDays')]).toEqual([25, 5]);
    expect(planned(bench, '2026-06').figures.balances).toMatchObject([{ afterYen: 0 }]);
  });
});

describe('a joint venture', () => {
  test('bears whole days that add up exactly', () => {
    bench.setRegistry({
      ...withContract({
        jointVenture: [
          { companyId: PRIME, sharePercent: 60 },
          { companyId: FIRST_TIER, sharePercent: 25 },
          { companyId: OTHER_COMPANY, sharePercent: 15 },
        ],
      }),
      purchases,
    });
    bench.addDays(firstDays('2026-05', 7));
    // 4.2, 1.75 and 1.05 days.
    expect(planned(bench, '2026-05').figures.jointVenture).toEqual([
      { companyId: PRIME, sharePercent: 60, days: 4, yen: 1_280, purchasedYen: 3_200 },
      { companyId: FIRST_TIER, sharePercent: 25, days: 2, yen: 640, purchasedYen: 0 },
      { companyId: OTHER_COMPANY, sharePercent: 15, days: 1, yen: 320, purchasedYen: 0 },
    ]);
  });
});

describe('the store', () => {
  test('lets nobody edit or drop what was confirmed', () => {
    bench.addDays(firstDays('2026-05', 1));
    confirmed(bench, '2026-05');
    for (const sql of [
      'update allocation_row set days = 2',
      'delete from allocation_row',
      "update allocation_run set month = '2026-06'",
      'delete from allocation_run',
    ])
      expect(() => bench.db.exec(sql)).toThrow('a confirmed run stays as it was');
  });

  test('takes no day twice, whatever is asked of it', () => {
    bench.addDays(firstDays('2026-05', 1));
    const { run, plan } = confirmed(bench, '2026-05');
    const again = (rows: typeof plan.rows) => () =>
      bench.store.append({ ...run, runId: 'again' }, rows);
    const [row] = plan.rows;
    if (row === undefined) throw new Error('no row');
    expect(again([{ ...row, method: 'stamps' }])).toThrow('allocated twice');
    expect(again([{ ...row, kind: 'reversal', days: -2 }])).toThrow('allocated twice');
    expect(bench.store.runs({})).toHaveLength(1);
  });
});
