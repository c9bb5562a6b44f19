/**
 * Whom the broker's TLS port lets in (相互TLS): the handshake's own findings, before a byte of MQTT is read.
 *
 * Certificates are asked for and judged here and not by the library's own switch, because that one hangs
 * up without telling why, and the reason belongs into the audit log.
 */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { TlsIdentity } from '../enrolment/identity.ts';

export interface MutualTls extends TlsIdentity {
  /** PEM of whom to trust. */
  readonly authorityPem: string;
  readonly revocationListPem?: string | undefined;
}

const HANDSHAKE_MS = 10_000;

/** Options of a server that asks every client for a certificate. */
export const mutualTlsOptions = ({
  certificatePem,
  keyPem,
  authorityPem,
  revocationListPem,
}: MutualTls): TlsOptions => ({
  cert: certificatePem,
  key: keyPem,
  ca: authorityPem,
  ...(revocationListPem === undefined ? {} : { crl: revocationListPem }),
  // An authority that is not a root itself is trusted all the same.
  allowPartialTrustChain: true,
  minVersion: 'TLSv1.2',
  requestCert: true,
  rejectUnauthorized: false,
  handshakeTimeout: HANDSHAKE_MS,
  // A resumed session would skip the certificate that was revoked meanwhile.
  sessionTimeout: 1,
});

export const certificateOf = (socket: TLSSocket): X509Certificate | undefined =>
  socket.getPeerX509Certificate();

/** Why the handshake's certificate is no good; undefined where it is. */
export const handshakeFault = (socket: TLSSocket): string | undefined => {
  if (socket.authorized) return undefined;
  if (certificateOf(socket) === undefined) return 'no-certificate';
  const code: unknown = socket.authorizationError;
  const text = code instanceof Error && 'code' in code ? String(code.code) : String(code);
  switch (text) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'expired-certificate';
    case 'CERT_REVOKED':
      return 'revoked-certificate';
    default:
      return `foreign-certificate (${text})`;
  }
};
