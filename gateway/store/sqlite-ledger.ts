/** The ledger on SQLite: the embedded default. One writer, so commit order is ledger order. */
import { CHAIN_HASH_PATTERN } from '../../shared/chain.ts';
import { type Sqlite, sqliteFailure } from '../../shared/durable-sqlite.ts';
import type { Entry, TapEntry } from '../../shared/entry.ts';
import { Direction, entryId, JournalId, SiteId, TerminalId } from '../../shared/ids.ts';
import { dateInJapan, type UtcMs, uptimeMs, utcMs, WorkDate } from '../../shared/time.ts';
import { VerdictKind } from '../../shared/verdict.ts';
import type { AttendanceDay } from '../attendance.ts';
import { bootOffsets, type DatedAt, datedAt, START_POSITION } from '../ingest.ts';
import { parseSubjectKey, subjectKey } from '../subject-key.ts';
import type { Bearer, Ledger, LedgerCommit, LedgerTap } from './ledger.ts';
import { migrate } from './sqlite-migrations.ts';
import { createQuarantine } from './sqlite-quarantine.ts';

interface JournalRow {
  readonly journal_no: number;
  readonly committed_seq: number;
  readonly head_hash: Buffer;
}

interface TapRow {
  readonly ledger_no: number;
  readonly terminal_id: string;
  readonly journal_id: string;
  readonly seq: number;
  readonly site_id: string;
  readonly reader_id: string;
  readonly direction: string;
  readonly bearer: string;
  readonly at_ms: number | null;
  readonly at_trust: string;
  readonly wall_ms: number;
  readonly received_at_ms: number;
  readonly verdict: string;
}

const TAP_SELECT = `
  select tap.*, bearer.bearer, entry.seq, entry.received_at_ms, journal.terminal_id, journal.journal_id
  from tap join bearer using (bearer_no) join entry using (ledger_no)
    join journal on journal.journal_no = tap.journal_no`;

const datedOf = ({ at_ms, at_trust }: Pick<TapRow, 'at_ms' | 'at_trust'>): DatedAt =>
  at_ms === null
    ? { trust: 'unknown', at: undefined }
    : { trust: at_trust === 'trusted' ? 'trusted' : 'recovered', at: utcMs(at_ms) };

const tapOf = (row: TapRow): LedgerTap => {
  const terminalId = TerminalId.parse(row.terminal_id);
  return {
    ledgerNo: row.ledger_no,
    id: entryId(terminalId, JournalId.parse(row.journal_id), row.seq),
    siteId: SiteId.parse(row.site_id),
    terminalId,
    readerId: row.reader_id,
    direction: Direction.parse(row.direction),
    bearer: parseSubjectKey(row.bearer),
    dated: datedOf(row),
    wallMs: utcMs(row.wall_ms),
    receivedAt: utcMs(row.received_at_ms),
    verdict: VerdictKind.parse(row.verdict),
  };
};

const bearerOf = ({ presented }: TapEntry): Bearer =>
  presented.by === 'card'
    ? { kind: 'card', cardId: presented.cardId }
    : { kind: 'worker', workerId: presented.workerId };

