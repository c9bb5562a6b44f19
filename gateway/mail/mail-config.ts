/** Settings of the mail that leaves the house (メール送信). Absent = nothing is ever sent. */
import { z } from 'zod';
import { isLoopbackHost } from '../../shared/loopback.ts';

export const MailConfig = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    /**
     * `starttls`: the connection must become encrypted before anything is said · `tls`: encrypted from
     * the start · `none`: for a server on this very machine only.
     */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    /** PEM file of the authority that signed the server's certificate; the system's own where absent. */
    caFile: z.string().min(1).optional(),
    auth: z
      .strictObject({
        user: z.string().min(1).max(255),
        /** File that holds the password alone; its end of line does not count. */
        passwordFile: z.string().min(1),
      })
      .optional(),
    /** Sender of every mail, and where bounces go. */
    from: z.email(),
    /** For connecting, and for each answer of the server. */
    timeoutMs: z.int().min(1_000).max(300_000).default(30_000),
    /**
     * From this day of the month on, last month's 就労状況報告書 of each employer is queued by itself;
     * absent = only when a person asks for it.
     */
    submitOnDay: z.int().min(1).max(28).optional(),
  })
  .refine(({ security, host }) => security !== 'none' || isLoopbackHost(host), {
    path: ['security'],
    message: 'none is for a server on this machine (127.0.0.1, ::1, localhost) only',
  });
export type MailConfig = z.infer<typeof MailConfig>;
