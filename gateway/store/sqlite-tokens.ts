/** Issued tokens on SQLite (アクセストークン): name, scopes and hash; never the token. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import type { TokenRecord, TokenStore } from '../access/tokens.ts';
import { ScopeTexts } from '../access/viewer.ts';

interface TokenRow {
  readonly name: string;
  readonly scopes: string;
  readonly issued_by: string;
  readonly issued_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

const recordOf = (row: TokenRow): TokenRecord => ({
  name: row.name,
  scopes: ScopeTexts.parse(JSON.parse(row.scopes)),
  issuedBy: row.issued_by,
  issuedAt: utcMs(row.issued_at_ms),
  expiresAt: row.expires_at_ms === null ? undefined : utcMs(row.expires_at_ms),
  revokedAt: row.revoked_at_ms === null ? undefined : utcMs(row.revoked_at_ms),
});

/** The ledger's database, already migrated. */
export const openSqliteTokens = (db: Sqlite): TokenStore => {
  const insert = db.prepare(
    'insert into access_token values (?, ?, ?, ?, ?, ?, null) on conflict do nothing',
  );
  const selectAll = db.prepare<[], TokenRow>(
    'select * from access_token order by issued_at_ms, name',
  );
  const selectOne = db.prepare<[Buffer], TokenRow>('select * from access_token where sha256 = ?');
  const revoke = db.prepare(
    'update access_token set revoked_at_ms = ? where name = ? and revoked_at_ms is null',
  );
  return {
    add: ({ name, scopes, issuedBy, issuedAt, expiresAt }, digest) =>
      insert.run(name, digest, JSON.stringify(scopes), issuedBy, issuedAt, expiresAt ?? null)
        .changes > 0,
    list: () => selectAll.all().map(recordOf),
    byDigest: (digest) => {
      const row = selectOne.get(digest);
      return row === undefined ? undefined : recordOf(row);
    },
    revoke: (name, at) => revoke.run(at, name).changes > 0,
  };
};
