/**
 * Entries as they lie in the bytes of a journal's files (記録の拾い出し), whatever is broken around them.
 *
 * An entry's text lies in the file as it was written, followed by its chain hash; the chain then tells whether it
 * is what the terminal wrote.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { ENTRY_BYTES_MAX, type Entry, parseEntry } from '../shared/entry.ts';
import { isSystemError } from '../shared/system-error.ts';

const HASH_BYTES = 32;
const CHUNK_BYTES = 1 << 20;
/** Of disks, and of Linux's cache before them. */
const BLOCK_BYTES = 4_096;
/** How far behind its beginning an entry may end. */
const REACH_BYTES = ENTRY_BYTES_MAX + HASH_BYTES;
const ENTRY_START = Buffer.from('{"v":1,"terminalId":"');

export interface CarvedEntry {
  readonly entry: Entry;
  readonly text: string;
  /** What lies behind the text, hex; shorter than a hash at the end of the bytes. */
  readonly hash: string;
}

/** Length of the JSON object that begins at `start`; undefined where it does not end in time. */
const objectLength = (bytes: Buffer, start: number): number | undefined => {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < bytes.length && at - start < ENTRY_BYTES_MAX; at += 1) {
    const byte = bytes[at];
    if (isInText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) isInText = false;
    } else if (byte === 0x22) isInText = true;
    else if (byte === 0x7b) depth += 1;
    else if (byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1 - start;
    }
  }
  return undefined;
};

/** Every entry that lies whole in these bytes and begins before `until`, in the order in which it lies there. */
export const carve = function* (bytes: Buffer, until = bytes.length): Generator<CarvedEntry> {
  for (
    let at = bytes.indexOf(ENTRY_START);
    at >= 0 && at < until;
    at = bytes.indexOf(ENTRY_START, at + 1)
  ) {
    const length = objectLength(bytes, at);
    if (length === undefined) continue;
    const text = bytes.toString('utf8', at, at + length);
    const parsed = parseEntry(text);
    if (!parsed.ok) continue;
    const hash = bytes.toString('hex', at + length, at + length + HASH_BYTES);
    yield { entry: parsed.value, text, hash };
  }
};

/**
 * Bytes of a file from `at` on, as many as come; those of a block that the disk cannot read are zeros. 0 = its end.
 *
 * @param bytes of any length, which they fill from the front
 */
const readOver = (handle: number, bytes: Buffer, at: number): number => {
  try {
    return readSync(handle, bytes, 0, bytes.length, at);
  } catch (cause) {
    if (!isSystemError(cause) || cause.code !== 'EIO') throw cause;
    const length = Math.min(bytes.length, BLOCK_BYTES - (at % BLOCK_BYTES));
    bytes.fill(0, 0, length);
    return length;
  }
};

/**
 * The same of a file of any length, in little memory; blocks that the disk cannot read are passed over. Throws every
 * other error of the file system.
 *
 * @param chunkBytes that are read at once, more than an entry takes
 */
export const carveFile = function* (
  file: string,
  chunkBytes = CHUNK_BYTES,
): Generator<CarvedEntry> {
  const handle = openSync(file, 'r');
  const window = Buffer.allocUnsafe(REACH_BYTES + chunkBytes);
  let [kept, at] = [0, 0];
  try {
    for (;;) {
      const read = readOver(handle, window.subarray(kept, kept + chunkBytes), at);
      at += read;
      const bytes = window.subarray(0, kept + read);
      if (read === 0) return yield* carve(bytes);
      // What begins later may end in the next chunk, and is found there.
      const until = Math.max(0, bytes.length - REACH_BYTES);
      yield* carve(bytes, until);
      bytes.copyWithin(0, until);
      kept = bytes.length - until;
    }
  } finally {
    closeSync(handle);
  }
};
