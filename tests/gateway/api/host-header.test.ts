/** A Host header that is none is the client's fault and told so, whatever route it asks for. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../../../gateway/api/server.ts';
import { createGateway } from '../../../gateway/gateway.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import { gatewaySigner } from '../../fixtures/identities.ts';

const TOKEN = 'administer';
let server: ServerType;
let port: number;
let close: () => void;

beforeEach(async () => {
  const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(db);
  const clock = createFakeClock('2026-11-24T08:00:00+09:00');
  const quiet = () => undefined;
  const gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals: new Map(),
    registry: undefined,
    send: quiet,
    stale: quiet,
    log: quiet,
  });
  const api = createApi({
    ...gateway,
    ...watchFleet({ db, ledger, gateway, clock }),
    ledger,
    access: openAccess(db, clock, { admin: [TOKEN] }),
    version: '1.2.3',
    nextCommit: async () => undefined,
    nextDerived: async () => undefined,
    now: () => clock.read().wallMs,
    log: quiet,
  });
  server = createAdaptorServer({ fetch: api.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
  close = () => {
    server.close();
    ledger.close();
  };
});
afterEach(() => close());

test.each([
  ['GET', '/healthz'],
  ['GET', '/v1/taps'],
  ['PUT', '/v1/registry'],
])('%s %s with a Host that is none is refused as a problem document', async (method, path) => {
  const headers = { host: '127.0.1e999.1', authorization: `Bearer ${TOKEN}` };
  const sent = request({ host: '127.0.0.1', port, method, path, headers });
  sent.end(method === 'PUT' ? '{}' : undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  expect(response.statusCode).toBe(400);
  expect(response.headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(Buffer.concat(chunks).toString()).faults).toEqual([
    { place: 'host', message: 'is no host name' },
  ]);
});
