/**
 * `genba-gateway import-rescue` (救出した記録の取り込み): on the gateway's own machine, also while it runs.
 *
 * Whoever may read the configuration and write the ledger is its administrator; that they did it stands
 * in the audit log, because these entries bear no signature.
 *
 * The file may be larger than any memory and is read twice: once to the end, so that of a file that is damaged or
 * somebody else's nothing at all is taken; then entry by entry into the ledger. Each of those is held against the
 * chain once more, so that what is taken follows, whatever a bad stick gives the second time.
 */
import { constants } from 'node:fs';
import { parseArgs } from 'node:util';
import type { StoredEntry } from '../../shared/batch.ts';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { fileLines } from '../../shared/file-lines.ts';
import { hindranceJa } from '../../shared/needed-file.ts';
import {
  RESCUE_LINE_BYTES_MAX,
  type RescueAbout,
  type RescueItem,
  readRescue,
} from '../../shared/rescue-file.ts';
import { faultLines } from '../../shared/result.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import type { AuditLog } from '../access/audit-log.ts';
import {
  type JournalPosition,
  judgeBatch,
  latestClaim,
  readEntries,
  START_POSITION,
} from '../ingest.ts';
import {
  createRescueJudge,
  followsFrom,
  type RescueJudge,
  type RescueJudgement,
} from '../rescue-import.ts';
import type { Ledger, LedgerCommit } from '../store/ledger.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../store/sqlite-ledger.ts';
import { createSystemClock } from '../system-clock.ts';
import { type Command, type CommandEnd, refused } from './command.ts';
import { openLedgerFile, standingLedger } from './standing-ledger.ts';

/** As the terminal would have sent them; the service beside us commits in between. */
const ENTRIES_AT_ONCE = 1_000;

type Reception = Pick<LedgerCommit, 'receivedAt' | 'latestAt'>;

interface WholeFile {
  readonly kind: 'whole';
  readonly about: RescueAbout;
  readonly count: number;
  readonly sha256: string;
  /** Where the ledger's journal ended when the file was held against it. */
  readonly before: JournalPosition;
  readonly judged: RescueJudgement;
}

const itemsOf = (file: string): Generator<RescueItem> =>
  readRescue(fileLines(file, RESCUE_LINE_BYTES_MAX));

/** Reads the file to its end and takes nothing; refused where it cannot be read, or is none. */
const look = (file: string, ledger: Ledger): WholeFile | CommandEnd => {
  let about: RescueAbout | undefined;
  let before = START_POSITION;
  let judge: RescueJudge | undefined;
  try {
    for (const item of itemsOf(file)) {
      if (item.kind === 'about') {
        const journal = item.about;
        about = journal;
        before = ledger.position(journal);
        judge = createRescueJudge(journal, before, (seq) => ledger.hashAt(journal, seq));
      } else if (item.kind === 'entry') judge?.entry(item.entry);
      else if (item.kind === 'faulty')
        return refused(`${file} は取り込めません:\n${faultLines(item.faults)}`);
      else if (about !== undefined && judge !== undefined) {
        const { count, sha256 } = item;
        return { kind: 'whole', about, count, sha256, before, judged: judge.judgement() };
      }
    }
  } catch (cause) {
    const hindrance = fileFaultJa(cause, file);
    if (hindrance === undefined) throw cause;
    return refused(hindrance);
  }
  throw new Error('a rescue file has neither a head nor a fault');
};

/** What keeps these entries out of the ledger, in Japanese; else how many of them are new there. */
const commit = (
  about: RescueAbout,
  previous: JournalPosition,
  entries: readonly StoredEntry[],
  ledger: Ledger,
  reception: Reception,
): string | { readonly entries: number; readonly taps: number } => {
  const { terminalId, journalId } = about;
  // The terminal may be alive after all, and send them meanwhile.
  const judged = judgeBatch(
    { firstSeq: previous.committedSeq + 1, previousHash: previous.headHash, entries },
    ledger.position(about),
    (seq) => ledger.hashAt(about, seq),
  );
  if (judged.kind === 'already-committed') return { entries: 0, taps: 0 };
  if (judged.kind !== 'append') return '台帳にある記録と食い違っています';
  const read = readEntries(about, judged.fresh);
  if (read.strangers.length > 0) return 'ファイルが読むたびに違います';
  const { position } = judged;
  const outcome = ledger.commit({
    terminalId,
    journalId,
    entries: read.entries,
    position,
    ...reception,
  });
  if (outcome.kind === 'not-committed') return `台帳に書けません（${outcome.message}）`;
  const taps = read.entries.filter(({ entry }) => entry?.kind === 'tap').length;
  return { entries: read.entries.length, taps };
};

interface Taken {
  readonly entries: number;
  readonly taps: number;
  /** Why it is not all that was to be taken, in Japanese. */
  readonly hindrance: string | undefined;
}

