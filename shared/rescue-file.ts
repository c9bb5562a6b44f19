/**
 * The rescue file (救出ファイル): the entries read off a dead terminal's card, on their way to the gateway.
 *
 * One JSON line about the whole, then one for each entry with the chain hash that stood beside it. No
 * signature: the key that could sign was on the card too, or nobody could read it there. It may be larger than
 * any memory: written and read line by line, by both sides.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CHAIN_HASH_PATTERN, type ChainHash, GENESIS_HASH, nextHash } from './chain.ts';
import { ENTRY_BYTES_MAX, parseEntry } from './entry.ts';
import type { FileLine } from './file-lines.ts';
import { JournalId, TerminalId } from './ids.ts';
import { type Fault, parseJsonAs, type Result } from './result.ts';

/** A site of 5,000 workers touches some twelve million times in two years. */
const RESCUED_ENTRIES_MAX = 100_000_000;
/** An entry's line takes no more than 25 kB; the first line of older files names every gap of the journal. */
export const RESCUE_LINE_BYTES_MAX = 16 << 20;
const FAULTS_MAX = 20;
/** Gaps and breaks that the first line names, for who looks into the file. */
const NAMED_MAX = 1_000;

const Header = z.object({
  v: z.literal(1),
  kind: z.literal('genba-rescue'),
  terminalId: TerminalId,
  journalId: JournalId,
  /** As the terminal remembered; absent where even that is lost. */
  settledSeq: z.int().min(0).optional(),
  count: z.int().min(0).max(RESCUED_ENTRIES_MAX),
});

const Line = z.object({
  seq: z.int().min(1),
  text: z.string().min(1).max(ENTRY_BYTES_MAX),
  /** As it stood beside the text, hex. */
  hash: z.string().regex(CHAIN_HASH_PATTERN),
});
export type RescuedEntry = z.infer<typeof Line>;

/** Both ends inclusive. */
export interface SeqRun {
  readonly first: number;
  readonly last: number;
}

export interface RescueAbout {
  readonly terminalId: TerminalId;
  readonly journalId: JournalId;
  readonly settledSeq: number | undefined;
}

/** What a rescue consists of, once all of it was seen. */
export interface RescueSurvey {
  readonly count: number;
  readonly seqs: SeqRun | undefined;
  /** Touches beyond the settled seq; all of them where that is not known. */
  readonly unsentTaps: number;
  /** Seqs between the first and the last that could not be read. */
  readonly missing: number;
  /** Entries whose predecessor is there, or that have none, and whose chain hash does not follow from it. */
  readonly broken: number;
  /** The first 1,000 of each. */
  readonly named: { readonly missing: readonly SeqRun[]; readonly broken: readonly number[] };
}

const isTap = (text: string): boolean => {
  const parsed = parseEntry(text);
  return parsed.ok && parsed.value.kind === 'tap';
};

/** `entries`: by seq, each seq once. */
export const surveyOf = (
  entries: Iterable<RescuedEntry>,
  settledSeq: number | undefined,
): RescueSurvey => {
  const named: { readonly missing: SeqRun[]; readonly broken: number[] } = {
    missing: [],
    broken: [],
  };
  let [count, unsentTaps, missing, broken, first] = [0, 0, 0, 0, 0];
  let before: { readonly seq: number; readonly hash: ChainHash } = { seq: 0, hash: GENESIS_HASH };
  for (const { seq, text, hash } of entries) {
    count += 1;
    if (count === 1) first = seq;
    else if (seq > before.seq + 1) {
      missing += seq - 1 - before.seq;
      if (named.missing.length < NAMED_MAX)
        named.missing.push({ first: before.seq + 1, last: seq - 1 });
    }
    if (seq === before.seq + 1 && nextHash(before.hash, text) !== hash) {
      broken += 1;
      if (named.broken.length < NAMED_MAX) named.broken.push(seq);
    }
    if (seq > (settledSeq ?? 0) && isTap(text)) unsentTaps += 1;
    before = { seq, hash };
  }
  const seqs = count === 0 ? undefined : { first, last: before.seq };
  return { count, seqs, unsentTaps, missing, broken, named };
};

/** The file's lines, each with its newline. `entries` must be those of the survey. */
export const encodeRescue = function* (
  { terminalId, journalId, settledSeq }: RescueAbout,
  { count, named }: RescueSurvey,
  entries: Iterable<RescuedEntry>,
): Generator<string> {
  const about = { terminalId, journalId, ...named, settledSeq, count };
  yield `${JSON.stringify({ v: 1, kind: 'genba-rescue', ...about })}\n`;
  for (const { seq, text, hash } of entries) yield `${JSON.stringify({ seq, text, hash })}\n`;
};

const parseLine = <Value>(
  { bytes, length }: Pick<FileLine, 'bytes' | 'length'>,
  place: string,
  schema: z.ZodType<Value>,
): Result<Value> => {
  if (length > RESCUE_LINE_BYTES_MAX)
    return {
      ok: false,
      faults: [{ place, message: `is longer than ${RESCUE_LINE_BYTES_MAX} bytes` }],
    };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  return parseJsonAs(schema, text, place);
};

/** In this order; the last one is `end` or `faulty`, and after `faulty` nothing of the file is to be believed. */
export type RescueItem =
  | { readonly kind: 'about'; readonly about: RescueAbout }
  /** By seq, each once. Whether it follows from the one before is not looked at. */
  | { readonly kind: 'entry'; readonly entry: RescuedEntry }
  /** `sha256`: of the whole file, lower-case hex. */
  | { readonly kind: 'end'; readonly count: number; readonly sha256: string }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] };

/**
 * Reads a rescue file; what it says of gaps and breaks is for people and not believed. Faults, by line, twenty at
 * most: not JSON, not of the shape, too long, not in order, fewer or more lines than the first one says.
 */
export const readRescue = function* (lines: Iterable<FileLine>): Generator<RescueItem> {
  const faults: Fault[] = [];
  const sha = createHash('sha256');
  let stated: number | undefined;
  let [lineNo, seqBefore] = [0, 0];
  for (const line of lines) {
    lineNo += 1;
    sha.update(line.bytes);
    if (line.isEnded) sha.update('\n');
    const place = `line ${lineNo}`;
    if (stated === undefined) {
      const header = parseLine(line, place, Header);
      if (!header.ok) return yield { kind: 'faulty', faults: header.faults };
      const { terminalId, journalId, settledSeq, count } = header.value;
      stated = count;
      yield { kind: 'about', about: { terminalId, journalId, settledSeq } };
      continue;
    }
    const entry = parseLine(line, place, Line);
    if (!entry.ok) faults.push(...entry.faults);
    else if (entry.value.seq <= seqBefore)
      faults.push({ place, message: `seq ${entry.value.seq} is not after the one before` });
    else {
      seqBefore = entry.value.seq;
      if (faults.length === 0) yield { kind: 'entry', entry: entry.value };
    }
    if (faults.length >= FAULTS_MAX) break;
  }
  const count = lineNo - 1;
  if (stated === undefined) faults.push({ place: 'line 1', message: 'is missing' });
  else if (faults.length === 0 && count !== stated)
    faults.push({ place: 'line 1/count', message: `says ${stated}, but ${count} follow` });
  yield faults.length > 0
    ? { kind: 'faulty', faults }
    : { kind: 'end', count, sha256: sha.digest('hex') };
};
