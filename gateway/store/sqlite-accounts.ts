/** Accounts, their passkeys and their browsers on SQLite (アカウント). */
import { z } from 'zod';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import type { Account, AccountStore, Passkey } from '../access/accounts.ts';
import { ScopeTexts } from '../access/viewer.ts';

interface UserRow {
  readonly user_no: number;
  readonly name: string;
  readonly scopes: string;
  readonly password_hash: string | null;
  readonly external_id: string | null;
  readonly created_at_ms: number;
  readonly disabled_at_ms: number | null;
}

interface PasskeyRow {
  readonly credential_id: string;
  readonly user_no: number;
  readonly public_key: Buffer;
  readonly counter: number;
  readonly transports: string;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number | null;
}

const accountOf = (row: UserRow): Account => ({
  userNo: row.user_no,
  name: row.name,
  scopes: ScopeTexts.parse(JSON.parse(row.scopes)),
  hasPassword: row.password_hash !== null,
  externalId: row.external_id ?? undefined,
  createdAt: utcMs(row.created_at_ms),
  disabledAt: row.disabled_at_ms === null ? undefined : utcMs(row.disabled_at_ms),
});

const passkeyOf = (row: PasskeyRow): Passkey => ({
  credentialId: row.credential_id,
  userNo: row.user_no,
  publicKey: new Uint8Array(row.public_key),
  counter: row.counter,
  transports: z.array(z.string()).parse(JSON.parse(row.transports)),
  createdAt: utcMs(row.created_at_ms),
  lastUsedAt: row.last_used_at_ms === null ? undefined : utcMs(row.last_used_at_ms),
});

/** The browsers remembered of one account; the oldest are forgotten first. */
const BROWSERS_MAX = 20;

/** The ledger's database, already migrated. */
export const openSqliteAccounts = (db: Sqlite): AccountStore => {
  const insert = db.prepare(
    `insert into access_user (name, scopes, password_hash, external_id, created_at_ms)
     values (?, ?, ?, ?, ?) on conflict do nothing`,
  );
  const selectAll = db.prepare<[], UserRow>('select * from access_user order by name');
  const selectBy = (column: 'name' | 'user_no' | 'external_id') =>
    db.prepare<[string | number], UserRow>(`select * from access_user where ${column} = ?`);
  const [byName, byNo, byExternalId] = [
    selectBy('name'),
    selectBy('user_no'),
    selectBy('external_id'),
  ];
  const set = (column: 'password_hash' | 'scopes' | 'disabled_at_ms') =>
    db.prepare(`update access_user set ${column} = ? where user_no = ?`);
  const [setPassword, setScopes, setDisabled] = [
    set('password_hash'),
    set('scopes'),
    set('disabled_at_ms'),
  ];
  const selectBrowser = db.prepare('select 1 from known_browser where sha256 = ? and user_no = ?');
  const insertBrowser = db.prepare(
    `insert into known_browser values (?, ?, ?)
     on conflict (sha256) do update set user_no = excluded.user_no, seen_at_ms = excluded.seen_at_ms`,
  );
  const forgetBrowsers = db.prepare(
    `delete from known_browser where user_no = :userNo and sha256 not in (
       select sha256 from known_browser where user_no = :userNo
       order by seen_at_ms desc limit ${BROWSERS_MAX})`,
  );
  const selectPasskeys = db.prepare<[number], PasskeyRow>(
    'select * from passkey where user_no = ? order by created_at_ms',
  );
  const selectPasskey = db.prepare<[string], PasskeyRow>(
    'select * from passkey where credential_id = ?',
  );
  const insertPasskey = db.prepare(
    'insert into passkey values (?, ?, ?, ?, ?, ?, null) on conflict do nothing',
  );
  const usePasskey = db.prepare(
    'update passkey set counter = ?, last_used_at_ms = ? where credential_id = ?',
  );
  const deletePasskeys = db.prepare('delete from passkey where user_no = ?');
  const deletePasskey = db.prepare('delete from passkey where credential_id = ? and user_no = ?');
  const accountOrNone = (row: UserRow | undefined): Account | undefined => row && accountOf(row);

  return {
    add: ({ name, scopes, passwordHash, externalId, createdAt }) =>
      insert.run(name, JSON.stringify(scopes), passwordHash ?? null, externalId ?? null, createdAt)
        .changes > 0
        ? accountOrNone(byName.get(name))
        : undefined,
    list: () => selectAll.all().map(accountOf),
    byName: (name) => accountOrNone(byName.get(name)),
    byNo: (userNo) => accountOrNone(byNo.get(userNo)),
    byExternalId: (externalId) => accountOrNone(byExternalId.get(externalId)),
    passwordHash: (userNo) => byNo.get(userNo)?.password_hash ?? undefined,
    setPassword: (userNo, hash) => void setPassword.run(hash, userNo),
    setScopes: (userNo, scopes) => void setScopes.run(JSON.stringify(scopes), userNo),
    setDisabled: (userNo, at) => void setDisabled.run(at ?? null, userNo),
    knowsBrowser: (digest, userNo) => selectBrowser.get(digest, userNo) !== undefined,
    rememberBrowser: (digest, userNo, at) => {
      insertBrowser.run(digest, userNo, at);
      forgetBrowsers.run({ userNo });
    },
    passkeys: (userNo) => selectPasskeys.all(userNo).map(passkeyOf),
    passkey: (credentialId) => {
      const row = selectPasskey.get(credentialId);
      return row && passkeyOf(row);
    },
    addPasskey: ({ credentialId, userNo, publicKey, counter, transports, createdAt }) =>
      insertPasskey.run(
        credentialId,
        userNo,
        Buffer.from(publicKey),
        counter,
        JSON.stringify(transports),
        createdAt,
      ).changes > 0,
    usedPasskey: (credentialId, counter, at) => void usePasskey.run(counter, at, credentialId),
    removePasskey: (credentialId, userNo) => deletePasskey.run(credentialId, userNo).changes > 0,
    removePasskeys: (userNo) => deletePasskeys.run(userNo).changes,
  };
};
