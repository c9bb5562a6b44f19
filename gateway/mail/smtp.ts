/**
 * The way to the mail server (SMTP): one message, one recipient, one connection.
 *
 * Every way in which it can end is one of four outcomes. `onLastBytes` is called, and has returned, before
 * the end of the message leaves: the caller notes there that from now on the server may have it.
 */
import { Readable } from 'node:stream';
import SmtpConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { MailConfig } from './mail-config.ts';

/** `cut`: ended without an answer of the server. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'deferred'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'cut'; readonly reason: string };

export interface OutgoingMessage {
  /** Envelope id (RFC 3461): comes back in a delivery report. */
  readonly mailId: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface MailServer {
  readonly send: (message: OutgoingMessage, onLastBytes: () => void) => Promise<SendOutcome>;
}

export interface MailServerSecrets {
  readonly ca?: string | undefined;
  readonly password?: string | undefined;
}

const CHUNK_BYTES = 16_384;
const TLS_MIN = 'TLSv1.2';

interface SmtpError extends Error {
  readonly responseCode?: number | undefined;
  readonly code?: string | undefined;
}

/** A code of the 500s is final, of the 400s is for now (RFC 5321, section 4.2.1). */
const outcomeOfError = (error: SmtpError): SendOutcome => {
  const { responseCode, message } = error;
  if (responseCode === undefined) return { kind: 'cut', reason: message };
  return responseCode >= 500
    ? { kind: 'refused', reason: message }
    : { kind: 'deferred', reason: message };
};

const connectionOptions = (
  { host, port, security, timeoutMs }: MailConfig,
  { ca }: MailServerSecrets,
): SMTPConnectionOptions => ({
  host,
  port,
  secure: security === 'tls',
  requireTLS: security === 'starttls',
  ignoreTLS: security === 'none',
  tls: { minVersion: TLS_MIN, ...(ca === undefined ? {} : { ca }) },
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  dnsTimeout: timeoutMs,
});

/** The message in pieces, and a word before its end. */
function* pieces(bytes: Uint8Array, onLastBytes: () => void): Generator<Uint8Array> {
  let at = 0;
  for (; at + CHUNK_BYTES < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
  onLastBytes();
  yield bytes.subarray(at);
}

/** A server that has always one more word to say is never silent for `timeoutMs`. */
const TIMEOUTS_IN_ALL = 10;

/** `wholeMs`: for one message, however much the server says. */
export const createMailServer = (
  config: MailConfig,
  secrets: MailServerSecrets,
  wholeMs = TIMEOUTS_IN_ALL * config.timeoutMs,
): MailServer => ({
  send: ({ mailId, from, to, bytes }, onLastBytes) =>
    new Promise((resolve, reject) => {
      const connection = new SmtpConnection(connectionOptions(config, secrets));
      let isSettled = false;
      const settle = (outcome: SendOutcome): void => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(late);
        if (outcome.kind === 'cut') connection.close();
        else connection.quit();
        resolve(outcome);
      };
      const late = setTimeout(
        () => settle({ kind: 'cut', reason: `the mail server is not done after ${wholeMs} ms` }),
        wholeMs,
      );
      const fail = (error: SmtpError): void => settle(outcomeOfError(error));
      /** What is not stored must not leave: the caller's failure ends the try, and is the caller's. */
      const noteLastBytes = (): void => {
        try {
          onLastBytes();
        } catch (cause) {
          isSettled = true;
          clearTimeout(late);
          connection.close();
          reject(cause);
          throw cause;
        }
      };

      const sendMessage = (): void =>
        connection.send(
          {
            from,
            to: [to],
            size: bytes.length,
            dsn: { notify: ['FAILURE', 'DELAY'], return: 'HDRS', id: mailId },
          },
          Readable.from(pieces(bytes, noteLastBytes), { objectMode: false }),
          (error, info) =>
            error === null || error === undefined
              ? settle({ kind: 'accepted', response: info?.response ?? '' })
              : fail(error),
        );

      connection.on('error', fail);
      connection.on('end', () => settle({ kind: 'cut', reason: 'the connection ended' }));
      connection.connect((error) => {
        if (error !== undefined && error !== null) return fail(error);
        if (config.auth === undefined) return sendMessage();
        const login = { user: config.auth.user, pass: secrets.password ?? '' };
        // A wrong password is a fault of the settings, which a person mends; no mail is lost by it.
        return connection.login(login, (refusal) =>
          refusal ? settle({ kind: 'deferred', reason: refusal.message }) : sendMessage(),
        );
      });
    }),
});
