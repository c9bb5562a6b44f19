/** Everything that goes into an export, read off the SQLite ledger line by line, as of one moment. */
import { inflateRawSync } from 'node:zlib';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { JournalId, TerminalId } from '../../shared/ids.ts';
import type { PublicKeyText } from '../../shared/signature.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import type { ExportLine, LineOf } from '../export/export-lines.ts';
import { submissionOfPurpose } from '../mail/submissions.ts';
import { openSqliteAllocations } from './sqlite-allocations.ts';
import { openSqliteCorrections } from './sqlite-corrections.ts';
import { sentMails } from './sqlite-outbox.ts';
import { terminalKeys } from './sqlite-terminal-keys.ts';

interface ImportRow {
  readonly import_no: number;
  readonly text: Buffer;
  readonly sha256: Buffer;
  readonly at_ms: number;
  readonly purge_no: number | null;
}

interface JournalRow {
  readonly journal_no: number;
  readonly terminal_id: string;
  readonly journal_id: string;
  readonly committed_seq: number;
  readonly head_hash: Buffer;
}

interface EntryRow {
  readonly ledger_no: number;
  readonly seq: number;
  readonly text: string;
  readonly hash: Buffer;
  readonly received_at_ms: number;
  readonly purge_no: number | null;
  readonly latest_ms: number | null;
}

interface SealRow {
  readonly first_seq: number;
  readonly count: number;
  readonly previous_hash: Buffer;
  readonly head_hash: Buffer;
  readonly signature: string;
}

interface RescueRow {
  readonly first_seq: number;
  readonly count: number;
  readonly received_at_ms: number;
}

interface IssuedRow {
  readonly issue_no: number;
  readonly text: string;
  readonly hash: Buffer;
  readonly content: Buffer;
  readonly purge_no: number | null;
}

type Line = Exclude<ExportLine, { kind: 'end' }>;

const entryLine = (row: EntryRow): LineOf<'entry'> => ({
  kind: 'entry',
  ledgerNo: row.ledger_no,
  seq: row.seq,
  receivedAtMs: utcMs(row.received_at_ms),
  ...(row.latest_ms === null ? {} : { latestAtMs: utcMs(row.latest_ms) }),
  hash: row.hash.toString('hex'),
  text: row.text,
  ...(row.purge_no === null ? {} : { isPurged: true }),
});

const sealLine = (row: SealRow): LineOf<'seal'> => ({
  kind: 'seal',
  firstSeq: row.first_seq,
  count: row.count,
  previousHash: row.previous_hash.toString('hex'),
  headHash: row.head_hash.toString('hex'),
  signature: row.signature,
});

const rescueLine = (row: RescueRow): LineOf<'rescue'> => ({
  kind: 'rescue',
  firstSeq: row.first_seq,
  count: row.count,
  receivedAtMs: utcMs(row.received_at_ms),
});

const registryLine = (row: ImportRow): LineOf<'registry'> => ({
  kind: 'registry',
  importNo: row.import_no,
  importedAtMs: utcMs(row.at_ms),
  sha256: row.sha256.toString('hex'),
  ...(row.purge_no === null
    ? { text: inflateRawSync(row.text).toString('utf8') }
    : { text: '', isPurged: true }),
});

const issuedLine = (row: IssuedRow): LineOf<'issued'> => ({
  kind: 'issued',
  issueNo: row.issue_no,
  text: row.text,
  hash: row.hash.toString('hex'),
  ...(row.purge_no === null
    ? { content: inflateRawSync(row.content).toString('utf8') }
    : { content: '', isPurged: true }),
});

/** Entries by seq; seals behind the last entry that they cover, rescues ahead of their first. */
const journalContents = (db: Sqlite): ((journalNo: number) => Generator<Line>) => {
  const selectEntries = db.prepare<[number], EntryRow>(
    'select * from entry where journal_no = ? order by seq',
  );
  const selectSeals = db.prepare<[number], SealRow>(
    'select * from batch where journal_no = ? order by first_seq + count, first_seq',
  );
  const selectRescues = db.prepare<[number], RescueRow>(
    'select * from rescue where journal_no = ? order by first_seq',
  );
  return function* contentsOf(journalNo) {
    const seals = selectSeals.iterate(journalNo);
    const rescues = selectRescues.iterate(journalNo);
    try {
      let seal = seals.next();
      let rescue = rescues.next();
      for (const row of selectEntries.iterate(journalNo)) {
        for (; rescue.done !== true && rescue.value.first_seq <= row.seq; rescue = rescues.next())
          yield rescueLine(rescue.value);
        yield entryLine(row);
        for (; isDue(seal, row.seq); seal = seals.next()) yield sealLine(seal.value);
      }
      // What covers nothing that is there shows itself as a fault where it is verified.
      for (; seal.done !== true; seal = seals.next()) yield sealLine(seal.value);
      for (; rescue.done !== true; rescue = rescues.next()) yield rescueLine(rescue.value);
    } finally {
      seals.return?.();
      rescues.return?.();
    }
  };
};

const isDue = (seal: IteratorResult<SealRow>, seq: number): seal is IteratorYieldResult<SealRow> =>
  seal.done !== true && seal.value.first_seq + seal.value.count - 1 <= seq;

/**
 * The lines of an export but for its end. To be read to the end or returned within one transaction, so that
 * what the gateway commits in between is not seen. Touches stream: nothing grows with them.
 */
export function* exportLinesOf(
  db: Sqlite,
  {
    gatewayKey,
    madeAt,
    extractDay,
  }: {
    readonly gatewayKey: PublicKeyText;
    readonly madeAt: UtcMs;
    readonly extractDay?: number;
  },
): Generator<Line> {
  yield {
    kind: 'genba-export',
    v: 1,
    gatewayKey,
    madeAtMs: madeAt,
    ...(extractDay === undefined ? {} : { extractDay }),
  };
  for (const key of terminalKeys(db)) {
    const { terminalId, siteId, publicKey } = key;
    yield { kind: 'terminal', terminalId, siteId, publicKey };
  }
  const imports = db.prepare<[], ImportRow>('select * from registry_import order by import_no');
  for (const row of imports.iterate()) yield registryLine(row);
  for (const [index, decided] of openSqliteCorrections(db).approvedByDecision().entries())
    yield { kind: 'correction', decidedNo: index + 1, ...decided };
  for (const { confirmedAt, rows, ...run } of openSqliteAllocations(db).inOrder())
    yield { kind: 'run', ...run, confirmedAtMs: confirmedAt, rows: [...rows] };
  for (const { purpose, mailId, sentAt } of sentMails(db)) {
    const key = submissionOfPurpose(purpose);
    if (key !== undefined) yield { kind: 'reported', ...key, mailId, sentAtMs: sentAt };
  }
  const contentsOf = journalContents(db);
  const journals = db.prepare<[], JournalRow>('select * from journal order by journal_no');
  for (const journal of journals.all()) {
    yield {
      kind: 'journal',
      terminalId: TerminalId.parse(journal.terminal_id),
      journalId: JournalId.parse(journal.journal_id),
      entries: journal.committed_seq,
      headHash: journal.head_hash.toString('hex'),
    };
    yield* contentsOf(journal.journal_no);
  }
  const issued = db.prepare<[], IssuedRow>('select * from issued order by issue_no');
  for (const row of issued.iterate()) yield issuedLine(row);
}
