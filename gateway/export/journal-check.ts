/**
 * Checks one journal of an export (ジャーナルの検証): that its entries follow one from the other, and that a
 * signature of its terminal covers each. Pure; it remembers no more than the longest seal reaches back.
 */
import { BATCH_ENTRIES_MAX, isSealedBy } from '../../shared/batch.ts';
import { type ChainHash, GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import type { Verifier } from '../../shared/signature.ts';
import { type ReadEntry, readEntries } from '../ingest.ts';
import type { ExportFaultKind } from './export-faults.ts';
import type { LineOf } from './export-lines.ts';

/** Where a line stands: its number from 1, and the bytes before it. */
export interface Place {
  readonly line: number;
  readonly byteOffset: number;
}

/** A fault of the line in hand, or of an earlier one where `place` says so. */
export interface Finding {
  readonly kind: ExportFaultKind;
  readonly detail: string;
  readonly place?: Place;
}

export interface JournalCheck {
  readonly name: Pick<LineOf<'journal'>, 'terminalId' | 'journalId'>;
  readonly entry: (line: LineOf<'entry'>, place: Place) => ReadEntry | Finding;
  readonly seal: (line: LineOf<'seal'>) => Finding | undefined;
  readonly rescue: (line: LineOf<'rescue'>) => Finding | undefined;
  /** No more lines of this journal: how many of its entries nobody signed. */
  readonly end: () => number | Finding;
}

interface RecentEntry {
  readonly hash: ChainHash;
  readonly place: Place;
  readonly isRescued: boolean;
  isSealed: boolean;
}

/** `verifiers`: of every key that the terminal ever signed by. */
export const createJournalCheck = (
  journal: LineOf<'journal'>,
  verifiers: readonly Verifier[],
): JournalCheck => {
  const { terminalId, journalId } = journal;
  const recentBySeq = new Map<number, RecentEntry>();
  let seq = 0;
  let head: ChainHash = GENESIS_HASH;
  let rescuedTo = 0;
  let unsigned = 0;

  /** No seal that is yet to come can reach this entry. */
  const settle = (of: number): Finding | undefined => {
    const entry = recentBySeq.get(of);
    recentBySeq.delete(of);
    if (entry === undefined || entry.isSealed) return undefined;
    if (!entry.isRescued)
      return { kind: 'unsealed', detail: `no seal covers seq ${of}`, place: entry.place };
    unsigned += 1;
    return undefined;
  };

  const mismatch = (detail: string): Finding => ({ kind: 'seal-mismatch', detail });

  return {
    name: { terminalId, journalId },
    entry: (line, place) => {
      if (line.seq !== seq + 1)
        return { kind: 'seq-gap', detail: `seq ${line.seq} stands after seq ${seq}` };
      const isPurged = line.isPurged === true && line.text === '';
      const hash = isPurged ? line.hash : nextHash(head, line.text);
      if (hash !== line.hash)
        return { kind: 'chain-broken', detail: `the hash of seq ${line.seq} should be ${hash}` };
      const { entries, strangers } = readEntries(journal, [line]);
      const [read] = entries;
      if (read === undefined || strangers.length > 0)
        return { kind: 'foreign-entry', detail: `the text of seq ${line.seq} is of elsewhere` };
      seq = line.seq;
      head = hash;
      recentBySeq.set(seq, { hash, place, isRescued: seq <= rescuedTo, isSealed: false });
      return settle(seq - BATCH_ENTRIES_MAX - 1) ?? read;
    },
    seal: (line) => {
      const { firstSeq, count } = line;
      const last = firstSeq + count - 1;
      if (last !== seq) return mismatch(`covers up to seq ${last}, and stands after seq ${seq}`);
      const before = firstSeq === 1 ? GENESIS_HASH : recentBySeq.get(firstSeq - 1)?.hash;
      if (before !== line.previousHash) return mismatch(`previousHash is not that of ${firstSeq}`);
      if (head !== line.headHash) return mismatch(`headHash is not that of seq ${seq}`);
      if (verifiers.length === 0)
        return { kind: 'unknown-key', detail: `no terminal line names ${terminalId}` };
      if (!verifiers.some((verify) => isSealedBy({ ...journal, ...line }, verify)))
        return { kind: 'bad-signature', detail: `of seqs ${firstSeq} to ${last}` };
      for (let of = firstSeq; of <= last; of += 1) {
        const entry = recentBySeq.get(of);
        if (entry !== undefined) entry.isSealed = true;
      }
      return undefined;
    },
    rescue: ({ firstSeq, count }) => {
      if (firstSeq !== seq + 1)
        return {
          kind: 'out-of-place',
          detail: `a rescue from seq ${firstSeq} stands after ${seq}`,
        };
      rescuedTo = firstSeq + count - 1;
      return undefined;
    },
    end: () => {
      for (const of of [...recentBySeq.keys()]) {
        const finding = settle(of);
        if (finding !== undefined) return finding;
      }
      return seq === journal.entries && head === journal.headHash
        ? unsigned
        : {
            kind: 'incomplete-journal',
            detail: `${terminalId}/${journalId} ends at seq ${seq}; the gateway says ${journal.entries}`,
          };
    },
  };
};
