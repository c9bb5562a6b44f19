/** When something about a terminal or the gateway is worth a message, and to whom (警報の設定). */
import { z } from 'zod';
import { isLoopbackHost, isLoopbackUrl } from '../../shared/loopback.ts';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

const Email = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535).default(587),
    /** `starttls` refuses to go on where the server does not offer it; `none` is for loopback only. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().min(1).max(200).optional(),
    /** File with the password and nothing else. */
    passwordFile: z.string().min(1).optional(),
    /** PEM file of the CA of a mail server of one's own. */
    caFile: z.string().min(1).optional(),
    from: z.email().max(254),
    to: z.array(z.email().max(254)).min(1).max(20),
  })
  .refine(({ host, security }) => security !== 'none' || isLoopbackHost(host), {
    path: ['security'],
    message: 'none is for a server on this machine (127.0.0.1, ::1, localhost) only',
  })
  .refine(({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined), {
    path: ['passwordFile'],
    message: 'user and passwordFile go together',
  });

const Webhook = z.strictObject({
  url: z
    .url()
    .max(2_000)
    .refine(
      // What is no URL at all has been told already.
      (url) =>
        !URL.canParse(url) || /^https:/i.test(url) || (/^http:/i.test(url) && isLoopbackUrl(url)),
      'must be https, or http on loopback',
    ),
  /** File with the secret that signs each message (HMAC-SHA-256). */
  secretFile: z.string().min(1),
});

/** Every deadline with its default; none of them comes from a rule of CCUS or 建退共. */
export const AlertSettings = z.strictObject({
  /** Nothing heard of a terminal for so long, minutes. */
  silentMinutes: z.int().min(3).max(10_080).default(60),
  /**
   * Silence counts only within these hours (JST), so that a gate whose power goes off at night is no
   * alarm; absent: always.
   */
  watch: z.strictObject({ from: TimeOfDay, to: TimeOfDay }).optional(),
  /** Oldest touch that could not be sent, hours. */
  unsentHours: z.int().min(1).max(720).default(12),
  /** A reader, a camera, lamp and buzzer gone for so long, minutes. */
  partGoneMinutes: z.int().min(1).max(1_440).default(10),
  /** Clock not trusted for so long, minutes. */
  clockUntrustedMinutes: z.int().min(1).max(10_080).default(60),
  /** A trusted clock that differs from the gateway's by more, seconds. */
  clockOffSeconds: z.int().min(10).max(86_400).default(120),
  /** Free space below this, megabytes; of terminals, and of the gateway. */
  diskFreeMegabytes: z.int().min(50).max(1_000_000).default(500),
  /** A certificate that ends within so many days; renewal should have come by then. */
  certificateDays: z.int().min(1).max(365).default(14),
  /** A terminal runs an older version than the gateway for so long, days: sites are updated one by one. */
  versionDays: z.int().min(0).max(365).default(30),
  /** The roster on a terminal is older, hours; a new one is made every day. */
  rosterHours: z.int().min(25).max(8_760).default(48),
  /** A refused or unreadable message stays an alert for so long after the last one, hours. */
  incidentHours: z.int().min(1).max(720).default(24),
  /** What has got well must stay well for so long before it counts as cleared, minutes. */
  clearMinutes: z.int().min(0).max(1_440).default(5),
  email: Email.optional(),
  webhook: Webhook.optional(),
});
export type AlertSettings = z.infer<typeof AlertSettings>;
export type EmailSettings = NonNullable<AlertSettings['email']>;
