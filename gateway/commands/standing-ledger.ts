/** The ledger that a command works on (台帳): where the configuration says, and it must be there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfig } from '../config.ts';
import { type CommandEnd, readConfigFile, refused } from './command.ts';

/** In the data folder. */
export const LEDGER_FILE = 'ledger.db';

export interface StandingLedger {
  readonly kind: 'standing';
  readonly config: GatewayConfig;
  /** Of the configuration's file. */
  readonly text: string;
  readonly ledgerFile: string;
}

/** Refused: no such configuration, a faulty one, or no ledger yet. */
export const standingLedger = (configFile: string): StandingLedger | CommandEnd => {
  const read = readConfigFile(configFile);
  if (read.kind === 'missing') return refused(`${configFile}: ファイルがありません`);
  if (read.kind === 'faulty') return refused(read.message);
  const { config, text } = read;
  const ledgerFile = join(config.dataDir, LEDGER_FILE);
  return existsSync(ledgerFile)
    ? { kind: 'standing', config, text, ledgerFile }
    : refused(`${ledgerFile}: 台帳がありません`);
};
