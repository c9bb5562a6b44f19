/**
 * A batch: consecutive journal entries on their way to the gateway, signed by the terminal.
 *
 * Bytes: one header line of JSON, then one entry text a line. Entry texts travel as they were stored;
 * JSON.stringify never emits a raw newline, so lines frame them without escaping them again.
 */
import { z } from 'zod';
import { CHAIN_HASH_PATTERN, type ChainHash, nextHash } from './chain.ts';
import { ENTRY_BYTES_MAX } from './entry.ts';
import { JournalId, TerminalId } from './ids.ts';
import { faulty, ok, parseJsonAs, type Result } from './result.ts';
import type { Signer, Verifier } from './signature.ts';

export const BATCH_ENTRIES_MAX = 1_000;
export const BATCH_BYTES_MAX = BATCH_ENTRIES_MAX * (ENTRY_BYTES_MAX + 1) + 1_024;

const ChainHashText = z.string().regex(CHAIN_HASH_PATTERN);

/** What a terminal's signature vouches for (封印): a run of entries and the chain on both sides of it. */
export const BatchSeal = z.object({
  firstSeq: z.int().min(1),
  count: z.int().min(1).max(BATCH_ENTRIES_MAX),
  /** Chain hash before the first entry. */
  previousHash: ChainHashText,
  /** Chain hash after the last entry. */
  headHash: ChainHashText,
  signature: z.base64().max(100),
});
export type BatchSeal = z.infer<typeof BatchSeal>;

const BatchHeader = z.object({
  v: z.literal(1),
  terminalId: TerminalId,
  journalId: JournalId,
  ...BatchSeal.shape,
});
type BatchHeader = z.infer<typeof BatchHeader>;

export interface StoredEntry {
  readonly seq: number;
  readonly text: string;
  readonly hash: ChainHash;
}

export interface Batch extends Omit<BatchHeader, 'v' | 'signature' | 'count'> {
  readonly signature: string;
  /** Consecutive from `firstSeq`; their hashes are recomputed from the bytes received. */
  readonly entries: readonly StoredEntry[];
}

type Signed = Omit<BatchHeader, 'v' | 'signature'>;

const signedText = (header: Signed): string =>
  [
    'genba-tap batch v1',
    header.terminalId,
    header.journalId,
    header.firstSeq,
    header.count,
    header.previousHash,
    header.headHash,
  ].join('\n');

/** Entries must be consecutive and not empty; `previousHash` is the chain hash before the first. */
export const encodeBatch = (
  { terminalId, journalId }: { readonly terminalId: TerminalId; readonly journalId: JournalId },
  previousHash: ChainHash,
  entries: readonly StoredEntry[],
  signer: Signer,
): Buffer => {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw new Error('a batch has at least one entry');
  const signed: Signed = {
    terminalId,
    journalId,
    firstSeq: first.seq,
    count: entries.length,
    previousHash,
    headHash: last.hash,
  };
  const header = JSON.stringify({ v: 1, ...signed, signature: signer.sign(signedText(signed)) });
  return Buffer.from([header, ...entries.map(({ text }) => text)].join('\n'));
};

/**
 * Reads the bytes of a batch and recomputes its chain. Faults: too large, not UTF-8, header wrong,
 * line count wrong, an entry too long, the recomputed head differs from the stated one.
 * The signature is checked apart (`isSignedBy`), because only the caller knows whose key counts.
 */
export const decodeBatch = (bytes: Uint8Array): Result<Batch> => {
  if (bytes.length > BATCH_BYTES_MAX) {
    return faulty({
      place: '',
      message: `is ${bytes.length} bytes; the limit is ${BATCH_BYTES_MAX}`,
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return faulty({ place: '', message: 'is not UTF-8' });
  }
  const [headerText = '', ...texts] = text.split('\n');
  const parsed = parseJsonAs(BatchHeader, headerText, 'header');
  if (!parsed.ok) return parsed;
  const { v: _, count, ...header } = parsed.value;
  if (texts.length !== count) {
    return faulty({
      place: 'header/count',
      message: `says ${count}, but ${texts.length} entries follow`,
    });
  }

  const entries: StoredEntry[] = [];
  let head: ChainHash = header.previousHash;
  for (const [index, entryText] of texts.entries()) {
    if (entryText.length === 0 || Buffer.byteLength(entryText) > ENTRY_BYTES_MAX) {
      return faulty({ place: `entry ${index}`, message: `must be 1 to ${ENTRY_BYTES_MAX} bytes` });
    }
    head = nextHash(head, entryText);
    entries.push({ seq: header.firstSeq + index, text: entryText, hash: head });
  }
  if (head !== header.headHash) {
    return faulty({
      place: 'header/headHash',
      message: 'is not the hash of the entries that follow',
    });
  }
  return ok({ ...header, entries });
};

/** Whether the key's owner signed this seal; that the entries follow from it is checked apart. */
export const isSealedBy = (
  { signature, ...signed }: Signed & Pick<BatchHeader, 'signature'>,
  verify: Verifier,
): boolean => verify(signedText(signed), signature);

export const isSignedBy = (batch: Batch, verify: Verifier): boolean =>
  isSealedBy({ ...batch, count: batch.entries.length }, verify);
