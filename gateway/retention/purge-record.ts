/**
 * What was removed, and what vouches for the rest (消去の記録).
 *
 * Of an entry the text goes and the chain hash stays, so that the chain is still one: the hashes before and
 * after it, and the heads that terminals signed, still have to fit. The record holds a digest over the hashes
 * that lost their texts; its own digest stands in the audit log.
 */
import { z } from 'zod';
import { CHAIN_HASH_PATTERN } from '../../shared/chain.ts';
import { UtcMs, WorkDate } from '../../shared/time.ts';

export const PurgeCounts = z.object({
  /** Texts of journal entries, and of them touches. */
  entries: z.int(),
  taps: z.int(),
  attendanceDays: z.int(),
  /** Contents of statements and amendments. */
  statements: z.int(),
  /** Registries that were imported and superseded before the date. */
  registries: z.int(),
  mails: z.int(),
  quarantined: z.int(),
});
export type PurgeCounts = z.infer<typeof PurgeCounts>;

export const PurgeRecord = z.object({
  /** 1, 2, 3 … */
  purgeNo: z.int().min(1),
  /** The first work date that stayed. */
  before: WorkDate,
  by: z.string(),
  at: UtcMs,
  counts: PurgeCounts,
  journals: z.array(
    z.object({
      terminalId: z.string(),
      journalId: z.string(),
      entries: z.int(),
      /** SHA-256 over `seq hash\n` of each entry, in order of seq. */
      sha256: z.string().regex(CHAIN_HASH_PATTERN),
    }),
  ),
});
export type PurgeRecord = z.infer<typeof PurgeRecord>;

/** One line of the digest over what lost its text. */
export const purgedLine = (seq: number, hash: Uint8Array): string =>
  `${seq} ${Buffer.from(hash).toString('hex')}\n`;

/** Touches shortly before the date stay: a shift of the last day before it may reach beyond it. */
export const DAYS_KEPT_BEHIND = 3;
