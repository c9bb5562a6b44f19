/** Tables of deliberate removal (消去): what was removed, and where something is missing on purpose. */

export const PURGE_TABLES = `-- text: the record as JSON; its SHA-256 stands in the audit log.
   create table purge (
     purge_no integer primary key,
     before_date text not null,
     text text not null
   ) strict;
   create trigger purge_stays before update on purge
     begin select raise(abort, 'what was purged stays on record'); end;
   create trigger purge_is_kept before delete on purge
     begin select raise(abort, 'what was purged stays on record'); end;

   -- Of what lost its text, here and below.
   alter table entry add column purge_no integer references purge;
   create index entry_purged on entry (purge_no) where purge_no is not null;
   alter table registry_import add column purge_no integer references purge;
   alter table issued add column purge_no integer references purge;
   drop trigger issued_stays;
   create trigger issued_stays before update on issued
     when new.purge_no is null or old.purge_no is not null or length(new.content) > 0
       or new.issue_no <> old.issue_no or new.site_id <> old.site_id or new.period <> old.period
       or new.amendment_no <> old.amendment_no or new.text <> old.text or new.hash <> old.hash
     begin select raise(abort, 'what was issued stays as it was'); end;`;
