/** The embedded broker: a terminal may touch its own topics and nothing else, and a bad publish blocks nobody. */
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbeddedBroker } from '../../gateway/broker/embedded.ts';
import { createEventLog, type EventLog } from '../fixtures/event-log.ts';
import { OTHER_TERMINAL, TERMINAL } from '../fixtures/identities.ts';

type Seen =
  | { readonly kind: 'message'; readonly topic: string; readonly text: string }
  | { readonly kind: 'forbidden'; readonly clientId: string; readonly topic: string };

let broker: Awaited<ReturnType<typeof openEmbeddedBroker>>;
let log: EventLog<Seen>;
const clients: MqttClient[] = [];

const connect = async (clientId: string): Promise<MqttClient> => {
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    clientId,
    reconnectPeriod: 0,
  });
  clients.push(client);
  return client;
};

const openBroker = () =>
  openEmbeddedBroker(
    { host: '127.0.0.1', port: 0, isTerminal: (id) => id === TERMINAL || id === OTHER_TERMINAL },
    {
      onMessage: (topic, bytes) =>
        log.add({ kind: 'message', topic, text: Buffer.from(bytes).toString() }),
      onForbidden: (clientId, topic) => log.add({ kind: 'forbidden', clientId, topic }),
      onReady: () => undefined,
      log: () => undefined,
    },
  );

beforeEach(async () => {
  log = createEventLog();
  broker = await openBroker();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
  await broker.close();
});

describe('the embedded broker', () => {
  test('passes on what a terminal says on its own topics', async () => {
    const client = await connect(TERMINAL);
    await client.publishAsync(`genba/v1/${TERMINAL}/journal`, 'batch', { qos: 1 });
    expect(log.events).toEqual([
      { kind: 'message', topic: `genba/v1/${TERMINAL}/journal`, text: 'batch' },
    ]);
  });

  test.each([
    `genba/v1/${OTHER_TERMINAL}/journal`,
    `genba/v1/${TERMINAL}/receipt`,
    `genba/v1/${TERMINAL}/roster`,
    `genba/v1/${TERMINAL}/presence`,
    'genba/v1/anything',
    '$SYS/x',
  ])('takes a publish on %s, sets it aside, and keeps the connection', async (topic) => {
    const victim = await connect(OTHER_TERMINAL);
    await victim.subscribeAsync(`genba/v1/${OTHER_TERMINAL}/receipt`, { qos: 1 });
    const client = await connect(TERMINAL);
    await client.publishAsync(topic, 'forged', { qos: 1 });
    await client.publishAsync(`genba/v1/${TERMINAL}/journal`, 'good', { qos: 1 });
    expect(log.events).toEqual([
      { kind: 'forbidden', clientId: TERMINAL, topic },
      { kind: 'message', topic: `genba/v1/${TERMINAL}/journal`, text: 'good' },
    ]);
    expect(client.connected).toBe(true);
  });

  test.each([
    `genba/v1/${OTHER_TERMINAL}/roster`,
    'genba/v1/+/roster',
    `genba/v1/${OTHER_TERMINAL}/presence`,
    'genba/v1/+/presence',
    '#',
    `genba/v1/${TERMINAL}/journal`,
  ])('refuses a subscription to %s', async (topic) => {
    const client = await connect(TERMINAL);
    await expect(client.subscribeAsync(topic, { qos: 1 })).rejects.toThrow();
  });

  test('gives a terminal its receipts and its retained roster, and nobody else', async () => {
    broker.publish(`genba/v1/${TERMINAL}/roster`, Buffer.from('roster'), { retain: true });
    const client = await connect(TERMINAL);
    const received = createEventLog<string>();
    client.on('message', (topic, payload) => received.add(`${topic} ${payload}`));
    const other = await connect(OTHER_TERMINAL);
    const overheard = createEventLog<string>();
    other.on('message', (topic) => overheard.add(topic));
    await client.subscribeAsync([`genba/v1/${TERMINAL}/receipt`, `genba/v1/${TERMINAL}/roster`], {
      qos: 1,
    });
    await other.subscribeAsync(`genba/v1/${OTHER_TERMINAL}/receipt`, { qos: 1 });
    await received.next((text) => text.endsWith('roster'), 0);
    broker.publish(`genba/v1/${TERMINAL}/receipt`, Buffer.from('receipt'), { retain: false });
    await received.next((text) => text.endsWith('receipt'), 0);
    expect(overheard.events).toEqual([]);
  });

  test('gives a terminal who is on site when it is said, and keeps it for nobody', async () => {
    const topic = `genba/v1/${TERMINAL}/presence`;
    broker.publish(topic, Buffer.from('before'), { retain: false });
    const client = await connect(TERMINAL);
    const received = createEventLog<string>();
    client.on('message', (of, payload) => received.add(`${of} ${payload}`));
    await client.subscribeAsync(topic, { qos: 1 });
    broker.publish(topic, Buffer.from('now'), { retain: false });
    await received.next((text) => text.endsWith('now'), 0);
    expect(received.events).toEqual([`${topic} now`]);
  });

  test.each(['stranger', 'UPPER', ''])('refuses a client called "%s"', async (clientId) => {
    await expect(
      connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
        clientId,
        reconnectPeriod: 0,
        clean: true,
        connectTimeout: 3_000,
      }),
    ).rejects.toThrow();
  });

  test('can be closed while a client that has stopped reading owes it everything', async () => {
    const client = await connect(TERMINAL);
    await client.subscribeAsync(`genba/v1/${TERMINAL}/receipt`, { qos: 1 });
    client.stream.pause();
    client.stream.removeAllListeners('data');
    const megabyte = Buffer.alloc(1_048_576, 'x');
    for (let count = 0; count < 64; count += 1)
      broker.publish(`genba/v1/${TERMINAL}/receipt`, megabyte, { retain: false });
    const { port } = broker;
    await broker.close();
    client.stream.destroy();
    await expect(
      connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: TERMINAL, reconnectPeriod: 0 }),
    ).rejects.toThrow(/ECONNREFUSED/);
    broker = await openBroker();
  });

  test('says offline for a terminal that vanishes', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      clientId: TERMINAL,
      reconnectPeriod: 0,
      will: {
        topic: `genba/v1/${TERMINAL}/status`,
        payload: Buffer.from('offline'),
        qos: 1,
        retain: true,
      },
    });
    client.on('error', () => undefined);
    client.stream.destroy();
    await log.next((seen) => seen.kind === 'message' && seen.text === 'offline', 0);
    await client.endAsync(true);
    expect(log.events).toHaveLength(1);
  });
});
