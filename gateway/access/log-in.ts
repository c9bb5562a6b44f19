/**
 * Logging in (ログイン): whoever proves to be an account's owner gets a session; whoever does not learns nothing of
 * why. Every try and every refusal stands in the audit log.
 */
import type { Clock } from '../../shared/time.ts';
import type { Account, AccountStore } from './accounts.ts';
import type { AuditLog } from './audit-log.ts';
import type { LogInLimits, TriedBy } from './log-in-limits.ts';
import type { LogInLinks } from './log-in-links.ts';
import { isPassword } from './passwords.ts';
import { digestOf, newSecret } from './secrets.ts';
import type { LogInWay, Sessions } from './sessions.ts';

/** From where somebody logs in, and what their browser brought. */
export interface LogInFrom {
  readonly address: string;
  /** Secret of the session that this browser had. */
  readonly former: string | undefined;
  /** Secret by which a browser is known again. */
  readonly browser: string | undefined;
}

/** First that applies: too many tries · too much to do · in · not in, whatever the reason. */
export type LogInOutcome =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'in';
      readonly account: Account;
      readonly session: string;
      readonly browser: string;
    }
  | { readonly kind: 'refused' };

export interface LogIn {
  readonly byPassword: (name: string, password: string, from: LogInFrom) => Promise<LogInOutcome>;
  readonly byLink: (code: string, from: LogInFrom) => LogInOutcome;
  /** Of somebody whose proof was judged elsewhere; `undefined` = it was none. */
  readonly byProof: (
    how: 'passkey' | 'oidc',
    proof: { readonly account: Account | undefined; readonly reason: string },
    from: LogInFrom,
  ) => LogInOutcome;
  /** Whether this is the account's own password; counts as a try. */
  readonly checkPassword: (
    account: Account,
    password: string,
    from: LogInFrom,
  ) => Promise<'right' | 'wrong' | LogInOutcome>;
}

/** Each takes 19 MiB and a good part of a processor for a tenth of a second. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING_MAX = 30;

export const createLogIn = ({
  accounts,
  sessions,
  limits,
  links,
  audit,
  clock,
}: {
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  readonly limits: LogInLimits;
  readonly links: LogInLinks;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
}): LogIn => {
  const limited = limitedTo(HASHES_AT_ONCE, HASHES_WAITING_MAX);

  const refuse = (
    how: LogInWay,
    reason: string,
    { address }: LogInFrom,
    account: Account | undefined,
  ): LogInOutcome => {
    audit.append({
      kind: 'log-in-failed',
      actor: `address:${address}`,
      // A name that is nobody's may be a password in the wrong field.
      detail: { how, reason, ...(account === undefined ? {} : { account: account.name }) },
    });
    return { kind: 'refused' };
  };

  const begin = (account: Account, how: LogInWay, from: LogInFrom): LogInOutcome => {
    const session = sessions.begin(account, how, from);
    const browser = from.browser ?? newSecret();
    accounts.rememberBrowser(digestOf(browser), account.userNo, clock.read().wallMs);
    audit.append({
      kind: 'log-in',
      actor: `user:${account.name}`,
      scope: account.scopes.join(' '),
      detail: { how, address: from.address },
    });
    return { kind: 'in', account, session, browser };
  };

  /** Undefined where it is heard. */
  const mustWait = (
    by: TriedBy,
    from: LogInFrom,
    account: Account | undefined,
  ): LogInOutcome | undefined => {
    const wait = limits.try(by);
    if (wait === 0) return undefined;
    refuse('password', 'must-wait', from, account);
    return { kind: 'wait', seconds: Math.ceil(wait / 1_000) };
  };

  const triedBy = (name: string, account: Account | undefined, from: LogInFrom): TriedBy => {
    const { browser, address } = from;
    const isOwn =
      browser !== undefined &&
      account !== undefined &&
      accounts.knowsBrowser(digestOf(browser), account.userNo);
    return isOwn
      ? { kind: 'own-browser', account: name, browser }
      : { kind: 'stranger', account: name, address };
  };

  /** Looked at once more after the hashing: meanwhile the account may have been closed or given another password. */
  const standsStill = ({ userNo }: Account, stored: string | undefined): boolean =>
    accounts.passwordHash(userNo) === stored && accounts.byNo(userNo)?.disabledAt === undefined;

  const checkPassword: LogIn['checkPassword'] = async (account, password, from) => {
    const by = triedBy(account.name, account, from);
    const waiting = mustWait(by, from, account);
    if (waiting !== undefined) return waiting;
    const stored = accounts.passwordHash(account.userNo);
    const isRight = await limited(() => isPassword(password, stored));
    if (isRight === undefined) return { kind: 'busy' };
    if (!isRight || !standsStill(account, stored)) {
      refuse('password', 'wrong-password', from, account);
      return 'wrong';
    }
    limits.succeeded(by);
    return 'right';
  };

  return {
    checkPassword,
    byPassword: async (name, password, from) => {
      const account = accounts.byName(name);
      const by = triedBy(name, account, from);
      const waiting = mustWait(by, from, account);
      if (waiting !== undefined) return waiting;
      const stored = account && accounts.passwordHash(account.userNo);
      // Hashed in any case: how long it takes must not tell whether there is such an account.
      const isRight = await limited(() => isPassword(password, stored));
      if (isRight === undefined) return { kind: 'busy' };
      if (account === undefined) return refuse('password', 'no-such-account', from, undefined);
      if (!isRight) return refuse('password', 'wrong-password', from, account);
      if (account.disabledAt !== undefined) return refuse('password', 'disabled', from, account);
      if (!standsStill(account, stored)) return refuse('password', 'just-changed', from, account);
      limits.succeeded(by);
      return begin(account, 'password', from);
    },
    byLink: (code, from) => {
      const userNo = links.use(code);
      const account = userNo === undefined ? undefined : accounts.byNo(userNo);
      if (account === undefined) return refuse('link', 'no-such-link', from, undefined);
      if (account.disabledAt !== undefined) return refuse('link', 'disabled', from, account);
      return begin(account, 'link', from);
    },
    byProof: (how, { account, reason }, from) => {
      if (account === undefined) return refuse(how, reason, from, undefined);
      if (account.disabledAt !== undefined) return refuse(how, 'disabled', from, account);
      return begin(account, how, from);
    },
  };
};

/** So many at once and so many in the queue; undefined where the queue is full. */
const limitedTo = (atOnce: number, waitingMax: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) return undefined;
      await new Promise<void>((go) => waiting.push(go));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};
