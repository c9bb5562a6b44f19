/**
 * `genba-gateway restore` (控えから戻す): makes the data folder of a gateway from its backup.
 *
 * What came in after the backup was made comes again by itself: the terminals hear how far the restored
 * ledger goes, and send from there.
 */
import {
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { hindranceJa } from '../../shared/needed-file.ts';
import { syncToDisk } from '../../shared/replace-file.ts';
import { isoInJapan } from '../../shared/time.ts';
import { makeLedgerOf, type ReadBackup, readBackup } from '../backup-file.ts';
import { type GatewayConfig, parseGatewayConfig } from '../config.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, readConfigFile, refused } from './command.ts';
import { LEDGER_FILE, openLedgerFile } from './standing-ledger.ts';

/** The folder's owner runs the service; who restores is often root. */
const giveToOwnerOf = (folder: string, path: string): void => {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  chownSync(path, uid, gid);
};

/** The service reads its configuration and may not change it. */
const giveToGroupOf = (folder: string, path: string): void => {
  if (process.getuid?.() === 0) chownSync(path, 0, statSync(folder).gid);
};

const isBelow = (folder: string, path: string): boolean =>
  resolve(path).startsWith(`${resolve(folder)}${sep}`);

/** Every file of the backup with its place here; undefined where one would lie outside. */
const placesOf = (
  { files }: ReadBackup,
  { dataDir, signingKeyFile }: GatewayConfig,
): ReadonlyMap<string, Buffer> | undefined => {
  const bytesByPath = new Map<string, Buffer>();
  for (const { name, bytes } of files) {
    if (name === 'config') continue;
    const path = name === 'signing-key' ? signingKeyFile : join(dataDir, name);
    if (name !== 'signing-key' && !isBelow(dataDir, path)) return undefined;
    bytesByPath.set(resolve(path), bytes);
  }
  return bytesByPath;
};

const writeWhole = (path: string, bytes: Buffer, dataDir: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (isBelow(dataDir, path)) giveToOwnerOf(dataDir, dirname(path));
  writeFileSync(path, bytes, { mode: 0o600, flush: true });
  giveToOwnerOf(isBelow(dataDir, path) ? dataDir : dirname(path), path);
};

const restoreLedger = (file: string, backup: ReadBackup, dataDir: string): void => {
  const unfinished = join(dataDir, `${LEDGER_FILE}.new`);
  copyFileSync(file, unfinished);
  const db = openLedgerFile(unfinished);
  try {
    makeLedgerOf(db, backup, systemNow());
    db.pragma('journal_mode = delete');
  } finally {
    db.close();
  }
  syncToDisk(unfinished);
  giveToOwnerOf(dataDir, unfinished);
  renameSync(unfinished, join(dataDir, LEDGER_FILE));
  syncToDisk(dataDir);
};

const configOf = (backup: ReadBackup, file: string) => {
  const read = readConfigFile(file);
  if (read.kind !== 'missing') return read;
  const text = backup.files.find(({ name }) => name === 'config')?.bytes.toString('utf8') ?? '';
  const parsed = parseGatewayConfig(text);
  return parsed.ok
    ? ({ kind: 'taken', config: parsed.value, text } as const)
    : ({ kind: 'faulty', message: `${file}: 設定がありません` } as const);
};

export const restore: Command = {
  usage:
    'restore FILE --config FILE        控えから台帳・鍵を戻します（設定がなければ設定も）。台帳がある所には戻しません',
  run: async (parameters, { say }) => {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: { config: { type: 'string' } },
    });
    const [file] = positionals;
    const { config: configFile } = values;
    if (file === undefined || configFile === undefined)
      return refused('控えのファイルと --config が要ります');
    const hindrance = hindranceJa(file, constants.R_OK, 'ファイルがありません');
    if (hindrance !== undefined) return refused(hindrance);
    const backup = readBackup(file);
    if (!backup.ok)
      return refused(backup.faults.map(({ place, message }) => `${place}: ${message}`).join('\n'));
    const read = configOf(backup.value, configFile);
    if (read.kind === 'faulty') return refused(read.message);
    const { config } = read;
    const places = placesOf(backup.value, config);
    if (places === undefined) return refused(`${file}: 控えの中のファイル名が正しくありません`);
    const taken = [join(config.dataDir, LEDGER_FILE), ...places.keys()].filter(existsSync);
    if (taken.length > 0)
      return refused(
        `すでにあります。よそへ移してからもう一度実行してください:\n${taken.join('\n')}`,
      );

    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    if (read.kind === 'taken') {
      mkdirSync(dirname(resolve(configFile)), { recursive: true });
      writeFileSync(configFile, read.text, { mode: 0o640, flush: true });
      giveToGroupOf(config.dataDir, configFile);
    }
    for (const [path, bytes] of places) writeWhole(path, bytes, config.dataDir);
    // Last, because a gateway starts on a ledger.
    restoreLedger(file, backup.value, config.dataDir);
    const { about, entries } = backup.value;
    say(`${isoInJapan(about.madeAtMs)} の控えから戻しました（記録 ${entries}件）`);
    say('控えの後の記録は、端末が自分でもう一度送ります');
    say(
      '控えの後に失効させたトークン・端末・アカウントは、有効に戻っています。確かめて、もう一度失効させてください',
    );
    return { kind: 'done' };
  },
};
