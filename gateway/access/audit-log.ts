/**
 * The audit log (監査記録): who looked, who changed, who came in and who was turned away, and when.
 *
 * Append-only and hash-chained like a journal. It names the actor and the kind of data, and of the people
 * looked at no more than an id where the event is about just that one.
 */
import type { ChainHash, ChainHead } from '../../shared/chain.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { Steps } from '../turns.ts';
import type { AuditKind } from './audit-kind.ts';

export interface AuditEvent {
  readonly kind: AuditKind;
  /** `token:NAME`, `user:NAME`, `terminal:ID`, `address:IP`, `gateway` or `command`. */
  readonly actor: string;
  /** What kind of data, which route, which reason. Never a person's name. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** The viewing scope that the actor had, in words. */
  readonly scope?: string;
}

export interface AuditRecord extends AuditEvent {
  /** Position in the log, from 1. */
  readonly auditNo: number;
  readonly at: UtcMs;
}

export interface AuditPage {
  /** Records before this position; the newest where absent. */
  readonly before?: number | undefined;
  readonly limit: number;
  readonly kind?: AuditKind | undefined;
}

/** `broken`: the first record that does not follow from the one before it, is missing, or is not the one that was noted. */
export type AuditVerdict =
  | { readonly kind: 'intact'; readonly records: number; readonly headHash: ChainHash }
  | { readonly kind: 'broken'; readonly auditNo: number };

export interface AuditLog {
  /**
   * On disk when it returns; throws where the disk refuses, so that nothing goes unlogged. Where the last records
   * that it knows are gone or others, it says so first.
   */
  readonly append: (event: AuditEvent) => void;
  /** Newest first. */
  readonly page: (page: AuditPage) => readonly AuditRecord[];
  /** Records from an instant on and behind a position, oldest first, at most `limit`. */
  readonly since: (from: UtcMs, limit: number, after?: number) => readonly AuditRecord[];
  /** Recomputes the chain over every record; it must pass through `noted`. */
  readonly verify: (noted?: ChainHead) => AuditVerdict;
  /** The same with chances for others in between. */
  readonly verifying: (noted?: ChainHead) => Steps<AuditVerdict>;
}

const DETAIL_CHARS_MAX = 300;

/** What comes from outside is cut: a log must not grow by what a stranger sends. */
export const clipped = (event: AuditEvent): AuditEvent => ({
  ...event,
  actor: event.actor.slice(0, DETAIL_CHARS_MAX),
  detail: Object.fromEntries(
    Object.entries(event.detail).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, DETAIL_CHARS_MAX) : value,
    ]),
  ),
});
