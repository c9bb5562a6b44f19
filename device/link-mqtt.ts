/**
 * The terminal's link to the gateway, over MQTT 3.1.1.
 *
 * Publishes only while connected and keeps no queue of its own: the journal is the one queue. Every
 * connection is a new client, so nothing that was in flight lingers in its memory.
 */
import { readFileSync } from 'node:fs';
import { connect, type MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import type { TerminalId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { retryDelayMs } from '../shared/retry-delay.ts';
import { type Channel, parseTopic, topicOf } from '../shared/topics.ts';
import type { TerminalConfig } from './config.ts';

// The library keeps a buffer for each number up to 65,535, nine megabytes for all that it ever sends here.
mqttPacket.writeToStream.cacheNumbers = false;
// It keeps four bytes for each length that a message ever had. Out of Node's pool each of them would hold 64 KB: a
// terminal that sends messages of a thousand lengths would hold 64 MB for ever.
Buffer.poolSize = 0;

export interface LinkOptions {
  readonly url: string;
  readonly terminalId: TerminalId;
  /** Asked at every connect, because certificates are renewed; undefined: plain MQTT. */
  readonly tls: (() => LinkCredentials) | undefined;
  /** Drawn at each start of the program: by it the gateway notices one certificate in two places. */
  readonly start: string;
}

/** PEM texts for `mqtts`. */
export interface LinkCredentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Reads anew what lies there now; throws where a file cannot be read. */
export const credentialsIn =
  (files: NonNullable<TerminalConfig['gateway']['tls']>) => (): LinkCredentials => ({
    cert: readFileSync(files.certificateFile, 'utf8'),
    key: readFileSync(files.keyFile, 'utf8'),
    ca: readFileSync(files.caFile, 'utf8'),
  });

export interface LinkEvents {
  /** Up: connected, and the gateway's answers are subscribed to. */
  readonly onLink: (isUp: boolean) => void;
  readonly onMessage: (channel: Channel, bytes: Uint8Array) => void;
  readonly log: Log;
}

export interface Link {
  /** Dropped without a word while the link is down: what matters is sent again from the journal. */
  readonly publish: (channel: Channel, bytes: Uint8Array) => void;
  /** Listens to one more channel on this connection; a broker that refuses it is logged, and the link stays. */
  readonly follow: (channel: Channel) => void;
  /** Connections tried so far, whatever became of them. */
  readonly tries: () => number;
  /** Ends the connection and makes a new one, with the certificate that lies there now. */
  readonly reconnect: () => void;
  readonly close: () => Promise<void>;
}

const RETRY = { minMs: 100, maxMs: 60_000 };
const KEEPALIVE_S = 30;
const GOODBYE_MS = 2_000;

export const openMqttLink = (
  { url, terminalId, tls, start }: LinkOptions,
  events: LinkEvents,
): Link => {
  const { onLink, onMessage, log } = events;
  const statusTopic = topicOf(terminalId, 'status');
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let tries = 0;
  let isUp = false;
  let isClosing = false;

  const setUp = (next: boolean): void => {
    if (isUp === next) return;
    isUp = next;
    onLink(next);
  };

  const retryLater = (): void => {
    retry = setTimeout(open, retryDelayMs(RETRY, failures, Math.random()));
    failures += 1;
  };

  /** Undefined where the certificate's files are not there or not sound: the gate goes on without a link. */
  const connectNow = (): MqttClient | undefined => {
    try {
      return connect(url, {
        ...(tls && { ...tls(), allowPartialTrustChain: true, minVersion: 'TLSv1.2' }),
        clientId: terminalId,
        username: start,
        clean: true,
        protocolVersion: 4,
        keepalive: KEEPALIVE_S,
        reconnectPeriod: 0,
        connectTimeout: 10_000,
        resubscribe: false,
        will: { topic: statusTopic, payload: Buffer.from('offline'), qos: 1, retain: true },
      });
    } catch (cause) {
      log('the link failed', { reason: cause instanceof Error ? cause.message : String(cause) });
      return undefined;
    }
  };

  const open = (): void => {
    tries += 1;
    const current = connectNow();
    if (current === undefined) return retryLater();
    client = current;
    current.on('error', (error) => log('the link failed', { reason: error.message }));
    current.on('message', (topic, payload) => {
      const address = parseTopic(topic);
      if (address?.terminalId === terminalId) onMessage(address.channel, payload);
    });
    current.on('connect', () => {
      const wanted = [topicOf(terminalId, 'receipt'), topicOf(terminalId, 'roster')];
      current.subscribe(wanted, { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos > 2)) {
          log('the broker refused the subscription', { reason: error?.message ?? 'not granted' });
          current.end(true);
          return;
        }
        failures = 0;
        current.publish(statusTopic, 'online', { qos: 1, retain: true });
        setUp(true);
      });
    });
    // Comes after every end of a connection, also of one that never was: a broker that just hangs up.
    current.on('close', () => {
      current.end(true);
      if (client !== current) return;
      client = undefined;
      setUp(false);
      if (isClosing) return;
      retryLater();
    });
  };
  open();

  return {
    publish: (channel, bytes) => {
      if (client?.connected !== true) return;
      // The last word on the terminal's state stays with the broker, for a gateway that comes later.
      const options = { qos: 1, retain: channel === 'status' } as const;
      client.publish(topicOf(terminalId, channel), Buffer.from(bytes), options, (error) => {
        if (error) log('a message could not go up', { channel, reason: error.message });
      });
    },
    follow: (channel) => {
      client?.subscribe(topicOf(terminalId, channel), { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos > 2))
          log('the broker refused a subscription', { channel, reason: error?.message ?? '' });
      });
    },
    tries: () => tries,
    reconnect: () => {
      const current = client;
      if (current === undefined) return;
      // What is still unanswered after a while is sent again from the journal.
      const late = setTimeout(() => current.end(true), GOODBYE_MS);
      current.once('close', () => clearTimeout(late));
      current.end(false);
    },
    close: async () => {
      isClosing = true;
      clearTimeout(retry);
      const last = client;
      if (last === undefined) return;
      await new Promise<void>((done) => {
        // The broker may be on its way out as well: then the library never says what became of a message.
        const late = setTimeout(done, GOODBYE_MS);
        last.once('close', () => {
          clearTimeout(late);
          done();
        });
        if (last.connected)
          last.publish(statusTopic, 'offline', { qos: 0, retain: true }, () => last.end(true));
        else last.end(true);
      });
    },
  };
};
