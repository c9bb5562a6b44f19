/** What the nightly jobs are called (夜間処理の名前), and which of them did not get done. Pure. */
import type { JobName, JobRecord } from './nightly-store.ts';

const JOB_JA: Readonly<Record<JobName, string>> = {
  'verify-chains': '連鎖の検証',
  'close-dates': '日の締め',
  'close-months': '月の締め',
  amend: '追加分の発行',
  deadlines: '期限の見回り',
};

/** Deadlines that the last round found passed; 0 before the first one. */
export const overdueDeadlines = (records: readonly Pick<JobRecord, 'job' | 'detail'>[]): number =>
  Number(records.find(({ job }) => job === 'deadlines')?.detail.overdue ?? 0);

/** Names of the jobs whose last run failed. */
export const failedJobsJa = (
  records: readonly Pick<JobRecord, 'job' | 'outcome'>[],
): readonly string[] =>
  records.filter(({ outcome }) => outcome === 'failed').map(({ job }) => JOB_JA[job]);
