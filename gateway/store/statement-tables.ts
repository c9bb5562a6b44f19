/** Tables of what was issued (締め・追加分). */

export const STATEMENT_TABLES = `-- Statements and their amendments in order of issue; each text chained to the one before. period is a
   -- date or a month, amendment_no is 0 for the statement itself, content is the rows as JSON, deflated.
   create table issued (
     issue_no integer primary key,
     site_id text not null,
     period text not null,
     amendment_no integer not null,
     text text not null,
     hash blob not null,
     content blob not null,
     unique (site_id, period, amendment_no)
   ) strict;
   create index issued_by_period on issued (period, site_id);
   create trigger issued_stays before update on issued
     begin select raise(abort, 'what was issued stays as it was'); end;
   create trigger issued_is_kept before delete on issued
     begin select raise(abort, 'what was issued is kept'); end;

   -- The last entry of the ledger before the time of the touch became known, where that came later.
   alter table tap add column dated_after_no integer;`;
