/** The schema of the SQLite ledger, as numbered migrations: each runs once, in order, atomically. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { ACCESS_TABLES, SESSION_ORIGIN } from './access-tables.ts';
import { ALLOCATION_TABLES, ATTENDANCE_BY_SUBJECT } from './allocation-tables.ts';
import { ASKED_INDEXES } from './asked-indexes.ts';
import { CHANGE_REPORTS, LEAVE_UNTOLD } from './change-tables.ts';
import { CORRECTION_TABLES } from './correction-tables.ts';
import { EXPORT_TABLES } from './export-tables.ts';
import { MAIL_COLUMNS } from './mail-columns.ts';
import { MAIL_MESSAGES } from './mail-messages.ts';
import { NIGHTLY_TABLES } from './nightly-tables.ts';
import { PURGE_TABLES } from './purge-tables.ts';
import { RECEPTION_COLUMNS } from './reception-columns.ts';
import { RECONCILIATION_TABLES } from './reconciliation-tables.ts';
import { SITE_INDEXES } from './site-indexes.ts';
import { STATEMENT_TABLES } from './statement-tables.ts';
import { TERMINAL_SITES } from './terminal-sites.ts';

export const MIGRATIONS: readonly string[] = [
  `create table journal (
     journal_no integer primary key,
     terminal_id text not null,
     journal_id text not null,
     committed_seq integer not null,
     head_hash blob not null,
     unique (terminal_id, journal_id)
   ) strict;

   -- What terminals wrote, byte for byte. ledger_no is the order of commit.
   create table entry (
     ledger_no integer primary key autoincrement,
     journal_no integer not null references journal,
     seq integer not null,
     kind text not null,
     text text not null,
     hash blob not null,
     received_at_ms integer not null,
     unique (journal_no, seq)
   ) strict;

   -- Cards and typed ids that ever touched; numbers keep the indexes over millions of touches small.
   create table bearer (
     bearer_no integer primary key,
     bearer text not null unique
   ) strict;

   -- Cache: what a tap entry says, with its time as far as it is known. Can be made again from entry.
   create table tap (
     ledger_no integer primary key references entry,
     journal_no integer not null references journal,
     boot_id text not null,
     site_id text not null,
     reader_id text not null,
     direction text not null,
     bearer_no integer not null references bearer,
     at_ms integer,
     at_trust text not null,
     wall_ms integer not null,
     uptime_ms integer not null,
     verdict text not null
   ) strict;
   create index tap_by_bearer on tap (bearer_no, at_ms);
   create index tap_undated on tap (journal_no, boot_id) where at_ms is null;

   -- wall − uptime at the first trusted moment of a boot.
   create table boot (
     journal_no integer not null references journal,
     boot_id text not null,
     offset_ms integer not null,
     primary key (journal_no, boot_id)
   ) strict, without rowid;

   -- Whose attendance is stale, and from which date on. One row a bearer, however many touches came.
   create table dirty (
     bearer_no integer not null references bearer,
     site_id text not null,
     from_date text not null,
     primary key (bearer_no, site_id)
   ) strict, without rowid;

   -- Cache: attendance days as derived, JSON of the derivation's own row.
   create table attendance (
     site_id text not null,
     subject text not null,
     work_date text not null,
     day text not null,
     primary key (site_id, subject, work_date)
   ) strict, without rowid;
   create index attendance_by_date on attendance (work_date);

   create table registry (
     one integer primary key check (one = 1),
     text text not null,
     imported_at_ms integer not null
   ) strict;

   create table counter (
     one integer primary key check (one = 1),
     roster_version integer not null
   ) strict;
   insert into counter values (1, 0);

   -- What came in and could not be taken, with the beginning of its bytes.
   create table quarantine (
     sha256 blob primary key,
     topic text not null,
     reason text not null,
     byte_count integer not null,
     head blob not null,
     first_at_ms integer not null,
     last_at_ms integer not null,
     times integer not null
   ) strict;`,

  `-- Who looked, changed, came in or was turned away; each text chained to the one before.
   create table audit (
     audit_no integer primary key,
     at_ms integer not null,
     kind text not null,
     text text not null,
     hash blob not null
   ) strict;
   create index audit_by_time on audit (at_ms);
   create trigger audit_stays before update on audit
     begin select raise(abort, 'the audit log is append-only'); end;
   create trigger audit_is_kept before delete on audit
     begin select raise(abort, 'the audit log is append-only'); end;`,

  // From the code that an admin made, through the terminal that claimed it, to its end.
  `create table enrolment (
     enrolment_no integer primary key,
     secret_hash text not null unique,
     site_id text not null,
     terminal_id text not null,
     created_by text not null,
     created_at_ms integer not null,
     expires_at_ms integer not null,
     claimed_at_ms integer,
     public_key text,
     ended_at_ms integer,
     ended_because text,
     ended_by text
   ) strict;
   create unique index enrolment_current on enrolment (terminal_id)
     where claimed_at_ms is not null and ended_at_ms is null;

   create table certificate (
     certificate_no integer primary key,
     serial text not null unique,
     enrolment_no integer not null references enrolment,
     issued_at_ms integer not null,
     valid_to_ms integer not null,
     revoked_at_ms integer
   ) strict;
   create index certificate_by_enrolment on certificate (enrolment_no);`,

  `-- When each terminal was last heard of, and the last word it said of itself (JSON).
   create table terminal_contact (
     terminal_id text primary key,
     last_heard_at_ms integer not null,
     state text,
     state_at_ms integer
   ) strict, without rowid;

   -- What was wrong with a terminal or the gateway, from when to when.
   create table alert (
     alert_no integer primary key,
     rule text not null,
     subject text not null,
     site_id text,
     detail text not null,
     since_ms integer not null,
     begun_at_ms integer not null,
     cleared_at_ms integer
   ) strict;
   create unique index alert_open on alert (rule, subject) where cleared_at_ms is null;
   create index alert_closed on alert (cleared_at_ms) where cleared_at_ms is not null;

   -- Messages about alerts. next_try_at_ms is null once it was sent or given up.
   create table alert_notice (
     notice_no integer primary key,
     channel text not null,
     message_id text not null unique,
     events text not null,
     created_at_ms integer not null,
     failures integer not null,
     next_try_at_ms integer,
     sent_at_ms integer,
     last_failure text
   ) strict;
   create index alert_notice_due on alert_notice (next_try_at_ms) where next_try_at_ms is not null;`,

  `alter table tap add column seq integer not null default 0;
   update tap set seq = (select seq from entry where entry.ledger_no = tap.ledger_no);
   drop index tap_by_bearer;
   create index tap_by_bearer on tap (bearer_no, site_id, at_ms);

   -- What each signature covers, so that an export can be verified by anybody.
   create table batch (
     journal_no integer not null references journal,
     first_seq integer not null,
     count integer not null,
     previous_hash blob not null,
     head_hash blob not null,
     signature text not null,
     received_at_ms integer not null,
     primary key (journal_no, first_seq, count)
   ) strict, without rowid;

   -- Cache: passages that a manager entered by hand.
   create table passage (
     ledger_no integer primary key references entry,
     site_id text not null,
     bearer_no integer not null references bearer,
     at_ms integer not null,
     direction text not null
   ) strict;
   create index passage_by_bearer on passage (bearer_no, site_id, at_ms);

   -- Cache: touches that a manager took back, and the entry that says so.
   create table voided (
     ledger_no integer primary key references entry,
     by_ledger_no integer not null references entry
   ) strict;

   -- Cache: cards that a manager bound to a worker.
   create table binding (
     ledger_no integer primary key references entry,
     card_id text not null,
     worker_id text not null
   ) strict;

   -- What is stale, and over which span. One row a bearer and site, however many touches came.
   drop table dirty;
   create table dirty (
     bearer_no integer not null references bearer,
     site_id text not null,
     from_ms integer not null,
     to_ms integer not null,
     primary key (bearer_no, site_id)
   ) strict, without rowid;
   insert into dirty
     select bearer_no, site_id, 0, max(at_ms) from tap where at_ms is not null group by 1, 2;

   -- Cache: boundary_ms is where derivation may begin anew. Made again by the marks above.
   drop table attendance;
   create table attendance (
     site_id text not null,
     subject text not null,
     work_date text not null,
     boundary_ms integer,
     day text not null,
     primary key (site_id, subject, work_date)
   ) strict, without rowid;
   create index attendance_by_date on attendance (work_date);

   -- The feed of changes: a row of attendance at its last change.
   create table change (
     change_no integer primary key autoincrement,
     site_id text not null,
     subject text not null,
     work_date text not null,
     at_ms integer not null,
     unique (site_id, subject, work_date)
   ) strict;

   -- Every registry that was ever imported, as JSON text, deflated.
   create table registry_import (
     import_no integer primary key,
     text blob not null,
     sha256 blob not null,
     at_ms integer not null
   ) strict;`,
  ACCESS_TABLES,

  // What leaves the house by mail: the very bytes, and every state that the mail was in.
  `create table mail (
     mail_no integer primary key,
     mail_id text not null unique,
     purpose text not null,
     sender text not null,
     recipient text not null,
     subject text not null,
     message_id text not null unique,
     message blob not null,
     sha256 blob not null,
     queued_at_ms integer not null,
     queued_by text not null,
     state text not null,
     -- Only while it waits to be sent.
     due_at_ms integer
   ) strict;
   create index mail_due on mail (due_at_ms) where due_at_ms is not null;
   create index mail_by_purpose on mail (purpose);
   create trigger mail_stays before update of mail_id, purpose, sender, recipient, subject, message_id,
     message, sha256, queued_at_ms, queued_by on mail
     begin select raise(abort, 'what was sent stays as it was'); end;

   create table mail_state (
     mail_no integer not null references mail,
     at_ms integer not null,
     state text not null
   ) strict;
   create index mail_state_by_mail on mail_state (mail_no);`,

  `-- What the watch over the fleet asks for every half minute.
   create index audit_incident on audit (at_ms)
     where kind in ('clone-suspected', 'chain-failed');`,

  ALLOCATION_TABLES,
  STATEMENT_TABLES,
  CORRECTION_TABLES,
  EXPORT_TABLES,
  SESSION_ORIGIN,
  ATTENDANCE_BY_SUBJECT,
  NIGHTLY_TABLES,
  PURGE_TABLES,
  RECEPTION_COLUMNS,
  RECONCILIATION_TABLES,
  MAIL_COLUMNS,
  CHANGE_REPORTS,
  LEAVE_UNTOLD,
  SITE_INDEXES,
  MAIL_MESSAGES,
  ASKED_INDEXES,
  TERMINAL_SITES,
];

const versionOf = (db: Sqlite): number => Number(db.pragma('user_version', { simple: true }));

/** Whether a later version of this program has made it: nothing here may touch it then. */
export const isOfLaterVersion = (db: Sqlite): boolean => versionOf(db) > MIGRATIONS.length;

/** Throws on a ledger of a later version. */
export const migrate = (db: Sqlite): void => {
  const version = versionOf(db);
  if (isOfLaterVersion(db)) {
    throw new Error(
      `the ledger is of schema ${version}; this program knows up to ${MIGRATIONS.length}`,
    );
  }
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
};
