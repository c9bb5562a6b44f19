/**
 * Sessions (ログイン中のブラウザー): who is logged in, by a random secret in a cookie of which only the hash is kept.
 *
 * A session is begun at log-in and nowhere else: a cookie that a browser brings is never taken over. It ends
 * when it was idle, when it is old, when its account is disabled, and when somebody ends it.
 */
import { hash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import type { Account, AccountStore } from './accounts.ts';
import { digestOf, newSecret } from './secrets.ts';

export type LogInWay = 'password' | 'passkey' | 'oidc' | 'link';

export interface SessionRecord {
  readonly digest: Buffer;
  readonly userNo: number;
  readonly beganAt: UtcMs;
  readonly seenAt: UtcMs;
  readonly how: LogInWay;
  readonly address: string;
}

export interface SessionStore {
  readonly add: (session: SessionRecord) => void;
  readonly byDigest: (digest: Buffer) => SessionRecord | undefined;
  readonly ofUser: (userNo: number) => readonly SessionRecord[];
  readonly seen: (digest: Buffer, at: UtcMs) => void;
  readonly remove: (digest: Buffer) => void;
  /** Those that began or were seen last before these instants. */
  readonly removeOlder: (beganBefore: UtcMs, seenBefore: UtcMs) => void;
}

export interface SessionLimits {
  readonly idleMinutes: number;
  readonly absoluteHours: number;
}

export interface Session {
  readonly record: SessionRecord;
  readonly account: Account;
  /** What a page must send with every change. */
  readonly csrf: string;
}

export interface Sessions {
  /** Ends the session of `former`, if any, and gives the new one's secret. */
  readonly begin: (
    account: Account,
    how: LogInWay,
    { address, former }: { readonly address: string; readonly former: string | undefined },
  ) => string;
  readonly of: (secret: string | undefined) => Session | undefined;
  readonly end: (secret: string) => void;
  readonly list: (userNo: number) => readonly SessionRecord[];
  /** By the name that lists give it. False where the account has no such session. */
  readonly endByName: (userNo: number, name: string) => boolean;
  /** All of an account, but the one given. */
  readonly endAll: (userNo: number, but?: SessionRecord) => number;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** Of one account; the one that was idle longest makes room. */
const SESSIONS_MAX = 20;
/** Written down so often at most: a page that asks every few seconds must not wear the disk. */
const SEEN_EVERY_MS = MINUTE_MS;
/** What only somebody who has just logged in may do: a browser left open must not become a key. */
const FRESH_MS = 15 * MINUTE_MS;

const csrfOf = (secret: string): string => hash('sha256', `csrf ${secret}`, 'base64url');
/** Says which, and opens nothing. */
export const sessionName = ({ digest }: Pick<SessionRecord, 'digest'>): string =>
  digest.toString('hex', 0, 8);
export const isFresh = ({ beganAt }: SessionRecord, now: UtcMs): boolean =>
  now - beganAt < FRESH_MS;

export const isOver = (
  { beganAt, seenAt }: Pick<SessionRecord, 'beganAt' | 'seenAt'>,
  { idleMinutes, absoluteHours }: SessionLimits,
  now: UtcMs,
): boolean => now - seenAt >= idleMinutes * MINUTE_MS || now - beganAt >= absoluteHours * HOUR_MS;

export const createSessions = ({
  store,
  accounts,
  limits,
  now,
}: {
  readonly store: SessionStore;
  readonly accounts: Pick<AccountStore, 'byNo'>;
  readonly limits: SessionLimits;
  readonly now: () => UtcMs;
}): Sessions => {
  const before = (ms: number): UtcMs => utcMs(Math.max(0, now() - ms));
  const list: Sessions['list'] = (userNo) =>
    store.ofUser(userNo).filter((record) => !isOver(record, limits, now()));

  return {
    begin: (account, how, { address, former }) => {
      if (former !== undefined) store.remove(digestOf(former));
      store.removeOlder(
        before(limits.absoluteHours * HOUR_MS),
        before(limits.idleMinutes * MINUTE_MS),
      );
      for (const { digest } of store
        .ofUser(account.userNo)
        .toSorted((a, b) => b.seenAt - a.seenAt)
        .slice(SESSIONS_MAX - 1))
        store.remove(digest);
      const secret = newSecret();
      const at = now();
      const { userNo } = account;
      store.add({ digest: digestOf(secret), userNo, beganAt: at, seenAt: at, how, address });
      return secret;
    },
    of: (secret) => {
      if (secret === undefined || !SECRET.test(secret)) return undefined;
      const record = store.byDigest(digestOf(secret));
      if (record === undefined) return undefined;
      const account = accounts.byNo(record.userNo);
      if (account === undefined || account.disabledAt !== undefined) return undefined;
      if (isOver(record, limits, now())) {
        store.remove(record.digest);
        return undefined;
      }
      if (now() - record.seenAt >= SEEN_EVERY_MS) store.seen(record.digest, now());
      return { record, account, csrf: csrfOf(secret) };
    },
    end: (secret) => store.remove(digestOf(secret)),
    list,
    endByName: (userNo, name) => {
      const found = list(userNo).find((record) => sessionName(record) === name);
      if (found !== undefined) store.remove(found.digest);
      return found !== undefined;
    },
    endAll: (userNo, but) => {
      const others = store
        .ofUser(userNo)
        .filter(({ digest }) => but === undefined || !digest.equals(but.digest));
      for (const { digest } of others) store.remove(digest);
      return others.length;
    },
  };
};
