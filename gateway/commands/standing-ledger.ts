/** The ledger that a command works on (台帳): where the configuration says, and it must be there. */
import { constants } from 'node:fs';
import { join } from 'node:path';
import { openDurableSqlite, type Sqlite } from '../../shared/durable-sqlite.ts';
import { hindranceJa } from '../../shared/needed-file.ts';
import type { GatewayConfig } from '../config.ts';
import { type CommandEnd, readConfigFile, refused } from './command.ts';

/** In the data folder. */
export const LEDGER_FILE = 'ledger.db';

/** As commands work on it: little at a time. */
export const openLedgerFile = (ledgerFile: string): Sqlite =>
  openDurableSqlite(ledgerFile, { checkpointPages: 1_000 });

/** What keeps a command from the ledger, in Japanese; undefined = nothing. */
export const ledgerHindrance = (ledgerFile: string): string | undefined =>
  hindranceJa(
    ledgerFile,
    constants.R_OK | constants.W_OK,
    '台帳がありません（genba-gateway を一度起動してください）',
  );

export interface StandingLedger {
  readonly kind: 'standing';
  readonly config: GatewayConfig;
  /** Of the configuration's file. */
  readonly text: string;
  readonly ledgerFile: string;
}

/** Refused: no such configuration, a faulty one, or no ledger yet, or one without the right to it. */
export const standingLedger = (configFile: string): StandingLedger | CommandEnd => {
  const read = readConfigFile(configFile);
  if (read.kind === 'missing') return refused(`${configFile}: ファイルがありません`);
  if (read.kind === 'faulty') return refused(read.message);
  const { config, text } = read;
  const ledgerFile = join(config.dataDir, LEDGER_FILE);
  const hindrance = ledgerHindrance(ledgerFile);
  return hindrance === undefined
    ? { kind: 'standing', config, text, ledgerFile }
    : refused(hindrance);
};
