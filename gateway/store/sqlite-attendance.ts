/** What is derived, in the SQLite ledger: attendance days, what of them is stale, and the feed of changes. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId, type WorkerId } from '../../shared/ids.ts';
import {
  addDays,
  DAY_MS,
  dateInJapan,
  UTC_MS_MAX,
  type UtcMs,
  utcMs,
  WorkDate,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { parseSubjectKey, subjectKey } from '../attendance/subject-key.ts';
import type { DayBoundary, DerivedChange, Ledger } from './ledger.ts';

interface BoundaryRow {
  readonly work_date: string;
  readonly boundary_ms: number;
}

interface ChangeRow {
  readonly change_no: number;
  readonly report: DerivedChange['report'];
  readonly site_id: string;
  readonly subject: string;
  readonly work_date: string;
  readonly at_ms: number;
}

const boundaryOf = (row: BoundaryRow | undefined): DayBoundary | undefined =>
  row && { workDate: WorkDate.parse(row.work_date), at: utcMs(row.boundary_ms) };

/** Bearer number, site, first and last moment: joined with what is stale of them already. */
export const MARK_DIRTY = `insert into dirty values (?, ?, ?, ?)
  on conflict do update set from_ms = min(from_ms, excluded.from_ms),
    to_ms = max(to_ms, excluded.to_ms)`;

const dayBefore = (at: UtcMs): WorkDate => dateInJapan(utcMs(Math.max(0, at - DAY_MS)));

/** So many people are looked up one by one. */
const FEW_CHANGES = 1_000;

const FEW_DAYS = 7;

/** Later than any date. */
const NEVER = '9999-99-99';

export const createAttendance = (
  db: Sqlite,
  bearerNoOf: (key: string) => number,
): Pick<
  Ledger,
  | 'markDirty'
  | 'dirtyMarks'
  | 'dropDirtyMarks'
  | 'boundaryBefore'
  | 'boundaryAfter'
  | 'replaceAttendance'
  | 'attendance'
  | 'subjectsAt'
  | 'noteChanged'
  | 'noteLeave'
  | 'tellUntoldLeave'
  | 'changesAfter'
  | 'lastChangeNo'
