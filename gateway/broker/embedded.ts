/**
 * The broker inside the gateway (aedes): what a site with one box uses.
 *
 * A terminal's client id is its terminal id, and it may touch only its own topics. A bad publish is
 * acknowledged and set aside: an error would close the connection, and the client would send the
 * same again for ever.
 */

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { TerminalId } from '../../shared/ids.ts';
import { mayTerminalPublish, mayTerminalSubscribe } from '../../shared/topics.ts';
import type { Broker, BrokerEvents } from './broker.ts';

export interface EmbeddedBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly isTerminal: (terminalId: TerminalId) => boolean;
}

/** Where messages end that their sender may not send; nobody can subscribe to it. */
const FORBIDDEN_TOPIC = 'genba/forbidden';

export const openEmbeddedBroker = async (
  { host, port, isTerminal }: EmbeddedBrokerOptions,
  { onMessage, onForbidden, onReady, log }: BrokerEvents,
): Promise<Broker & { readonly port: number }> => {
  const terminalOf = (clientId: string): TerminalId | undefined => {
    const parsed = TerminalId.safeParse(clientId);
    return parsed.success && isTerminal(parsed.data) ? parsed.data : undefined;
  };
  const aedes = await Aedes.createBroker({
    maxClientsIdLength: 64,
    authenticate: (client, _username, _password, done) => {
      const isKnown = terminalOf(client.id) !== undefined;
      if (!isKnown) log('a client that is no terminal was refused', { clientId: client.id });
      done(null, isKnown);
    },
    authorizePublish: (client, packet, done) => {
      const terminalId = client === null ? undefined : terminalOf(client.id);
      const bytes = Buffer.from(packet.payload);
      if (terminalId !== undefined && mayTerminalPublish(terminalId, packet.topic)) {
        onMessage(packet.topic, bytes);
      } else {
        onForbidden(client?.id ?? '', packet.topic, bytes);
      }
      // The gateway has it now; going round the broker as well would only cost.
      packet.topic = FORBIDDEN_TOPIC;
      packet.payload = Buffer.alloc(0);
      packet.retain = false;
      done(null);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const terminalId = terminalOf(client.id);
      const isAllowed =
        terminalId !== undefined && mayTerminalSubscribe(terminalId, subscription.topic);
      if (!isAllowed) onForbidden(client.id, subscription.topic, Buffer.alloc(0));
      done(null, isAllowed ? subscription : null);
    },
  });
  aedes.on('clientError', (client, error) =>
    log('a client failed', { clientId: client.id, reason: error.message }),
  );
  aedes.on('connectionError', (_client, error) =>
    log('a connection failed', { reason: error.message }),
  );

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the broker listens on no port');
  onReady();

  return {
    port: address.port,
    publish: (topic, bytes, { retain }) =>
      aedes.publish(
        { cmd: 'publish', qos: 1, dup: false, topic, payload: Buffer.from(bytes), retain },
        (error) => {
          if (error !== undefined && error !== null)
            log('a message could not go down', { topic, reason: error.message });
        },
      ),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((done) => aedes.close(done));
      // Whoever connected and has not said a word yet is none of the broker's clients.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
