/**
 * What is decided about codes, claims and certificates (登録・証明書の判定). Pure; of several faults the
 * first of the union is told.
 */
import type { TerminalId } from '../../shared/ids.ts';
import type { PublicKeyText } from '../../shared/signature.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { CertificateRow, EnrolmentRow } from './enrolment-store.ts';

export type EnrolmentState = 'waiting' | 'expired' | 'enrolled' | 'revoked' | 'replaced';

export const stateOf = (
  { claimed, ended, expiresAt }: Pick<EnrolmentRow, 'claimed' | 'ended' | 'expiresAt'>,
  now: UtcMs,
): EnrolmentState => {
  if (ended !== undefined) return ended.because;
  if (claimed !== undefined) return 'enrolled';
  return now < expiresAt ? 'waiting' : 'expired';
};

export type ClaimVerdict =
  | 'unknown-code'
  | 'revoked-code'
  | 'expired-code'
  | 'used-code'
  | 'granted';

/**
 * The same terminal may claim again until the code expires: its answer may have got lost on the way.
 * Who has another journal key is another terminal.
 */
export const judgeClaim = (
  enrolment: EnrolmentRow | undefined,
  publicKey: PublicKeyText,
  now: UtcMs,
): ClaimVerdict => {
  if (enrolment === undefined) return 'unknown-code';
  if (enrolment.ended !== undefined) return 'revoked-code';
  if (enrolment.claimed !== undefined && enrolment.claimed.publicKey !== publicKey)
    return 'used-code';
  return now < enrolment.expiresAt ? 'granted' : 'expired-code';
};

export type CertificateVerdict =
  | 'no-certificate'
  | 'foreign-certificate'
  | 'expired-certificate'
  | 'unknown-certificate'
  | 'revoked-certificate'
  | 'not-its-client-id'
  | 'unknown-terminal'
  | 'good';

export interface PresentedCertificate {
  /** Undefined where none was shown. */
  readonly commonName: string | undefined;
  readonly isSignedByAuthority: boolean;
  /** The last instant of its validity has passed, or the first has not come. */
  readonly isOutOfDate: boolean;
  /** `outside`: issued by an authority whose books are not ours. */
  readonly row: CertificateRow | undefined | 'outside';
}

/** May a client that shows this certificate be `clientId`? */
export const judgeCertificate = (
  { commonName, isSignedByAuthority, isOutOfDate, row }: PresentedCertificate,
  clientId: string,
  isTerminal: boolean,
): CertificateVerdict => {
  if (commonName === undefined) return 'no-certificate';
  if (!isSignedByAuthority) return 'foreign-certificate';
  if (row === undefined) return 'unknown-certificate';
  if (row !== 'outside' && row.revokedAt !== undefined) return 'revoked-certificate';
  if (isOutOfDate) return 'expired-certificate';
  if (commonName !== clientId || (row !== 'outside' && row.terminalId !== clientId))
    return 'not-its-client-id';
  return isTerminal ? 'good' : 'unknown-terminal';
};

/**
 * A site may be snowed in: a terminal whose certificate ran out while it had no network may still renew
 * it, because its journal key proves who it is and an admin can revoke it at any time.
 */
export const judgeRenewal = (
  presented: PresentedCertificate,
  terminalId: TerminalId,
  {
    now,
    graceMs,
    isTerminal,
  }: { readonly now: UtcMs; readonly graceMs: number; readonly isTerminal: boolean },
): CertificateVerdict => {
  const { row } = presented;
  const isInGrace = row !== undefined && row !== 'outside' && now < row.validTo + graceMs;
  return judgeCertificate(
    { ...presented, isOutOfDate: presented.isOutOfDate && !isInGrace },
    terminalId,
    isTerminal,
  );
};
