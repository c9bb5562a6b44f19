/** Wakes long polls when something was committed, or derived. */

/** `gone`: who waited hung up. `full`: too many wait, and this one did not. */
export type WaitEnd = 'news' | 'late' | 'gone' | 'full';

/** Resolves at the next commit, after `timeoutMs`, when `signal` says that nobody waits any more, or at once where there is no room. */
export type WaitForNews = (timeoutMs: number, signal?: AbortSignal) => Promise<WaitEnd>;

export interface CommitSignal {
  readonly notify: () => void;
  readonly next: WaitForNews;
}

/** Each wakes with every commit and reads: more than these would hold up whoever brings touches. */
const WAITING_MAX = 1_000;

export const createCommitSignal = (waitingMax = WAITING_MAX): CommitSignal => {
  const waiting = new Set<(end: WaitEnd) => void>();
  return {
    notify: () => {
      for (const wake of waiting) wake('news');
    },
    next: (timeoutMs, signal) =>
      new Promise((done) => {
        if (signal?.aborted === true) return done('gone');
        if (waiting.size >= waitingMax) return done('full');
        const leave = (): void => wake('gone');
        const wake = (end: WaitEnd): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', leave);
          waiting.delete(wake);
          done(end);
        };
        const timer = setTimeout(() => wake('late'), timeoutMs);
        signal?.addEventListener('abort', leave);
        waiting.add(wake);
        return undefined;
      }),
  };
};
