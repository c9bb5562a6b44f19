/** Tables of 訂正依頼: what was asked and what was decided; neither is ever changed or taken out. */

export const CORRECTION_TABLES = `create table correction_request (
     request_no integer primary key,
     request_id text not null unique,
     site_id text not null,
     worker_id text not null,
     work_date text not null,
     kind text not null,
     at_ms integer,
     reason text not null,
     corrects text,
     is_late integer not null,
     asked_by text not null,
     asked_for text not null,
     asked_at_ms integer not null,
     idempotency_key text
   ) strict;
   create unique index correction_request_by_key on correction_request (asked_by, idempotency_key)
     where idempotency_key is not null;
   create index correction_request_by_day on correction_request (worker_id, site_id, work_date);
   create index correction_request_by_site on correction_request (site_id);

   -- One a request: whoever comes second finds it there.
   create table correction_decision (
     decision_no integer primary key,
     request_no integer not null unique references correction_request,
     verdict text not null,
     decided_by text not null,
     reason text not null,
     decided_at_ms integer not null
   ) strict;

   create trigger correction_request_stays before update on correction_request
     begin select raise(abort, 'correction requests are append-only'); end;
   create trigger correction_request_is_kept before delete on correction_request
     begin select raise(abort, 'correction requests are append-only'); end;
   create trigger correction_decision_stays before update on correction_decision
     begin select raise(abort, 'correction decisions are append-only'); end;
   create trigger correction_decision_is_kept before delete on correction_decision
     begin select raise(abort, 'correction decisions are append-only'); end;`;
