/** Access (入口) as the gateway's configuration has it, on the ledger's database. */
import { readFileSync } from 'node:fs';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { Clock } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import { openSqliteAccounts } from '../store/sqlite-accounts.ts';
import { openSqliteSessions } from '../store/sqlite-sessions.ts';
import { openSqliteTokens } from '../store/sqlite-tokens.ts';
import { type Access, createAccess } from './access.ts';
import type { AuditLog } from './audit-log.ts';
import type { OidcConfig } from './oidc-config.ts';

/** Loaded only where it is set up; a secret that cannot be read is a wrong installation, and throws. */
const openProvider = async (config: OidcConfig) => {
  const { createProvider } = await import('./oidc.ts');
  const { clientSecretFile } = config;
  const secret =
    clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim();
  return { config, provider: createProvider(config, secret) };
};

/** `database`: already migrated. */
export const openAccess = async ({
  config,
  database,
  audit,
  clock,
}: {
  readonly config: GatewayConfig;
  readonly database: Sqlite;
  readonly audit: AuditLog;
  readonly clock: Clock;
}): Promise<Access> =>
  createAccess({
    configuredTokens: config.tokens,
    tokens: openSqliteTokens(database),
    accounts: openSqliteAccounts(database),
    sessionStore: openSqliteSessions(database),
    sessionLimits: config.console,
    oidc: config.oidc && (await openProvider(config.oidc)),
    audit,
    clock,
    names: {
      httpsNames: config.https?.names ?? [],
      publicUrl: config.http.proxy?.publicUrl,
    },
    requestLimit: config.http.requestLimit,
    requestsAtOnce: config.http.connections.perClient,
  });
