/** Runs a night's jobs one after the other (夜間処理の実行); one that fails is noted and stops none of the others. */
import type { Log } from '../../shared/log.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { NightlyJob } from './jobs.ts';
import type { JobRecord, NightlyStore } from './nightly-store.ts';

export interface NightWorkDeps {
  readonly jobs: readonly NightlyJob[];
  readonly store: Pick<NightlyStore, 'record'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly now: () => UtcMs;
  readonly log: Log;
}

/** One night at a time: while one is under way another call does nothing. */
export const createNightWork = ({
  jobs,
  store,
  audit,
  now,
  log,
}: NightWorkDeps): (() => Promise<void>) => {
  let isUnderWay = false;

  const outcomeOf = async (job: NightlyJob): Promise<Pick<JobRecord, 'outcome' | 'detail'>> => {
    try {
      return { outcome: 'done', detail: await job.run() };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { outcome: 'failed', detail: { reason } };
    }
  };

  const runJob = async (job: NightlyJob): Promise<void> => {
    const begunAt = now();
    const { outcome, detail } = await outcomeOf(job);
    log('a nightly job has run', { job: job.name, outcome, ...detail });
    store.record({ job: job.name, begunAt, endedAt: now(), outcome, detail });
    audit.append({
      kind: 'nightly-job',
      actor: 'gateway',
      detail: { job: job.name, outcome, ...detail },
    });
  };

  return async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      for (const job of jobs) await runJob(job);
    } finally {
      isUnderWay = false;
    }
  };
};
