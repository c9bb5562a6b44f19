/** How much one client may ask for (要求数の制限): a bucket that fills again, each client its own. Pure. */
import type { UptimeMs } from '../../shared/time.ts';

export interface RequestLimit {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: UptimeMs;
}

export type Admission =
  | { readonly isAdmitted: true }
  | { readonly isAdmitted: false; readonly retryAfterSeconds: number };

/** Clients remembered; beyond it those that have not asked for longest are forgotten. */
const CLIENTS_MAX = 10_000;

const admissionOf = (
  bucket: Bucket | undefined,
  { burst, perSecond }: RequestLimit,
  now: UptimeMs,
): { readonly bucket: Bucket; readonly admission: Admission } => {
  const filled =
    bucket === undefined
      ? burst
      : Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1_000);
  return filled < 1
    ? {
        bucket: { tokens: filled, at: now },
        admission: {
          isAdmitted: false,
          retryAfterSeconds: Math.max(1, Math.ceil((1 - filled) / perSecond)),
        },
      }
    : { bucket: { tokens: filled - 1, at: now }, admission: { isAdmitted: true } };
};

/** Admits by client; `now` is uptime, so that a step of the wall clock locks nobody out. */
export const createRequestLimits = (
  limit: RequestLimit,
  now: () => UptimeMs,
): ((client: string) => Admission) => {
  const buckets = new Map<string, Bucket>();
  return (client) => {
    const { bucket, admission } = admissionOf(buckets.get(client), limit, now());
    buckets.delete(client);
    buckets.set(client, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > CLIENTS_MAX && oldest !== undefined) buckets.delete(oldest);
    return admission;
  };
};
