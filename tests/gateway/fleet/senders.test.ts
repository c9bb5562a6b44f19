/** Messages about alerts leave through a real mail server and a real HTTP server, and get through in the end. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import { mailSender } from '../../../gateway/fleet/alert-mail.ts';
import { AlertSettings } from '../../../gateway/fleet/alert-settings.ts';
import type { AlertEvent } from '../../../gateway/fleet/alert-text.ts';
import { webhookSender } from '../../../gateway/fleet/alert-webhook.ts';
import {
  afterTry,
  type Delivery,
  NOTICE_AGE_MAX_MS,
  type NoticeSender,
} from '../../../gateway/fleet/notices.ts';
import { openSenders } from '../../../gateway/fleet/senders.ts';
import type { Notice } from '../../../gateway/store/fleet-store.ts';
import { utcMs } from '../../../shared/time.ts';
import { testCertificate } from '../../fixtures/test-certificate.ts';

const NOW = utcMs(Date.parse('2026-11-24T08:00:00+09:00'));
const SECRET = 'a-secret-for-tests-only';
const PASSWORD = 'a-password-for-tests';

const event = (fields: Partial<AlertEvent> = {}): AlertEvent => ({
  event: 'begun',
  rule: 'reader-gone',
  level: 'critical',
  terminalId: 'gate-1',
  siteId: '30000000000001',
  title: 'カードリーダーが使えません',
  detail: '入口',
  advice: 'リーダーの USB を差し直してください。',
  since: '2026-11-24T07:48:00+09:00',
  at: '2026-11-24T08:00:00+09:00',
  ...fields,
});
const notice = (events: readonly AlertEvent[] = [event()]): Notice => ({
  noticeNo: 1,
  channel: 'email',
  messageId: '8f14e45f-ceea-467f-9f1f-000000000001',
  events,
  createdAt: NOW,
  failures: 0,
});

let folder: string;
const closers: (() => Promise<void>)[] = [];
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-senders-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

const senderOf = (channel: 'email' | 'webhook', settings: object): NoticeSender => {
  const opened = openSenders(AlertSettings.parse({ [channel]: settings }));
  if (!opened.ok) throw new Error(JSON.stringify(opened.faults));
  const sender = opened.value[channel];
  if (sender === undefined) throw new Error('no sender');
  return sender;
};

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isSecure: boolean;
  readonly text: string;
}

const mailServer = async (options: SMTPServerOptions = {}) => {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD ? done(null, { user: username }) : done(new Error('wrong password')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: typeof session.user === 'string' ? session.user : undefined,
          isSecure: session.secure,
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closers.push(() => new Promise((done) => server.close(() => done())));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { mails, port: address.port };
};
const addresses = { from: 'genba@example.jp', to: ['a@example.jp', 'b@example.jp'] };

/** Subject and text as a mail program shows them. */
const readMail = (text: string) => {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const subject = [...head.matchAll(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi)]
    .map(([, kind, word = '']) =>
      kind?.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64')
        : Buffer.from(
            word
              .replaceAll('_', ' ')
              .replaceAll(/=([0-9A-F]{2})/g, (_all, hex) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          ),
    )
    .reduce((all, part) => Buffer.concat([all, part]), Buffer.alloc(0))
    .toString();
  return { subject, body: Buffer.from(body.join(''), 'base64').toString(), head };
};

describe('by e-mail', () => {
  test('what began and what cleared comes as one mail in Japanese', async () => {
    const { mails, port } = await mailServer({ disabledCommands: ['STARTTLS'] });
    const send = senderOf('email', { host: '127.0.0.1', port, security: 'none', ...addresses });
    const cleared = event({ event: 'cleared', title: '端末から連絡がありません', detail: '' });
    expect(await send(notice([event(), cleared]), NOW)).toEqual({ kind: 'delivered' });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject(addresses);
    const { subject, body, head } = readMail(mails[0]?.text ?? '');
    expect(subject).toBe('【現場タッチ 警報】端末 gate-1: カードリーダーが使えません ほか1件');
    expect(body).toBe(
      [
        '発生',
        '■ 端末 gate-1（現場 30000000000001）: カードリーダーが使えません（入口）',
        '  2026-11-24 07:48 から。リーダーの USB を差し直してください。',
        '',
        '解消',
        '■ 端末 gate-1（現場 30000000000001）: 端末から連絡がありません',
        '  2026-11-24 07:48 から 2026-11-24 08:00 まで',
        '',
        '2026-11-24 08:00 現場タッチ 中継サーバ',
        '',
      ].join('\n'),
    );
    expect(head).toContain('Message-ID: <8f14e45f-ceea-467f-9f1f-000000000001@example.jp>');
  });

  test('goes over TLS and with a log-in', async () => {
    const { certificate, key } = testCertificate(folder);
    const { mails, port } = await mailServer({ cert: certificate, key });
    const send = senderOf('email', {
      host: 'localhost',
      port,
      user: 'genba',
      passwordFile: file('password', `${PASSWORD}\n`),
      caFile: file('ca.pem', certificate),
      ...addresses,
    });
    expect(await send(notice(), NOW)).toEqual({ kind: 'delivered' });
    expect(mails).toMatchObject([{ isSecure: true, user: 'genba' }]);
  });

  test('never goes in the clear where TLS is wanted, nor to a server that nobody vouches for', async () => {
    const plain = await mailServer({ disabledCommands: ['STARTTLS'] });
    const { certificate, key } = testCertificate(folder);
    const unknown = await mailServer({ cert: certificate, key });
    for (const { port } of [plain, unknown]) {
      const send = senderOf('email', { host: 'localhost', port, ...addresses });
      expect(await send(notice(), NOW)).toMatchObject({ kind: 'failed', isFinal: false });
    }
    expect([...plain.mails, ...unknown.mails]).toEqual([]);
  });

  test.each([
    [450, false, 'the mailbox is busy: later'],
    [550, true, 'there is no such mailbox: never'],
  ])('refused with %i is final: %s (%s)', async (responseCode, isFinal) => {
    const { port } = await mailServer({
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('refused'), { responseCode })),
    });
    const send = senderOf('email', { host: '127.0.0.1', port, security: 'none', ...addresses });
    expect(await send(notice(), NOW)).toMatchObject({ kind: 'failed', isFinal });
  });

  test.each([
    ['says nothing', undefined],
    ['has always more to say', '220-one moment please\r\n'],
  ])('a server that %s is hung up on, and is another try', async (_what, line) => {
    const hungUp = Promise.withResolvers<void>();
    const server = createSocketServer((socket) => {
      const talking = setInterval(() => line !== undefined && socket.write(line), 20);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(talking);
        hungUp.resolve();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { email } = AlertSettings.parse({
      email: { host: '127.0.0.1', port, security: 'none', ...addresses },
    });
    if (email === undefined) throw new Error('no settings');
    const send = mailSender(email, { password: undefined, ca: undefined }, 300);
    expect(await send(notice(), NOW)).toMatchObject({ kind: 'failed', isFinal: false });
    await hungUp.promise;
  });

  test('a server that is not there is another try', async () => {
    const { port } = await mailServer({ disabledCommands: ['STARTTLS'] });
    for (const close of closers.splice(0)) await close();
    const send = senderOf('email', { host: '127.0.0.1', port, security: 'none', ...addresses });
    expect(await send(notice(), NOW)).toMatchObject({ kind: 'failed', isFinal: false });
  });
});

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['localhost', true],
  ['mail.example', false],
])('mail without encryption to %s: %j', (host, isAllowed) => {
  const email = { host, port: 25, security: 'none', ...addresses };
  expect(AlertSettings.safeParse({ email }).success).toBe(isAllowed);
});

