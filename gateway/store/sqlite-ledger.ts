/** The ledger on SQLite: the embedded default. One writer, so commit order is ledger order. */
import { CHAIN_HASH_PATTERN } from '../../shared/chain.ts';
import { type Sqlite, sqliteFailure } from '../../shared/durable-sqlite.ts';
import type { Entry } from '../../shared/entry.ts';
import { JournalId, TerminalId } from '../../shared/ids.ts';
import { START_POSITION } from '../ingest.ts';
import type { Ledger, LedgerCommit } from './ledger.ts';
import { createAttendance } from './sqlite-attendance.ts';
import { createEntryMeanings } from './sqlite-entry-meanings.ts';
import { migrate } from './sqlite-migrations.ts';
import { createQuarantine } from './sqlite-quarantine.ts';
import { createRegistryStore } from './sqlite-registry.ts';
import { createToldEntries } from './sqlite-told.ts';
import { createTouches } from './sqlite-touches.ts';

interface JournalRow {
  readonly journal_no: number;
  readonly committed_seq: number;
  readonly head_hash: Buffer;
}

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
    `insert into entry (journal_no, seq, kind, text, hash, received_at_ms, latest_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertBatch = db.prepare(
    'insert into batch values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
  );
  const insertRescue = db.prepare('insert into rescue values (?, ?, ?, ?)');
  const selectBearerNo = db
    .prepare<[string], number>('select bearer_no from bearer where bearer = ?')
    .pluck();
  const insertBearer = db.prepare('insert into bearer (bearer) values (?)');

  const bearerNoOf = (bearer: string): number => {
    const known = selectBearerNo.get(bearer);
    return known ?? Number(insertBearer.run(bearer).lastInsertRowid);
  };
  const meanings = createEntryMeanings(db, bearerNoOf);

  const commitBatch = db.transaction<(commit: LedgerCommit) => void>(
    ({ terminalId, journalId, entries, seal, position, receivedAt, latestAt }) => {
      insertJournal.run(terminalId, journalId, Buffer.from(START_POSITION.headHash, 'hex'));
      const journal = selectJournal.get(terminalId, journalId);
      if (journal === undefined) throw new Error(`no row for journal ${journalId}`);
      const journalNo = journal.journal_no;
      if (seal === undefined) {
        insertRescue.run(journalNo, entries[0]?.seq ?? 0, entries.length, receivedAt);
      } else {
        const { firstSeq, count, previousHash, headHash, signature } = seal;
        const [before, head] = [previousHash, headHash].map((hash) => Buffer.from(hash, 'hex'));
        insertBatch.run(journalNo, firstSeq, count, before, head, signature, receivedAt);
      }
      meanings.learnBoots(journalNo, entries);
      for (const { seq, text, hash, entry } of entries) {
        const { lastInsertRowid } = insertEntry.run(
          journalNo,
          seq,
          kindOf(entry),
          text,
          Buffer.from(hash, 'hex'),
          receivedAt,
          latestAt ?? null,
        );
        if (entry !== undefined) meanings.keep(lastInsertRowid, journalNo, entry, latestAt);
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
    ...createTouches(db),
    ...createToldEntries(db),
    ...createRegistryStore(db),
    ...createAttendance(db, bearerNoOf),
    transaction: (work) => db.transaction(work).immediate(),
    close: () => {
      db.close();
    },
  };
};

const kindOf = (entry: Entry | undefined): string => entry?.kind ?? 'unreadable';
