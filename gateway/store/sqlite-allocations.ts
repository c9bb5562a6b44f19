/** Confirmed runs of 充当 in the ledger's database. */
import { z } from 'zod';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { Month, UtcMs, utcMs, WorkDate } from '../../shared/time.ts';
import { AllocationFigures } from '../allocation/allocation-figures.ts';
import type { AllocationRun, AllocationStore } from '../allocation/allocation-store.ts';
import type { AllocatedDay } from '../policies/allocated-day.ts';
import type { AllocationRow } from '../policies/allocation-run.ts';

/** What every row of ours about a day says; read back through what it was written by. */
const DayRow = z.object({
  contract_id: z.string(),
  site_id: SiteId.nullable(),
  worker_id: WorkerId,
  company_id: CompanyId,
  work_date: WorkDate,
  method: z.enum(['points', 'stamps']),
  colour: z.enum(['red', 'blue']),
  day_yen: z.int(),
  days: z.int(),
  exempt_days: z.int(),
});
const RunRow = z.object({
  run_id: z.string(),
  contract_id: z.string(),
  site_id: SiteId,
  month: Month,
  rows_sha256: z.instanceof(Buffer),
  ledger_no: z.int(),
  import_no: z.int(),
  confirmed_at_ms: UtcMs,
  confirmed_by: z.string(),
  figures: z.string(),
});
const KindRow = z.object({
  kind: z.enum(['regular', 'addition', 'reversal']),
  reason: z.enum(['withdrawn', 'changed']).nullable(),
});

const allocatedDay = (row: unknown): AllocatedDay => {
  const day = DayRow.parse(row);
  return {
    contractId: day.contract_id,
    ...(day.site_id === null ? {} : { siteId: day.site_id }),
    workerId: day.worker_id,
    companyId: day.company_id,
    workDate: day.work_date,
    method: day.method,
    colour: day.colour,
    dayYen: day.day_yen,
    days: day.days,
    exemptDays: day.exempt_days,
  };
};

const allocationRow = (row: unknown): AllocationRow => {
  const { contractId: _, ...day } = allocatedDay(row);
  const { kind, reason } = KindRow.parse(row);
  return { ...day, kind, ...(reason === null ? {} : { reason }) };
};

const runOf = (row: unknown): AllocationRun => {
  const run = RunRow.parse(row);
  return {
    runId: run.run_id,
    contractId: run.contract_id,
    siteId: run.site_id,
    month: run.month,
    rowsSha256: run.rows_sha256.toString('hex'),
    ledgerNo: run.ledger_no,
    importNo: run.import_no,
    confirmedAt: run.confirmed_at_ms,
    confirmedBy: run.confirmed_by,
    figures: AllocationFigures.parse(JSON.parse(run.figures)),
  };
};

/** `db`: with the ledger's schema already in place. */
export const openSqliteAllocations = (db: Sqlite): AllocationStore => {
  const selectPosition = db.prepare<[], { ledger_no: number; import_no: number }>(
    `select (select coalesce(max(ledger_no), 0) from entry) as ledger_no,
       (select coalesce(max(import_no), 0) from registry_import) as import_no`,
  );
  const selectAllocated = db.prepare<[{ contract: string; workers: string }]>(
    `select contract_id, site_id, worker_id, company_id, work_date, method, colour, day_yen,
       sum(days) as days, sum(exempt_days) as exempt_days
     from allocation_row
     where contract_id = :contract or worker_id in (select value from json_each(:workers))
     group by worker_id, company_id, work_date, contract_id, method, colour, day_yen
     having sum(days) <> 0`,
  );
  const selectIsAllocated = db
    .prepare<[string, string, string], number>(
      `select coalesce(sum(days), 0) > 0 from allocation_row
       where worker_id = ? and company_id = ? and work_date = ?`,
    )
    .pluck();
  const selectMonths = db.prepare<
    [],
    { contract_id: string; month: string; run_id: string; confirmed_at_ms: number; days: number }
  >(
    `select allocation_row.contract_id, substr(work_date, 1, 7) as month, run_id, confirmed_at_ms,
       sum(days) as days
     from allocation_row join allocation_run using (run_no)
     group by 1, 2, run_no order by 1, 2, run_no`,
  );
  const selectRuns = db.prepare<[{ contract: string | null; month: string | null }]>(
    `select * from allocation_run
     where (:contract is null or contract_id = :contract) and (:month is null or month = :month)
     order by run_no desc`,
  );
  const selectRunNos = db
    .prepare<[], number>('select run_no from allocation_run order by run_no')
    .pluck();
  const selectRunOfNo = db.prepare<[number]>('select * from allocation_run where run_no = ?');
  const selectRun = db.prepare<[string]>('select * from allocation_run where run_id = ?');
  const selectRows = db.prepare<[string]>(
    `select allocation_row.* from allocation_row join allocation_run using (run_no)
     where run_id = ? order by row_no`,
  );
  const insertRun = db.prepare(
    `insert into allocation_run (run_id, contract_id, site_id, month, rows_sha256, ledger_no,
       import_no, confirmed_at_ms, confirmed_by, figures) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertRow = db.prepare(
    'insert into allocation_row values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  const append = db.transaction<AllocationStore['append']>((run, rows) => {
    const { lastInsertRowid } = insertRun.run(
      run.runId,
      run.contractId,
      run.siteId,
      run.month,
      Buffer.from(run.rowsSha256, 'hex'),
      run.ledgerNo,
      run.importNo,
      run.confirmedAt,
      run.confirmedBy,
      JSON.stringify(run.figures),
    );
    for (const [at, row] of rows.entries()) {
      insertRow.run(
        lastInsertRowid,
        at + 1,
        run.contractId,
        row.siteId ?? null,
        row.workerId,
        row.companyId,
        row.workDate,
        row.kind,
        row.reason ?? null,
        row.method,
        row.colour,
        row.dayYen,
        row.days,
        row.exemptDays,
      );
    }
  });

  return {
    position: () => {
      const position = selectPosition.get();
      if (position === undefined) throw new Error('a select of constants gave no row');
      return { ledgerNo: position.ledger_no, importNo: position.import_no };
    },
    allocated: (contractId, workerIds) =>
      selectAllocated
        .all({ contract: contractId, workers: JSON.stringify(workerIds) })
        .map(allocatedDay),
    isAllocated: ({ workerId, companyId, workDate }) =>
      selectIsAllocated.get(workerId, companyId, workDate) === 1,
    runMonths: () =>
      selectMonths.all().map((row) => ({
        contractId: row.contract_id,
        month: Month.parse(row.month),
        runId: row.run_id,
        confirmedAt: utcMs(row.confirmed_at_ms),
        days: row.days,
      })),
    runs: ({ contractId, month }) =>
      selectRuns.all({ contract: contractId ?? null, month: month ?? null }).map(runOf),
    run: (runId) => {
      const row = selectRun.get(runId);
      return row === undefined ? undefined : runOf(row);
    },
    inOrder: function* inOrder() {
      for (const runNo of selectRunNos.all()) {
        const { figures: _, ...run } = runOf(selectRunOfNo.get(runNo));
        yield { ...run, runNo, rows: selectRows.all(run.runId).map(allocationRow) };
      }
    },
    rowsOf: (runId) => selectRows.all(runId).map(allocationRow),
    append: (run, rows) => append.immediate(run, rows),
    inOneGo: (work) => db.transaction(work).immediate(),
  };
};
