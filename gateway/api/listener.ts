/**
 * A port that requests come to (受付ポート): plain HTTP, or HTTPS whose certificate may change while it runs.
 *
 * Nobody may hold a connection without getting on with their request, nor hold very many.
 */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import type { Log } from '../../shared/log.ts';
import { isLoopbackAddress } from '../../shared/loopback.ts';
import { createPlaces } from '../access/places.ts';
import type { TlsIdentity } from '../enrolment/identity.ts';
import type { ConnectionLimits } from '../web-config.ts';

const CHECK_MS_MAX = 1_000;
const HANDSHAKE_MS = 10_000;
const KEEP_ALIVE_MS = 20_000;
const HEADERS_BYTES_MAX = 16_384;

export interface Listener {
  readonly port: number;
  /** For HTTPS: shown to whoever connects from now on. Throws where key and certificate do not fit. */
  readonly setIdentity: (identity: TlsIdentity) => void;
  readonly close: () => Promise<void>;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly limits: ConnectionLimits;
  /** Absent = plain HTTP. */
  readonly identity?: TlsIdentity | undefined;
}

/** Options of a server that browsers come to. Throws on a key that is not of the certificate, at the latest when used. */
export const serverTlsOptions = ({ certificatePem, keyPem }: TlsIdentity): TlsOptions => ({
  cert: certificatePem,
  key: keyPem,
  minVersion: 'TLSv1.2',
});

/** Hangs up on who does not read: an answer lies in memory until it was taken. */
const createReaders = ({
  answerMs,
  answerBytesPerSecond,
}: Pick<ConnectionLimits, 'answerMs' | 'answerBytesPerSecond'>) => {
  /** Until when, by uptime; unknown before there is an answer. */
  const endOf = new Map<ServerResponse, number | undefined>();
  const looking = setInterval(
    () => {
      const now = performance.now();
      for (const [outgoing, end] of endOf) {
        if (!outgoing.headersSent || outgoing.writableFinished) continue;
        const bytesLeft = outgoing.writableLength;
        if (end === undefined)
          endOf.set(outgoing, now + answerMs + (bytesLeft / answerBytesPerSecond) * 1_000);
        else if (now > end) outgoing.socket?.destroy();
      }
    },
    Math.min(CHECK_MS_MAX, answerMs),
  );
  return {
    add: (outgoing: ServerResponse): void => {
      endOf.set(outgoing, undefined);
      outgoing.once('close', () => endOf.delete(outgoing));
    },
    close: () => clearInterval(looking),
  };
};

export const openListener = async (
  { host, port, limits, identity }: ListenerOptions,
  { fetch, log }: { readonly fetch: Parameters<typeof getRequestListener>[0]; readonly log: Log },
): Promise<Listener> => {
  const options = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(CHECK_MS_MAX, limits.headersMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADERS_BYTES_MAX,
  };
  const answer = getRequestListener(fetch);
  const readers = createReaders(limits);
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    readers.add(outgoing);
    return answer(incoming, outgoing);
  };
  const https =
    identity === undefined
      ? undefined
      : createHttpsServer(
          { ...options, ...serverTlsOptions(identity), handshakeTimeout: HANDSHAKE_MS },
          listener,
        );
  const server = https ?? createHttpServer(options, listener);
  server.maxConnections = limits.inAll;
  const takePlace = createPlaces(limits.perAddress);
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isLoopbackAddress(address)) return;
    const leave = takePlace(address);
    if (leave === undefined) socket.destroy();
    else socket.once('close', leave);
  });
  // A handshake that fails is the client's affair.
  https?.on('tlsClientError', (error) =>
    log('an HTTPS connection failed', { reason: error.message }),
  );
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  return {
    port: address.port,
    setIdentity: (next) => https?.setSecureContext(serverTlsOptions(next)),
    close: async () => {
      readers.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
