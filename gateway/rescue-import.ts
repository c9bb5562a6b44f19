/**
 * What a rescue file is worth against what the ledger holds (救出した記録の取り込み). Pure; the same judgement
 * as for a batch, but for the signature, which a dead terminal cannot give.
 *
 * Only what follows the ledger's own chain without a hole is taken. Behind a hole nothing vouches for the
 * order any more, and a terminal that comes back to life could never fill it: that stays with a person.
 */
import { nextHash } from '../shared/chain.ts';
import type { Rescue, RescuedEntry } from '../shared/rescue-file.ts';
import { type JournalPosition, type ReadEntry, readEntries } from './ingest.ts';

export type RescueJudgement =
  /** Entries before the first of the file are missing in the ledger too. */
  | { readonly kind: 'gap'; readonly missing: { readonly first: number; readonly last: number } }
  /** The same seq with another history. */
  | { readonly kind: 'conflict' }
  /** Entries that say that they are somebody else's; their seqs. */
  | { readonly kind: 'strangers'; readonly seqs: readonly number[] }
  | {
      readonly kind: 'append';
      /** Empty: the ledger has them all. */
      readonly fresh: readonly ReadEntry[];
      /** Behind a hole or a break, and so not taken. */
      readonly left: readonly RescuedEntry[];
    };

/** From the first entry on, as far as seqs and hashes follow one from the other. */
const unbroken = (entries: readonly RescuedEntry[]): readonly RescuedEntry[] => {
  const end = entries.findIndex(({ seq, text, hash }, index) => {
    const before = entries[index - 1];
    return before !== undefined && (before.seq !== seq - 1 || nextHash(before.hash, text) !== hash);
  });
  return end < 0 ? entries : entries.slice(0, end);
};

export const judgeRescue = (
  rescue: Pick<Rescue, 'terminalId' | 'journalId' | 'entries'>,
  position: JournalPosition,
  hashAt: (seq: number) => string | undefined,
): RescueJudgement => {
  const { committedSeq, headHash } = position;
  // A hole among what the ledger has anyway is none.
  const known = rescue.entries.findLast(({ seq }) => seq <= committedSeq);
  if (known !== undefined && hashAt(known.seq) !== known.hash) return { kind: 'conflict' };
  const ahead = rescue.entries.filter(({ seq }) => seq > committedSeq);
  const [first] = ahead;
  if (first === undefined) return { kind: 'append', fresh: [], left: [] };
  if (first.seq > committedSeq + 1)
    return { kind: 'gap', missing: { first: committedSeq + 1, last: first.seq - 1 } };
  if (nextHash(headHash, first.text) !== first.hash) return { kind: 'conflict' };
  const run = unbroken(ahead);
  const { entries, strangers } = readEntries(rescue, run);
  if (strangers.length > 0) return { kind: 'strangers', seqs: strangers };
  return { kind: 'append', fresh: entries, left: ahead.slice(run.length) };
};
