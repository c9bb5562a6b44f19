/**
 * The outbox seam (送信控え): mails that are to leave or have left, with the very bytes of each, and what
 * became of them. Nothing in it changes but the state, and every state that there was is kept.
 */
import type { UtcMs } from '../../shared/time.ts';
import type { MailEvent, MailState } from './mail-state.ts';

export interface NewMail {
  readonly mailId: string;
  /** What it is for; at most one mail of a purpose is queued by itself. */
  readonly purpose: string;
  /** Fingerprint of what it says, to compare with what would be said now. */
  readonly figures?: string | undefined;
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
  readonly messageId: string;
  readonly bytes: Uint8Array;
  /** A token's or user's name, or `gateway`. */
  readonly queuedBy: string;
}

export interface MailRecord extends Omit<NewMail, 'bytes'> {
  readonly queuedAt: UtcMs;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string;
  readonly byteCount: number;
  readonly state: MailState;
}

export interface MailHistory {
  readonly at: UtcMs;
  readonly state: MailState;
}

export interface Outbox {
  /** On disk when it returns. */
  readonly add: (mail: NewMail) => MailRecord;
  /** Moves one mail on by the pure machine, durably; its new state, or undefined for an unknown id. */
  readonly step: (mailId: string, event: MailEvent) => MailState | undefined;
  /** The next mail whose time has come. */
  readonly nextDue: () => MailRecord | undefined;
  /** Mails that were on their way when the program ended. */
  readonly interrupted: () => readonly MailRecord[];
  /** Newest first. */
  readonly list: (limit: number) => readonly MailRecord[];
  readonly find: (mailId: string) => MailRecord | undefined;
  readonly findByMessageId: (messageId: string) => MailRecord | undefined;
  readonly ofPurpose: (purpose: string) => readonly MailRecord[];
  readonly bytesOf: (mailId: string) => Uint8Array | undefined;
  /** Oldest first. */
  readonly historyOf: (mailId: string) => readonly MailHistory[];
}
