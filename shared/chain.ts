/**
 * The hash chain of a journal: each entry's hash covers its own text and everything before it.
 *
 * The text is stored once and never re-serialised, so the hash is over bytes, not over meaning.
 */
import { hash } from 'node:crypto';

/** SHA-256, lower-case hex. */
export type ChainHash = string;

export const CHAIN_HASH_PATTERN = /^[0-9a-f]{64}$/;

/** How far a chain went when somebody noted it: whoever cuts its end off later cannot take the note back. */
export interface ChainHead {
  /** Of the last one, from 1; 0 = nothing was there. */
  readonly position: number;
  readonly hash: ChainHash;
}

/** What stands before the first entry. The first entry's text carries the journal id. */
export const GENESIS_HASH: ChainHash = '0'.repeat(64);

/** Filled anew for each hash: an allocation at every touch costs more than the copying. */
let scratch = Buffer.alloc(8_192);

/** SHA-256(previous hash as 32 bytes ‖ UTF-8 bytes of the text), as 32 bytes. */
export const nextHashBytes = (previous: Uint8Array, text: string): Buffer => {
  // A UTF-16 unit is at most three bytes of UTF-8.
  const bytesMax = 32 + text.length * 3;
  if (bytesMax > scratch.length) scratch = Buffer.alloc(bytesMax);
  scratch.set(previous, 0);
  const length = 32 + scratch.write(text, 32, 'utf8');
  return hash('sha256', scratch.subarray(0, length), 'buffer');
};

/** The same for hashes in hex. */
export const nextHash = (previous: ChainHash, text: string): ChainHash =>
  nextHashBytes(Buffer.from(previous, 'hex'), text).toString('hex');
