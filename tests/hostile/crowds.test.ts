/**
 * Very many who wait, and who do not read (大量の待機・読まない相手): each has a limit, all together have one, and whoever
 * means well is served meanwhile. Real sockets on a real port.
 */
// First of all: schemas that are made before it know nothing of OpenAPI.
import '../../gateway/api/server.ts';

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { openListener } from '../../gateway/api/listener.ts';
import { createCommitSignal } from '../../gateway/commit-signal.ts';
import { ConnectionLimits } from '../../gateway/web-config.ts';
import { encodeBatch } from '../../shared/batch.ts';
import { GENESIS_HASH } from '../../shared/chain.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { topicOf } from '../../shared/topics.ts';
import { createFakeClock } from '../fakes/clock.ts';
import {
  ADMIN_TOKEN,
  type ApiBench,
  METRICS_TOKEN,
  openApiBench,
  READ_TOKEN,
} from '../fixtures/api-bench.ts';
import { until } from '../fixtures/event-log.ts';
import { TERMINAL, terminalSigner } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';

/** A batch of a terminal with something to see for who waits. */
const oneTouch = (): Uint8Array => {
  const journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 1_000 }), TERMINAL);
  journal.append(TAP_BODY, createFakeClock('2026-11-24T08:00:00+09:00').read());
  const batch = encodeBatch(journal, GENESIS_HASH, journal.read(1, 1), terminalSigner);
  journal.close();
  return batch;
};

const AT_ONCE = 20;
const WAITING = 25;

describe('long polls', () => {
  let bench: ApiBench;
  let commits: ReturnType<typeof createCommitSignal>;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await bench.close();
  });
  const open = async (): Promise<void> => {
    commits = createCommitSignal(WAITING);
    bench = await openApiBench(
      { requestsAtOnce: AT_ONCE },
      { nextCommit: commits.next, nextDerived: commits.next },
    );
  };
  /** A client that asks and waits; gives what came back so far. */
  const poll = async (token: string, path = '/v1/taps?wait=60') => {
    const socket = connect(Number(new URL(bench.origin).port), '127.0.0.1');
    sockets.push(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await once(socket, 'connect');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    return { socket, text: () => text };
  };
  const ask = (token: string, path = '/v1/taps') =>
    fetch(`${bench.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
  test('of one token are limited, and others are served', async () => {
    await open();
    const waiting: Awaited<ReturnType<typeof poll>>[] = [];
    for (let each = 0; each < AT_ONCE; each += 1) waiting.push(await poll(READ_TOKEN));
    let refused: Response | undefined;
    await until(async () => {
      refused = await ask(READ_TOKEN);
      return refused.status === 429;
    }, 'the token has no place left');
    expect(refused?.headers.get('retry-after')).toBe('5');
    expect((await ask(ADMIN_TOKEN)).status).toBe(200);
    expect((await ask(METRICS_TOKEN, '/metrics')).status).toBe(200);
    expect(waiting.map(({ text }) => text())).toEqual(Array(AT_ONCE).fill(''));

    bench.gateway.onMessage(topicOf(TERMINAL, 'journal'), oneTouch());
    commits.notify();
    await until(() => waiting.every(({ text }) => text().includes('200 OK')), 'all are answered');
    expect((await ask(READ_TOKEN)).status).toBe(200);
  });

  test('whose clients hung up hold no place', async () => {
    await open();
    for (let round = 0; round < 3; round += 1) {
      for (let each = 0; each < AT_ONCE; each += 1) await poll(READ_TOKEN);
      await until(async () => (await ask(READ_TOKEN)).status === 429, 'all places are taken');
      for (const socket of sockets.splice(0)) socket.destroy();
      await until(async () => (await ask(READ_TOKEN)).status === 200, 'they are free again');
    }
    // Nobody waits any more: as many as there is room for may.
    for (let each = 0; each < AT_ONCE; each += 1) await poll(READ_TOKEN);
    await until(async () => (await ask(READ_TOKEN)).status === 429, 'and they are taken again');
  });

  test('of all together are limited, and who does not wait is served', async () => {
    await open();
    for (let each = 0; each < AT_ONCE; each += 1) await poll(READ_TOKEN);
    for (let each = AT_ONCE; each < WAITING; each += 1) await poll(ADMIN_TOKEN);
    let refused: Response | undefined;
    await until(async () => {
      // A second of patience, so that one that could wait ends the loop's turn.
      refused = await ask(ADMIN_TOKEN, '/v1/changes?wait=1');
      return refused.status === 503;
    }, 'there is no room to wait');
    expect([refused?.headers.get('retry-after'), refused?.headers.get('content-type')]).toEqual([
      '10',
      'application/problem+json',
    ]);
    expect((await ask(ADMIN_TOKEN, '/v1/taps')).status).toBe(200);
    expect((await fetch(`${bench.origin}/healthz`)).status).toBe(200);
  });
});

describe('an answer of many megabytes', () => {
  const ANSWER = new Uint8Array(64 * 1_048_576).fill(0x61);
  const openPort = (limits: object) =>
    openListener(
      { host: '127.0.0.1', port: 0, limits: ConnectionLimits.parse(limits) },
      {
        fetch: ({ url }: { readonly url: string }) =>
          new Response(url.endsWith('/short') ? 'here' : ANSWER),
        log: () => undefined,
      },
    );
  const ask = async (port: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    return socket;
  };

  test('is not kept for who reads a little now and then, and others are served', async () => {
    // A speed so high that only the time for reading counts.
    const port = await openPort({ answerMs: 300, answerBytesPerSecond: 1_000_000_000 });
    const slow = await Promise.all(Array.from({ length: 5 }, () => ask(port.port)));
    const taken = slow.map((socket) => {
      let bytes = 0;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 50);
      });
      return once(socket, 'close').then(() => bytes);
    });
    expect(await (await fetch(`http://127.0.0.1:${port.port}/short`)).text()).toBe('here');
    for (const bytes of await Promise.all(taken)) expect(bytes).toBeLessThan(ANSWER.length);
    await port.close();
  });

  test('is whole for who reads it', async () => {
    const port = await openPort({});
    const whole = await (await fetch(`http://127.0.0.1:${port.port}/`)).arrayBuffer();
    expect(whole.byteLength).toBe(ANSWER.length);
    await port.close();
  });
});
