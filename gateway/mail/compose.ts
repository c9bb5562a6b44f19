/** A mail with its attachments as bytes (メールの作成): composed once, kept, and sent as it is. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { UtcMs } from '../../shared/time.ts';

export interface MailContent {
  readonly from: string;
  readonly to: string;
  readonly replyTo?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly bytes: Uint8Array;
  }[];
}

const NEWLINE = 0x0a;

/** `<mailId@domain of the sender>`: the same on every try, so that a receiver can tell a copy. */
export const messageIdOf = (mailId: string, from: string): string =>
  `<${mailId}@${from.slice(from.lastIndexOf('@') + 1)}>`;

export const composeMail = async (
  { from, to, replyTo, subject, text, attachments }: MailContent,
  { mailId, at }: { readonly mailId: string; readonly at: UtcMs },
): Promise<Uint8Array> => {
  const bytes = await new MailComposer({
    from,
    to,
    ...(replyTo === undefined ? {} : { replyTo }),
    subject,
    text,
    messageId: messageIdOf(mailId, from),
    date: new Date(at),
    // RFC 3834: a program wrote it, so that absence notices need not answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: attachments.map(({ filename, contentType, bytes }) => ({
      filename,
      contentType,
      content: Buffer.from(bytes),
    })),
    // Nothing is fetched: what is attached is handed over.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  // SMTP ends every message with the end of a line; kept and sent must be the same bytes.
  return bytes.at(-1) === NEWLINE ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')]);
};
