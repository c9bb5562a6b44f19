/** `genba-gateway backup` (控えを取る): also while the gateway runs. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { newFileHindranceJa } from '../../shared/needed-file.ts';
import { syncToDisk } from '../../shared/replace-file.ts';
import { type BackedUpFile, readBackup, writeBackup } from '../backup-file.ts';
import type { GatewayConfig } from '../config.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, refused } from './command.ts';
import { openLedgerFile, standingLedger } from './standing-ledger.ts';

const LEDGER_FILES = /^ledger\.db(-wal|-shm)?$/;

/** What lies in the data folder beside the ledger, and the files that the configuration names. */
const filesOf = (config: GatewayConfig, configText: string): readonly BackedUpFile[] => {
  const dataDir = resolve(config.dataDir);
  const signingKey = resolve(config.signingKeyFile);
  const beside = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !LEDGER_FILES.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => path !== signingKey);
  return [
    { name: 'config', bytes: Buffer.from(configText) },
    { name: 'signing-key', bytes: readFileSync(signingKey) },
    ...beside.map((path) => ({ name: relative(dataDir, path), bytes: readFileSync(path) })),
  ];
};

/** Everybody's names leave the ledger here: that belongs into the log of who looked. */
const noteInAudit = (ledgerFile: string, entries: number): void => {
  const db = openLedgerFile(ledgerFile);
  try {
    openSqliteAuditLog(db, systemNow).append({
      kind: 'backup-made',
      actor: 'command',
      detail: { entries },
    });
  } finally {
    db.close();
  }
};

export const backup: Command = {
  usage:
    'backup --config FILE --out FILE   台帳・鍵・設定の控えを1つのファイルに取ります（運転中も可）',
  run: async (parameters, { say, version }) => {
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
    const { config, text, ledgerFile } = standing;

    // Beside its place, so that it takes that place whole or not at all.
    const work = mkdtempSync(join(dirname(resolve(out)), '.genba-backup-'));
    try {
      const unfinished = join(work, basename(out));
      writeBackup(
        ledgerFile,
        unfinished,
        { madeAtMs: systemNow(), version },
        filesOf(config, text),
        openLedgerFile,
      );
      const check = readBackup(unfinished);
      if (!check.ok)
        return { kind: 'not-good', message: `取った控えが使えません: ${check.faults[0]?.message}` };
      noteInAudit(ledgerFile, check.value.entries);
      renameSync(unfinished, out);
      syncToDisk(dirname(resolve(out)));
      const megabytes = (statSync(out).size / 1e6).toFixed(1);
      say(`${out} に控えました（記録 ${check.value.entries}件・${megabytes} MB）`);
      say('名前と鍵が入っています。鍵のかかる所に置いてください');
      return { kind: 'done' };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};
