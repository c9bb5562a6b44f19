/**
 * The export (検証できる書き出し): everything that a gateway's figures rest on, as lines of JSON that anybody
 * can check without the gateway.
 *
 * In this order: `genba-export`; a `terminal` for each key that signed; a `registry` for each import; a
 * `correction` for each that a 元請 approved; a `run` for each run of 充当 in the order in which they were confirmed (in
 * older exports an `allocated` for each run and month that it changed), and a `reported` for each 就労状況報告書 that
 * went out by mail; for each journal its `journal`, then each `entry` in order of
 * seq, each `seal` right after the last entry it covers, each `rescue` right before its first; an `issued` for each
 * statement and amendment in order of issue; at last `end`. Each line ends in `,"sum":"…"}`: the first
 * 16 digits of SHA-256(digest of the line before as 32 bytes ‖ UTF-8 of this line up to that comma), which
 * tells the very line that is not as it was written. What proves is the rest: each terminal's signature
 * over its seals, and the gateway's over the SHA-256 of everything before the last line.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BatchSeal } from '../../shared/batch.ts';
import { CHAIN_HASH_PATTERN, GENESIS_HASH, nextHashBytes } from '../../shared/chain.ts';
import { ENTRY_BYTES_MAX } from '../../shared/entry.ts';
import { CompanyId, JournalId, SiteId, TerminalId, WorkerId } from '../../shared/ids.ts';
import { PublicKeyText, type Signer } from '../../shared/signature.ts';
import { Month, UtcMs, WorkDate } from '../../shared/time.ts';
import { StoredCorrection } from '../registry/stored-registry.ts';

/** A registry is one line, and a string of JavaScript holds no more. */
export const LINE_BYTES_MAX = 500_000_000;

const Sha256 = z.string().regex(CHAIN_HASH_PATTERN, 'must be 64 digits of lower-case hex');
const Signature = z.base64().max(100);

/** One row of a run of 充当; days, exempt days and yen are below 0 where something is taken back. */
const RunRow = z.object({
  kind: z.enum(['regular', 'addition', 'reversal']),
  reason: z.enum(['withdrawn', 'changed']).exactOptional(),
  workerId: WorkerId,
  companyId: CompanyId,
  siteId: SiteId.exactOptional(),
  workDate: WorkDate,
  method: z.enum(['points', 'stamps']),
  colour: z.enum(['red', 'blue']),
  dayYen: z.int(),
  days: z.int(),
  exemptDays: z.int(),
});

