/** What the audit log notes, and what its analysis finds (監査記録の種類): names alone, for pages too. */
import { z } from 'zod';

/** What is noted. A new kind needs its Japanese in the console before it compiles. */
export const AuditKind = z.enum([
  // Looks and changes through the API and the console.
  'look',
  'export',
  'change',
  'refused',
  // Coming in.
  'log-in',
  'log-in-failed',
  'log-out',
  'user-changed',
  'token-issued',
  'token-revoked',
  // Terminals: enrolment and certificates.
  'enrolment-issued',
  'enrolment-claimed',
  'enrolment-refused',
  'enrolment-revoked',
  'certificate-issued',
  'certificate-refused',
  'certificate-revoked',
  'clone-suspected',
  'topic-forbidden',
  'site-forbidden',
  // The gateway about itself and its evidence.
  'started',
  'chain-failed',
  'clock-anomaly',
  'rescue-imported',
  'backup-made',
  'restored',
  'mail-sent',
  'nightly-job',
  'purged',
]);
export type AuditKind = z.infer<typeof AuditKind>;

/** What a person should look at. A new one needs its Japanese in the console before it compiles. */
export const FindingKind = z.enum([
  'chain-failed',
  'log-in-after-failures',
  'clone-suspected',
  'site-forbidden',
  'topic-forbidden',
  'failed-log-ins',
  'unusual-reading',
  'many-refusals',
  'certificate-refused',
  'clock-anomaly',
]);
export type FindingKind = z.infer<typeof FindingKind>;
