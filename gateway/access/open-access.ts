/** Access (入口) as the gateway's configuration has it, on the ledger's database. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { Clock } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import { openSqliteAccounts } from '../store/sqlite-accounts.ts';
import { openSqliteSessions } from '../store/sqlite-sessions.ts';
import { openSqliteTokens } from '../store/sqlite-tokens.ts';
import { type Access, createAccess } from './access.ts';
import type { AuditLog } from './audit-log.ts';

/** `database`: already migrated. */
export const openAccess = ({
  config,
  database,
  audit,
  clock,
}: {
  readonly config: GatewayConfig;
  readonly database: Sqlite;
  readonly audit: AuditLog;
  readonly clock: Clock;
}): Access =>
  createAccess({
    configuredTokens: config.tokens,
    tokens: openSqliteTokens(database),
    accounts: openSqliteAccounts(database),
    sessionStore: openSqliteSessions(database),
    sessionLimits: config.console,
    audit,
    clock,
    names: {
      httpsNames: config.https?.names ?? [],
      publicUrl: config.http.proxy?.publicUrl,
    },
    requestLimit: config.http.requestLimit,
  });
