/**
 * Alerts by webhook: one signed POST of JSON, no redirects followed, the answer's body not read.
 *
 *     genba-timestamp: 1795600000          seconds
 *     genba-signature: sha256=HEX          HMAC-SHA-256(secret, timestamp "." body)
 *
 * `id` is the same at every try, so that a receiver can know a message that came twice.
 */
import { createHmac } from 'node:crypto';
import { isoInJapan } from '../../shared/time.ts';
import type { NoticeSender } from './notices.ts';

/** For all of it. */
const TIMEOUT_MS = 10_000;

const webhookSignature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

export const webhookSender =
  (url: string, secret: string, timeoutMs = TIMEOUT_MS): NoticeSender =>
  async ({ messageId, createdAt, events }, now) => {
    const body = JSON.stringify({ id: messageId, createdAt: isoInJapan(createdAt), events });
    const timestamp = String(Math.floor(now / 1_000));
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'genba-timestamp': timestamp,
          'genba-signature': webhookSignature(secret, timestamp, body),
        },
        body,
      });
      await response.body?.cancel();
      return response.ok
        ? { kind: 'delivered' }
        : { kind: 'failed', reason: `status ${response.status}`, isFinal: false };
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.message} ${String(cause.cause ?? '')}` : '';
      return { kind: 'failed', reason: reason.trim(), isFinal: false };
    }
  };
