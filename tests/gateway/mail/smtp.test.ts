/** The way to a real mail server on loopback: encrypted or not at all, and every end of it named. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MailConfig } from '../../../gateway/mail/mail-config.ts';
import { createMailServer, type MailServerSecrets } from '../../../gateway/mail/smtp.ts';
import {
  type Behaviour,
  type Identity,
  loopbackIdentity,
  openMailServer,
  PASSWORD,
  type TestMailServer,
  USER,
} from '../../fixtures/mail-server.ts';

let identity: Identity;
let server: TestMailServer;

beforeAll(async () => {
  identity = await loopbackIdentity();
});
beforeEach(async () => {
  server = await openMailServer({ ...identity });
});
afterEach(() => server.close());

const SMALL = Buffer.from('Subject: x\r\n\r\n.a line that begins with a dot\r\nend\r\n');

interface Try {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets?: MailServerSecrets;
  readonly bytes?: Buffer;
}

const send = async ({ config = {}, secrets, bytes = SMALL }: Try = {}) => {
  const parsed = MailConfig.parse({
    host: '127.0.0.1',
    port: server.port,
    auth: { user: USER, passwordFile: 'unread here' },
    from: 'gate@example.jp',
    timeoutMs: 20_000,
    ...config,
  });
  let noted = 0;
  const mailServer = createMailServer(parsed, secrets ?? { ca: identity.ca, password: PASSWORD });
  const message = { mailId: 'mail-1', from: parsed.from, to: 'prime@example.jp', bytes };
  const outcome = await mailServer.send(message, () => {
    noted += 1;
  });
  return { outcome, noted };
};

describe('a message', () => {
  test('arrives byte for byte over STARTTLS, after a log-in, to one recipient', async () => {
    const { outcome, noted } = await send();
    expect(outcome).toEqual({ kind: 'accepted', response: '250 taken as number 7' });
    expect(noted).toBe(1);
    expect(server.received).toEqual([
      {
        from: 'gate@example.jp',
        to: ['prime@example.jp'],
        bytes: SMALL,
        isEncrypted: true,
        user: USER,
      },
    ]);
  });

  test('arrives over TLS from the first byte', async () => {
    await server.close();
    server = await openMailServer({ ...identity, secure: true });
    expect((await send({ config: { security: 'tls' } })).outcome.kind).toBe('accepted');
    expect(server.received).toMatchObject([{ isEncrypted: true }]);
  });

  test('of many pieces arrives whole', async () => {
    const lines = Array.from({ length: 20_000 }, () => randomBytes(30).toString('base64'));
    const bytes = Buffer.from(`Subject: x\r\n\r\n${lines.join('\r\n')}\r\n`);
    expect((await send({ bytes })).outcome.kind).toBe('accepted');
    expect(server.received[0]?.bytes.equals(bytes)).toBe(true);
  });
});

describe('nothing is given away', () => {
  test('to a server that does not encrypt', async () => {
    await server.close();
    server = await openMailServer({ hideSTARTTLS: true, authOptional: true });
    const { outcome, noted } = await send({ config: { auth: undefined } });
    expect(outcome.kind).not.toBe('accepted');
    expect({ noted, received: server.received }).toEqual({ noted: 0, received: [] });
  });

  test('to a server whose certificate nobody we trust has signed', async () => {
    const { outcome, noted } = await send({ secrets: { password: PASSWORD } });
    expect(outcome).toMatchObject({ kind: 'cut', reason: expect.stringMatching(/self-signed/i) });
    expect({ noted, received: server.received }).toEqual({ noted: 0, received: [] });
  });

  test('after a wrong password', async () => {
    const { outcome } = await send({ secrets: { ca: identity.ca, password: 'wrong' } });
    expect(outcome.kind).toBe('deferred');
    expect(server.received).toEqual([]);
  });
});

test('a server that has always more to say is hung up on', async () => {
  const hungUp = Promise.withResolvers<void>();
  const talker = createServer((socket) => {
    const talking = setInterval(() => socket.write('220-one moment please\r\n'), 20);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(talking);
      hungUp.resolve();
    });
  });
  talker.listen(0, '127.0.0.1');
  await once(talker, 'listening');
  const address = talker.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const config = { host: '127.0.0.1', port, from: 'gate@example.jp', security: 'none' };
  const talkative = createMailServer(MailConfig.parse(config), {}, 300);
  const message = { mailId: 'mail-1', from: config.from, to: 'prime@example.jp', bytes: SMALL };
  expect(await talkative.send(message, () => undefined)).toMatchObject({ kind: 'cut' });
  await hungUp.promise;
  talker.close();
});

test('plain SMTP is for this machine only', () => {
  const plain = { port: 25, from: 'gate@example.jp', security: 'none' };
  expect(MailConfig.safeParse({ ...plain, host: 'mail.example.jp' }).success).toBe(false);
  expect(MailConfig.safeParse({ ...plain, host: '127.0.0.1' }).success).toBe(true);
});

describe('an end', () => {
  const LARGE = Buffer.alloc(4_000_000, 'Subject: x\r\n\r\n0123456789abcdef\r\n');

  test.each<[Behaviour, string, number, Buffer, string]>([
    [{ at: 'recipient', code: 450, text: 'busy' }, 'deferred', 0, SMALL, 'for now'],
    [{ at: 'recipient', code: 550, text: 'no such user' }, 'refused', 0, SMALL, 'for ever'],
    [{ at: 'message', code: 452, text: 'disk full' }, 'deferred', 1, SMALL, 'after the message'],
    [{ at: 'message', code: 554, text: 'spam' }, 'refused', 1, SMALL, 'the message itself'],
    ['drop-at-greeting', 'cut', 0, SMALL, 'before a word is said'],
    ['drop-in-message', 'cut', 0, LARGE, 'in the middle: the end has not left'],
    ['drop-after-message', 'cut', 1, SMALL, 'taken, and the answer lost'],
  ])(
    'with %o is %s, the last bytes noted %i times',
    async (behaviour, kind, times, bytes, _because) => {
      server.behave(behaviour);
      const { outcome, noted } = await send({ bytes });
      expect({ kind: outcome.kind, noted }).toEqual({ kind, noted: times });
      if (typeof behaviour === 'object')
        expect(outcome).toMatchObject({ reason: expect.stringContaining(behaviour.text) });
    },
  );

  test('at an address where nobody listens is a cut', async () => {
    const { port } = server;
    await server.close();
    expect((await send({ config: { port } })).outcome).toMatchObject({ kind: 'cut' });
    server = await openMailServer({ ...identity });
  });

  test('because the caller cannot note the last bytes is the caller’s failure, and nothing arrives', async () => {
    const config = MailConfig.parse({
      host: '127.0.0.1',
      port: server.port,
      from: 'a@example.jp',
      auth: { user: USER, passwordFile: '-' },
    });
    const mailServer = createMailServer(config, { ca: identity.ca, password: PASSWORD });
    const message = { mailId: 'mail-1', from: 'a@example.jp', to: 'b@example.jp', bytes: SMALL };
    const sending = mailServer.send(message, () => {
      throw new Error('disk full');
    });
    await expect(sending).rejects.toThrow('disk full');
    expect(server.received).toEqual([]);
  });
});