export const openSqliteLedger = (db: Sqlite): Ledger => {
  migrate(db);
  const insertJournal = db.prepare(
    `insert into journal (terminal_id, journal_id, committed_seq, head_hash) values (?, ?, 0, ?)
     on conflict do nothing`,
  );
  const selectJournal = db.prepare<[string, string], JournalRow>(
    'select * from journal where terminal_id = ? and journal_id = ?',
  );
  const selectJournals = db.prepare<[], { terminal_id: string; journal_id: string }>(
    'select terminal_id, journal_id from journal order by journal_no',
  );
  const advanceJournal = db.prepare(
    'update journal set committed_seq = ?, head_hash = ? where journal_no = ?',
  );
  const selectHash = db.prepare<[number, number], { hash: Buffer }>(
    'select hash from entry where journal_no = ? and seq = ?',
  );
  const insertEntry = db.prepare(
    'insert into entry (journal_no, seq, kind, text, hash, received_at_ms) values (?, ?, ?, ?, ?, ?)',
  );
  const insertTap = db.prepare(
    `insert into tap (ledger_no, journal_no, boot_id, site_id, reader_id, direction, bearer_no,
       at_ms, at_trust, wall_ms, uptime_ms, verdict) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectBearerNo = db
    .prepare<[string], number>('select bearer_no from bearer where bearer = ?')
    .pluck();
  const insertBearer = db.prepare('insert into bearer (bearer) values (?)');
  const insertDirty = db.prepare(`insert into dirty values (?, ?, ?)
     on conflict do update set from_date = min(from_date, excluded.from_date)`);
  const selectBootOffset = db
    .prepare<[number, string], number>(
      'select offset_ms from boot where journal_no = ? and boot_id = ?',
    )
    .pluck();
  const insertBootOffset = db.prepare('insert into boot values (?, ?, ?) on conflict do nothing');
  const selectUndated = db.prepare<
    [number, string],
    { ledger_no: number; site_id: string; bearer_no: number; wall_ms: number; uptime_ms: number }
  >('select * from tap where journal_no = ? and boot_id = ? and at_ms is null');
  const dateTap = db.prepare(
    "update tap set at_ms = ?, at_trust = 'recovered' where ledger_no = ?",
  );

  const selectTapsAfter = db.prepare<[number, number], TapRow>(
    `${TAP_SELECT} where tap.ledger_no > ? order by tap.ledger_no limit ?`,
  );
  const selectTapsOfSiteAfter = db.prepare<[number, string, number], TapRow>(
    `${TAP_SELECT} where tap.ledger_no > ? and tap.site_id = ? order by tap.ledger_no limit ?`,
  );
  const selectTapsOfBearer = db.prepare<[number, string], TapRow>(
    `${TAP_SELECT}
     where tap.bearer_no = ?
       and tap.site_id = ? and tap.at_ms is not null
     order by tap.at_ms, tap.ledger_no`,
  );
  const selectBearers = db.prepare<[], { site_id: string; bearer: string }>(
    'select distinct bearer, site_id from tap join bearer using (bearer_no) where at_ms is not null',
  );
  const countUndated = db
    .prepare<[], number>('select count(*) from tap where at_ms is null')
    .pluck();

  const selectDirty = db.prepare<[number], { site_id: string; bearer: string; from_date: string }>(
    'select * from dirty join bearer using (bearer_no) limit ?',
  );
  const deleteDirty = db.prepare('delete from dirty where bearer_no = ? and site_id = ?');
  const deleteAttendance = db.prepare('delete from attendance where site_id = ? and subject = ?');
  const insertAttendance = db.prepare('insert into attendance values (?, ?, ?, ?)');
  const selectAttendance = db
    .prepare<[{ site: string | null; from: string | null; to: string | null }], string>(
      `select day from attendance
       where (:site is null or site_id = :site)
         and (:from is null or work_date >= :from) and (:to is null or work_date <= :to)
       order by site_id, subject, work_date`,
    )
    .pluck();
  const selectRegistry = db.prepare<[], string>('select text from registry').pluck();
  const upsertRegistry = db.prepare(
    `insert into registry values (1, ?, ?)
     on conflict (one) do update set text = excluded.text, imported_at_ms = excluded.imported_at_ms`,
  );
  const bumpRosterVersion = db
    .prepare<[], number>(
      'update counter set roster_version = roster_version + 1 returning roster_version',
    )
    .pluck();

  const bearerNoOf = (bearer: string): number => {
    const known = selectBearerNo.get(bearer);
    return known ?? Number(insertBearer.run(bearer).lastInsertRowid);
  };
  const markDirty = (siteId: string, bearerNo: number, at: UtcMs): void => {
    insertDirty.run(bearerNo, siteId, dateInJapan(at));
  };

  const commitTap = (
    ledgerNo: number | bigint,
    journalNo: number,
    tap: TapEntry,
    bootOffset: number | undefined,
  ) => {
    const bearerNo = bearerNoOf(subjectKey(bearerOf(tap)));
    const dated = datedAt(tap, bootOffset);
    insertTap.run(
      ledgerNo,
      journalNo,
      tap.bootId,
      tap.siteId,
      tap.readerId,
      tap.direction,
      bearerNo,
      dated.at ?? null,
      dated.trust,
      tap.wallMs,
      tap.uptimeMs,
      tap.verdict,
    );
    if (dated.at !== undefined) markDirty(tap.siteId, bearerNo, dated.at);
  };

  /** A boot's offset became known: every touch of that boot that waited for it gets its time. */
  const dateBoot = (journalNo: number, bootId: string, offsetMs: number): void => {
    if (insertBootOffset.run(journalNo, bootId, offsetMs).changes === 0) return;
    for (const row of selectUndated.all(journalNo, bootId)) {
      const dated = datedAt(
        { clock: 'untrusted', wallMs: utcMs(row.wall_ms), uptimeMs: uptimeMs(row.uptime_ms) },
        offsetMs,
      );
      if (dated.at === undefined) continue;
      dateTap.run(dated.at, row.ledger_no);
      markDirty(row.site_id, row.bearer_no, dated.at);
    }
  };

  const commitBatch = db.transaction<(commit: LedgerCommit) => void>(
    ({ terminalId, journalId, entries, position, receivedAt }) => {
      insertJournal.run(terminalId, journalId, Buffer.from(START_POSITION.headHash, 'hex'));
      const journal = selectJournal.get(terminalId, journalId);
      if (journal === undefined) throw new Error(`no row for journal ${journalId}`);
      const journalNo = journal.journal_no;
      for (const [bootId, offset] of bootOffsets(entries)) dateBoot(journalNo, bootId, offset);
      const offsetByBoot = new Map<string, number | undefined>();
      const offsetOf = (bootId: string): number | undefined => {
        if (!offsetByBoot.has(bootId))
          offsetByBoot.set(bootId, selectBootOffset.get(journalNo, bootId));
        return offsetByBoot.get(bootId);
      };
      for (const { seq, text, hash, entry } of entries) {
        const { lastInsertRowid } = insertEntry.run(
          journalNo,
          seq,
          kindOf(entry),
          text,
          Buffer.from(hash, 'hex'),
          receivedAt,
        );
        if (entry?.kind === 'tap')
          commitTap(lastInsertRowid, journalNo, entry, offsetOf(entry.bootId));
      }
      advanceJournal.run(position.committedSeq, Buffer.from(position.headHash, 'hex'), journalNo);
    },
  );

  const positionOf: Ledger['position'] = ({ terminalId, journalId }) => {
    const row = selectJournal.get(terminalId, journalId);
    return row === undefined
      ? START_POSITION
      : { committedSeq: row.committed_seq, headHash: row.head_hash.toString('hex') };
  };

  return {
    position: positionOf,
    journals: () =>
      selectJournals.all().map((row) => ({
        terminalId: TerminalId.parse(row.terminal_id),
        journalId: JournalId.parse(row.journal_id),
      })),
    hashAt: ({ terminalId, journalId }, seq) => {
      if (seq === 0) return START_POSITION.headHash;
      const journal = selectJournal.get(terminalId, journalId);
      const hash = journal && selectHash.get(journal.journal_no, seq)?.hash.toString('hex');
      return hash !== undefined && CHAIN_HASH_PATTERN.test(hash) ? hash : undefined;
    },
    commit: (batch) => {
      try {
        commitBatch.immediate(batch);
      } catch (cause) {
        const failure = sqliteFailure(cause);
        if (failure === undefined) throw cause;
        return { kind: 'not-committed', message: `${failure.kind}: ${failure.message}` };
      }
      return { kind: 'committed' };
    },
    ...createQuarantine(db),
    tapsAfter: (cursor, limit, siteId) =>
      (siteId === undefined
        ? selectTapsAfter.all(cursor, limit)
        : selectTapsOfSiteAfter.all(cursor, siteId, limit)
      ).map(tapOf),
    tapsOfBearer: (siteId, bearer) => {
      const bearerNo = selectBearerNo.get(subjectKey(bearer));
      return bearerNo === undefined ? [] : selectTapsOfBearer.all(bearerNo, siteId).map(tapOf);
    },
    bearers: () =>
      selectBearers.all().map(({ site_id, bearer }) => ({
        siteId: SiteId.parse(site_id),
        bearer: parseSubjectKey(bearer),
      })),
    undatedTaps: () => countUndated.get() ?? 0,
    dirtyMarks: (limit) =>
      selectDirty.all(limit).map(({ site_id, bearer, from_date }) => ({
        siteId: SiteId.parse(site_id),
        bearer: parseSubjectKey(bearer),
        fromDate: WorkDate.parse(from_date),
      })),
    transaction: (work) => db.transaction(work).immediate(),
    dropDirtyMarks: (marks) => {
      for (const { siteId, bearer } of marks) {
        deleteDirty.run(selectBearerNo.get(subjectKey(bearer)), siteId);
      }
    },
    replaceAttendance: (siteId, subject, days) => {
      const key = subjectKey(subject);
      deleteAttendance.run(siteId, key);
      for (const day of days) insertAttendance.run(siteId, key, day.workDate, JSON.stringify(day));
    },
    clearAttendance: () => {
      db.exec('delete from attendance');
    },
    attendance: ({ siteId, from, to }) =>
      selectAttendance
        .all({ site: siteId ?? null, from: from ?? null, to: to ?? null })
        // Our own cache, written by `replaceAttendance` from the very type it is read back as.
        .map((text) => JSON.parse(text) as AttendanceDay),
    registryText: () => selectRegistry.get(),
    saveRegistryText: (text, at) => {
      upsertRegistry.run(text, at);
    },
    nextRosterVersion: () => {
      const version = bumpRosterVersion.get();
      if (version === undefined) throw new Error('the counter row is missing');
      return version;
    },
    close: () => {
      db.close();
    },
  };
};

const kindOf = (entry: Entry | undefined): string => entry?.kind ?? 'unreadable';
