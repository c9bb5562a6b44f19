/**
 * What a terminal and the gateway say to each other when the terminal is enrolled (登録) and when its
 * certificate is renewed (更新): JSON over HTTPS.
 */
import { z } from 'zod';
import { Secret } from './enrolment-code.ts';
import { SiteId, TerminalId } from './ids.ts';
import { PublicKeyText } from './signature.ts';
import type { UtcMs } from './time.ts';

export const ENROLMENT_BYTES_MAX = 32_768;
export const ENROLMENT_PATHS = {
  /** The certificate authority, before anything is believed. */
  authority: '/enrolment/authority',
  claim: '/enrolment/claim',
  renewal: '/enrolment/renewal',
  confirmation: '/enrolment/confirmation',
} as const;

const Pem = z.string().min(1).max(16_384);
const SignatureText = z.base64().max(100);

export const AuthorityAnswer = z.object({ authorityPem: Pem });

export const Claim = z.object({
  secret: Secret,
  /** PKCS#10 for the TLS key, PEM. */
  requestPem: z.string().min(1).max(4_096),
  /** By this key the terminal will sign its journal. */
  publicKey: PublicKeyText,
  /** Signature of `claimText` by that key: the terminal has it. */
  proof: SignatureText,
});
export type Claim = z.infer<typeof Claim>;

export const claimText = ({ secret, requestPem, publicKey }: Omit<Claim, 'proof'>): string =>
  ['genba-tap claim v1', secret, publicKey, requestPem].join('\n');

/** Of the site, as far as a terminal must know it before its first roster. */
const SiteSettings = z.object({
  siteName: z.string().max(200).optional(),
  maxShiftHours: z.int().min(1).max(48).optional(),
});
export type SiteSettings = z.infer<typeof SiteSettings>;

export const Enrolment = z.object({
  terminalId: TerminalId,
  siteId: SiteId,
  certificatePem: Pem,
  authorityPem: Pem,
  /** `mqtts://host:port` */
  brokerUrl: z.url({ protocol: /^mqtts$/ }).max(300),
  /** Receipts and rosters are signed by this key. */
  gatewayPublicKey: PublicKeyText,
  settings: SiteSettings,
});
export type Enrolment = z.infer<typeof Enrolment>;

export const Renewal = z.object({
  terminalId: TerminalId,
  requestPem: z.string().min(1).max(4_096),
  /** Signature of `renewalText` by the journal's key. */
  proof: SignatureText,
});
export type Renewal = z.infer<typeof Renewal>;

export const renewalText = ({ terminalId, requestPem }: Omit<Renewal, 'proof'>): string =>
  ['genba-tap renewal v1', terminalId, requestPem].join('\n');

export const RenewalAnswer = z.object({ certificatePem: Pem, authorityPem: Pem });
export type RenewalAnswer = z.infer<typeof RenewalAnswer>;

/**
 * That the certificate which is shown arrived and works: those before it are void from then on. An external
 * broker tells nobody with which certificate a terminal came.
 */
export const ConfirmationAnswer = z.object({ terminalId: TerminalId });

/** How the port says no: the reason is the first fault's message. */
export const PortProblem = z.object({
  faults: z.array(z.object({ message: z.string().max(200) })),
});

/** Renewal is due at two thirds of a certificate's life. */
export const isRenewalDue = (
  { from, to }: { readonly from: UtcMs; readonly to: UtcMs },
  now: UtcMs,
): boolean => now >= from + ((to - from) * 2) / 3;
