/**
 * What is kept of enrolments (端末の登録): one row from the code that an admin made, through the terminal
 * that claimed it, to its end; and every certificate that was issued. Nothing is taken away.
 */
import { z } from 'zod';
import type { SiteId, TerminalId } from '../../shared/ids.ts';
import type { PublicKeyText } from '../../shared/signature.ts';
import type { UtcMs } from '../../shared/time.ts';

export const EndReason = z.enum(['revoked', 'replaced']);
export type EndReason = z.infer<typeof EndReason>;

export interface EnrolmentRow {
  readonly enrolmentNo: number;
  readonly siteId: SiteId;
  readonly terminalId: TerminalId;
  readonly createdBy: string;
  readonly createdAt: UtcMs;
  /** Until when the code can be claimed. */
  readonly expiresAt: UtcMs;
  readonly claimed: { readonly at: UtcMs; readonly publicKey: PublicKeyText } | undefined;
  readonly ended:
    | { readonly at: UtcMs; readonly because: EndReason; readonly by: string }
    | undefined;
}

export interface CertificateRow {
  readonly serial: string;
  readonly enrolmentNo: number;
  readonly terminalId: TerminalId;
  readonly issuedAt: UtcMs;
  readonly validTo: UtcMs;
  readonly revokedAt: UtcMs | undefined;
}

export interface NewEnrolment {
  readonly secretHash: string;
  readonly siteId: SiteId;
  readonly terminalId: TerminalId;
  readonly createdBy: string;
  readonly createdAt: UtcMs;
  readonly expiresAt: UtcMs;
}

export interface NewCertificate {
  readonly serial: string;
  readonly enrolmentNo: number;
  readonly issuedAt: UtcMs;
  readonly validTo: UtcMs;
}

export interface EnrolmentStore {
  readonly create: (enrolment: NewEnrolment) => EnrolmentRow;
  readonly all: () => readonly EnrolmentRow[];
  readonly byNo: (enrolmentNo: number) => EnrolmentRow | undefined;
  readonly bySecretHash: (secretHash: string) => EnrolmentRow | undefined;
  /** The one that stands for a terminal now: claimed and not ended. */
  readonly current: (terminalId: TerminalId) => EnrolmentRow | undefined;
  /**
   * Every site that a terminal was ever at, by its enrolments and by the configuration: a machine that moved still
   * sends what it noted where it was.
   */
  readonly sitesOf: (terminalId: TerminalId) => readonly SiteId[];
  /** Marks it as claimed, ends whatever stood for the terminal before, and keeps the certificate; all or nothing. */
  readonly claim: (
    enrolmentNo: number,
    claimed: { readonly at: UtcMs; readonly publicKey: PublicKeyText },
    certificate: NewCertificate,
  ) => void;
  /** Ends it and revokes its certificates; all or nothing. */
  readonly end: (enrolmentNo: number, ended: NonNullable<EnrolmentRow['ended']>) => void;
  readonly addCertificate: (certificate: NewCertificate) => void;
  readonly certificate: (serial: string) => CertificateRow | undefined;
  readonly certificates: () => readonly CertificateRow[];
  /** Revokes the enrolment's certificates that are older than this one; returns how many. */
  readonly revokeOlder: (serial: string, at: UtcMs) => number;
}
