/**
 * Verifies an export (書き出しの検証) line by line, with nothing but the export itself. Pure; what it
 * remembers does not grow with the entries.
 *
 * What it shows: every entry is as its terminal signed it, none is missing up to where the gateway says
 * that its journal ends, and the whole is as the gateway signed it. Whether the keys are who they say they
 * are is for whoever has them from elsewhere: `gatewayKey` is compared, the terminals' are given out.
 */
import { createHash, hash } from 'node:crypto';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import { faultLines, faultsOf } from '../../shared/result.ts';
import { type PublicKeyText, type Verifier, verifierOf } from '../../shared/signature.ts';
import type { UtcMs } from '../../shared/time.ts';
import { rowsSha256 } from '../allocation/allocation-figures.ts';
import type { ReadEntry } from '../ingest.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { IssuedHead } from '../statements/statement-store.ts';
import type { JournalName } from '../store/ledger.ts';
import type { TerminalEntry } from '../terminal-directory.ts';
import type { ExportFault } from './export-faults.ts';
import {
  createLineSums,
  ExportLine,
  endText,
  LINE_BYTES_MAX,
  type LineOf,
  splitSum,
} from './export-lines.ts';
import {
  createJournalCheck,
  type Finding,
  type JournalCheck,
  type Place,
} from './journal-check.ts';

/** What an export consists of, once it is known to be whole. */
export interface ExportSummary {
  readonly gatewayKey: PublicKeyText;
  readonly madeAtMs: UtcMs;
  readonly terminals: readonly TerminalEntry[];
  readonly registries: number;
  readonly corrections: number;
  /** Of 充当. */
  readonly runs: number;
  /** Statements and amendments. */
  readonly issued: number;
  readonly journals: number;
  readonly entries: number;
  /** Of them, entries whose texts were removed on purpose. */
  readonly purged: number;
  readonly seals: number;
  /** Entries off a dead terminal's card that bear nobody's signature. */
  readonly unsigned: number;
  readonly lines: number;
}

/** A line that is as it should be, and what it says to whoever reads on. */
export type SoundLine =
  | LineOf<'genba-export'>
  | LineOf<'run'>
  | LineOf<'allocated'>
  | LineOf<'reported'>
  /** `text` undefined: it was removed on purpose. */
  | { readonly kind: 'registry'; readonly importNo: number; readonly text: string | undefined }
  | {
      readonly kind: 'correction';
      readonly decidedNo: number;
      readonly decisionNo: number | undefined;
      readonly row: RegistryRow<'corrections'>;
    }
  /** `content` undefined: it was removed on purpose. */
  | { readonly kind: 'issued'; readonly head: IssuedHead; readonly content: string | undefined }
  | {
      readonly kind: 'entry';
      readonly journal: JournalName;
      readonly ledgerNo: number;
      readonly entry: ReadEntry['entry'];
      readonly receivedAt: UtcMs;
      readonly latestAt: UtcMs | undefined;
      /** Its text was removed on purpose. */
      readonly isPurged: boolean;
    }
  | { readonly kind: 'other' };

export type LineVerdict =
  | { readonly ok: true; readonly line: SoundLine }
  | { readonly ok: false; readonly fault: ExportFault };

export type ExportVerdict =
  | { readonly ok: true; readonly summary: ExportSummary }
  | { readonly ok: false; readonly fault: ExportFault };

export interface ExportVerifier {
  /** The next line without its newline. After a fault nothing more is to be asked. */
  readonly line: (bytes: Uint8Array, byteOffset: number) => LineVerdict;
  /** After the last newline; `rest` is how many bytes follow it, `byteOffset` where they begin. */
  readonly end: (rest: number, byteOffset: number) => ExportVerdict;
}

const OTHER: SoundLine = { kind: 'other' };

/** Lines of one rank may follow each other, and those of a higher rank; never those of a lower one. */
const RANK: Readonly<Record<ExportLine['kind'], number>> = {
  'genba-export': 0,
  terminal: 1,
  registry: 2,
  correction: 3,
  run: 4,
  allocated: 4,
  reported: 5,
  journal: 6,
  entry: 6,
  seal: 6,
  rescue: 6,
  issued: 7,
  end: 8,
};

