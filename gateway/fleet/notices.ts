/** Sending of messages about alerts (警報の送信): each once, and again with growing pauses until it is through. */
import { retryDelayMs } from '../../shared/retry-delay.ts';
import { DAY_MS, HOUR_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import type { Notice } from '../store/fleet-store.ts';

export type Delivery =
  | { readonly kind: 'delivered' }
  /** `isFinal`: another try cannot mend it. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isFinal: boolean };

/** Hands one message over to whoever takes it. Never throws. */
export type NoticeSender = (notice: Notice, now: UtcMs) => Promise<Delivery>;

const NOTICE_RETRY = { minMs: 30_000, maxMs: HOUR_MS };
/** A message that is older than this tells nobody anything. */
export const NOTICE_AGE_MAX_MS = 3 * DAY_MS;

export type NoticeEffect =
  | { readonly kind: 'sent' }
  | { readonly kind: 'again'; readonly at: UtcMs; readonly reason: string }
  | { readonly kind: 'give-up'; readonly reason: string };

/** What becomes of a message after a try. `random` in [0, 1). */
export const afterTry = (
  { createdAt, failures }: Pick<Notice, 'createdAt' | 'failures'>,
  delivery: Delivery,
  now: UtcMs,
  random: number,
): NoticeEffect => {
  if (delivery.kind === 'delivered') return { kind: 'sent' };
  const { reason, isFinal } = delivery;
  return isFinal || now - createdAt >= NOTICE_AGE_MAX_MS
    ? { kind: 'give-up', reason }
    : { kind: 'again', at: utcMs(now + retryDelayMs(NOTICE_RETRY, failures, random)), reason };
};
