/** Sessions on SQLite (ログイン中のブラウザー): the hash of what the cookie holds, never the secret. */
import { z } from 'zod';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import type { SessionRecord, SessionStore } from '../access/sessions.ts';

interface SessionRow {
  readonly sha256: Buffer;
  readonly user_no: number;
  readonly began_at_ms: number;
  readonly seen_at_ms: number;
  readonly how: string;
  readonly address: string;
}

const How = z.enum(['password', 'passkey', 'oidc', 'link']);

const recordOf = (row: SessionRow): SessionRecord => ({
  digest: row.sha256,
  userNo: row.user_no,
  beganAt: utcMs(row.began_at_ms),
  seenAt: utcMs(row.seen_at_ms),
  how: How.parse(row.how),
  address: row.address,
});

/** The ledger's database, already migrated. */
export const openSqliteSessions = (db: Sqlite): SessionStore => {
  const insert = db.prepare(
    `insert into session (sha256, user_no, began_at_ms, seen_at_ms, how, address)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const selectOne = db.prepare<[Buffer], SessionRow>('select * from session where sha256 = ?');
  const selectOfUser = db.prepare<[number], SessionRow>(
    'select * from session where user_no = ? order by seen_at_ms desc',
  );
  const setSeen = db.prepare('update session set seen_at_ms = ? where sha256 = ?');
  const remove = db.prepare('delete from session where sha256 = ?');
  const removeOlder = db.prepare('delete from session where began_at_ms < ? or seen_at_ms < ?');
  return {
    add: ({ digest, userNo, beganAt, seenAt, how, address }) =>
      void insert.run(digest, userNo, beganAt, seenAt, how, address),
    byDigest: (digest) => {
      const row = selectOne.get(digest);
      return row && recordOf(row);
    },
    ofUser: (userNo) => selectOfUser.all(userNo).map(recordOf),
    seen: (digest, at) => void setSeen.run(at, digest),
    remove: (digest) => void remove.run(digest),
    removeOlder: (beganBefore, seenBefore) => void removeOlder.run(beganBefore, seenBefore),
  };
};
