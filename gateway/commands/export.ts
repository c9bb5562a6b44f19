/**
 * `genba-gateway export` (検証できる書き出し): everything that the gateway's figures rest on, in one file that
 * anybody can check and recompute without it. Also while the gateway runs.
 */
import { constants, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteToRead, type Sqlite } from '../../shared/durable-sqlite.ts';
import { hindranceJa, newFileHindranceJa } from '../../shared/needed-file.ts';
import { type Signer, signerFromPem } from '../../shared/signature.ts';
import { isSystemError } from '../../shared/system-error.ts';
import { type ExportLine, encodeExport } from '../export/export-lines.ts';
import { writeWhole } from '../export/write-export.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { exportLinesOf } from '../store/sqlite-export.ts';
import { migrate } from '../store/sqlite-migrations.ts';
import { rememberConfiguredTerminals } from '../store/sqlite-terminal-keys.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, type CommandEnd, refused } from './command.ts';
import { openLedgerFile, standingLedger } from './standing-ledger.ts';

function* counting<Line extends ExportLine>(
  lines: Iterable<Line>,
  counts: { entries: number },
): Generator<Line> {
  for (const line of lines) {
    if (line.kind === 'entry') counts.entries += 1;
    yield line;
  }
}

interface Written {
  readonly entries: number;
  readonly lines: number;
  readonly sha256: string;
}

/** `reading` sees one moment of the ledger; what is noted goes through `writing`. */
const write = (
  reading: Sqlite,
  writing: Sqlite,
  { signer, extractDay, out }: { signer: Signer; extractDay: number; out: string },
): Written => {
  const now = systemNow;
  const counts = { entries: 0, lines: 0, sha256: '' };
  const lines = counting(
    exportLinesOf(reading, { gatewayKey: signer.publicKey, madeAt: now(), extractDay }),
    counts,
  );
  const texts = encodeExport(lines, signer, ({ lines: before, sha256 }) => {
    counts.lines = before + 1;
    counts.sha256 = sha256;
  });
  reading.transaction(() =>
    writeWhole(out, texts, () =>
      // Everybody's names leave the ledger here: noted before there is a file that could be taken away.
      openSqliteAuditLog(writing, now).append({
        kind: 'export',
        actor: 'command',
        detail: { file: basename(out), ...counts },
      }),
    ),
  )();
  return counts;
};

export const exportCommand: Command = {
  usage:
    'export --config FILE --out FILE   誰でも検証・再計算できる書き出しを作ります（運転中も可）',
  run: async (parameters, { say }): Promise<CommandEnd> => {
    const { values } = parseArgs({
      args: [...parameters],
      options: { config: { type: 'string' }, out: { type: 'string' } },
    });
    const { config: configFile, out } = values;
    if (configFile === undefined || out === undefined)
      return refused('--config と --out が要ります');
    const hindrance = newFileHindranceJa(out);
    if (hindrance !== undefined) return refused(hindrance);
    const standing = standingLedger(configFile);
    if (standing.kind !== 'standing') return standing;
    const { config, ledgerFile } = standing;
    const { signingKeyFile, terminals } = config;
    const keyHindrance = hindranceJa(signingKeyFile, constants.R_OK, '署名の鍵がありません');
    if (keyHindrance !== undefined) return refused(keyHindrance);
    const signer = signerFromPem(readFileSync(signingKeyFile, 'utf8'));

    const writing = openLedgerFile(ledgerFile);
    const reading = openSqliteToRead(ledgerFile);
    try {
      migrate(writing);
      rememberConfiguredTerminals(writing, terminals, systemNow());
      const { entries, lines } = write(reading, writing, {
        signer,
        extractDay: config.closing.extractDay,
        out,
      });
      const megabytes = (statSync(out).size / 1e6).toFixed(1);
      say(`${out} に書き出しました（記録 ${entries}件・${lines}行・${megabytes} MB）`);
      say(`検証: genba-gateway verify ${out} --gateway-key ${signer.publicKey}`);
      say('名前が入っています。渡す相手に気をつけてください');
      return { kind: 'done' };
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      return { kind: 'not-good', message: `書き出せません: ${cause.message}` };
    } finally {
      reading.close();
      writing.close();
    }
  },
};
