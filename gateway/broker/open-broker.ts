/** Which broker terminals meet (中継): the one inside this process, or an external one; as the configuration says. */
import type { GatewayConfig } from '../config.ts';
import type { Trust } from '../enrolment/open-trust.ts';
import type { Broker, BrokerEvents } from './broker.ts';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, openEmbeddedBroker } from './embedded.ts';
import { openExternalBroker } from './external.ts';
import { MOSQUITTO_LOG_TOPICS } from './mosquitto-files.ts';

export interface BrokerDeps
  extends Required<Pick<EmbeddedBrokerOptions, 'isTerminal' | 'now' | 'onClone'>> {
  /** Absent: plain connections, which the configuration permits on loopback only. */
  readonly trust: Pick<Trust, 'brokerTls' | 'clientIdentity'> | undefined;
  /** A line of mosquitto's own log, where the gateway wrote its configuration. */
  readonly onLogLine: (line: string) => void;
}

/** Rejects when the embedded broker's port cannot be had; an external one is tried again and again. */
export const openBroker = async (
  config: GatewayConfig['broker'],
  { trust, isTerminal, now, onClone, onLogLine }: BrokerDeps,
  events: BrokerEvents,
): Promise<EmbeddedBroker | Broker> => {
  if (config.kind === 'embedded') {
    const { host, port } = config;
    const tls = config.tls ? trust?.brokerTls : undefined;
    return openEmbeddedBroker({ host, port, tls, isTerminal, now, onClone }, events);
  }
  const log =
    config.mosquittoDir === undefined
      ? undefined
      : { topics: MOSQUITTO_LOG_TOPICS, onLine: onLogLine };
  const tls = config.url.startsWith('mqtts:') ? trust?.clientIdentity : undefined;
  return openExternalBroker({ ...config, tls, log }, events);
};
