/**
 * A bounce read (不達通知): what a delivery status notification says of our mail (RFC 3464), whichever
 * mail system wrote it.
 */
import PostalMime from 'postal-mime';
import { faulty, ok, type Result } from '../../shared/result.ts';

export interface RecipientStatus {
  readonly recipient: string;
  /** As the report says: failed, delayed, delivered, relayed, expanded. */
  readonly action: string;
  /** Enhanced status code (RFC 3463), such as `5.1.1`. */
  readonly status: string;
  readonly diagnostic: string | undefined;
}

export interface DeliveryReport {
  /** Message-ID of our mail, where the report brings its head back. */
  readonly messageId: string | undefined;
  /** Our mail's envelope id (RFC 3461), where the systems on the way passed it on. */
  readonly envelopeId: string | undefined;
  readonly recipients: readonly RecipientStatus[];
}

export const REPORT_BYTES_MAX = 1_048_576;
const DIAGNOSTIC_CHARS_MAX = 500;

type Fields = ReadonlyMap<string, string>;

/** Groups of fields, kept apart by empty lines; a line that begins with a blank continues the one before. */
const fieldGroups = (text: string): readonly Fields[] =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map(
      (group) =>
        new Map(
          group.split('\n').flatMap((line) => {
            const colon = line.indexOf(':');
            if (colon <= 0) return [];
            return [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
          }),
        ),
    )
    .filter((fields) => fields.size > 0);

/** `rfc822; a@example.jp` → `a@example.jp` */
const withoutType = (value: string | undefined): string | undefined =>
  value?.replace(/^[^;]*;\s*/, '');

const recipientOf = (fields: Fields): readonly RecipientStatus[] => {
  const recipient = withoutType(fields.get('final-recipient') ?? fields.get('original-recipient'));
  const action = fields.get('action')?.toLowerCase();
  const status = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0];
  if (recipient === undefined || action === undefined || status === undefined) return [];
  const diagnostic = withoutType(fields.get('diagnostic-code'))?.slice(0, DIAGNOSTIC_CHARS_MAX);
  return [{ recipient, action, status, diagnostic }];
};

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);

/** `bytes`: one whole message as it came into the mailbox. */
export const readDeliveryReport = async (bytes: Uint8Array): Promise<Result<DeliveryReport>> => {
  if (bytes.length > REPORT_BYTES_MAX) {
    return faulty({ place: '', message: `the limit is ${REPORT_BYTES_MAX} bytes` });
  }
  const { attachments } = await PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
  });
  const partOf = (...types: readonly string[]): string | undefined => {
    const part = attachments.find(({ mimeType }) => types.includes(mimeType.toLowerCase()));
    return part && textOf(part.content);
  };
  const report = partOf('message/delivery-status', 'message/global-delivery-status');
  if (report === undefined) {
    return faulty({ place: '', message: 'has no part message/delivery-status: is no bounce' });
  }
  const [perMessage, ...perRecipient] = fieldGroups(report);
  const recipients = perRecipient.flatMap(recipientOf);
  if (recipients.length === 0) {
    return faulty({ place: '/delivery-status', message: 'names no recipient with its status' });
  }
  const returned = partOf(
    'message/rfc822',
    'text/rfc822-headers',
    'message/rfc822-headers',
    'message/global',
    'message/global-headers',
  );
  return ok({
    messageId: returned && fieldGroups(returned)[0]?.get('message-id'),
    envelopeId: perMessage?.get('original-envelope-id'),
    recipients,
  });
};

/** What a person reads of a failed delivery. */
export const statusText = ({ recipient, status, diagnostic }: RecipientStatus): string =>
  `${recipient}: ${status}${diagnostic === undefined ? '' : ` ${diagnostic}`}`;