> => {
  const insertDirty = db.prepare(MARK_DIRTY);
  const selectDirty = db.prepare<
    [number],
    { site_id: string; bearer: string; from_ms: number; to_ms: number }
  >('select * from dirty join bearer using (bearer_no) limit ?');
  const deleteDirty = db.prepare('delete from dirty where bearer_no = ? and site_id = ?');
  // The dates bound how far the key is walked: a work date begins within a day after its calendar date does.
  const selectBefore = db.prepare<[string, string, string, number], BoundaryRow>(
    `select work_date, boundary_ms from attendance
     where site_id = ? and subject = ? and work_date <= ? and boundary_ms < ?
     order by work_date desc limit 1`,
  );
  const selectAfter = db.prepare<[string, string, string, number], BoundaryRow>(
    `select work_date, boundary_ms from attendance
     where site_id = ? and subject = ? and work_date >= ? and boundary_ms > ?
     order by work_date limit 1`,
  );
  const selectDays = db.prepare<
    [string, string, string, string],
    { work_date: string; day: string }
  >(
    `select work_date, day from attendance
     where site_id = ? and subject = ? and work_date >= ? and work_date < ?`,
  );
  /** What was purged does not come back, whatever else is derived again. */
  const selectFloor = db.prepare<[], string | null>('select max(before_date) from purge').pluck();
  const deleteDay = db.prepare(
    'delete from attendance where site_id = ? and subject = ? and work_date = ?',
  );
  const upsertDay = db.prepare(
    `insert into attendance values (?, ?, ?, ?, ?)
     on conflict do update set boundary_ms = excluded.boundary_ms, day = excluded.day`,
  );
  // `or replace` takes the old row out, so that the changed one comes at the end of the feed.
  const insertChange = db.prepare(
    `insert or replace into change (report, site_id, subject, work_date, at_ms)
     values (?, ?, ?, ?, ?)`,
  );
  type Asked = { subject: string; site: string; from: string; to: string; at: number };
  const noted = (where: string) =>
    db.prepare<[Asked]>(
      `insert or replace into change (report, site_id, subject, work_date, at_ms)
       select 'attendance', site_id, subject, work_date, :at from attendance
       where ${where} and work_date >= :from and work_date <= :to
         and :site is not null and :subject is not null
       order by site_id, subject, work_date`,
    );
  /** From one subject of the index to the next, however many days each has. */
  const selectTouched = db
    .prepare<[], string>(
      `with recursive each(subject) as (
         select min(subject) from attendance
         union all
         select (select min(subject) from attendance where subject > each.subject) from each
           where each.subject is not null)
       select subject from each where subject is not null`,
    )
    .pluck();
  const noteOfSubject = noted("subject = :subject and (:site = '' or site_id = :site)");
  const noteOfSite = noted('site_id = :site');
  const noteOfAll = noted('true');
  const selectHasChange = db
    .prepare<[string, string, string], 1>(
      `select 1 from change
       where report = 'contributions' and site_id = ? and subject = ? and work_date = ?`,
    )
    .pluck();
  const deleteUntold = db.prepare('delete from leave_untold');
  const selectChanges = db.prepare<[number, number], ChangeRow>(
    'select * from change where change_no > ? order by change_no limit ?',
  );
  const selectChangesOfSite = db.prepare<[number, string, number], ChangeRow>(
    `select * from change indexed by change_by_site where change_no > ? and site_id = ?
     order by change_no limit ?`,
  );
  type Within = { site: string; from: string; to: string };
  const attendanceOf = (where: string) =>
    db
      .prepare<[Within], string>(
        `select day from attendance ${where} and work_date <= :to and :site is not null
         order by site_id, subject, work_date`,
      )
      .pluck();
  // Site by site as they lie in the table, dates by their index; all of years only where all is asked for.
  const selectOfSite = attendanceOf('where site_id = :site and +work_date >= :from');
  const selectOfSiteAndDates = attendanceOf(
    'indexed by attendance_by_date where work_date >= :from and site_id = :site',
  );
  const selectOfDates = attendanceOf('indexed by attendance_by_date where work_date >= :from');
  const selectAll = attendanceOf('where +work_date >= :from');
  const selectLastChange = db
    .prepare<[], number | null>('select max(change_no) from change')
    .pluck();
  const selectAttendanceOf = db
    .prepare<[Within & { subjects: string }], string>(
      // `cross join` keeps the order: person by person through the index, never a look at everybody.
      `select day from json_each(:subjects) cross join attendance
       where subject = value and (:site = '' or site_id = :site)
         and work_date >= :from and work_date <= :to
       order by site_id, subject, work_date`,
    )
    .pluck();
  const selectSubjects = db
    .prepare<[string, string, string], string>(
      `select distinct subject from attendance
       where site_id = ? and work_date between ? and ? order by subject`,
    )
    .pluck();

  const keyOf = (workerId: WorkerId): string => subjectKey({ kind: 'worker', workerId });
  const noteLeave: Ledger['noteLeave'] = (days, at) => {
    for (const { siteId, workerId, workDate } of days)
      insertChange.run('contributions', siteId ?? '', keyOf(workerId), workDate, at);
  };

  return {
    markDirty: ({ siteId, bearer, from, to }) => {
      insertDirty.run(bearerNoOf(subjectKey(bearer)), siteId, from, Math.min(to, UTC_MS_MAX));
    },
    dirtyMarks: (limit) =>
      selectDirty.all(limit).map(({ site_id, bearer, from_ms, to_ms }) => ({
        siteId: SiteId.parse(site_id),
        bearer: parseSubjectKey(bearer),
        from: utcMs(from_ms),
        to: utcMs(to_ms),
      })),
    dropDirtyMarks: (marks) => {
      for (const { siteId, bearer } of marks)
        deleteDirty.run(bearerNoOf(subjectKey(bearer)), siteId);
    },
    boundaryBefore: (siteId, subject, at) =>
      boundaryOf(selectBefore.get(siteId, subjectKey(subject), dateInJapan(at), at)),
    boundaryAfter: (siteId, subject, at) =>
      boundaryOf(selectAfter.get(siteId, subjectKey(subject), dayBefore(at), at)),
    replaceAttendance: (siteId, subject, { from = '', before = NEVER }, days, at) => {
      const key = subjectKey(subject);
      const dayByDate = new Map(
        selectDays.all(siteId, key, from, before).map((row) => [row.work_date, row.day]),
      );
      const floor = selectFloor.get() ?? '';
      for (const day of days) {
        if (day.workDate < floor) continue;
        const text = JSON.stringify(day);
        const known = dayByDate.get(day.workDate);
        dayByDate.delete(day.workDate);
        if (known === text) continue;
        upsertDay.run(siteId, key, day.workDate, day.boundaryAt ?? null, text);
        insertChange.run('attendance', siteId, key, day.workDate, at);
      }
      for (const date of dayByDate.keys()) {
        deleteDay.run(siteId, key, date);
        insertChange.run('attendance', siteId, key, date, at);
      }
    },
    attendance: ({ siteId, from, to = NEVER, subjects }) => {
      const within = { site: siteId ?? '', from: from ?? '', to };
      // A site's history may be of years: a few days of it are found by their dates.
      const isFewDays = from !== undefined && to <= addDays(from, FEW_DAYS);
      const ofSite = isFewDays ? selectOfSiteAndDates : selectOfSite;
      const select = siteId !== undefined ? ofSite : from !== undefined ? selectOfDates : selectAll;
      const texts =
        subjects === undefined
          ? select.all(within)
          : selectAttendanceOf.all({
              ...within,
              subjects: JSON.stringify([...new Set(subjects.map(subjectKey))]),
            });
      // Our own cache, written by `replaceAttendance` from the very type it is read back as.
      return texts.map((text) => JSON.parse(text) as AttendanceDay);
    },
    subjectsAt: (siteId, { from = '', to }) =>
      selectSubjects.all(siteId, from, to).map(parseSubjectKey),
    noteChanged: (changed, at) => {
      // A registry may bring a million people who never touched: those are told by one look, not one each.
      const touched = changed.length > FEW_CHANGES ? new Set(selectTouched.all()) : undefined;
      for (const { siteId, subject, from = '', to = NEVER } of changed) {
        const key = subject === undefined ? '' : subjectKey(subject);
        if (subject !== undefined && touched?.has(key) === false) continue;
        const note =
          subject !== undefined ? noteOfSubject : siteId !== undefined ? noteOfSite : noteOfAll;
        note.run({ subject: key, site: siteId ?? '', from, to, at });
      }
    },
    noteLeave,
    tellUntoldLeave: (standing, at) =>
      db
        .transaction(() => {
          if (deleteUntold.run().changes === 0) return;
          noteLeave(
            standing().filter(
              ({ siteId, workerId, workDate }) =>
                selectHasChange.get(siteId ?? '', keyOf(workerId), workDate) === undefined,
            ),
            at,
          );
        })
        .immediate(),
    lastChangeNo: () => selectLastChange.get() ?? 0,
    changesAfter: (after, limit, siteId) =>
      (siteId === undefined
        ? selectChanges.all(after, limit)
        : selectChangesOfSite.all(after, siteId, limit)
      ).map((row) => ({
        changeNo: row.change_no,
        report: row.report,
        ...(row.site_id === '' ? {} : { siteId: SiteId.parse(row.site_id) }),
        subject: parseSubjectKey(row.subject),
        workDate: WorkDate.parse(row.work_date),
        at: utcMs(row.at_ms),
      })),
  };
};
