/** The nightly work's memory and questions on the SQLite ledger (夜間処理の記憶). */
import { hash } from 'node:crypto';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId } from '../../shared/ids.ts';
import { Month, monthOf, WorkDate } from '../../shared/time.ts';
import {
  type AmendMark,
  JobRecord,
  type NightlyStore,
  type OpenPeriods,
} from '../nightly/nightly-store.ts';
import { verifyingJournals } from './sqlite-journal-chains.ts';

interface JobRow {
  readonly job: string;
  readonly begun_at_ms: number;
  readonly ended_at_ms: number;
  readonly outcome: string;
  readonly detail: string;
}

const OPEN_PERIODS = `
  with worked as (select distinct site_id, work_date from attendance where work_date >= :from)
  select site_id, work_date as period from worked
    where not exists (select 1 from issued where issued.site_id = worked.site_id
      and issued.period = worked.work_date and amendment_no = 0)
  union
  select site_id, substr(work_date, 1, 7) from worked
    where not exists (select 1 from issued where issued.site_id = worked.site_id
      and issued.period = substr(worked.work_date, 1, 7) and amendment_no = 0)
  order by site_id, period`;

const LAST_CLOSED = `
  select site_id, max(case when length(period) = 10 then period end) as last_date,
    max(case when length(period) = 7 then period end) as last_month
  from issued where amendment_no = 0 group by site_id`;

/** `db`: with the ledger's schema already in place. */
export const openSqliteNightly = (db: Sqlite): NightlyStore => {
  const selectRecords = db.prepare<[], JobRow>(
    'select * from nightly_job order by begun_at_ms, job',
  );
  const upsertRecord = db.prepare('insert or replace into nightly_job values (?, ?, ?, ?, ?)');
  const selectMark = db.prepare<[], AmendMark>(
    'select change_no as changeNo, import_no as importNo, version from amend_mark',
  );
  const upsertMark = db.prepare('insert or replace into amend_mark values (1, ?, ?, ?)');
  const lastChange = db.prepare<[], number>('select max(change_no) from change').pluck();
  const selectMonths = db
    .prepare<[number], string>(
      'select distinct substr(work_date, 1, 7) from change where change_no > ?',
    )
    .pluck();
  const selectOpen = db.prepare<[{ from: string }], { site_id: string; period: string }>(
    OPEN_PERIODS,
  );
  const selectLastClosed = db.prepare<
    [],
    { site_id: string; last_date: string | null; last_month: string | null }
  >(LAST_CLOSED);
  // A month is later than its own beginning as a text, so it is compared by its first seven signs.
  const selectClosed = db.prepare<
    [{ date: string; month: string }],
    { site_id: string; period: string }
  >(
    `select site_id, period from issued
     where amendment_no = 0 and period >= case when length(period) = 7 then :month else :date end
     order by issue_no`,
  );

  const selectPurges = db.prepare<[], { purge_no: number; text: string }>(
    'select purge_no, text from purge order by purge_no',
  );

  return {
    records: () =>
      selectRecords.all().map((row) =>
        JobRecord.parse({
          job: row.job,
          begunAt: row.begun_at_ms,
          endedAt: row.ended_at_ms,
          outcome: row.outcome,
          detail: JSON.parse(row.detail),
        }),
      ),
    record: ({ job, begunAt, endedAt, outcome, detail }) => {
      upsertRecord.run(job, begunAt, endedAt, outcome, JSON.stringify(detail));
    },
    amendMark: () => selectMark.get(),
    setAmendMark: ({ changeNo, importNo, version }) => {
      upsertMark.run(changeNo, importNo, version);
    },
    lastChangeNo: () => lastChange.get() ?? 0,
    monthsChangedAfter: (changeNo) =>
      new Set(selectMonths.all(changeNo).map((month) => Month.parse(month))),
    openPeriods: (from) => {
      const open = Map.groupBy(selectOpen.all({ from }), ({ site_id }) => site_id);
      const closed = new Map(selectLastClosed.all().map((row) => [row.site_id, row]));
      return [...new Set([...open.keys(), ...closed.keys()])].map((site): OpenPeriods => {
        const periods = (open.get(site) ?? []).map(({ period }) => period);
        const { last_date, last_month } = closed.get(site) ?? { last_date: null, last_month: null };
        return {
          siteId: SiteId.parse(site),
          lastClosedDate: last_date === null ? undefined : WorkDate.parse(last_date),
          lastClosedMonth: last_month === null ? undefined : Month.parse(last_month),
          openDates: periods
            .filter(({ length }) => length === 10)
            .map((each) => WorkDate.parse(each)),
          openMonths: periods.filter(({ length }) => length === 7).map((each) => Month.parse(each)),
        };
      });
    },
    closedSince: (from) => {
      const rows = selectClosed.all({ date: from, month: monthOf(from) }).map((row) => ({
        siteId: SiteId.parse(row.site_id),
        period: row.period.length === 10 ? WorkDate.parse(row.period) : Month.parse(row.period),
      }));
      return Map.groupBy(rows, ({ period }) => Month.parse(period.slice(0, 7)));
    },
    purges: () =>
      selectPurges
        .all()
        .map(({ purge_no, text }) => ({ purgeNo: purge_no, sha256: hash('sha256', text) })),
    verifyingJournals: () => verifyingJournals(db),
  };
};
