/** Reads an export off a disk, line by line, through the verifier; a file of any length in little memory. */
import { fileLines } from '../../shared/file-lines.ts';
import { LINE_BYTES_MAX } from './export-lines.ts';
import type { ExportVerdict, ExportVerifier, SoundLine } from './verify-export.ts';

/**
 * Until the end or the first fault; `onLine` hears of each line that is sound so far, and whoever listens must
 * forget it all where the verdict is a fault. Throws where the file cannot be read.
 */
export const readExport = (
  file: string,
  verifier: ExportVerifier,
  onLine: (line: SoundLine) => void = () => undefined,
): ExportVerdict => {
  let end = 0;
  for (const { bytes, length, offset, isEnded } of fileLines(file, LINE_BYTES_MAX)) {
    if (!isEnded) return verifier.end(length, offset);
    const verdict = verifier.line(bytes, offset);
    if (!verdict.ok) return verdict;
    onLine(verdict.line);
    end = offset + length + 1;
  }
  return verifier.end(0, end);
};