export const ExportLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('genba-export'),
    v: z.literal(1),
    /** The gateway is known by its key. */
    gatewayKey: PublicKeyText,
    madeAtMs: UtcMs,
    /** `closing.extractDay` of the gateway. */
    extractDay: z.int().min(1).max(28).optional(),
  }),
  z.object({
    kind: z.literal('terminal'),
    terminalId: TerminalId,
    siteId: SiteId,
    publicKey: PublicKeyText,
  }),
  z.object({
    kind: z.literal('registry'),
    /** 1, 2, 3 … */
    importNo: z.int().min(1),
    importedAtMs: UtcMs,
    /** Of the text, UTF-8. */
    sha256: Sha256,
    /** The whole registry document as it was stored. */
    text: z.string(),
    /** The text was removed on purpose, and is empty. */
    isPurged: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal('correction'),
    /** 1, 2, 3 … in the order of the decisions. */
    decidedNo: z.int().min(1),
    /**
     * By which statements name their position: counts refusals, too. Absent in exports from before there were
     * statements in them.
     */
    decisionNo: z.int().min(1).optional(),
    row: StoredCorrection,
  }),
  z.object({
    kind: z.literal('run'),
    /** 1, 2, 3 … over all contracts; by which statements name their position. */
    runNo: z.int().min(1),
    runId: z.string().min(1).max(100),
    contractId: z.string().min(1).max(100),
    siteId: SiteId,
    month: Month,
    /** On what it rested: the last entry and import. */
    ledgerNo: z.int().min(0),
    importNo: z.int().min(0),
    confirmedAtMs: UtcMs,
    confirmedBy: z.string().min(1).max(300),
    /** Of the rows, as `rowsSha256` of the gateway has it. */
    rowsSha256: Sha256,
    rows: z.array(RunRow),
  }),
  z.object({
    // Of exports from before there were runs in them, which said no days.
    kind: z.literal('allocated'),
    contractId: z.string().min(1).max(100),
    month: Month,
    runId: z.string().min(1).max(100),
    confirmedAtMs: UtcMs,
    /** Of that month, by that run; below 0 where it took days back. */
    days: z.int(),
  }),
  z.object({
    kind: z.literal('reported'),
    siteId: SiteId,
    companyId: CompanyId,
    month: Month,
    mailId: z.string().min(1).max(100),
    sentAtMs: UtcMs,
  }),
  z.object({
    kind: z.literal('journal'),
    terminalId: TerminalId,
    journalId: JournalId,
    /** So many entries follow. */
    entries: z.int().min(1),
    headHash: Sha256,
  }),
  z.object({
    kind: z.literal('entry'),
    /** Order of commit over all journals. */
    ledgerNo: z.int().min(1),
    seq: z.int().min(1),
    receivedAtMs: UtcMs,
    /** The latest time that a touch of it may claim; absent = the gateway's clock was not to be believed. */
    latestAtMs: UtcMs.optional(),
    hash: Sha256,
    text: z.string().max(ENTRY_BYTES_MAX),
    /** Its text was removed on purpose, and is empty; the hash stands for it. */
    isPurged: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('seal'), ...BatchSeal.shape }),
  z.object({
    kind: z.literal('rescue'),
    firstSeq: z.int().min(1),
    count: z.int().min(1),
    receivedAtMs: UtcMs,
  }),
  z.object({
    kind: z.literal('issued'),
    /** 1, 2, 3 … over statements and amendments alike. */
    issueNo: z.int().min(1),
    /** The head as JSON, as it was chained: whose, of when, on which position it rests, the sums, the content's SHA-256. */
    text: z.string(),
    /** SHA-256(hash of the issue before as 32 bytes ‖ UTF-8 of the text). */
    hash: Sha256,
    /** As JSON: the rows of a statement, the changes of an amendment. */
    content: z.string(),
    /** The content was removed on purpose, and is empty. */
    isPurged: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal('end'),
    /** Before this one. */
    lines: z.int().min(1),
    /** Of every byte before this line. */
    sha256: Sha256,
    signature: Signature,
  }),
]);
export type ExportLine = z.infer<typeof ExportLine>;
export type LineOf<Kind extends ExportLine['kind']> = Extract<ExportLine, { kind: Kind }>;

/** What the gateway signs at the end. */
export const endText = ({ lines, sha256 }: Pick<LineOf<'end'>, 'lines' | 'sha256'>): string =>
  ['genba-tap export v1', lines, sha256].join('\n');

const SUM_DIGITS = 16;
const SUM_PATTERN = new RegExp(`,"sum":"([0-9a-f]{${SUM_DIGITS}})"\\}$`);
const SUM_CHARS = ',"sum":""}'.length + SUM_DIGITS;

/** The running digest over lines; each answer is the sum that its line must bear. */
export const createLineSums = (): ((unsummed: string) => string) => {
  let digest: Uint8Array = Buffer.from(GENESIS_HASH, 'hex');
  return (unsummed) => {
    const next = nextHashBytes(digest, unsummed);
    digest = next;
    return next.toString('hex').slice(0, SUM_DIGITS);
  };
};

/** A line taken apart; undefined where it does not end as every line of an export does. */
export const splitSum = (
  text: string,
): { readonly unsummed: string; readonly sum: string } | undefined => {
  const sum = SUM_PATTERN.exec(text.slice(-SUM_CHARS))?.[1];
  return sum === undefined ? undefined : { unsummed: text.slice(0, -SUM_CHARS), sum };
};

/** Texts of lines, newline included, in order, and of the `end` that they call for, which `onEnd` is told. */
export function* encodeExport(
  lines: Iterable<Exclude<ExportLine, { kind: 'end' }>>,
  signer: Signer,
  onEnd: (end: LineOf<'end'>) => void = () => undefined,
): Generator<string> {
  const sumOf = createLineSums();
  const sha = createHash('sha256');
  let count = 0;
  const encode = (line: ExportLine): string => {
    const unsummed = JSON.stringify(line).slice(0, -1);
    return `${unsummed},"sum":"${sumOf(unsummed)}"}\n`;
  };
  for (const line of lines) {
    const text = encode(line);
    sha.update(text);
    count += 1;
    yield text;
  }
  const covered = { lines: count, sha256: sha.digest('hex') };
  const end = { kind: 'end' as const, ...covered, signature: signer.sign(endText(covered)) };
  onEnd(end);
  yield encode(end);
}
