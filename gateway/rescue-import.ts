/**
 * What a rescue file is worth against what the ledger holds (救出した記録の取り込み). Pure; the same judgement
 * as for a batch, but for the signature, which a dead terminal cannot give. It remembers no entries.
 *
 * Only what follows the ledger's own chain without a hole is taken. Behind a hole nothing vouches for the
 * order any more, and a terminal that comes back to life could never fill it: that stays with a person.
 */
import { nextHash } from '../shared/chain.ts';
import type { RescuedEntry, SeqRun } from '../shared/rescue-file.ts';
import { type JournalPosition, readEntries } from './ingest.ts';
import type { JournalName } from './store/ledger.ts';

export type RescueJudgement =
  /** Entries before the first of the file are missing in the ledger too. */
  | { readonly kind: 'gap'; readonly missing: SeqRun }
  /** The same seq with another history. */
  | { readonly kind: 'conflict' }
  /** Entries that say that they are somebody else's; the seqs of the first twenty. */
  | { readonly kind: 'strangers'; readonly seqs: readonly number[] }
  | {
      readonly kind: 'append';
      /** Undefined: the ledger has them all. */
      readonly fresh: SeqRun | undefined;
      /** Behind a hole or a break, and so not taken. */
      readonly left: { readonly count: number; readonly firstSeq: number } | undefined;
    };

export interface RescueJudge {
  /** The next entry of the file. */
  readonly entry: (entry: RescuedEntry) => void;
  /** After the last one. */
  readonly judgement: () => RescueJudgement;
}

const STRANGERS_MAX = 20;

/** Whether an entry is the next one of a chain that ends there. */
export const followsFrom = (
  { committedSeq, headHash }: JournalPosition,
  { seq, text, hash }: RescuedEntry,
): boolean => seq === committedSeq + 1 && hash === nextHash(headHash, text);

/** `position` and `hashAt` are the ledger's; entries come by seq, each seq once. */
export const createRescueJudge = (
  journal: JournalName,
  position: JournalPosition,
  hashAt: (seq: number) => string | undefined,
): RescueJudge => {
  const { committedSeq } = position;
  const strangers: number[] = [];
  let known: RescuedEntry | undefined;
  let firstAhead: number | undefined;
  let head = position;
  let left: { readonly count: number; readonly firstSeq: number } | undefined;

  return {
    entry: (entry) => {
      const { seq, hash } = entry;
      if (seq <= committedSeq) {
        known = entry;
        return;
      }
      firstAhead ??= seq;
      if (left !== undefined || !followsFrom(head, entry)) {
        left = { count: (left?.count ?? 0) + 1, firstSeq: left?.firstSeq ?? seq };
        return;
      }
      head = { committedSeq: seq, headHash: hash };
      if (strangers.length < STRANGERS_MAX)
        strangers.push(...readEntries(journal, [entry]).strangers);
    },
    judgement: () => {
      // A hole among what the ledger has anyway is none.
      if (known !== undefined && hashAt(known.seq) !== known.hash) return { kind: 'conflict' };
      if (firstAhead === undefined) return { kind: 'append', fresh: undefined, left: undefined };
      if (firstAhead > committedSeq + 1)
        return { kind: 'gap', missing: { first: committedSeq + 1, last: firstAhead - 1 } };
      if (head === position) return { kind: 'conflict' };
      if (strangers.length > 0) return { kind: 'strangers', seqs: strangers };
      return { kind: 'append', fresh: { first: firstAhead, last: head.committedSeq }, left };
    },
  };
};
