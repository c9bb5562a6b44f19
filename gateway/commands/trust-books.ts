/** What the commands about certificates need of a gateway (認証局と登録の帳簿), also while it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { GatewayConfig } from '../config.ts';
import { type Authority, openAuthority } from '../enrolment/authority.ts';
import type { EnrolmentStore } from '../enrolment/enrolment-store.ts';
import { openOwnAuthority } from '../enrolment/own-authority.ts';
import type { TrustConfig } from '../enrolment/trust-config.ts';
import { openSqliteEnrolments } from '../store/sqlite-enrolments.ts';
import { systemNow } from '../system-clock.ts';
import { type CommandEnd, readConfigFile, refused } from './command.ts';
import { LEDGER_FILE, ledgerHindrance, openLedgerFile } from './standing-ledger.ts';

export const DEFAULT_CONFIG = '/etc/genba-tap/gateway.json';

export interface TrustBooks {
  readonly config: GatewayConfig;
  readonly trust: TrustConfig;
  readonly db: Sqlite;
  readonly authority: Authority;
  readonly store: EnrolmentStore;
}

/** The gateway must have run once; with an authority outside there are no books. */
export const withTrustBooks = async (
  configFile: string,
  use: (books: TrustBooks) => Promise<CommandEnd>,
): Promise<CommandEnd> => {
  const read = readConfigFile(configFile);
  if (read.kind === 'missing') return refused(`${configFile}: ファイルがありません`);
  if (read.kind === 'faulty') return refused(read.message);
  const { config } = read;
  const { trust } = config;
  if (trust === undefined) return refused(`${configFile}: trust の設定がありません`);
  if (trust.authority.kind === 'outside')
    return refused('外部の認証局では、証明書はその認証局が発行します');
  const ledgerFile = join(config.dataDir, LEDGER_FILE);
  const hindrance = ledgerHindrance(ledgerFile);
  if (hindrance !== undefined) return refused(hindrance);
  const authority =
    trust.authority.kind === 'own'
      ? await openOwnAuthority(config.dataDir, systemNow())
      : await openAuthority(
          readFileSync(trust.authority.certificateFile, 'utf8'),
          readFileSync(trust.authority.keyFile, 'utf8'),
        );
  const db = openLedgerFile(ledgerFile);
  try {
    return await use({ config, trust, db, authority, store: openSqliteEnrolments(db) });
  } finally {
    db.close();
  }
};