/** Nothing of what was written may be taken for something else: no byte is replaced or left out. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (bytes: Uint8Array): string | Finding => {
  if (bytes.length > LINE_BYTES_MAX)
    return { kind: 'unreadable', detail: `is longer than ${LINE_BYTES_MAX} bytes` };
  try {
    return UTF_8.decode(bytes);
  } catch {
    return { kind: 'unreadable', detail: 'is not UTF-8' };
  }
};

const parseLine = (text: string): ExportLine | Finding => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', detail: 'is not JSON' };
  }
  const parsed = ExportLine.safeParse(json);
  return parsed.success
    ? parsed.data
    : { kind: 'unreadable', detail: faultLines(faultsOf(parsed.error.issues)).trim() };
};

const parseHead = (text: string): IssuedHead | undefined => {
  try {
    return IssuedHead.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const isFinding = (value: object): value is Finding => 'detail' in value;

/** `gatewayKey`: by which the export must be signed, where it is known from elsewhere. */
export const createExportVerifier = (gatewayKey?: PublicKeyText): ExportVerifier => {
  const sumOf = createLineSums();
  const sha = createHash('sha256');
  const terminals: TerminalEntry[] = [];
  const verifiersById = new Map<string, Verifier[]>();
  const journalNames = new Set<string>();
  const counts = {
    lines: 0,
    registries: 0,
    corrections: 0,
    runs: 0,
    issued: 0,
    journals: 0,
    entries: 0,
    purged: 0,
    seals: 0,
    unsigned: 0,
  };
  let header: LineOf<'genba-export'> | undefined;
  let rank = 0;
  let journal: JournalCheck | undefined;
  let issuedHash = GENESIS_HASH;

  const misplaced = (detail: string): Finding => ({ kind: 'out-of-place', detail });

  /** Of the journal that ends here, if one does. */
  const endJournal = (): Finding | undefined => {
    const ended = journal?.end() ?? 0;
    journal = undefined;
    if (typeof ended !== 'number') return ended;
    counts.unsigned += ended;
    return undefined;
  };

  const takeHeader = (line: LineOf<'genba-export'>): Finding | undefined => {
    header = line;
    return gatewayKey === undefined || gatewayKey === line.gatewayKey
      ? undefined
      : { kind: 'other-gateway', detail: `the key is ${line.gatewayKey}` };
  };

  const takeTerminal = ({ kind: _, ...terminal }: LineOf<'terminal'>): Finding | undefined => {
    const { terminalId, publicKey } = terminal;
    terminals.push(terminal);
    const known = verifiersById.get(terminalId) ?? [];
    verifiersById.set(terminalId, [...known, verifierOf(publicKey)]);
    return undefined;
  };

  const takeRegistry = (line: LineOf<'registry'>): SoundLine | Finding => {
    const { importNo, text, sha256, isPurged } = line;
    counts.registries += 1;
    if (importNo !== counts.registries)
      return misplaced(`import ${importNo} stands where ${counts.registries} should`);
    if (isPurged === true && text === '') return { kind: 'registry', importNo, text: undefined };
    return hash('sha256', text) === sha256
      ? { kind: 'registry', importNo, text }
      : { kind: 'registry-altered', detail: `of import ${importNo}` };
  };

  const takeCorrection = (line: LineOf<'correction'>): SoundLine | Finding => {
    const { decidedNo, decisionNo, row } = line;
    counts.corrections += 1;
    return decidedNo === counts.corrections
      ? { kind: 'correction', decidedNo, decisionNo, row }
      : misplaced(`correction ${decidedNo} stands where ${counts.corrections} should`);
  };

  const takeRun = (line: LineOf<'run'>): SoundLine | Finding => {
    const { runNo, rows, rowsSha256: said } = line;
    counts.runs += 1;
    if (runNo !== counts.runs) return misplaced(`run ${runNo} stands where ${counts.runs} should`);
    return rowsSha256(rows) === said ? line : { kind: 'run-altered', detail: `of run ${runNo}` };
  };

  const takeJournal = (line: LineOf<'journal'>): Finding | undefined => {
    const ended = endJournal();
    if (ended !== undefined) return ended;
    const { terminalId, journalId } = line;
    const name = `${terminalId}/${journalId}`;
    if (journalNames.has(name)) return misplaced(`${name} stands here twice`);
    journalNames.add(name);
    counts.journals += 1;
    journal = createJournalCheck(line, verifiersById.get(terminalId) ?? []);
    return undefined;
  };

  const takeEntry = (
    of: JournalCheck,
    line: LineOf<'entry'>,
    place: Place,
  ): SoundLine | Finding => {
    const read = of.entry(line, place);
    if (isFinding(read)) return read;
    counts.entries += 1;
    if (line.isPurged === true) counts.purged += 1;
    return {
      kind: 'entry',
      journal: of.name,
      ledgerNo: line.ledgerNo,
      entry: read.entry,
      receivedAt: line.receivedAtMs,
      latestAt: line.latestAtMs,
      isPurged: line.isPurged === true,
    };
  };

  const takeIssued = (line: LineOf<'issued'>): SoundLine | Finding => {
    const ended = endJournal();
    if (ended !== undefined) return ended;
    const { issueNo, text, hash: chained, content, isPurged } = line;
    counts.issued += 1;
    if (issueNo !== counts.issued)
      return misplaced(`issue ${issueNo} stands where ${counts.issued} should`);
    issuedHash = nextHash(issuedHash, text);
    if (issuedHash !== chained)
      return {
        kind: 'issued-altered',
        detail: `the hash of issue ${issueNo} should be ${issuedHash}`,
      };
    const head = parseHead(text);
    if (head?.issueNo !== issueNo)
      return { kind: 'issued-altered', detail: `the text of issue ${issueNo} is no head of it` };
    const { importNo, runNo = 0 } = head.position;
    if (importNo > counts.registries || runNo > counts.runs)
      return misplaced(`issue ${issueNo} rests on import ${importNo} and run ${runNo}`);
    if (isPurged === true && content === '') return { kind: 'issued', head, content: undefined };
    return hash('sha256', content) === head.sha256
      ? { kind: 'issued', head, content }
      : { kind: 'issued-altered', detail: `of issue ${issueNo}` };
  };

  const takeEnd = (
    { lines, sha256, signature }: LineOf<'end'>,
    { gatewayKey: key }: LineOf<'genba-export'>,
  ): Finding | undefined => {
    const ended = endJournal();
    if (ended !== undefined) return ended;
    const before = counts.lines - 1;
    if (lines !== before)
      return { kind: 'wrong-end', detail: `says ${lines} lines; ${before} are there` };
    const actual = sha.digest('hex');
    if (sha256 !== actual) return { kind: 'wrong-end', detail: `the SHA-256 is ${actual}` };
    return verifierOf(key)(endText({ lines, sha256 }), signature)
      ? undefined
      : { kind: 'bad-end-signature', detail: `not by ${key}` };
  };

  const take = (line: ExportLine, place: Place): SoundLine | Finding => {
    if (header === undefined)
      return line.kind === 'genba-export'
        ? (takeHeader(line) ?? line)
        : misplaced('the first line is no genba-export');
    if (line.kind === 'genba-export' || RANK[line.kind] < rank)
      return misplaced(`${line.kind} comes too late`);
    rank = RANK[line.kind];
    switch (line.kind) {
      case 'terminal':
        return takeTerminal(line) ?? OTHER;
      case 'registry':
        return takeRegistry(line);
      case 'correction':
        return takeCorrection(line);
      case 'run':
        return takeRun(line);
      case 'allocated':
      case 'reported':
        return line;
      case 'journal':
        return takeJournal(line) ?? OTHER;
      case 'issued':
        return takeIssued(line);
      case 'end':
        return takeEnd(line, header) ?? OTHER;
      default:
        break;
    }
    if (journal === undefined) return misplaced(`${line.kind} before any journal`);
    switch (line.kind) {
      case 'entry':
        return takeEntry(journal, line, place);
      case 'seal':
        counts.seals += 1;
        return journal.seal(line) ?? OTHER;
      case 'rescue':
        return journal.rescue(line) ?? OTHER;
    }
  };

  const read = (bytes: Uint8Array, place: Place): SoundLine | Finding => {
    if (rank === RANK.end) return { kind: 'after-end', detail: 'a line' };
    const text = textOf(bytes);
    if (typeof text !== 'string') return text;
    const split = splitSum(text);
    if (split === undefined) return { kind: 'unreadable', detail: 'does not end in its sum' };
    const sum = sumOf(split.unsummed);
    if (sum !== split.sum)
      return { kind: 'altered', detail: `the sum says ${split.sum} and is ${sum}` };
    const line = parseLine(text);
    if (isFinding(line)) return line;
    // What `end` speaks of is everything before it.
    if (line.kind !== 'end') sha.update(bytes).update('\n');
    return take(line, place);
  };

  return {
    line: (bytes, byteOffset) => {
      counts.lines += 1;
      const place = { line: counts.lines, byteOffset };
      const taken = read(bytes, place);
      return isFinding(taken)
        ? { ok: false, fault: { ...place, ...taken.place, kind: taken.kind, detail: taken.detail } }
        : { ok: true, line: taken };
    },
    end: (rest, byteOffset) => {
      const place = { line: counts.lines + 1, byteOffset };
      if (rank === RANK.end && rest > 0)
        return { ok: false, fault: { ...place, kind: 'after-end', detail: `${rest} bytes` } };
      if (rank !== RANK.end || header === undefined)
        return { ok: false, fault: { ...place, kind: 'truncated', detail: 'there is no end' } };
      const { madeAtMs } = header;
      return {
        ok: true,
        summary: { gatewayKey: header.gatewayKey, madeAtMs, terminals, ...counts },
      };
    },
  };
};
