/**
 * Enrolment (端末の登録): codes made by an admin, claims by terminals, certificates renewed and revoked.
 *
 * Calls store and authority in order; what is allowed is decided next door. Every outcome is audited.
 */
import type { X509Certificate } from 'node:crypto';
import { readCertificateRequest } from '../../shared/certificate-request.ts';
import {
  type Claim,
  claimText,
  type Enrolment,
  type Renewal,
  type RenewalAnswer,
  renewalText,
  type SiteSettings,
} from '../../shared/enrolment.ts';
import { secretHashOf } from '../../shared/enrolment-code.ts';
import { type SiteId, TerminalId } from '../../shared/ids.ts';
import { type PublicKeyText, verifierOf } from '../../shared/signature.ts';
import { DAY_MS, type UtcMs } from '../../shared/time.ts';
import type { AuditEvent } from '../access/audit-log.ts';
import type { Authority } from './authority.ts';
import { type CodeOrder, type CodeOutcome, makeEnrolmentCode } from './enrolment-order.ts';
import type { EndReason, EnrolmentRow, EnrolmentStore } from './enrolment-store.ts';
import {
  type CertificateVerdict,
  type ClaimVerdict,
  judgeCertificate,
  judgeClaim,
  judgeRenewal,
  type PresentedCertificate,
} from './judge-enrolment.ts';

export interface EnrolmentsDeps {
  readonly store: EnrolmentStore;
  readonly authority: Authority;
  readonly now: () => UtcMs;
  readonly audit: (event: AuditEvent) => void;
  readonly gatewayPublicKey: PublicKeyText;
  /** `mqtts://host:port` for terminals; known once the broker listens. */
  readonly brokerUrl: () => string;
  readonly siteSettings: (siteId: SiteId) => SiteSettings;
  readonly certificateLifeMs: number;
  /** Ids that stand in the configuration; a code for one of them would make two of it. */
  readonly isConfigured: (terminalId: TerminalId) => boolean;
  readonly onEnrolled: (terminal: {
    readonly terminalId: TerminalId;
    readonly siteId: SiteId;
    readonly publicKey: PublicKeyText;
  }) => void;
  /** Its certificates are void: whatever is connected with one must go. */
  readonly onEnded: (terminalId: TerminalId, because: EndReason) => void;
  /** What an external broker is told of who may come is another: somebody went, or is back in a place. */
  readonly onListsChanged: () => void;
}

export type ClaimOutcome =
  | { readonly kind: 'enrolled'; readonly enrolment: Enrolment }
  | {
      readonly kind: 'refused';
      readonly reason: Exclude<ClaimVerdict, 'granted'> | 'bad-request' | 'bad-proof';
    };

export type RenewalOutcome =
  | { readonly kind: 'renewed'; readonly answer: RenewalAnswer }
  | {
      readonly kind: 'refused';
      readonly reason: Exclude<CertificateVerdict, 'good'> | 'bad-request' | 'bad-proof';
    };

export interface Enrolments {
  readonly makeCode: (order: CodeOrder) => Promise<CodeOutcome>;
  readonly all: () => readonly EnrolmentRow[];
  /** Ends a code that waits, or a terminal with its certificates; false where there is nothing to end. */
  readonly revoke: (enrolmentNo: number, by: string) => boolean;
  /** Ends a terminal whose certificate is in two places; false where it is not enrolled here. */
  readonly revokeCloned: (terminalId: TerminalId) => boolean;
  readonly claim: (claim: Claim, address: string) => Promise<ClaimOutcome>;
  readonly renew: (
    renewal: Renewal,
    certificate: X509Certificate | undefined,
    address: string,
  ) => Promise<RenewalOutcome>;
  /** The certificate arrived: those before it are void. Gives its terminal, or why not. */
  readonly confirm: (
    certificate: X509Certificate | undefined,
    address: string,
  ) =>
    | { readonly kind: 'confirmed'; readonly terminalId: TerminalId }
    | { readonly kind: 'refused'; readonly reason: CertificateVerdict };
  /** May a connection with this certificate be that client? Audits whoever may not. */
  readonly admit: (
    certificate: X509Certificate | undefined,
    clientId: string,
    address: string,
  ) => CertificateVerdict;
}

