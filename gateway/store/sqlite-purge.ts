/** Removes what need not be kept any more from the SQLite ledger (消去): all of it in one transaction, or nothing. */
import { createHash, hash } from 'node:crypto';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { addDays, monthOf, startOfDate, type UtcMs, type WorkDate } from '../../shared/time.ts';
import { DAYS_KEPT_BEHIND, PurgeRecord, purgedLine } from '../retention/purge-record.ts';

export interface PurgeOrder {
  /** The first work date that stays. */
  readonly before: WorkDate;
  readonly by: string;
  readonly at: UtcMs;
}

export interface Purged {
  readonly record: PurgeRecord;
  /** Of the record as it is kept, lower-case hex. */
  readonly sha256: string;
}

/**
 * Touches by their time, or, where that was never known, by when they came; other entries by when they came.
 * A manager's passage goes by the time that it is about. Nothing is younger than its own arrival, whatever it says.
 */
const PURGED_ENTRIES = `
  select entry.ledger_no from entry left join tap using (ledger_no) left join passage using (ledger_no)
  where entry.purge_no is null
    and coalesce(min(tap.at_ms, entry.received_at_ms), min(passage.at_ms, entry.received_at_ms),
      entry.received_at_ms) < :ms`;

/** What binds a card of which touches stay is what those touches rest on, here and in every export. */
const STILL_BOUND = `
  delete from purged_entry where ledger_no in (
    select binding.ledger_no from binding join bearer on bearer = 'card:' || card_id
    where exists (select 1 from tap where tap.bearer_no = bearer.bearer_no
      and tap.ledger_no not in (select ledger_no from purged_entry)))`;

/** `db`: with the ledger's schema already in place. Throws what `inTransaction` throws, and then nothing has changed. */
export const purgeSqlite = (
  db: Sqlite,
  order: PurgeOrder,
  inTransaction: (purged: Purged) => void,
): void => {
  // What is removed is overwritten in the file, not only forgotten.
  db.pragma('secure_delete = on');
  db.transaction(() => inTransaction(purge(db, order))).immediate();
  db.pragma('wal_checkpoint(truncate)');
};

const purge = (db: Sqlite, { before, by, at }: PurgeOrder): Purged => {
  const ms = startOfDate(addDays(before, -DAYS_KEPT_BEHIND));
  const month = monthOf(before);
  const run: Run = (sql, bound = {}) => db.prepare(sql).run(bound).changes;

  db.exec('create temp table purged_entry (ledger_no integer primary key)');
  try {
    const old = run(`insert into purged_entry ${PURGED_ENTRIES}`, { ms });
    const entries = old - run(STILL_BOUND);
    const journals = digestsOf(db);
    const counts = {
      entries,
      taps: run('delete from tap where ledger_no in (select ledger_no from purged_entry)'),
      attendanceDays: run('delete from attendance where work_date < :before', { before }),
      statements: count(
        db,
        `select count(*) from issued where purge_no is null and ${OLD_PERIOD}`,
        {
          before,
          month,
        },
      ),
      registries: count(db, `select count(*) from registry_import where ${OLD_IMPORT}`, { ms }),
      mails: deleteMails(run, ms),
      quarantined: run('delete from quarantine where last_at_ms < :ms', { ms }),
    };
    const purgeNo = 1 + count(db, 'select coalesce(max(purge_no), 0) from purge');
    const record = PurgeRecord.parse({ purgeNo, before, by, at, counts, journals });
    const text = JSON.stringify(record);
    run('insert into purge values (:purgeNo, :before, :text)', { purgeNo, before, text });
    run(
      `update entry set text = '', purge_no = :purgeNo
       where ledger_no in (select ledger_no from purged_entry)`,
      { purgeNo },
    );
    run(`update registry_import set text = x'', purge_no = :purgeNo where ${OLD_IMPORT}`, {
      purgeNo,
      ms,
    });
    run(
      `update issued set content = x'', purge_no = :purgeNo where purge_no is null and ${OLD_PERIOD}`,
      { purgeNo, before, month },
    );
    forgetMeanings(run, before);
    return { record, sha256: hash('sha256', text) };
  } finally {
    db.exec('drop table purged_entry');
  }
};

type Run = (sql: string, bound?: Readonly<Record<string, unknown>>) => number;

const deleteMails = (run: Run, ms: UtcMs): number => {
  for (const table of ['mail_state', 'mail_message'])
    run(`delete from ${table} where mail_no in (select mail_no from mail where ${OLD_MAIL})`, {
      ms,
    });
  return run(`delete from mail where ${OLD_MAIL}`, { ms });
};

const OLD_PERIOD = `period < case when length(period) = 7 then :month else :before end`;
/** The one that counted at the date, and all later ones, stay. */
const OLD_IMPORT = `purge_no is null and import_no < (
  select max(import_no) from registry_import where at_ms < :ms)`;
/** Nothing of it waits to be sent. */
const OLD_MAIL = 'queued_at_ms < :ms and due_at_ms is null';

const count = (db: Sqlite, sql: string, bound: Readonly<Record<string, unknown>> = {}): number =>
  db.prepare<[Readonly<Record<string, unknown>>], number>(sql).pluck().get(bound) ?? 0;

/** What is made of the entries' texts and names people. */
const forgetMeanings = (run: Run, before: WorkDate): void => {
  run('delete from passage where ledger_no in (select ledger_no from purged_entry)');
  run('delete from voided where ledger_no in (select ledger_no from purged_entry)');
  run('delete from binding where ledger_no in (select ledger_no from purged_entry)');
  run('delete from change where work_date < :before', { before });
  run(`delete from bearer where not exists (select 1 from tap where tap.bearer_no = bearer.bearer_no)
    and not exists (select 1 from passage where passage.bearer_no = bearer.bearer_no)
    and not exists (select 1 from dirty where dirty.bearer_no = bearer.bearer_no)`);
};

const digestsOf = (db: Sqlite): PurgeRecord['journals'] => {
  const journals = db
    .prepare<[], { journal_no: number; terminal_id: string; journal_id: string }>(
      `select * from journal where journal_no in (
         select journal_no from entry join purged_entry using (ledger_no)) order by journal_no`,
    )
    .all();
  const selectEntries = db.prepare<[number], { seq: number; hash: Buffer }>(
    `select seq, hash from entry join purged_entry using (ledger_no)
     where journal_no = ? order by seq`,
  );
  return journals.map(({ journal_no, terminal_id, journal_id }) => {
    const digest = createHash('sha256');
    let entries = 0;
    for (const { seq, hash: chained } of selectEntries.iterate(journal_no)) {
      digest.update(purgedLine(seq, chained));
      entries += 1;
    }
    return {
      terminalId: terminal_id,
      journalId: journal_id,
      entries,
      sha256: digest.digest('hex'),
    };
  });
};
