/**
 * The broker inside the gateway (aedes): what a site with one box uses.
 *
 * A terminal's client id is its terminal id, and it may touch only its own topics. A bad publish is
 * acknowledged and set aside: an error would close the connection, and the client would send the
 * same again for ever. With TLS the certificate says which terminal a client may be.
 */

import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from 'node:tls';
import { Aedes, type Client } from 'aedes';
import { BATCH_BYTES_MAX } from '../../shared/batch.ts';
import { TerminalId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import { mayTerminalPublish, mayTerminalSubscribe } from '../../shared/topics.ts';
import type { Broker, BrokerEvents } from './broker.ts';
import { type CloneFinding, mayTakeOver, noteSession, type Sessions } from './clone-watch.ts';
import { certificateOf, handshakeFault, type MutualTls, mutualTlsOptions } from './tls-clients.ts';
import { createUnnamedConnections } from './unnamed-connections.ts';

export interface BrokerTls {
  readonly identity: MutualTls;
  /** May a client with this certificate be that one? Whoever asks has checked the handshake. */
  readonly admits: (
    certificate: X509Certificate | undefined,
    clientId: string,
    address: string,
  ) => boolean;
  /** A handshake that was no good, or a second place under one certificate: told why. */
  readonly onRefused: (reason: string, address: string, clientId?: string) => void;
}

export interface EmbeddedBrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly isTerminal: (terminalId: TerminalId) => boolean;
  /** Undefined: plain MQTT, for loopback. */
  readonly tls?: BrokerTls | undefined;
  /** Connections from one address that have not said who they are. */
  readonly unnamedMax?: number;
  readonly now?: () => UtcMs;
  readonly onClone?: (terminalId: TerminalId, finding: CloneFinding) => void;
}

export interface EmbeddedBroker extends Broker {
  readonly port: number;
  /** New certificate, or new list of what is revoked, for connections to come. */
  readonly setIdentity: (identity: MutualTls) => void;
}

/** What one packet may take; beyond it the connection is cut while the packet still comes in. */
const PACKET_BYTES_MAX = 2 * BATCH_BYTES_MAX;
const PACKETS_WATCHED_MS = 250;
/** From the handshake to CONNECT. */
const CONNECT_MS = 10_000;
const CONNECTIONS_MAX = 20_000;
const UNNAMED_PER_ADDRESS_MAX = 1_000;

/** Where messages end that their sender may not send; nobody can subscribe to it. */
const FORBIDDEN_TOPIC = 'genba/forbidden';

