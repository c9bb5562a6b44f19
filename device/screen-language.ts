/**
 * Which language the screen speaks (表示言語): the worker's own, or what somebody pressed.
 *
 * A press while a worker's touch stands on the screen is that worker's word and is kept. Any other press
 * belongs to whoever touches next, and is kept for them where they have no language of their own.
 */
import type { Language } from '../shared/language.ts';
import type { RosterWorker } from '../shared/roster.ts';
import { TOUCH_SHOWN_MS } from './feedback.ts';
import type { WorkerLanguages } from './worker-languages.ts';

/** Whoever pressed a language has gone by then. */
const LANGUAGE_KEPT_MS = 30_000;

export interface ScreenLanguage {
  /** A touch is shown; `worker`: whose, where that is known. */
  readonly touched: (worker: RosterWorker | undefined, uptimeMs: number) => void;
  readonly pressed: (language: Language, uptimeMs: number) => void;
  /** Whether a press is over now. */
  readonly expire: (uptimeMs: number) => boolean;
  /** `ja` where nobody said otherwise; `isPressed`: somebody did, and no touch of a known worker since. */
  readonly now: () => { readonly language: Language; readonly isPressed: boolean };
}

export const createScreenLanguage = (chosen: WorkerLanguages): ScreenLanguage => {
  let worker: RosterWorker | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  let press:
    | { readonly language: Language; readonly at: number; readonly isForNext: boolean }
    | undefined;

  const ownLanguage = (of: RosterWorker | undefined): Language | undefined =>
    of && (chosen.of(of.workerId) ?? of.language);

  return {
    touched: (next, uptimeMs) => {
      worker = next;
      shownAt = uptimeMs;
      if (press?.isForNext !== true) press = undefined;
      // A card that was not read or is nobody's is held there again, by the same person.
      if (next === undefined || press === undefined) return;
      if (ownLanguage(next) === undefined) chosen.choose(next.workerId, press.language);
      press = undefined;
    },
    pressed: (language, uptimeMs) => {
      const shown = uptimeMs - shownAt < TOUCH_SHOWN_MS ? worker : undefined;
      if (shown !== undefined) chosen.choose(shown.workerId, language);
      press = { language, at: uptimeMs, isForNext: shown === undefined };
    },
    expire: (uptimeMs) => {
      if (press === undefined || uptimeMs - press.at <= LANGUAGE_KEPT_MS) return false;
      press = undefined;
      return true;
    },
    now: () => ({
      language: press?.language ?? ownLanguage(worker) ?? 'ja',
      isPressed: press !== undefined,
    }),
  };
};