const webServer = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { requests, url: `http://127.0.0.1:${address.port}/hook` };
};
const hook = (url: string) =>
  senderOf('webhook', { url, secretFile: file('secret', `${SECRET}\n`) });

describe('by webhook', () => {
  test('a receiver can check who sent it, and know it again', async () => {
    const { requests, url } = await webServer((_request, response) =>
      response.writeHead(204).end(),
    );
    expect(await hook(url)(notice(), NOW)).toEqual({ kind: 'delivered' });
    const { headers, body } = requests[0] ?? { headers: {}, body: '' };
    expect(JSON.parse(body)).toEqual({
      id: notice().messageId,
      createdAt: '2026-11-24T08:00:00+09:00',
      events: [event()],
    });
    const timestamp = String(headers['genba-timestamp']);
    expect(timestamp).toBe(String(NOW / 1_000));
    const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['genba-signature']).toBe(`sha256=${expected}`);
  });

  test('follows nobody elsewhere', async () => {
    const elsewhere = await webServer((_request, response) => response.writeHead(200).end());
    const { url } = await webServer((_request, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    expect(await hook(url)(notice(), NOW)).toMatchObject({ kind: 'failed', reason: 'status 307' });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['says 500', (_request, response) => response.writeHead(500).end('x'.repeat(1_000_000))],
    ['hangs up', (request) => request.socket.destroy()],
    ['says nothing', () => undefined],
    [
      'has always more to say',
      (_request, response) => {
        const talking = setInterval(() => response.writeProcessing(), 20);
        response.on('close', () => clearInterval(talking));
      },
    ],
    ['talks nonsense', (request) => request.socket.end('HTTP/9.9 banana\r\n\r\n')],
  ])('a receiver that %s is tried again', async (_what, answer) => {
    const { url } = await webServer(answer);
    const send = webhookSender(url, SECRET, 1_000);
    expect(await send(notice(), NOW)).toMatchObject({ kind: 'failed', isFinal: false });
  });
});

describe('after a try', () => {
  const failed: Delivery = { kind: 'failed', reason: 'no', isFinal: false };
  const late = utcMs(NOW + NOTICE_AGE_MAX_MS);
  test.each<[Delivery, number, number, object, string]>([
    [{ kind: 'delivered' }, 0, NOW, { kind: 'sent' }, 'once is enough'],
    [failed, 0, NOW, { kind: 'again', at: NOW + 30_000 }, 'half a minute'],
    [failed, 3, NOW, { kind: 'again', at: NOW + 240_000 }, 'doubling'],
    [failed, 60, NOW, { kind: 'again', at: NOW + 3_600_000 }, 'at least every hour'],
    [{ ...failed, isFinal: true }, 0, NOW, { kind: 'give-up' }, 'the last word'],
    [failed, 60, late, { kind: 'give-up' }, 'three days old'],
  ])('%o with %i failures before (%#)', (delivery, failures, now, expected) => {
    expect(afterTry({ createdAt: NOW, failures }, delivery, utcMs(now), 0.5)).toMatchObject(
      expected,
    );
  });
});

describe('the settings', () => {
  const email = { host: 'mail.example.jp', ...addresses };
  const base = { dataDir: '/var/lib/x', signingKeyFile: '/etc/x.pem' };
  test.each<[string, object, readonly string[]]>([
    [
      'a mail server elsewhere without TLS',
      { email: { ...email, security: 'none' } },
      ['/alerts/email/security'],
    ],
    [
      'a log-in without a password',
      { email: { ...email, user: 'x' } },
      ['/alerts/email/passwordFile'],
    ],
    [
      'a webhook in the clear',
      { webhook: { url: 'http://example.jp/', secretFile: 's' } },
      ['/alerts/webhook/url'],
    ],
    [
      'a webhook that is no web address',
      { webhook: { url: 'file:///etc/passwd', secretFile: 's' } },
      ['/alerts/webhook/url'],
    ],
    [
      'a webhook that is no address at all',
      { webhook: { url: 'https://', secretFile: 's' } },
      ['/alerts/webhook/url'],
    ],
    [
      'several faults, all named',
      { silentMinutes: 1, watch: { from: '25:00', to: '7' }, email: { ...email, to: [] } },
      ['/alerts/silentMinutes', '/alerts/watch/from', '/alerts/watch/to', '/alerts/email/to'],
    ],
  ])('with %s are refused', (_what, alerts, places) => {
    const parsed = parseGatewayConfig(JSON.stringify({ ...base, alerts }));
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual(places);
  });

  test('name every file that cannot be used', () => {
    const opened = openSenders(
      AlertSettings.parse({
        email: { ...email, user: 'x', passwordFile: file('empty', '\n'), caFile: '/nonexistent' },
        webhook: { url: 'https://example.jp/', secretFile: file('short', 'abc') },
      }),
    );
    expect(opened.ok ? [] : opened.faults.map(({ place }) => place)).toEqual([
      '/alerts/email/passwordFile',
      '/alerts/email/caFile',
      '/alerts/webhook/secretFile',
    ]);
  });
});
