/** The chains of the journals in the SQLite ledger, recomputed (連鎖の検証). */
import { nextHashBytes } from '../../shared/chain.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { START_POSITION } from '../ingest.ts';
import type { BrokenJournal } from '../nightly/nightly-store.ts';
import type { Steps } from '../turns.ts';

interface JournalRow {
  readonly journal_no: number;
  readonly terminal_id: string;
  readonly journal_id: string;
  readonly committed_seq: number;
  readonly head_hash: Buffer;
}

/** Entries read between two chances for others. */
const PER_STEP = 1_000;
const START_HASH = Buffer.from(START_POSITION.headHash, 'hex');

/** Every entry up to the committed one, in order, and the heads that terminals signed. One fault a journal. */
export function* verifyingJournals(db: Sqlite): Steps<readonly BrokenJournal[]> {
  const selectJournals = db.prepare<[], JournalRow>('select * from journal order by journal_no');
  const selectEntries = db.prepare<
    [number, number, number, number],
    { seq: number; text: string; hash: Buffer }
  >(
    `select seq, text, hash from entry
     where journal_no = ? and seq > ? and seq <= ? order by seq limit ?`,
  );
  const selectFalseSeal = db
    .prepare<[number, number], number>(
      `select first_seq from batch left join entry
         on entry.journal_no = batch.journal_no and entry.seq = batch.first_seq + batch.count - 1
       where batch.journal_no = ? and batch.first_seq + batch.count - 1 <= ?
         and (entry.hash is null or entry.hash <> batch.head_hash)
       order by first_seq limit 1`,
    )
    .pluck();

  const broken: BrokenJournal[] = [];
  for (const journal of selectJournals.all()) {
    const { journal_no: no, committed_seq: last } = journal;
    let seq = 0;
    let head: Buffer = START_HASH;
    let faultAt: number | undefined;
    while (faultAt === undefined && seq < last) {
      const entries = selectEntries.all(no, seq, last, PER_STEP);
      for (const entry of entries) {
        head = nextHashBytes(head, entry.text);
        if (entry.seq !== seq + 1 || !head.equals(entry.hash)) {
          faultAt = seq + 1;
          break;
        }
        seq = entry.seq;
      }
      // What is committed and not there has no hash to compare.
      if (entries.length === 0) faultAt = seq + 1;
      yield;
    }
    faultAt ??= head.equals(journal.head_hash) ? selectFalseSeal.get(no, last) : last;
    if (faultAt !== undefined)
      broken.push({ terminalId: journal.terminal_id, journalId: journal.journal_id, seq: faultAt });
  }
  return broken;
}
