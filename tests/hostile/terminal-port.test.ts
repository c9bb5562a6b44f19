/** The port at which terminals are enrolled, under somebody who takes places and under two who have one code. */
import { once } from 'node:events';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueIdentity } from '../../gateway/enrolment/identity.ts';
import { openTerminalPort, type TerminalPort } from '../../gateway/enrolment/terminal-port.ts';
import { ENROLMENT_PATHS } from '../../shared/enrolment.ts';
import { utcMs } from '../../shared/time.ts';
import {
  claimOf,
  type EnrolmentDesk,
  makeDevice,
  openEnrolmentDesk,
} from '../fixtures/enrolment-desk.ts';

let desk: EnrolmentDesk;
let port: TerminalPort;

beforeAll(async () => {
  desk = await openEnrolmentDesk(Date.now());
  const { authority, enrolments } = desk;
  const identity = await issueIdentity(authority, {
    commonName: 'localhost',
    names: ['localhost', '127.0.0.1'],
    use: 'server',
    now: utcMs(Date.now()),
  });
  port = await openTerminalPort(
    {
      listen: '0.0.0.0',
      port: 0,
      identity: { ...identity, authorityPem: authority.pem },
    },
    { enrolments, authorityPem: authority.pem, mayTry: () => true, log: () => undefined },
  );
});
afterAll(async () => {
  await port.close();
  desk.close();
});

/** Status of the answer; `from` is one of this machine's own addresses. */
const ask = async (
  path: string,
  body: unknown,
  from = '127.0.0.1',
  headers: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const sent = request({
    host: '127.0.0.1',
    port: port.port,
    localAddress: from,
    ca: desk.authority.pem,
    path,
    method: body === undefined ? 'GET' : 'POST',
    agent: false,
    headers,
  });
  sent.end(body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  response.resume();
  return Number(response.statusCode);
};

test('who opens connections without end gets a hundred, and others are served', async () => {
  const knock = async (): Promise<Socket> => {
    const socket = connect(port.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    return socket;
  };
  const silent: Socket[] = [];
  for (let each = 0; each < 100; each += 1) silent.push(await knock());
  const late = await knock();
  if (!late.closed) await once(late, 'close');
  expect(await ask(ENROLMENT_PATHS.authority, undefined, '127.0.0.2')).toBe(200);
  for (const socket of silent) socket.destroy();
});

test.each([
  ['a bomb', { 'content-encoding': 'gzip' }],
  ['a bomb in a bomb', { 'content-encoding': 'gzip, gzip' }],
  ['a ZIP', { 'content-type': 'application/zip' }],
])('%s is not unpacked', async (_what, headers) => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(64 * 1_048_576, '[')));
  expect(await ask(ENROLMENT_PATHS.claim, bomb, '127.0.0.4', headers)).toBe(415);
});

test('one code that ten devices bring at once makes one terminal', async () => {
  const code = await desk.makeCode();
  const devices = await Promise.all(Array.from({ length: 10 }, () => makeDevice()));
  const statuses = await Promise.all(
    devices.map((device) => ask(ENROLMENT_PATHS.claim, claimOf(device, code), '127.0.0.3')),
  );
  expect(statuses.toSorted()).toEqual([201, ...Array(9).fill(403)]);
  expect(desk.store.all().filter(({ claimed }) => claimed !== undefined)).toHaveLength(1);
  expect(desk.store.certificates()).toHaveLength(1);
});
