/** Table of what other systems exported (突き合わせ): the very bytes, and how they are to be read. */

export const RECONCILIATION_TABLES = `create table reconciliation_file (
     file_no integer primary key,
     source text not null,
     month text not null,
     mapping text not null,
     bytes blob not null,
     sha256 text not null,
     row_count integer not null,
     -- Sites that it covers, as a JSON list.
     sites text not null,
     imported_at_ms integer not null,
     imported_by text not null
   ) strict;
   create index reconciliation_file_by_month on reconciliation_file (month, source);
   create trigger reconciliation_file_stays before update on reconciliation_file
     begin select raise(abort, 'imported files are append-only'); end;
   create trigger reconciliation_file_is_kept before delete on reconciliation_file
     begin select raise(abort, 'imported files are append-only'); end;`;