/** A terminal whose certificate ran out may renew it this long afterwards. */
const RENEWAL_GRACE_MS = 180 * DAY_MS;

const serialOf = (certificate: X509Certificate): string => certificate.serialNumber.toLowerCase();

const commonNameOf = (certificate: X509Certificate): string =>
  /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';

export const createEnrolments = (deps: EnrolmentsDeps): Enrolments => {
  const { store, authority, now, audit } = deps;
  const { fingerprint } = authority;

  const presented = (certificate: X509Certificate | undefined): PresentedCertificate => ({
    commonName: certificate && commonNameOf(certificate),
    isSignedByAuthority: certificate !== undefined && authority.signed(certificate),
    isOutOfDate:
      certificate !== undefined &&
      (now() > certificate.validToDate.getTime() || now() < certificate.validFromDate.getTime()),
    row: certificate && store.certificate(serialOf(certificate)),
  });

  const certify = async (terminalId: TerminalId, publicKey: Buffer<ArrayBuffer>) => {
    const issuedAt = now();
    const certificate = await authority.issue({
      publicKey,
      commonName: terminalId,
      use: 'client',
      now: issuedAt,
      lifeMs: deps.certificateLifeMs,
    });
    return { ...certificate, issuedAt };
  };

  const auditCertificate = (terminalId: TerminalId, serial: string, why: string): void =>
    audit({ kind: 'certificate-issued', actor: `terminal:${terminalId}`, detail: { serial, why } });

  /** Who shows a good certificate needs those before it no more; who shows another is audited. */
  const verdictAt = (
    at: 'broker' | 'confirmation',
    certificate: X509Certificate | undefined,
    { clientId, address }: { readonly clientId: string; readonly address: string },
  ): CertificateVerdict => {
    const parsed = TerminalId.safeParse(clientId);
    const isTerminal = parsed.success && store.current(parsed.data) !== undefined;
    const verdict = judgeCertificate(presented(certificate), clientId, isTerminal);
    if (verdict !== 'good' || certificate === undefined) {
      audit({
        kind: 'certificate-refused',
        actor: `address:${address}`,
        detail: { reason: verdict, at, clientId: clientId.slice(0, 64) },
      });
      return verdict;
    }
    const serial = serialOf(certificate);
    if (store.revokeOlder(serial, now()) > 0) {
      audit({
        kind: 'certificate-revoked',
        actor: `terminal:${clientId}`,
        detail: { why: 'superseded', serial },
      });
      deps.onListsChanged();
    }
    return verdict;
  };

  const end = (
    enrolment: EnrolmentRow | undefined,
    by: string,
    why: { readonly reason?: string },
  ): boolean => {
    if (enrolment === undefined || enrolment.ended !== undefined) return false;
    const { enrolmentNo, terminalId, claimed } = enrolment;
    store.end(enrolmentNo, { at: now(), because: 'revoked', by });
    audit({ kind: 'enrolment-revoked', actor: by, detail: { enrolmentNo, terminalId, ...why } });
    if (claimed !== undefined) {
      deps.onEnded(terminalId, 'revoked');
      deps.onListsChanged();
    }
    return true;
  };

  return {
    makeCode: (order) => makeEnrolmentCode(deps, order),

    all: store.all,

    revoke: (enrolmentNo, by) => end(store.byNo(enrolmentNo), by, {}),

    revokeCloned: (terminalId) => end(store.current(terminalId), 'gateway', { reason: 'cloned' }),

    claim: async (claim, address) => {
      const { secret, requestPem, publicKey, proof } = claim;
      const refuse = (
        reason: Extract<ClaimOutcome, { kind: 'refused' }>['reason'],
      ): ClaimOutcome => {
        audit({ kind: 'enrolment-refused', actor: `address:${address}`, detail: { reason } });
        return { kind: 'refused', reason };
      };
      const request = await readCertificateRequest(requestPem);
      if (!request.ok) return refuse('bad-request');
      if (!verifierOf(publicKey)(claimText({ secret, requestPem, publicKey }), proof))
        return refuse('bad-proof');
      const secretHash = await secretHashOf(secret, fingerprint);
      const asked = judgeClaim(store.bySecretHash(secretHash), publicKey, now());
      if (asked !== 'granted') return refuse(asked);
      const terminalId = store.bySecretHash(secretHash)?.terminalId;
      if (terminalId === undefined) return refuse('unknown-code');
      const certificate = await certify(terminalId, request.value);
      // Looked at once more: from here to the commit nothing waits, so no other claim comes between.
      const enrolment = store.bySecretHash(secretHash);
      const verdict = judgeClaim(enrolment, publicKey, now());
      if (verdict !== 'granted' || enrolment === undefined)
        return refuse(verdict === 'granted' ? 'unknown-code' : verdict);

      const { enrolmentNo, siteId } = enrolment;
      const isReplacing = store.current(terminalId) !== undefined;
      const { serial, issuedAt, validTo, pem } = certificate;
      store.claim(
        enrolmentNo,
        { at: issuedAt, publicKey },
        { serial, enrolmentNo, issuedAt, validTo },
      );
      audit({
        kind: 'enrolment-claimed',
        actor: `terminal:${terminalId}`,
        detail: { enrolmentNo, siteId, address, replaced: isReplacing },
      });
      auditCertificate(terminalId, serial, 'claim');
      if (isReplacing) deps.onEnded(terminalId, 'replaced');
      if (store.all().some((each) => each.terminalId === terminalId && each.ended !== undefined))
        deps.onListsChanged();
      deps.onEnrolled({ terminalId, siteId, publicKey });
      return {
        kind: 'enrolled',
        enrolment: {
          terminalId,
          siteId,
          certificatePem: pem,
          authorityPem: authority.pem,
          brokerUrl: deps.brokerUrl(),
          gatewayPublicKey: deps.gatewayPublicKey,
          settings: deps.siteSettings(siteId),
        },
      };
    },

    renew: async ({ terminalId, requestPem, proof }, certificate, address) => {
      const refuse = (
        reason: Extract<RenewalOutcome, { kind: 'refused' }>['reason'],
      ): RenewalOutcome => {
        audit({
          kind: 'certificate-refused',
          actor: `address:${address}`,
          detail: { reason, at: 'renewal', terminalId },
        });
        return { kind: 'refused', reason };
      };
      const current = store.current(terminalId);
      const verdict = judgeRenewal(presented(certificate), terminalId, {
        now: now(),
        graceMs: RENEWAL_GRACE_MS,
        isTerminal: current?.claimed !== undefined,
      });
      if (verdict !== 'good') return refuse(verdict);
      if (current?.claimed === undefined) return refuse('unknown-terminal');
      if (!verifierOf(current.claimed.publicKey)(renewalText({ terminalId, requestPem }), proof))
        return refuse('bad-proof');
      const request = await readCertificateRequest(requestPem);
      if (!request.ok) return refuse('bad-request');
      const { serial, issuedAt, validTo, pem } = await certify(terminalId, request.value);
      if (store.current(terminalId)?.enrolmentNo !== current.enrolmentNo)
        return refuse('revoked-certificate');
      store.addCertificate({ serial, enrolmentNo: current.enrolmentNo, issuedAt, validTo });
      auditCertificate(terminalId, serial, 'renewal');
      return {
        kind: 'renewed',
        answer: { certificatePem: pem, authorityPem: authority.pem },
      };
    },

    confirm: (certificate, address) => {
      const clientId = certificate === undefined ? '' : commonNameOf(certificate);
      const verdict = verdictAt('confirmation', certificate, { clientId, address });
      return verdict === 'good'
        ? { kind: 'confirmed', terminalId: TerminalId.parse(clientId) }
        : { kind: 'refused', reason: verdict };
    },

    admit: (certificate, clientId, address) =>
      verdictAt('broker', certificate, { clientId, address }),
  };
};
