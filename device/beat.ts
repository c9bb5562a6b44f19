/**
 * All that is done regularly, at one beat (拍). A machine that wakes once for everything sleeps deeper, and is
 * busy for less, than one that wakes for each: what a wake-up costs is mostly finding its own code again.
 */

/** Of the terminal and of its reader host: what is done regularly is done each so many beats. */
export const BEAT_MS = 2_000;

/** Runs it each so many milliseconds, a whole number of beats; gives back the way to end that. */
export type Every = (ms: number, run: () => void) => () => void;

export interface Beat {
  readonly every: Every;
  /** One beat has passed. */
  readonly pass: () => void;
}

export const createBeat = (): Beat => {
  const regular = new Set<{ readonly beats: number; readonly run: () => void }>();
  let passed = 0;
  return {
    every: (ms, run) => {
      const beats = ms / BEAT_MS;
      if (!Number.isInteger(beats) || beats < 1)
        throw new Error(`${ms} ms are no whole number of beats of ${BEAT_MS} ms`);
      const each = { beats, run };
      regular.add(each);
      return () => regular.delete(each);
    },
    pass: () => {
      passed += 1;
      for (const { beats, run } of regular) if (passed % beats === 0) run();
    },
  };
};