export const openEmbeddedBroker = async (
  {
    host,
    port,
    isTerminal,
    tls,
    unnamedMax = UNNAMED_PER_ADDRESS_MAX,
    now,
    onClone,
  }: EmbeddedBrokerOptions,
  { onMessage, onForbidden, onReady, log }: BrokerEvents,
): Promise<EmbeddedBroker> => {
  const live = new Map<string, { readonly client: Client; readonly start: string | undefined }>();
  /** Who is connected, and from where another start was kept out meanwhile. */
  const keptOut = new Map<Client, string>();
  const sessionsOf = new Map<TerminalId, Sessions>();
  /** Bytes that a connection had brought when its last packet was whole. */
  const bytesSettled = new Map<Socket, number>();

  const socketOf = (client: Client): Socket => client.conn as Socket;
  const addressOf = (socket: Socket): string => socket.remoteAddress ?? '';
  const settle = (client: Client | null): void => {
    if (client === null) return;
    const socket = socketOf(client);
    if (bytesSettled.has(socket)) bytesSettled.set(socket, socket.bytesRead);
    tellOfClone(client);
  };
  /** A word of who is connected, after another start was kept out: both are alive. */
  const tellOfClone = (client: Client): void => {
    const other = keptOut.get(client);
    const terminalId = terminalOf(client.id);
    if (other === undefined || terminalId === undefined) return;
    keptOut.delete(client);
    onClone?.(terminalId, {
      why: 'two-starts-alive',
      addresses: [...new Set([addressOf(socketOf(client)), other])],
    });
  };
  const isAdmitted = (client: Client): boolean => {
    const socket = socketOf(client);
    if (tls === undefined || !(socket instanceof TLSSocket)) return tls === undefined;
    return tls.admits(certificateOf(socket), client.id, addressOf(socket));
  };
  const watchForClones = (
    terminalId: TerminalId,
    client: Client,
    start: string | undefined,
  ): void => {
    if (now === undefined || onClone === undefined) return;
    const { sessions, finding } = noteSession(sessionsOf.get(terminalId) ?? [], {
      start,
      address: addressOf(socketOf(client)),
      at: now(),
      tookOver: live.has(terminalId),
    });
    sessionsOf.set(terminalId, sessions);
    if (finding !== undefined) onClone(terminalId, finding);
  };

  const terminalOf = (clientId: string): TerminalId | undefined => {
    const parsed = TerminalId.safeParse(clientId);
    return parsed.success && isTerminal(parsed.data) ? parsed.data : undefined;
  };
  const aedes = await Aedes.createBroker({
    maxClientsIdLength: 64,
    connectTimeout: CONNECT_MS,
    authenticate: (client, username, _password, done) => {
      const terminalId = isAdmitted(client) ? terminalOf(client.id) : undefined;
      if (terminalId === undefined) {
        log('a client that is no terminal was refused', { clientId: client.id });
        return done(null, false);
      }
      const start = username?.slice(0, 64);
      const connected = live.get(terminalId);
      if (connected !== undefined && !mayTakeOver(connected, { start })) {
        const address = addressOf(socketOf(client));
        keptOut.set(connected.client, address);
        log('a second start of a connected terminal was refused', { clientId: client.id });
        tls?.onRefused('another-start-is-connected', address, client.id);
        return done(null, false);
      }
      watchForClones(terminalId, client, start);
      live.set(terminalId, { client, start });
      unnamed.named(socketOf(client));
      done(null, true);
    },
    authorizePublish: (client, packet, done) => {
      settle(client);
      const terminalId = client === null ? undefined : terminalOf(client.id);
      const bytes = Buffer.from(packet.payload);
      if (terminalId !== undefined && mayTerminalPublish(terminalId, packet.topic)) {
        onMessage(packet.topic, bytes, false);
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
  aedes.on('clientDisconnect', (client) => {
    keptOut.delete(client);
    if (live.get(client.id)?.client === client) live.delete(client.id);
  });
  aedes.on('ping', (_packet, client) => settle(client));

  const take = (socket: Socket): void => {
    bytesSettled.set(socket, 0);
    socket.once('close', () => bytesSettled.delete(socket));
    aedes.handle(socket);
  };
  const cutOversized = setInterval(() => {
    for (const [socket, settled] of bytesSettled) {
      if (socket.bytesRead - settled <= PACKET_BYTES_MAX) continue;
      log('a connection with an oversized packet was cut', { bytes: socket.bytesRead - settled });
      socket.destroy();
    }
  }, PACKETS_WATCHED_MS);
  const unnamed = createUnnamedConnections(unnamedMax);
  const sockets = new Set<Socket>();
  const server =
    tls === undefined ? createServer(take) : createTlsServer(mutualTlsOptions(tls.identity));
  server.on('connection', (socket) => {
    if (!unnamed.take(socket)) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (tls !== undefined) {
    server.on('secureConnection', (socket: TLSSocket) => {
      const fault = handshakeFault(socket);
      if (fault === undefined) return take(socket);
      tls.onRefused(fault, addressOf(socket));
      socket.destroy();
    });
    server.on('tlsClientError', (error: Error & { code?: string }, socket: TLSSocket) => {
      // Who only knocks and goes, such as a health check of the port, is no event.
      if (error.code !== 'ECONNRESET') tls.onRefused(`no-tls (${error.code})`, addressOf(socket));
    });
  }
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the broker listens on no port');
  onReady();

  return {
    port: address.port,
    setIdentity: (identity) => {
      if (tls !== undefined) (server as TlsServer).setSecureContext(mutualTlsOptions(identity));
    },
    cut: (terminalId) => {
      live.get(terminalId)?.client.close();
      live.delete(terminalId);
    },
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
      clearInterval(cutOversized);
      server.close();
      await new Promise<void>((done) => aedes.close(done));
      // Whoever connected and has not said a word yet is none of the broker's clients.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
