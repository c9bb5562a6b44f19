/** Wakes long polls when something was committed, or derived. */

export interface CommitSignal {
  readonly notify: () => void;
  /** Resolves at the next commit, or after `timeoutMs`. */
  readonly next: (timeoutMs: number) => Promise<void>;
}

export const createCommitSignal = (): CommitSignal => {
  const waiting = new Set<() => void>();
  return {
    notify: () => {
      for (const wake of waiting) wake();
    },
    next: (timeoutMs) =>
      new Promise((done) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          done();
        };
        const timer = setTimeout(wake, timeoutMs);
        waiting.add(wake);
      }),
  };
};
