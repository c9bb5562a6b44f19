/**
 * The hash chain of a journal: each entry's hash covers its own text and everything before it.
 *
 * The text is stored once and never re-serialised, so the hash is over bytes, not over meaning.
 */
import { hash } from 'node:crypto';

/** SHA-256, lower-case hex. */
export type ChainHash = string;

export const CHAIN_HASH_PATTERN = /^[0-9a-f]{64}$/;

/** What stands before the first entry. The first entry's text carries the journal id. */
export const GENESIS_HASH: ChainHash = '0'.repeat(64);

/** SHA-256(previous hash as 32 bytes ‖ UTF-8 bytes of the text). */
export const nextHash = (previous: ChainHash, text: string): ChainHash => {
  const bytes = Buffer.allocUnsafe(32 + Buffer.byteLength(text));
  bytes.write(previous, 0, 'hex');
  bytes.write(text, 32, 'utf8');
  return hash('sha256', bytes, 'hex');
};
