/**
 * Links that log somebody in (ログイン用リンク): for a first time without a password, and for the demo. Kept in memory
 * as hashes, for minutes; the secret stands in the fragment of the address, which no server and no log sees.
 */
import { MINUTE_MS, type UptimeMs } from '../../shared/time.ts';
import type { AccountStore } from './accounts.ts';
import { digestOf, newSecret } from './secrets.ts';

export interface LogInLinks {
  /** `isReusable`: as often as wanted until it ends, else once. */
  readonly make: (
    userNo: number,
    { minutes, isReusable }: { readonly minutes: number; readonly isReusable: boolean },
  ) => string;
  /** Whose link it is; a link for once is used up by it. */
  readonly use: (code: string) => number | undefined;
  readonly dropAll: (userNo: number) => void;
}

interface Link {
  readonly userNo: number;
  readonly ends: number;
  readonly isReusable: boolean;
  /** Of the account when it was made: another password, whoever set it, and the link is dead. */
  readonly passwordHash: string | undefined;
}

const LINKS_MAX = 1_000;
const keyOf = (code: string): string => digestOf(code).toString('base64url');

export const createLogInLinks = (
  now: () => UptimeMs,
  { passwordHash }: Pick<AccountStore, 'passwordHash'>,
): LogInLinks => {
  const linkByKey = new Map<string, Link>();
  return {
    make: (userNo, { minutes, isReusable }) => {
      for (const [key, { ends }] of linkByKey) if (ends <= now()) linkByKey.delete(key);
      const [oldest] = linkByKey.keys();
      if (linkByKey.size >= LINKS_MAX && oldest !== undefined) linkByKey.delete(oldest);
      const code = newSecret();
      linkByKey.set(keyOf(code), {
        userNo,
        ends: now() + minutes * MINUTE_MS,
        isReusable,
        passwordHash: passwordHash(userNo),
      });
      return code;
    },
    use: (code) => {
      const key = keyOf(code);
      const link = linkByKey.get(key);
      if (link === undefined) return undefined;
      if (!link.isReusable) linkByKey.delete(key);
      const isGood = link.ends > now() && link.passwordHash === passwordHash(link.userNo);
      return isGood ? link.userNo : undefined;
    },
    dropAll: (userNo) => {
      for (const [key, link] of linkByKey) if (link.userNo === userNo) linkByKey.delete(key);
    },
  };
};
