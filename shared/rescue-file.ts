/**
 * The rescue file (救出ファイル): the entries read off a dead terminal's card, on their way to the gateway.
 *
 * One JSON line about the whole, then one for each entry with the chain hash that stood beside it. No
 * signature: the key that could sign was on the card too, or nobody could read it there.
 */
import { z } from 'zod';
import { CHAIN_HASH_PATTERN, type ChainHash, GENESIS_HASH, nextHash } from './chain.ts';
import { ENTRY_BYTES_MAX } from './entry.ts';
import { JournalId, TerminalId } from './ids.ts';
import { type Fault, faultsOf, ok, parseJson, type Result } from './result.ts';

/** A terminal keeps 400 days; a site of 5,000 workers touches about four million times in them. */
const RESCUED_ENTRIES_MAX = 10_000_000;
const FAULTS_MAX = 20;

const Run = z.object({ first: z.int().min(1), last: z.int().min(1) });
export type Run = z.infer<typeof Run>;

const Header = z.object({
  v: z.literal(1),
  kind: z.literal('genba-rescue'),
  terminalId: TerminalId,
  journalId: JournalId,
  /** Runs of seqs between the first and the last that could not be read. */
  missing: z.array(Run),
  /** Seqs whose predecessor is there and whose chain hash does not follow from it. */
  broken: z.array(z.int().min(1)),
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

export interface Rescue
  extends Omit<z.infer<typeof Header>, 'v' | 'kind' | 'count' | 'settledSeq'> {
  /** By seq. */
  readonly entries: readonly RescuedEntry[];
  readonly settledSeq: number | undefined;
}

export const gapsIn = (seqs: readonly number[]): readonly Run[] =>
  seqs.flatMap((seq, index) => {
    const before = seqs[index - 1];
    return before === undefined || before === seq - 1 ? [] : [{ first: before + 1, last: seq - 1 }];
  });

/** Seqs whose predecessor is there, or is none, and whose hash does not follow from it. */
export const brokenIn = (entries: readonly RescuedEntry[]): readonly number[] => {
  const broken: number[] = [];
  let before: { readonly seq: number; readonly hash: ChainHash } = { seq: 0, hash: GENESIS_HASH };
  for (const { seq, text, hash } of entries) {
    if (before.seq === seq - 1 && nextHash(before.hash, text) !== hash) broken.push(seq);
    before = { seq, hash };
  }
  return broken;
};

export const encodeRescue = ({ entries, ...about }: Rescue): string =>
  [{ v: 1, kind: 'genba-rescue', ...about, count: entries.length }, ...entries]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

const parseLine = <Value>(text: string, place: string, schema: z.ZodType<Value>): Result<Value> => {
  const json = parseJson(text, place);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success
    ? ok(parsed.data)
    : { ok: false, faults: faultsOf(parsed.error.issues, place) };
};

/**
 * Reads a whole rescue file; what it says of gaps and breaks is found out anew. Faults, by line: not JSON,
 * not of the shape, not in order, fewer or more lines than the first one says.
 */
export const parseRescue = (text: string): Result<Rescue> => {
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine(first, 'line 1', Header);
  if (!header.ok) return header;
  if (rest.at(-1) === '') rest.pop();
  const faults: Fault[] = [];
  const entries: RescuedEntry[] = [];
  for (const [index, line] of rest.entries()) {
    const place = `line ${index + 2}`;
    const entry = parseLine(line, place, Line);
    if (!entry.ok) faults.push(...entry.faults);
    else if (entry.value.seq <= (entries.at(-1)?.seq ?? 0))
      faults.push({ place, message: `seq ${entry.value.seq} is not after the one before` });
    else entries.push(entry.value);
    if (faults.length >= FAULTS_MAX) break;
  }
  const { terminalId, journalId, count, settledSeq } = header.value;
  if (faults.length === 0 && rest.length !== count)
    faults.push({ place: 'line 1/count', message: `says ${count}, but ${rest.length} follow` });
  if (faults.length > 0) return { ok: false, faults };
  return ok({
    terminalId,
    journalId,
    entries,
    missing: [...gapsIn(entries.map(({ seq }) => seq))],
    broken: [...brokenIn(entries)],
    settledSeq,
  });
};
