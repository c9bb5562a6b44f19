/** Tables of 充当: runs as they were confirmed, and their rows. Nothing of them is ever changed. */

export const ALLOCATION_TABLES = `-- A run as it was confirmed: on what it rested, its figures (JSON), who and when.
   create table allocation_run (
     run_no integer primary key,
     run_id text not null unique,
     contract_id text not null,
     site_id text not null,
     month text not null,
     rows_sha256 blob not null,
     ledger_no integer not null,
     import_no integer not null,
     confirmed_at_ms integer not null,
     confirmed_by text not null,
     figures text not null
   ) strict;
   create index allocation_run_by_contract on allocation_run (contract_id, month);

   -- Days and exempt days are below 0 where something is taken back.
   create table allocation_row (
     run_no integer not null references allocation_run,
     row_no integer not null,
     contract_id text not null,
     site_id text,
     worker_id text not null,
     company_id text not null,
     work_date text not null,
     kind text not null,
     reason text,
     method text not null,
     colour text not null,
     day_yen integer not null,
     days integer not null,
     exempt_days integer not null,
     primary key (run_no, row_no)
   ) strict, without rowid;
   create index allocation_row_by_day on allocation_row (worker_id, company_id, work_date);
   create index allocation_row_by_contract on allocation_row (contract_id, work_date);

   create trigger allocation_run_stays before update on allocation_run
     begin select raise(abort, 'a confirmed run stays as it was'); end;
   create trigger allocation_run_is_kept before delete on allocation_run
     begin select raise(abort, 'a confirmed run stays as it was'); end;
   create trigger allocation_row_stays before update on allocation_row
     begin select raise(abort, 'a confirmed run stays as it was'); end;
   create trigger allocation_row_is_kept before delete on allocation_row
     begin select raise(abort, 'a confirmed run stays as it was'); end;

   -- A day is allocated once, under one contract, by one method, at one price, and never below nothing.
   create trigger allocation_once after insert on allocation_row
     when (select count(*) > 1 or min(days) < 0 from (
       select sum(days) as days from allocation_row
       where worker_id = new.worker_id and company_id = new.company_id and work_date = new.work_date
       group by contract_id, method, colour, day_yen having sum(days) <> 0))
     begin select raise(abort, 'a day would be allocated twice'); end;`;

/** What a run asks for: days of its people at every site. */
export const ATTENDANCE_BY_SUBJECT = `create index attendance_by_subject on attendance (subject, work_date);`;
