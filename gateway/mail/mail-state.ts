/**
 * What becomes of one mail (送信状況), as a pure machine: sent once, tried again while nothing was given
 * away, and left to a person when nobody can know.
 *
 * The limit is SMTP's own: a server may have taken a message although its answer was lost (RFC 1047). So
 * the moment before the last bytes leave is written down first. A cut before it is tried again by itself;
 * a cut after it is `uncertain` until a person settles it. Sent again, the mail has the same Message-ID.
 */
import { z } from 'zod';
import { retryDelayMs } from '../../shared/retry-delay.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, UtcMs, utcMs } from '../../shared/time.ts';

const RETRY = { minMs: MINUTE_MS, maxMs: 4 * HOUR_MS };
/** A sender gives up after four to five days (RFC 5321, section 4.5.4.1). */
const GIVE_UP_AFTER_MS = 4 * DAY_MS;

const Text = z.string();

export const MailState = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('queued'),
    failures: z.int(),
    dueAt: UtcMs,
    /** Why the last try failed, where there was one. */
    reason: Text.optional(),
  }),
  /** On its way; the message is not complete at the server. */
  z.object({ kind: z.literal('sending'), failures: z.int() }),
  /** From here on the server may have the whole message. */
  z.object({ kind: z.literal('handing-over'), failures: z.int() }),
  z.object({ kind: z.literal('sent'), at: UtcMs, response: Text }),
  z.object({ kind: z.literal('uncertain'), at: UtcMs, reason: Text, failures: z.int() }),
  z.object({ kind: z.literal('failed'), at: UtcMs, reason: Text }),
  /** Taken by our server, and brought back later: not delivered. */
  z.object({ kind: z.literal('bounced'), at: UtcMs, reason: Text }),
]);
export type MailState = z.infer<typeof MailState>;

export type MailEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'last-bytes-leave' }
  | { readonly kind: 'accepted'; readonly response: string }
  /** The server, or the way to it, says not now. */
  | { readonly kind: 'deferred'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The connection ended without an answer. */
  | { readonly kind: 'cut'; readonly reason: string }
  /** This program ended without an answer. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'bounced'; readonly reason: string }
  /** A person has found out. */
  | { readonly kind: 'settled'; readonly as: 'sent' | 'send-again'; readonly by: string };

export interface MailMoment {
  readonly at: UtcMs;
  readonly queuedAt: UtcMs;
  /** In [0, 1); spreads retries. */
  readonly random: number;
}

const INTERRUPTED = 'the gateway stopped before the answer came';

const retried = (failures: number, reason: string, moment: MailMoment): MailState => {
  const dueAt = utcMs(moment.at + retryDelayMs(RETRY, failures, moment.random));
  return dueAt > moment.queuedAt + GIVE_UP_AFTER_MS
    ? { kind: 'failed', at: moment.at, reason: `given up: ${reason}` }
    : { kind: 'queued', failures: failures + 1, dueAt, reason };
};

/** The next state; an event that does not belong to a state leaves it as it is. */
export const nextMailState = (
  state: MailState,
  event: MailEvent,
  moment: MailMoment,
): MailState => {
  const { at } = moment;
  switch (state.kind) {
    case 'queued':
      return event.kind === 'started' ? { kind: 'sending', failures: state.failures } : state;
    case 'sending':
    case 'handing-over':
      switch (event.kind) {
        case 'last-bytes-leave':
          return { kind: 'handing-over', failures: state.failures };
        case 'accepted':
          return { kind: 'sent', at, response: event.response };
        case 'refused':
          return { kind: 'failed', at, reason: event.reason };
        case 'deferred':
          return retried(state.failures, event.reason, moment);
        case 'cut':
          return state.kind === 'sending'
            ? retried(state.failures, event.reason, moment)
            : { kind: 'uncertain', at, reason: event.reason, failures: state.failures };
        case 'interrupted':
          // No fault of the server's: no reason to make it wait.
          return state.kind === 'sending'
            ? { kind: 'queued', failures: state.failures, dueAt: at, reason: INTERRUPTED }
            : { kind: 'uncertain', at, reason: INTERRUPTED, failures: state.failures };
        default:
          return state;
      }
    case 'uncertain':
      if (event.kind === 'bounced') return { kind: 'bounced', at, reason: event.reason };
      if (event.kind !== 'settled') return state;
      return event.as === 'sent'
        ? { kind: 'sent', at, response: `settled by ${event.by}` }
        : { kind: 'queued', failures: state.failures, dueAt: at, reason: state.reason };
    case 'sent':
      return event.kind === 'bounced' ? { kind: 'bounced', at, reason: event.reason } : state;
    case 'failed':
    case 'bounced':
      return state;
  }
};
