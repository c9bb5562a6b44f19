/** The lines of a file (行), one after the other: a file of any length in little memory. */
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export interface FileLine {
  /** Without its newline, and only until the next line is asked for. Of one that is too long, enough to tell. */
  readonly bytes: Uint8Array;
  /** Of the whole line in bytes, also where it is too long. */
  readonly length: number;
  /** Bytes of the file before it. */
  readonly offset: number;
  /** False of what stands behind the last newline. */
  readonly isEnded: boolean;
}

/** Throws the file system's error where it cannot be read. @param bytesMax of a line that is kept whole */
export const fileLines = function* (file: string, bytesMax: number): Generator<FileLine> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pieces: Buffer[] = [];
  let [kept, rest, offset] = [0, 0, 0];
  try {
    for (;;) {
      const bytes = chunk.subarray(0, readSync(handle, chunk, 0, CHUNK_BYTES, null));
      if (bytes.length === 0) break;
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        const ending = bytes.subarray(from, to);
        const length = rest + ending.length;
        const line = pieces.length === 0 ? ending : Buffer.concat([...pieces, ending]);
        yield { bytes: line, length, offset, isEnded: true };
        offset += length + 1;
        pieces = [];
        [kept, rest] = [0, 0];
        from = to + 1;
      }
      rest += bytes.length - from;
      // One byte more than is allowed is enough to know that a line is too long. The chunk is filled anew.
      if (from < bytes.length && kept <= bytesMax) {
        pieces.push(Buffer.from(bytes.subarray(from)));
        kept += bytes.length - from;
      }
    }
    if (rest > 0) yield { bytes: Buffer.concat(pieces), length: rest, offset, isEnded: false };
  } finally {
    closeSync(handle);
  }
};
