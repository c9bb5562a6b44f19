/**
 * How often a password may be tried (ログインの試行制限): pure.
 *
 * After some free tries each failure doubles the wait, up to a quarter of an hour: guessing becomes hopeless,
 * and nobody is locked out for good. Tries from a browser in which the account was logged in to before are
 * counted apart, so that a stranger's guessing does not keep its owner out (OWASP Authentication Cheat Sheet,
 * device cookies).
 */
import { DAY_MS, MINUTE_MS, type UptimeMs } from '../../shared/time.ts';

export interface Tries {
  readonly failures: number;
  readonly lastAt: UptimeMs;
}

/** What is counted: an account seen from outside, an account in one of its own browsers, an address. */
export type TriedBy =
  | { readonly kind: 'stranger'; readonly account: string; readonly address: string }
  | { readonly kind: 'own-browser'; readonly account: string; readonly browser: string };

const WAIT_MS_MIN = 1_000;
const WAIT_MS_MAX = 15 * MINUTE_MS;
/** A day without a failure, and everything is as if there had been none. */
const FORGOTTEN_MS = DAY_MS;
const FREE = { account: 5, address: 20 } as const;

interface Counter {
  readonly key: string;
  readonly free: number;
}

const countersOf = (by: TriedBy): readonly Counter[] =>
  by.kind === 'own-browser'
    ? [{ key: `browser ${by.account} ${by.browser}`, free: FREE.account }]
    : [
        { key: `account ${by.account}`, free: FREE.account },
        // Many may sit behind one address.
        { key: `address ${by.address}`, free: FREE.address },
      ];

/** Milliseconds until the next try is heard; 0 = now. */
export const waitMs = (tries: Tries | undefined, free: number, now: UptimeMs): number => {
  if (tries === undefined || now - tries.lastAt >= FORGOTTEN_MS) return 0;
  const over = tries.failures - free;
  if (over < 0) return 0;
  const wait = Math.min(WAIT_MS_MAX, WAIT_MS_MIN * 2 ** Math.min(over, 30));
  return Math.max(0, tries.lastAt + wait - now);
};

export const afterFailure = (tries: Tries | undefined, now: UptimeMs): Tries => ({
  failures: tries === undefined || now - tries.lastAt >= FORGOTTEN_MS ? 1 : tries.failures + 1,
  lastAt: now,
});

export interface LogInLimits {
  /** Milliseconds to wait; 0 = this try is heard, and counts as failed until it is said to have succeeded. */
  readonly try: (by: TriedBy) => number;
  readonly succeeded: (by: TriedBy) => void;
}

/** Keys remembered; those that were not tried for longest are forgotten. */
const KEYS_MAX = 20_000;

/** `now` is uptime: a step of the wall clock neither opens nor locks. In memory: a restart forgets. */
export const createLogInLimits = (now: () => UptimeMs): LogInLimits => {
  const triesByKey = new Map<string, Tries>();
  const put = (key: string, tries: Tries): void => {
    triesByKey.delete(key);
    triesByKey.set(key, tries);
    const [oldest] = triesByKey.keys();
    if (triesByKey.size > KEYS_MAX && oldest !== undefined) triesByKey.delete(oldest);
  };
  return {
    try: (by) => {
      const counters = countersOf(by);
      const wait = Math.max(
        ...counters.map(({ key, free }) => waitMs(triesByKey.get(key), free, now())),
      );
      // Counted at once: tries that come side by side must not all see the same count.
      if (wait === 0)
        for (const { key } of counters) put(key, afterFailure(triesByKey.get(key), now()));
      return wait;
    },
    succeeded: (by) => {
      for (const { key } of countersOf(by)) {
        const tries = triesByKey.get(key);
        // An address keeps its other failures: one good account must not buy endless tries at the others.
        if (tries !== undefined && key.startsWith('address ') && tries.failures > 1)
          put(key, { ...tries, failures: tries.failures - 1 });
        else triesByKey.delete(key);
      }
    },
  };
};
