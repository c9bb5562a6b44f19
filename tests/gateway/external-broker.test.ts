/** What the gateway hears from an external broker: what is said now, and what the broker had kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Broker } from '../../gateway/broker/broker.ts';
import { openExternalBroker } from '../../gateway/broker/external.ts';
import { topicOf } from '../../shared/topics.ts';
import { until } from '../fixtures/event-log.ts';
import { TERMINAL } from '../fixtures/identities.ts';
import { createMosquitto, type Mosquitto } from '../fixtures/mosquitto.ts';
import { freePort } from '../fixtures/site.ts';

let folder: string;
let mosquitto: Mosquitto;
let broker: Broker | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genba-external-'));
  mosquitto = createMosquitto(folder, await freePort());
  await mosquitto.start();
});
afterEach(async () => {
  await broker?.close();
  await mosquitto.kill();
  rmSync(folder, { recursive: true });
});

test('a word that was kept is told apart from one that is said', async () => {
  const terminal = await connectAsync(mosquitto.url);
  const topic = topicOf(TERMINAL, 'status');
  await terminal.publishAsync(topic, 'before', { qos: 1, retain: true });
  const heard: string[] = [];
  broker = openExternalBroker(
    { url: mosquitto.url, clientId: 'genba-gateway' },
    {
      onMessage: (_topic, bytes, isRetained) =>
        heard.push(`${Buffer.from(bytes)} ${isRetained ? 'kept' : 'said'}`),
      onForbidden: () => undefined,
      onReady: () => undefined,
      log: () => undefined,
    },
  );
  await until(() => heard.length > 0, 'the kept one has come');
  await terminal.publishAsync(topic, 'now', { qos: 1, retain: true });
  await until(() => heard.length > 1, 'the next one has come');
  expect(heard).toEqual(['before kept', 'now said']);
  await terminal.endAsync(true);
});
