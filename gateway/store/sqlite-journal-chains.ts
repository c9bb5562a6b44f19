/** The chains of the journals in the SQLite ledger, recomputed (連鎖の検証). */
import { createHash, type Hash } from 'node:crypto';
import { nextHashBytes } from '../../shared/chain.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { START_POSITION } from '../ingest.ts';
import type { BrokenJournal } from '../nightly/nightly-store.ts';
import { PurgeRecord, purgedLine } from '../retention/purge-record.ts';
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
    { seq: number; text: string; hash: Buffer; purge_no: number | null }
  >(
    `select seq, text, hash, purge_no from entry
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

  const selectRecords = db.prepare<[], string>('select text from purge order by purge_no').pluck();
  /** What the records say of one journal, by purge. */
  const selectPurged = (terminalId: string, journalId: string): ReadonlyMap<number, string> =>
    new Map(
      selectRecords.all().flatMap((text) => {
        const { purgeNo, journals } = PurgeRecord.parse(JSON.parse(text));
        const own = journals.find(
          (each) => each.terminalId === terminalId && each.journalId === journalId,
        );
        return own === undefined ? [] : [[purgeNo, own.sha256] as const];
      }),
    );

  const broken: BrokenJournal[] = [];
  for (const journal of selectJournals.all()) {
    const { journal_no: no, committed_seq: last } = journal;
    let seq = 0;
    let head: Buffer = START_HASH;
    let faultAt: number | undefined;
    const purged = createPurgedDigests();
    while (faultAt === undefined && seq < last) {
      const entries = selectEntries.all(no, seq, last, PER_STEP);
      for (const entry of entries) {
        // The hash stands for a text that was removed on purpose.
        head = entry.purge_no === null ? nextHashBytes(head, entry.text) : entry.hash;
        if (entry.purge_no !== null) purged.take(entry.purge_no, entry.seq, entry.hash);
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
    faultAt ??= purged.falseAt(selectPurged(journal.terminal_id, journal.journal_id));
    faultAt ??= head.equals(journal.head_hash) ? selectFalseSeal.get(no, last) : last;
    if (faultAt !== undefined)
      broken.push({ terminalId: journal.terminal_id, journalId: journal.journal_id, seq: faultAt });
  }
  return broken;
}

/** Digests over the hashes of entries that lost their texts, one for each purge. */
const createPurgedDigests = () => {
  const byPurge = new Map<number, { readonly firstSeq: number; readonly digest: Hash }>();
  return {
    take: (purgeNo: number, seq: number, hash: Buffer): void => {
      const known = byPurge.get(purgeNo) ?? { firstSeq: seq, digest: createHash('sha256') };
      known.digest.update(purgedLine(seq, hash));
      byPurge.set(purgeNo, known);
    },
    /** The first seq of a purge whose record says something else; 1 where what it names is not there. */
    falseAt: (recorded: ReadonlyMap<number, string>): number | undefined => {
      for (const [purgeNo, { firstSeq, digest }] of byPurge)
        if (digest.digest('hex') !== recorded.get(purgeNo)) return firstSeq;
      return [...recorded.keys()].every((purgeNo) => byPurge.has(purgeNo)) ? undefined : 1;
    },
  };
};
