/** Tables of the nightly work (夜間処理). */

export const NIGHTLY_TABLES = `-- The last run of each job; the audit log has them all. detail is JSON.
   create table nightly_job (
     job text primary key,
     begun_at_ms integer not null,
     ended_at_ms integer not null,
     outcome text not null,
     detail text not null
   ) strict;

   -- Up to where amendments were looked for.
   create table amend_mark (
     one integer primary key check (one = 1),
     change_no integer not null,
     import_no integer not null,
     version text not null
   ) strict;`;
