/** The feed of changes with days that nobody touched (変更の通知): a day of leave has a row of contributions alone. */

export const CHANGE_REPORTS = `-- site_id is '' for a day of leave of somebody who is assigned nowhere.
   create table change_of_report (
     change_no integer primary key autoincrement,
     report text not null,
     site_id text not null,
     subject text not null,
     work_date text not null,
     at_ms integer not null,
     unique (report, site_id, subject, work_date)
   ) strict;
   insert into change_of_report
     select change_no, 'attendance', site_id, subject, work_date, at_ms from change;
   -- A cursor that somebody holds never comes again, also where its row is gone.
   delete from sqlite_sequence where name = 'change_of_report';
   insert into sqlite_sequence (name, seq)
     select 'change_of_report', seq from sqlite_sequence where name = 'change';
   drop table change;
   alter table change_of_report rename to change;`;

/**
 * Holds a row while days of leave wait to be told that were registered before any were: which ones they are, and
 * where each is booked, is for the program to say at its start.
 */
export const LEAVE_UNTOLD = `create table leave_untold (
     id integer primary key check (id = 1)
   ) strict;
   insert into leave_untold select 1 where exists (select 1 from registry);`;
