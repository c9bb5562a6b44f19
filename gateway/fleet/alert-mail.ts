/** Alerts by e-mail, through nodemailer. */
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport';
import type { EmailSettings } from './alert-settings.ts';
import { mailText } from './alert-text.ts';
import type { NoticeSender } from './notices.ts';

/** Of silence. */
const TIMEOUT_MS = 20_000;
/** For all of it, however much the server has to say: other alerts wait behind this one. */
const WHOLE_MS = 60_000;

/** Secrets and certificates as read from their files. */
export interface MailSecrets {
  readonly password: string | undefined;
  readonly ca: string | undefined;
}

/**
 * 5xx to an address or to the mail itself is the server's last word (RFC 5321 §4.2.1). A refused log-in or
 * missing TLS is a setting that somebody will mend, and everything else may pass.
 */
const isFinal = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  (cause.code === 'EENVELOPE' || cause.code === 'EMESSAGE') &&
  'responseCode' in cause &&
  typeof cause.responseCode === 'number' &&
  cause.responseCode >= 500;

/** A connection of our own that ends when its time is over, which nodemailer has no setting for. */
const timedSocket =
  (wholeMs: number): SMTPTransport['getSocket'] =>
  ({ host, port }, done) => {
    const socket = connect({ host: host ?? '', port: Number(port) });
    const late = setTimeout(
      () => socket.destroy(new Error(`the mail server is not done after ${wholeMs} ms`)),
      wholeMs,
    );
    socket.once('close', () => clearTimeout(late));
    socket.once('error', done);
    socket.once('connect', () => {
      socket.off('error', done);
      done(null, { connection: socket });
    });
  };

export const mailSender = (
  { host, port, security, user, from, to }: EmailSettings,
  { password, ca }: MailSecrets,
  wholeMs = WHOLE_MS,
): NoticeSender => {
  const transport = createTransport({
    getSocket: timedSocket(wholeMs),
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ events, messageId }, now) => {
    try {
      await transport.sendMail({
        from,
        to: [...to],
        messageId: `<${messageId}@${from.split('@').at(-1)}>`,
        ...mailText(events, now),
      });
      return { kind: 'delivered' };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'failed', reason, isFinal: isFinal(cause) };
    }
  };
};