/** Takes what follows from `before`, up to and including the seq `last`. */
const takeUpTo = (
  file: string,
  { about, before }: WholeFile,
  last: number,
  ledger: Ledger,
  reception: Reception,
): Taken => {
  let [entries, taps] = [0, 0];
  let [previous, head] = [before, before];
  let waiting: StoredEntry[] = [];
  try {
    for (const item of itemsOf(file)) {
      if (item.kind !== 'entry' || item.entry.seq <= before.committedSeq) continue;
      if (!followsFrom(head, item.entry)) break;
      waiting.push(item.entry);
      head = { committedSeq: item.entry.seq, headHash: item.entry.hash };
      if (waiting.length < ENTRIES_AT_ONCE && head.committedSeq < last) continue;
      const outcome = commit(about, previous, waiting, ledger, reception);
      if (typeof outcome === 'string') return { entries, taps, hindrance: outcome };
      entries += outcome.entries;
      taps += outcome.taps;
      if (head.committedSeq === last) return { entries, taps, hindrance: undefined };
      previous = head;
      waiting = [];
    }
  } catch (cause) {
    const hindrance = fileFaultJa(cause, file);
    if (hindrance === undefined) throw cause;
    return { entries, taps, hindrance };
  }
  return { entries, taps, hindrance: 'ファイルが読むたびに違います' };
};

const take = (
  file: string,
  whole: WholeFile,
  ledger: Ledger,
  audit: AuditLog,
  reception: Reception,
  say: (line: string) => void,
): CommandEnd => {
  const { about, count, sha256, before, judged } = whole;
  const { terminalId, journalId } = about;
  switch (judged.kind) {
    case 'gap': {
      const { first, last } = judged.missing;
      return refused(`${first}〜${last}番の記録がファイルにも台帳にもありません。取り込みません`);
    }
    case 'conflict':
      return refused('台帳にある記録と食い違っています。取り込みません');
    case 'strangers':
      return refused(`別の端末の記録が混じっています（${judged.seqs.join('、')}番）`);
    case 'append':
      break;
  }
  const { fresh, left } = judged;
  const { entries, taps, hindrance } =
    fresh === undefined
      ? { entries: 0, taps: 0, hindrance: undefined }
      : takeUpTo(file, whole, fresh.last, ledger, reception);
  audit.append({
    kind: 'rescue-imported',
    actor: 'command',
    detail: {
      terminalId,
      journalId,
      firstSeq: before.committedSeq + 1,
      entries,
      taps,
      left: left?.count ?? 0,
      sha256,
      isSigned: false,
    },
  });
  say(`端末 ${terminalId}・記録 ${journalId}`);
  say(`取り込んだ記録 ${entries}件（うちタッチ ${taps}件）`);
  if (hindrance !== undefined)
    return {
      kind: 'not-good',
      message: `${hindrance}。途中までです。原因を除いて、もう一度実行してください`,
    };
  say(`すでに台帳にあった記録 ${count - entries - (left?.count ?? 0)}件`);
  if (left === undefined) return { kind: 'done' };
  return {
    kind: 'not-good',
    message: `欠けた所より後の ${left.count}件（${left.firstSeq}番から）は取り込んでいません。ファイルを保管し、出面を手で直してください`,
  };
};

export const importRescue: Command = {
  usage:
    'import-rescue FILE --config FILE  genba rescue で読み出した記録を台帳に取り込みます（運転中も可）',
  run: async (parameters, { say }) => {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: { config: { type: 'string' } },
    });
    const [file] = positionals;
    if (file === undefined || values.config === undefined)
      return refused('救出したファイルと --config が要ります');
    const hindrance = hindranceJa(file, constants.R_OK, 'ファイルがありません');
    if (hindrance !== undefined) return refused(hindrance);
    const standing = standingLedger(values.config);
    if (standing.kind !== 'standing') return standing;
    const { config, ledgerFile } = standing;
    const db = openLedgerFile(ledgerFile);
    try {
      const ledger = openSqliteLedger(db);
      const clock = createSystemClock(config.clockTrust);
      const whole = look(file, ledger);
      if (whole.kind !== 'whole') return whole;
      const { terminalId } = whole.about;
      const isKnown =
        config.terminals.some((terminal) => terminal.terminalId === terminalId) ||
        ledger.journals().some((journal) => journal.terminalId === terminalId);
      if (!isKnown) return refused(`${terminalId} という端末はこの中継サーバにありません`);
      const audit = openSqliteAuditLog(db, () => clock.read().wallMs);
      const reading = clock.read();
      const toleranceMs = config.futureToleranceMinutes * MINUTE_MS;
      const reception = {
        receivedAt: reading.wallMs,
        latestAt: latestClaim(reading, toleranceMs),
      };
      return take(file, whole, ledger, audit, reception, say);
    } finally {
      db.close();
    }
  },
};
