/**
 * `genba-gateway import-rescue` (救出した記録の取り込み): on the gateway's own machine, also while it runs.
 *
 * Whoever may read the configuration and write the ledger is its administrator; that they did it stands
 * in the audit log, because these entries bear no signature.
 */
import { hash } from 'node:crypto';
import { constants, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { hindranceJa } from '../../shared/needed-file.ts';
import { parseRescue, type Rescue } from '../../shared/rescue-file.ts';
import { faultLines } from '../../shared/result.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { latestClaim } from '../ingest.ts';
import { judgeRescue } from '../rescue-import.ts';
import type { Ledger, LedgerCommit } from '../store/ledger.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../store/sqlite-ledger.ts';
import { createSystemClock } from '../system-clock.ts';
import { type Command, type CommandEnd, refused } from './command.ts';
import { standingLedger } from './standing-ledger.ts';

/** As the terminal would have sent them; the service beside us commits in between. */
const ENTRIES_AT_ONCE = 1_000;

const take = (
  rescue: Rescue,
  sha256: string,
  ledger: Ledger,
  audit: AuditLog,
  reception: Pick<LedgerCommit, 'receivedAt' | 'latestAt'>,
  say: (line: string) => void,
): CommandEnd => {
  const { terminalId, journalId } = rescue;
  const before = ledger.position(rescue);
  const judged = judgeRescue(rescue, before, (seq) => ledger.hashAt(rescue, seq));
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
  for (let at = 0; at < fresh.length; at += ENTRIES_AT_ONCE) {
    const entries = fresh.slice(at, at + ENTRIES_AT_ONCE);
    const last = entries.at(-1);
    if (last === undefined) break;
    const outcome = ledger.commit({
      terminalId,
      journalId,
      entries,
      position: { committedSeq: last.seq, headHash: last.hash },
      ...reception,
    });
    if (outcome.kind === 'not-committed')
      return { kind: 'not-good', message: `台帳に書けません（${outcome.message}）` };
  }
  const taps = fresh.filter(({ entry }) => entry?.kind === 'tap').length;
  audit.append({
    kind: 'rescue-imported',
    actor: 'command',
    detail: {
      terminalId,
      journalId,
      firstSeq: fresh[0]?.seq ?? before.committedSeq + 1,
      entries: fresh.length,
      taps,
      left: left.length,
      sha256,
      isSigned: false,
    },
  });
  say(`端末 ${terminalId}・記録 ${journalId}`);
  say(`取り込んだ記録 ${fresh.length}件（うちタッチ ${taps}件）`);
  say(`すでに台帳にあった記録 ${rescue.entries.length - fresh.length - left.length}件`);
  if (left.length === 0) return { kind: 'done' };
  return {
    kind: 'not-good',
    message: `欠けた所より後の ${left.length}件（${left[0]?.seq}番から）は取り込んでいません。ファイルを保管し、出面を手で直してください`,
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
    const text = readFileSync(file, 'utf8');
    const parsed = parseRescue(text);
    if (!parsed.ok) return refused(`${file} は取り込めません:\n${faultLines(parsed.faults)}`);

    const db = openDurableSqlite(ledgerFile, { checkpointPages: 1_000 });
    try {
      const ledger = openSqliteLedger(db);
      const clock = createSystemClock(config.clockTrust);
      const { terminalId } = parsed.value;
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
      return take(parsed.value, hash('sha256', text), ledger, audit, reception, say);
    } finally {
      db.close();
    }
  },
};
