/** Bounces as mail systems really write them, and what is no bounce. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  REPORT_BYTES_MAX,
  readDeliveryReport,
  statusText,
} from '../../../gateway/mail/delivery-report.ts';

const captured = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/bounces/${name}`, import.meta.url));

const MESSAGE_ID = '<0b5c7c1e-1111-4222-8333-444455556666@example.jp>';

/** The second form of RFC 3464: everything folded, in capitals, our head alone returned. */
const folded = [
  'Content-Type: MULTIPART/REPORT; Report-Type=delivery-status;',
  ' boundary="==a b=="',
  '',
  '--==a b==',
  'Content-Type: Message/Delivery-Status',
  '',
  'REPORTING-MTA: dns;',
  ' mx.example.jp',
  'Original-Envelope-ID: mail-1',
  '',
  'Final-Recipient: RFC822;',
  '  prime@example.jp',
  'Action: Delayed',
  'Status: 4.4.1 (connection timed out)',
  'Diagnostic-Code: smtp; 451',
  '  try later',
  '',
  'Final-Recipient: rfc822; second@example.jp',
  'Action: failed',
  'Status: 5.2.2',
  '',
  '--==a b==--',
  '',
].join('\r\n');

describe('a bounce', () => {
  test('of Postfix is read: recipient, status, reason, and which mail it was', async () => {
    expect(await readDeliveryReport(captured('postfix-3.7.eml'))).toEqual({
      ok: true,
      value: {
        messageId: MESSAGE_ID,
        envelopeId: 'MAIL-ENV-7',
        recipients: [
          {
            recipient: 'prime@example.jp',
            action: 'failed',
            status: '5.1.1',
            diagnostic: 'unknown user: "prime"',
          },
        ],
      },
    });
  });

  test('of Exim is read, whose fields stand in another order and which has no reason', async () => {
    expect(await readDeliveryReport(captured('exim-4.96.eml'))).toEqual({
      ok: true,
      value: {
        messageId: MESSAGE_ID,
        envelopeId: undefined,
        recipients: [
          {
            recipient: 'prime@example.jp',
            action: 'failed',
            status: '5.0.0',
            diagnostic: undefined,
          },
        ],
      },
    });
  });

  test('with folded lines, capitals, several recipients and nothing returned is read', async () => {
    const report = await readDeliveryReport(Buffer.from(folded));
    expect(report).toMatchObject({
      value: {
        messageId: undefined,
        envelopeId: 'mail-1',
        recipients: [
          { recipient: 'prime@example.jp', action: 'delayed', status: '4.4.1' },
          { recipient: 'second@example.jp', action: 'failed', status: '5.2.2' },
        ],
      },
    });
    expect(report.ok && report.value.recipients.map(statusText)).toEqual([
      'prime@example.jp: 4.4.1 451 try later',
      'second@example.jp: 5.2.2',
    ]);
  });
});

describe('no bounce', () => {
  test.each([
    ['an ordinary mail', 'Subject: hello\r\n\r\nno report', 'is no bounce'],
    ['nothing', '', 'is no bounce'],
    ['a report without a recipient', folded.replaceAll('Recipient:', 'X:'), 'names no recipient'],
    ['one that is too large', 'x'.repeat(REPORT_BYTES_MAX + 1), 'the limit is'],
  ])('%s is refused by name', async (_what, text, message) => {
    expect(await readDeliveryReport(Buffer.from(text))).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining(message) }],
    });
  });

  test('no bytes from outside crash the reader', async () => {
    const bytes = captured('postfix-3.7.eml');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 30 }),
        fc.nat(bytes.length),
        async (changes, length) => {
          const damaged = Buffer.from(bytes);
          for (const [at, byte] of changes) damaged[at] = byte;
          await readDeliveryReport(damaged.subarray(0, length));
        },
      ),
      { numRuns: 500 },
    );
  });
});
