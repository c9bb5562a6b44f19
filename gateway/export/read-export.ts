/** Reads an export off a disk, line by line, through the verifier; a file of any length in little memory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { LINE_BYTES_MAX } from './export-lines.ts';
import type { ExportVerdict, ExportVerifier, SoundLine } from './verify-export.ts';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Until the end or the first fault; `onLine` hears of each line that is sound so far, and whoever listens must
 * forget it all where the verdict is a fault. Throws where the file cannot be read.
 */
export const readExport = (
  file: string,
  verifier: ExportVerifier,
  onLine: (line: SoundLine) => void = () => undefined,
): ExportVerdict => {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let pieces: Buffer[] = [];
  let kept = 0;
  let offset = 0;
  /** One byte more than is allowed is enough to know that a line is too long. */
  const keep = (bytes: Buffer): void => {
    if (kept > LINE_BYTES_MAX) return;
    pieces.push(bytes);
    kept += bytes.length;
  };
  try {
    let rest = 0;
    for (;;) {
      const bytes = chunk.subarray(0, readSync(handle, chunk, 0, CHUNK_BYTES, null));
      if (bytes.length === 0) return verifier.end(rest, offset);
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        const ending = bytes.subarray(from, to);
        const line = pieces.length === 0 ? ending : Buffer.concat([...pieces, ending]);
        const verdict = verifier.line(line, offset);
        if (!verdict.ok) return verdict;
        onLine(verdict.line);
        offset += rest + ending.length + 1;
        rest = 0;
        pieces = [];
        kept = 0;
        from = to + 1;
      }
      // The chunk is filled anew.
      if (from < bytes.length) keep(Buffer.from(bytes.subarray(from)));
      rest += bytes.length - from;
    }
  } finally {
    closeSync(handle);
  }
};
