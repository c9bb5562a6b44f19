/**
 * Who comes to the broker's TLS port with no certificate, a wrong one, an old one or somebody else's: nobody
 * gets in, the reason stands in the audit log, and the good neighbour does not notice.
 */
import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuthorityPem, openAuthority } from '../../gateway/enrolment/authority.ts';
import type { TlsIdentity } from '../../gateway/enrolment/identity.ts';
import { DAY_MS, HOUR_MS, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { until } from '../fixtures/event-log.ts';
import {
  type Credentials,
  enrolledCredentials,
  issueFor,
  openTlsSite,
  serialOf,
  type TlsSite,
  tryToConnect,
} from '../fixtures/tls-site.ts';

let site: TlsSite;
let good: Credentials;
let other: Credentials;
let neighbour: MqttClient;

const now = () => utcMs(Date.now());

/** The neighbour's word comes through, and nothing else has come in since. */
const neighbourWorks = async (): Promise<void> => {
  const topic = topicOf(good.terminalId, 'journal');
  const before = site.arrived.length;
  await neighbour.publishAsync(topic, 'good', { qos: 1 });
  expect(site.arrived.slice(before).map(({ bytes }) => String(bytes))).toEqual(['good']);
  expect(neighbour.connected).toBe(true);
};

beforeAll(async () => {
  site = await openTlsSite();
  good = await enrolledCredentials(site.desk);
  other = await enrolledCredentials(site.desk);
  const outcome = await site.connect(good, { clientId: good.terminalId, username: 'start-1' });
  if (outcome.kind !== 'connected') throw new Error(outcome.reason);
  neighbour = outcome.client;
});
afterAll(() => site.close());

const foreignAuthority = async () => {
  const pem = await makeAuthorityPem(now());
  return openAuthority(pem, pem);
};
/** In the books, as an issue that the desk made would be. */
const booked = async (identity: TlsIdentity, enrolmentNo = 1): Promise<TlsIdentity> => {
  site.desk.store.addCertificate({
    serial: serialOf(identity.certificatePem),
    enrolmentNo,
    issuedAt: now(),
    validTo: utcMs(now() + DAY_MS),
  });
  return identity;
};

describe('a client with', () => {
  test.each<[string, () => Promise<Partial<TlsIdentity>>, () => string, RegExp]>([
    ['no certificate', async () => ({}), () => good.terminalId, /^no-certificate$/],
    [
      'a certificate of another authority',
      async () => issueFor(await foreignAuthority(), good.terminalId, now()),
      () => good.terminalId,
      /^foreign-certificate/,
    ],
    [
      'a certificate that was issued and is in no book',
      async () => issueFor(site.desk.authority, good.terminalId, now()),
      () => good.terminalId,
      /^unknown-certificate$/,
    ],
    [
      'a certificate that ran out yesterday',
      async () =>
        booked(
          await issueFor(site.desk.authority, good.terminalId, utcMs(now() - 3 * DAY_MS), DAY_MS),
        ),
      () => good.terminalId,
      /^expired-certificate$/,
    ],
    [
      'a certificate of tomorrow',
      async () =>
        booked(await issueFor(site.desk.authority, good.terminalId, utcMs(now() + 2 * DAY_MS))),
      () => good.terminalId,
      /^expired-certificate$/,
    ],
    [
      'another terminal’s client id',
      async () => other,
      () => good.terminalId,
      /^not-its-client-id$/,
    ],
    ['a client id that nobody has', async () => other, () => 'gate-999', /^not-its-client-id$/],
    ['the gateway’s client id', async () => other, () => 'genba-gateway', /^not-its-client-id$/],
    [
      'its own id in capital letters',
      async () => other,
      () => other.terminalId.toUpperCase(),
      /^not-its-client-id$/,
    ],
    [
      'its own id and something behind it',
      async () => other,
      () => `${other.terminalId}/x`,
      /^not-its-client-id$/,
    ],
    ['its own id and a zero byte', async () => other, () => `${other.terminalId}\0`, /./],
    ['a wildcard as client id', async () => other, () => '+', /^not-its-client-id$/],
    [
      'a certificate whose name is two names',
      async () =>
        booked(
          await issueFor(site.desk.authority, `${good.terminalId}\nCN=${other.terminalId}`, now()),
        ),
      () => other.terminalId,
      /./,
    ],
    [
      'a server’s certificate',
      async () => {
        const { issueIdentity } = await import('../../gateway/enrolment/identity.ts');
        return issueIdentity(site.desk.authority, {
          commonName: good.terminalId,
          names: ['localhost'],
          use: 'server',
          now: now(),
        });
      },
      () => good.terminalId,
      /^foreign-certificate/,
    ],
    [
      'a revoked certificate',
      async () => {
        const identity = await booked(
          await issueFor(site.desk.authority, 'gate-1', utcMs(now() - HOUR_MS)),
          2,
        );
        site.desk.store.revokeOlder(
          serialOf(
            (await booked(await issueFor(site.desk.authority, 'gate-1', now()), 2)).certificatePem,
          ),
          now(),
        );
        return identity;
      },
      () => 'gate-1',
      /^(revoked-certificate|not-its-client-id)$/,
    ],
  ])('%s stays outside', async (_what, identityOf, clientIdOf, reason) => {
    const [audited, arrived] = [site.audited.length, site.arrived.length];
    const outcome = await site.connect(await identityOf(), {
      clientId: clientIdOf(),
      will: {
        topic: topicOf(good.terminalId, 'status'),
        payload: Buffer.from('offline'),
        qos: 1,
        retain: true,
      },
    });
    expect(outcome.kind).toBe('refused');
    await until(() => site.audited.length > audited, 'the refusal is audited');
    expect(site.audited.at(-1)).toMatchObject({
      kind: 'certificate-refused',
      detail: { reason: expect.stringMatching(reason) },
    });
    expect(site.arrived).toHaveLength(arrived);
    await neighbourWorks();
  });
});

describe('a connection that is no TLS', () => {
  test('plain MQTT is refused, with the reason', async () => {
    const before = site.audited.length;
    const outcome = await tryToConnect(site.url.replace('mqtts', 'mqtt'), {
      clientId: good.terminalId,
    });
    expect(outcome.kind).toBe('refused');
    await until(() => site.audited.length > before, 'the refusal is audited');
    expect(site.audited.at(-1)?.detail.reason).toMatch(/^no-tls/);
    await neighbourWorks();
  });

  test.each([
    ['rubbish', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a TLS record that promises more than there is', Buffer.from([22, 3, 1, 255, 255, 1])],
    ['zeros', Buffer.alloc(1_000)],
  ])('%s is cut', async (_what, bytes) => {
    const socket = connectPlain(site.broker.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    socket.end(bytes);
    await once(socket, 'close');
    await neighbourWorks();
  });

  test('TLS 1.1 is not spoken', async () => {
    const socket = connectTls({
      port: site.broker.port,
      host: '127.0.0.1',
      ca: site.desk.authority.pem,
      cert: good.certificatePem,
      key: good.keyPem,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const failed = await Promise.race([
      once(socket, 'error').then(() => true),
      once(socket, 'secureConnect').then(() => false),
    ]);
    expect(failed).toBe(true);
    await neighbourWorks();
  });
});

describe('who holds handshakes open', () => {
  test('gets so many places of an address and no more, and they cost nobody else theirs', async () => {
    const small = await openTlsSite(undefined, { unnamedMax: 20 });
    const terminals = [
      await enrolledCredentials(small.desk),
      await enrolledCredentials(small.desk),
    ] as const;
    const [inside, coming] = terminals;
    const first = await small.connect(inside, { clientId: inside.terminalId });
    if (first.kind !== 'connected') throw new Error(first.reason);
    const silent: Socket[] = [];
    const knock = async (): Promise<Socket> => {
      const socket = connectPlain(small.broker.port, '127.0.0.1');
      socket.on('error', () => undefined);
      silent.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    for (let each = 0; each < 20; each += 1) await knock();
    // Who is in already does not count, and is not disturbed.
    await first.client.publishAsync(topicOf(inside.terminalId, 'journal'), 'in', { qos: 1 });
    const late = await knock();
    late.resume();
    if (!late.closed) await once(late, 'close');
    silent[0]?.destroy();
    await until(
      async () =>
        (await small.connect(coming, { clientId: coming.terminalId })).kind === 'connected',
      'a place that is free again is anybody’s',
      50,
    );
    for (const socket of silent) socket.destroy();
    await small.close();
  });
});

describe('a good certificate', () => {
  test('does not survive its revocation: what is connected is cut, what comes back is refused', async () => {
    const lost = await enrolledCredentials(site.desk);
    const outcome = await site.connect(lost, { clientId: lost.terminalId });
    if (outcome.kind !== 'connected') throw new Error(outcome.reason);
    const closed = new Promise((done) => outcome.client.once('close', () => done(true)));
    const enrolment = site.desk.store.current(lost.terminalId);
    site.desk.enrolments.revoke(enrolment?.enrolmentNo ?? 0, 'token:admin');
    site.broker.cut(lost.terminalId);
    await closed;
    expect(await site.connect(lost, { clientId: lost.terminalId })).toMatchObject({
      kind: 'refused',
    });
    expect(site.audited.at(-1)?.detail.reason).toBe('revoked-certificate');
    await neighbourWorks();
  });

  const clonesOf = (clientId: string) =>
    site.audited.filter(
      ({ kind, actor }) => kind === 'clone-suspected' && actor === `terminal:${clientId}`,
    );

  test.each([
    ['that says another start', 'start-b'],
    ['that hides which start it is', undefined],
  ])(
    'copied to a second place %s stays outside there, and the first place is not pushed off',
    async (_what, username) => {
      const cloned = await enrolledCredentials(site.desk);
      const clientId = cloned.terminalId;
      const first = await site.connect(cloned, { clientId, username: 'start-a' });
      if (first.kind !== 'connected') throw new Error(first.reason);
      const second = await site.connect(cloned, { clientId, ...(username && { username }) });
      expect(second.kind).toBe('refused');
      expect(site.audited.at(-1)).toMatchObject({
        kind: 'certificate-refused',
        detail: { reason: 'another-start-is-connected', clientId },
      });
      // It might have been the terminal itself, after a power cut: nobody is accused yet.
      expect(clonesOf(clientId)).toEqual([]);
      await first.client.publishAsync(topicOf(cloned.terminalId, 'journal'), 'alive', { qos: 1 });
      expect(clonesOf(clientId)).toMatchObject([{ detail: { why: 'two-starts-alive' } }]);
      expect(first.client.connected).toBe(true);
      await neighbourWorks();
    },
  );

  test('lets its terminal in again whose connection broke unnoticed, as often as that happens', async () => {
    const flapping = await enrolledCredentials(site.desk);
    const options = { clientId: flapping.terminalId, username: 'start-a' };
    for (const _ of Array(8))
      expect((await site.connect(flapping, options)).kind).toBe('connected');
    expect(clonesOf(flapping.terminalId)).toEqual([]);
  });

  test('lets its terminal in with a new start once the broker misses a word of the old one, as after a power cut', async () => {
    const cut = await enrolledCredentials(site.desk);
    const clientId = cut.terminalId;
    const socket = connectTls({
      port: site.broker.port,
      host: '127.0.0.1',
      ca: site.desk.authority.pem,
      cert: cut.certificatePem,
      key: cut.keyPem,
    });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    // CONNECT of MQTT 3.1.1 with a keepalive of one second and a user name, and never a word again.
    const text = (value: string) => Buffer.from([0, value.length, ...Buffer.from(value)]);
    const body = Buffer.concat([
      text('MQTT'),
      Buffer.from([4, 0x82, 0, 1]),
      text(clientId),
      text('start-a'),
    ]);
    socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
    await once(socket, 'data');
    const again = () => site.connect(cut, { clientId, username: 'start-b' });
    expect((await again()).kind).toBe('refused');
    await until(async () => (await again()).kind === 'connected', 'it is let in', 100);
    expect(clonesOf(clientId)).toEqual([]);
    socket.destroy();
  });

  test('used in two places by turns is noticed when the first place comes back', async () => {
    const cloned = await enrolledCredentials(site.desk);
    const clientId = cloned.terminalId;
    for (const username of ['start-a', 'start-b', 'start-a']) {
      const outcome = await site.connect(cloned, { clientId, username });
      if (outcome.kind !== 'connected') throw new Error(outcome.reason);
      await outcome.client.endAsync();
    }
    expect(clonesOf(clientId)).toMatchObject([{ detail: { why: 'two-starts-alive' } }]);
    await neighbourWorks();
  });

  test('used in two places is noticed also when neither says which start it is', async () => {
    const cloned = await enrolledCredentials(site.desk);
    for (const _ of Array(7)) await site.connect(cloned, { clientId: cloned.terminalId });
    expect(site.audited.filter(({ kind }) => kind === 'clone-suspected').at(-1)).toMatchObject({
      actor: `terminal:${cloned.terminalId}`,
      detail: { why: 'pushing-each-other-off' },
    });
    await neighbourWorks();
  });
});
