/**
 * The port at which terminals are enrolled and renew their certificates (端末用の受付), over HTTPS.
 *
 * Apart from the API, because its certificate must be of the very authority that the enrolment code
 * names. Renewal goes here and not over the broker: it works the same whatever broker there is, and a
 * terminal whose certificate ran out, which no broker lets in, can still come.
 */
import { once } from 'node:events';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { Claim, ENROLMENT_BYTES_MAX, ENROLMENT_PATHS, Renewal } from '../../shared/enrolment.ts';
import type { Log } from '../../shared/log.ts';
import { limitedBody, readJsonBody } from '../api/json-body.ts';
import { refusePacked } from '../api/packed-body.ts';
import { problem } from '../api/problem.ts';
import { certificateOf, type MutualTls, mutualTlsOptions } from '../broker/tls-clients.ts';
import { createUnnamedConnections } from '../broker/unnamed-connections.ts';
import type { Enrolments } from './enrolments.ts';

export interface TerminalPortDeps {
  readonly enrolments: Enrolments;
  readonly authorityPem: string;
  /** Whether this address may try (again) now. */
  readonly mayTry: (address: string) => boolean;
  readonly log: Log;
}

const HEADERS_MS = 10_000;
const REQUEST_MS = 20_000;
const CONNECTIONS_MAX = 500;
/** Nobody takes every place, also with handshakes that never end. */
const PER_ADDRESS_MAX = 100;

const socketOf = (context: Context): TLSSocket | undefined => {
  const incoming: unknown = Reflect.get(Object(context.env), 'incoming');
  const socket: unknown = Reflect.get(Object(incoming), 'socket');
  return socket instanceof TLSSocket ? socket : undefined;
};

export const terminalPortApp = ({
  enrolments,
  authorityPem,
  mayTry,
  log,
}: TerminalPortDeps): Hono => {
  const app = new Hono();
  app.use(refusePacked);
  app.use(limitedBody(ENROLMENT_BYTES_MAX));
  const addressOf = (context: Context): string => socketOf(context)?.remoteAddress ?? '';

  app.get(ENROLMENT_PATHS.authority, (context) => context.json({ authorityPem }));
  app.post(ENROLMENT_PATHS.claim, async (context) => {
    if (!mayTry(addressOf(context))) return problem(context, 429);
    const claim = await readJsonBody(context, Claim);
    if (!claim.ok) return problem(context, 400, claim.faults);
    const outcome = await enrolments.claim(claim.value, addressOf(context));
    return outcome.kind === 'enrolled'
      ? context.json(outcome.enrolment, 201)
      : problem(context, 403, [{ place: '', message: outcome.reason }]);
  });
  app.post(ENROLMENT_PATHS.renewal, async (context) => {
    if (!mayTry(addressOf(context))) return problem(context, 429);
    const renewal = await readJsonBody(context, Renewal);
    if (!renewal.ok) return problem(context, 400, renewal.faults);
    const socket = socketOf(context);
    const outcome = await enrolments.renew(
      renewal.value,
      socket && certificateOf(socket),
      addressOf(context),
    );
    return outcome.kind === 'renewed'
      ? context.json(outcome.answer, 201)
      : problem(context, 403, [{ place: '', message: outcome.reason }]);
  });
  app.post(ENROLMENT_PATHS.confirmation, (context) => {
    const socket = socketOf(context);
    const outcome = enrolments.confirm(socket && certificateOf(socket), addressOf(context));
    return outcome.kind === 'confirmed'
      ? context.json({ terminalId: outcome.terminalId }, 200)
      : problem(context, 403, [{ place: '', message: outcome.reason }]);
  });
  app.notFound((context) => problem(context, 404));
  app.onError((error, context) => {
    log('an enrolment request failed', { path: context.req.path, reason: error.message });
    return problem(context, 500);
  });
  return app;
};

export interface TerminalPort {
  readonly port: number;
  readonly setIdentity: (identity: MutualTls) => void;
  readonly close: () => Promise<void>;
}

export const openTerminalPort = async (
  {
    listen,
    port,
    identity,
  }: {
    readonly listen: string;
    readonly port: number;
    readonly identity: MutualTls;
  },
  deps: TerminalPortDeps,
): Promise<TerminalPort> => {
  const server: Server = createServer(
    {
      ...mutualTlsOptions(identity),
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1_000,
    },
    getRequestListener(terminalPortApp(deps).fetch),
  );
  server.maxConnections = CONNECTIONS_MAX;
  const connections = createUnnamedConnections(PER_ADDRESS_MAX);
  server.on('connection', (socket: Socket) => void connections.take(socket));
  // A handshake that fails is the client's affair.
  server.on('tlsClientError', (error) =>
    deps.log('an enrolment connection failed', { reason: error.message }),
  );
  server.listen(port, listen);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for terminals');
  return {
    port: address.port,
    setIdentity: (next) => server.setSecureContext(mutualTlsOptions(next)),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
