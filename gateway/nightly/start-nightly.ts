/** Keeps the nightly work going (夜間処理), and makes up for a night that the gateway was off. */
import type { ClosingConfig } from '../statements/closing-config.ts';
import { type NightlyJobsDeps, nightlyJobs } from './jobs.ts';
import { createNightWork, type NightWorkDeps } from './night-work.ts';
import type { JobRecord } from './nightly-store.ts';
import { isMissed } from './nights.ts';
import { scheduleNightly } from './schedule.ts';

/** Before a missed night is made up for: terminals send first what they have kept. */
const MAKE_UP_AFTER_MS = 60_000;

export type StartNightlyDeps = Omit<NightlyJobsDeps, 'closing'> &
  Omit<NightWorkDeps, 'jobs' | 'store' | 'audit'> & {
    readonly closing: Pick<ClosingConfig, 'at' | 'monthDay'>;
    readonly makeUpAfterMs?: number;
  };

export interface Nightly {
  /** The last run of each job. */
  readonly records: () => readonly JobRecord[];
  readonly stop: () => void;
}

export const startNightly = (deps: StartNightlyDeps): Nightly => {
  const { store, now, log, makeUpAfterMs = MAKE_UP_AFTER_MS } = deps;
  const { at } = deps.closing;
  const work = createNightWork({ ...deps, jobs: nightlyJobs(deps) });
  const run = (): void => {
    work().catch((cause: unknown) =>
      // The disk, most likely: the next night tries again.
      log('the nightly work broke off', {
        reason: cause instanceof Error ? cause.message : String(cause),
      }),
    );
  };
  const scheduled = scheduleNightly(at, run);
  const begun = store.records().map(({ begunAt }) => begunAt);
  const last = begun.toSorted((a, b) => a - b)[0];
  const makeUp = isMissed(last, now(), at) ? setTimeout(run, makeUpAfterMs) : undefined;
  return {
    records: store.records,
    stop: () => {
      scheduled.stop();
      clearTimeout(makeUp);
    },
  };
};
