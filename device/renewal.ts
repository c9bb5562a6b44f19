/**
 * When the terminal asks for a new certificate, and when it asks again (証明書の更新): pure.
 *
 * Due at two thirds of the certificate's life by this machine's wall clock, whatever its trust: a site whose
 * firewall lets no time through must renew as well. The gateway takes a request also long after the end.
 */
import { isRenewalDue } from '../shared/enrolment.ts';
import { retryDelayMs } from '../shared/retry-delay.ts';
import { HOUR_MS, MINUTE_MS, type UptimeMs, type UtcMs, uptimeMs } from '../shared/time.ts';

export interface CertificateSpan {
  readonly from: UtcMs;
  readonly to: UtcMs;
}

export type RenewalState =
  | { readonly kind: 'resting' }
  | {
      readonly kind: 'waiting';
      readonly askAt: UptimeMs;
      readonly failures: number;
      /** Why the last request got nothing; undefined before the first. */
      readonly fault: string | undefined;
    }
  | { readonly kind: 'asking'; readonly failures: number; readonly fault: string | undefined };

export type RenewalEvent =
  | {
      readonly kind: 'tick';
      readonly wallMs: UtcMs;
      readonly uptimeMs: UptimeMs;
      /** Undefined where the certificate cannot be read: without it nobody can ask. */
      readonly certificate: CertificateSpan | undefined;
      /** In [0, 1). */
      readonly random: number;
    }
  | { readonly kind: 'renewed' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly uptimeMs: UptimeMs;
      readonly random: number;
    };

export interface RenewalStep {
  readonly state: RenewalState;
  /** Ask now; the answer comes back as `renewed` or `failed`. */
  readonly isAsking: boolean;
}

export const INITIAL_RENEWAL: RenewalState = { kind: 'resting' };

const RETRY = { minMs: MINUTE_MS, maxMs: 6 * HOUR_MS };
/** Terminals that were enrolled on one day do not knock in one minute; but never when little time is left. */
const SPREAD = { maxMs: HOUR_MS, partOfRest: 10 };

const spreadMs = ({ to }: CertificateSpan, wallMs: UtcMs): number =>
  Math.max(0, Math.min(SPREAD.maxMs, (to - wallMs) / SPREAD.partOfRest));

const later = (now: UptimeMs, ms: number): UptimeMs => uptimeMs(now + Math.round(ms));

/** Uptime at which to try again after so many failures before this one; `random` in [0, 1). */
export const tryAgainAt = (now: UptimeMs, failures: number, random: number): UptimeMs =>
  later(now, retryDelayMs(RETRY, failures, random));

const onTick = (
  state: RenewalState,
  { wallMs, uptimeMs: now, certificate, random }: Extract<RenewalEvent, { kind: 'tick' }>,
): RenewalStep => {
  if (state.kind === 'asking') return { state, isAsking: false };
  // Somebody may have put another one in place meanwhile.
  if (certificate === undefined || !isRenewalDue(certificate, wallMs))
    return { state: INITIAL_RENEWAL, isAsking: false };
  const waiting =
    state.kind === 'waiting'
      ? state
      : ({
          kind: 'waiting',
          askAt: later(now, spreadMs(certificate, wallMs) * random),
          failures: 0,
          fault: undefined,
        } as const);
  return now < waiting.askAt
    ? { state: waiting, isAsking: false }
    : {
        state: { kind: 'asking', failures: waiting.failures, fault: waiting.fault },
        isAsking: true,
      };
};

export const step = (state: RenewalState, event: RenewalEvent): RenewalStep => {
  switch (event.kind) {
    case 'tick':
      return onTick(state, event);
    case 'renewed':
      return { state: INITIAL_RENEWAL, isAsking: false };
    case 'failed': {
      const failures = state.kind === 'resting' ? 0 : state.failures;
      return {
        state: {
          kind: 'waiting',
          askAt: tryAgainAt(event.uptimeMs, failures, event.random),
          failures: failures + 1,
          fault: event.reason,
        },
        isAsking: false,
      };
    }
  }
};
