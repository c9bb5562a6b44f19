/**
 * What the gateway remembers of its fleet across restarts (端末管理の記憶): contacts, alerts, and the
 * messages that are still to be sent.
 */
import type { TerminalId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { AlertEvent } from '../fleet/alert-text.ts';
import type { AlertEffect, OpenAlert } from '../fleet/alerts.ts';
import type { StoredContact } from '../fleet/contacts.ts';

export type NoticeChannel = 'email' | 'webhook';

/** One message about what began and cleared at one moment, on its way. */
export interface Notice {
  readonly noticeNo: number;
  readonly channel: NoticeChannel;
  /** The same at every try, so that a receiver can know a message that came twice. */
  readonly messageId: string;
  readonly events: readonly AlertEvent[];
  readonly createdAt: UtcMs;
  /** Tries that failed. */
  readonly failures: number;
}

export interface ClosedAlert
  extends Pick<OpenAlert, 'rule' | 'subject' | 'since' | 'begunAt' | 'detail'> {
  readonly clearedAt: UtcMs;
}

/** Messages quarantined after an instant, by topic and reason, with the last time of each. */
export interface QuarantinedSince {
  readonly topic: string;
  readonly reason: string;
  readonly lastAt: UtcMs;
}

export interface AuditedSince {
  readonly kind: 'clone-suspected' | 'chain-failed';
  /** Undefined where it is about no terminal. */
  readonly terminalId: TerminalId | undefined;
  readonly lastAt: UtcMs;
}

export interface FleetStore {
  readonly contacts: () => readonly StoredContact[];
  readonly saveContacts: (contacts: readonly StoredContact[]) => void;
  readonly openAlerts: () => readonly OpenAlert[];
  /** The last ones that cleared, newest first. */
  readonly closedAlerts: (limit: number) => readonly ClosedAlert[];
  /** Beginnings and clearings, and a message on each channel, in one transaction. */
  readonly apply: (
    effects: readonly AlertEffect[],
    channels: readonly NoticeChannel[],
    now: UtcMs,
  ) => void;
  /** Messages to try now, oldest first. */
  readonly dueNotices: (now: UtcMs, limit: number) => readonly Notice[];
  readonly noticeSent: (noticeNo: number, at: UtcMs) => void;
  /** `nextTryAt` undefined: given up. */
  readonly noticeFailed: (noticeNo: number, reason: string, nextTryAt: UtcMs | undefined) => void;
  readonly quarantinedSince: (after: UtcMs) => readonly QuarantinedSince[];
  /** Clones and broken chains in the audit log after an instant, with the last time of each. */
  readonly auditedSince: (after: UtcMs) => readonly AuditedSince[];
}
