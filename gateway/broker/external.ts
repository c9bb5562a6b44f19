/**
 * The gateway as a client of an external broker (mosquitto and the like).
 *
 * Clean session and no store: what was published while the link was down is lost on purpose, because
 * terminals send again what was not receipted, and rosters are published anew on every connect.
 */
import { connect, type MqttClient } from 'mqtt';
import { retryDelayMs } from '../../shared/retry-delay.ts';
import { topicOfAll } from '../../shared/topics.ts';
import type { TlsIdentity } from '../enrolment/identity.ts';
import type { Broker, BrokerEvents } from './broker.ts';

const RETRY = { minMs: 500, maxMs: 30_000 };

export const openExternalBroker = (
  {
    url,
    clientId,
    tls,
    log: brokersLog,
  }: {
    readonly url: string;
    readonly clientId: string;
    /** Asked at every connect, because certificates are replaced; undefined: plain, for loopback. */
    readonly tls?: (() => TlsIdentity & { readonly authorityPem: string }) | undefined;
    /** Where the broker tells what it does, and who hears it; undefined where it does not. */
    readonly log?: { readonly topics: string; readonly onLine: (line: string) => void } | undefined;
  },
  { onMessage, onReady, log }: BrokerEvents,
): Broker => {
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosing = false;

  const open = (): void => {
    const identity = tls?.();
    const current = connect(url, {
      ...(identity && {
        cert: identity.certificatePem,
        key: identity.keyPem,
        ca: identity.authorityPem,
        allowPartialTrustChain: true,
        minVersion: 'TLSv1.2',
      }),
      clientId,
      clean: true,
      protocolVersion: 4,
      keepalive: 30,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      resubscribe: false,
    });
    client = current;
    current.on('error', (error) => log('the broker connection failed', { reason: error.message }));
    current.on('message', (topic, payload, { retain }) => {
      if (topic.startsWith('$SYS/')) brokersLog?.onLine(payload.toString('utf8'));
      else onMessage(topic, payload, retain);
    });
    current.on('connect', () => {
      current.subscribe(
        [topicOfAll('journal'), topicOfAll('status')],
        { qos: 1 },
        (error, granted) => {
          if (error || granted?.some(({ qos }) => qos > 2)) {
            log('the broker refused the subscription', { reason: error?.message ?? 'not granted' });
            current.end(true);
            return;
          }
          failures = 0;
          if (brokersLog !== undefined) current.subscribe(brokersLog.topics, { qos: 0 });
          onReady();
        },
      );
    });
    current.on('close', () => {
      current.end(true);
      if (isClosing || client !== current) return;
      client = undefined;
      retry = setTimeout(open, retryDelayMs(RETRY, failures, Math.random()));
      failures += 1;
    });
  };
  open();

  return {
    publish: (topic, bytes, { retain }) => {
      if (client?.connected !== true) return;
      client.publish(topic, Buffer.from(bytes), { qos: 1, retain }, (error) => {
        if (error) log('a message could not go down', { topic, reason: error.message });
      });
    },
    cut: () => undefined,
    close: async () => {
      isClosing = true;
      clearTimeout(retry);
      await client?.endAsync(true);
    },
  };
};
