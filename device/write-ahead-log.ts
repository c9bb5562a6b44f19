/**
 * Looks behind the place where SQLite stops reading a write-ahead log (ログの検分).
 *
 * SQLite reads a log up to the first frame whose checksum does not follow, takes the rest for the torn end of a power
 * cut, and calls the database sound: one rotten page hides every commit behind it. What tells the two apart:
 *
 * - A commit is synced before the next one is written (`synchronous = full`), and a log's header before its first
 *   frame. So of a power cut, or of the end of the process, only frames of the last transaction can be unwritten:
 *   whichever of them, in whatever order, torn in whatever sector, also with its commit frame there and an earlier one
 *   not. In their place stands what was there before: nothing, frames of an earlier log (other salts), or frames of a
 *   transaction that was cut off before, of which this one was the repetition (the same salts, and no more than one
 *   commit frame; two such cuts within four frames could look like a loss, and then nothing is lost either).
 * - Hence a frame of this log that stands behind a commit frame, both of them not read, belongs to a transaction that
 *   was begun when the other one was synced, and beeped: that is a loss. So is an entry two seqs or more behind the last
 *   one that is read, as each is a commit; that tells also where the rotten page took the marks of commits with it.
 * - Where only the last transaction is not read, nobody can tell a cut before its sync from a page that rotted
 *   after it. It counts as cut: that is by far the more frequent, and it holds one touch at most, of the moment before
 *   the power went. It is told (`cut`). It is not put back where its text can be read, as it may be one that was
 *   refused because the disk failed. The same goes for a touch whose page is gone with its mark, when nothing but one
 *   commit without a touch came after it.
 *
 * @see https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { type CarvedEntry, carve, carveFile } from './carved-entries.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** Its last bit tells the byte order of the checksums. */
const MAGIC = 0x377f0682;
const PAGE_BYTES = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];

type Sum = readonly [number, number];

/** SQLite's checksum of a log, going on from `sum`. `bytes`: a multiple of eight. */
const summed = (bytes: Buffer, isBigEndian: boolean, sum: Sum): Sum => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [first, second] = sum;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, !isBigEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, !isBigEndian) + first) >>> 0;
  }
  return [first, second];
};

/** As it is stored, in big-endian order always. */
const isSum = (bytes: Buffer, at: number, [first, second]: Sum): boolean =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;

interface LogHeader {
  readonly pageBytes: number;
  readonly isBigEndian: boolean;
  readonly salts: Buffer;
  readonly sum: Sum;
}

/** Undefined where SQLite does not believe it, and so reads nothing of the log. */
const readHeader = (bytes: Buffer): LogHeader | undefined => {
  const isBigEndian = bytes.readUInt32BE(0) === MAGIC + 1;
  const sum = summed(bytes.subarray(0, 24), isBigEndian, [0, 0]);
  const pageBytes = bytes.readUInt32BE(8);
  const isSound =
    (isBigEndian || bytes.readUInt32BE(0) === MAGIC) &&
    isSum(bytes, 24, sum) &&
    PAGE_BYTES.includes(pageBytes);
  return isSound ? { pageBytes, isBigEndian, salts: bytes.subarray(16, 24), sum } : undefined;
};

interface UnreadFrame {
  readonly isCommit: boolean;
  readonly page: Buffer;
}

/** Frames with this log's salts from the first one on that SQLite does not read. */
const unreadFrames = function* (
  handle: number,
  { pageBytes, isBigEndian, salts, sum }: LogHeader,
): Generator<UnreadFrame> {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + pageBytes);
  let expected: Sum | undefined = sum;
  for (let at = HEADER_BYTES; ; at += frame.length) {
    if (readSync(handle, frame, 0, frame.length, at) < frame.length) return;
    const page = frame.subarray(FRAME_HEADER_BYTES);
    const isOfThisLog = salts.equals(frame.subarray(8, 16));
    if (expected !== undefined) {
      const head = summed(frame.subarray(0, 8), isBigEndian, expected);
      const whole = summed(page, isBigEndian, head);
      const isRead = isOfThisLog && frame.readUInt32BE(0) > 0 && isSum(frame, 16, whole);
      expected = isRead ? whole : undefined;
    }
    if (expected === undefined && isOfThisLog) yield { isCommit: frame.readUInt32BE(4) > 0, page };
  }
};

const hasEntryBehind = (seq: number, found: Iterable<CarvedEntry>): boolean => {
  for (const { entry } of found) if (entry.seq > seq) return true;
  return false;
};

/** Its first bytes, which say where the log begins anew; undefined where there is none, or none that was begun. */
export const headOfLog = (file: string): Buffer | undefined => {
  if (!existsSync(file)) return undefined;
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    return readSync(handle, bytes, 0, HEADER_BYTES, 0) < HEADER_BYTES ? undefined : bytes;
  } finally {
    closeSync(handle);
  }
};

/**
 * `cut`: of the last transaction alone there are frames that SQLite does not read. `hidden`: there are commits before it
 * that SQLite does not read.
 */
export type LogEnd = 'whole' | 'cut' | 'hidden';

/**
 * How the log of a journal ends. Throws the file system's error where it cannot be read.
 *
 * @param file    the log, which need not be there
 * @param lastSeq of the entries as SQLite reads them
 */
export const endOfLog = (file: string, lastSeq: number): LogEnd => {
  const head = headOfLog(file);
  if (head === undefined) return 'whole';
  const handle = openSync(file, 'r');
  try {
    const header = readHeader(head);
    // It was synced before any frame was written: no cut did this. What is left of earlier logs is in the database.
    if (header === undefined) return hasEntryBehind(lastSeq, carveFile(file)) ? 'hidden' : 'whole';
    let end: LogEnd = 'whole';
    let isBehindCommit = false;
    for (const { isCommit, page } of unreadFrames(handle, header)) {
      if (isBehindCommit || hasEntryBehind(lastSeq + 1, carve(page))) return 'hidden';
      isBehindCommit = isCommit;
      end = 'cut';
    }
    return end;
  } finally {
    closeSync(handle);
  }
};
