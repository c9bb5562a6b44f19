/** Bytes on a socket: what no well-behaved client would send to the HTTP side, the kiosk and the broker. */
import { connect } from 'node:net';
import { connectAsync } from 'mqtt';
import { openEmbeddedBroker } from '../../../gateway/broker/embedded.ts';
import { TerminalId } from '../../../shared/ids.ts';
import { TERMINAL } from '../../fixtures/identities.ts';
import { listenOnLoopback } from '../../fixtures/loopback.ts';
import { rosterOf } from '../../fixtures/roster.ts';
import { openTerminalBench } from '../../fixtures/terminal-bench.ts';
import { must, type Target } from '../target.ts';
import { FUZZ_TOKEN, openGatewayWorld } from './services.ts';

/** Nobody waits longer for an answer that need not come; not a limit that anything is judged by. */
const PATIENCE_MS = 500;
const CHECK_EVERY = 200;

/** Sends the bytes in pieces, says that no more come, and gives what came back. */
const exchange = (port: number, input: Buffer, pieces: number): Promise<string> =>
  new Promise((done) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (): void => {
      clearTimeout(late);
      socket.destroy();
      done(answer);
    };
    const late = setTimeout(end, PATIENCE_MS);
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (chunk) => {
      answer = `${answer}${chunk.toString('latin1')}`.slice(0, 65_536);
    });
    socket.on('connect', () => {
      const size = Math.max(1, Math.ceil(input.length / pieces));
      for (let at = 0; at < input.length; at += size) socket.write(input.subarray(at, at + size));
      socket.end();
    });
  });

const mustBeHttp = (answer: string): void => {
  if (answer === '') return;
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
  must(status !== undefined && status < '500' && !answer.includes('.ts:'), 'an orderly answer', {
    answer: answer.slice(0, 500),
  });
};

const HTTP_WORDS = [
  '\r\n\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Expect: 100-continue\r\n',
  'Upgrade: websocket\r\nConnection: upgrade\r\n',
  'Range: bytes=0-\r\n',
  'Host: \r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'OPTIONS *',
  'http://x/',
  'ffffffffffffffff\r\n',
];

const httpBytes: Target = {
  name: 'http-bytes',
  share: 0.4,
  atOnce: 8,
  open: async () => {
    const world = openGatewayWorld();
    const listener = await listenOnLoopback(world.api);
    const { port } = listener;
    const authorization = `Host: 127.0.0.1\r\nAuthorization: Bearer ${FUZZ_TOKEN}\r\n`;
    let inputs = 0;
    return {
      samples: [
        `GET /v1/taps?after=0 HTTP/1.1\r\n${authorization}\r\n`,
        `GET /healthz HTTP/1.1\r\n${authorization}\r\nGET /metrics HTTP/1.1\r\n${authorization}\r\n`,
        `PUT /v1/registry HTTP/1.1\r\n${authorization}Content-Length: 2\r\n\r\n{}`,
        `PUT /v1/registry/cards HTTP/1.1\r\n${authorization}Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n`,
      ].map((text) => Buffer.from(text)),
      words: HTTP_WORDS,
      run: async (input, random) => {
        mustBeHttp(await exchange(port, input, 1 + random.below(4)));
        inputs += 1;
        if (inputs % CHECK_EVERY !== 0) return;
        const { status } = await fetch(`http://127.0.0.1:${port}/healthz`);
        must(status === 200, 'others are still served', status);
      },
      close: async () => {
        await listener.close();
        world.ledger.close();
      },
    };
  },
};

const kioskBytes: Target = {
  name: 'kiosk-bytes',
  share: 0.2,
  atOnce: 8,
  open: async () => {
    const bench = await openTerminalBench({ roster: rosterOf() });
    const { port, host } = new URL(bench.kiosk.url);
    const post = (path: string, body: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    let inputs = 0;
    return {
      samples: [
        `GET /view HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        post('/typed', '{"workerId":"10000000000001"}'),
        post('/language', '{"language":"vi"}'),
      ].map((text) => Buffer.from(text)),
      words: [...HTTP_WORDS, 'Origin: http://evil.example\r\n', '"workerId":'],
      run: async (input, random) => {
        mustBeHttp(await exchange(Number(port), input, 1 + random.below(4)));
        inputs += 1;
        if (inputs % CHECK_EVERY !== 0) return;
        const response = await fetch(`${bench.kiosk.url}view`);
        must(response.status === 200, 'the screen is still served', response.status);
      },
      close: bench.close,
    };
  },
};

/** An MQTT packet: type and flags, then its body with its length in front (at most 127 bytes). */
const packet = (first: number, ...body: readonly (number | string)[]): Buffer => {
  const bytes = Buffer.concat(
    body.map((part) =>
      typeof part === 'number'
        ? Buffer.from([part])
        : Buffer.concat([Buffer.from([0, part.length]), Buffer.from(part)]),
    ),
  );
  return Buffer.concat([Buffer.from([first, bytes.length]), bytes]);
};
const CONNECT = packet(0x10, 'MQTT', 4, 2, 0, 30, TERMINAL);
const PUBLISH = packet(0x32, `genba/v1/${TERMINAL}/journal`, 0, 7, 'x');
const SUBSCRIBE = packet(0x82, 0, 1, `genba/v1/${TERMINAL}/receipt`, 1);

/** No mutation of an input comes by this name: it would keep the place that others are to be heard from. */
const ONLOOKER = TerminalId.parse('one-who-only-looks-on');

const brokerBytes: Target = {
  name: 'broker-bytes',
  share: 0.2,
  atOnce: 8,
  open: async () => {
    const heard = new Set<string>();
    const broker = await openEmbeddedBroker(
      { host: '127.0.0.1', port: 0, isTerminal: (id) => id === TERMINAL || id === ONLOOKER },
      {
        onMessage: (_topic, bytes) => heard.add(Buffer.from(bytes).toString('latin1')),
        onForbidden: () => undefined,
        onReady: () => undefined,
        log: () => undefined,
      },
    );
    let inputs = 0;
    return {
      samples: [
        Buffer.concat([CONNECT, PUBLISH, SUBSCRIBE, packet(0xc0), packet(0xe0)]),
        Buffer.concat([CONNECT, packet(0x30, `genba/v1/${TERMINAL}/status`), PUBLISH]),
        Buffer.concat([packet(0x10, 'MQTT', 4, 0xce, 0, 30, TERMINAL, 'will', 'x', 'u', 'p')]),
      ],
      words: ['MQTT', 'MQIsdp', '\u0004', '#', '+', '/', '\0\0'],
      run: async (input, random) => {
        await exchange(broker.port, input, 1 + random.below(4));
        inputs += 1;
        if (inputs % CHECK_EVERY !== 0) return;
        const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
          clientId: ONLOOKER,
          reconnectPeriod: 0,
        });
        const word = `still there ${inputs}`;
        await client.publishAsync(`genba/v1/${ONLOOKER}/journal`, word, { qos: 1 });
        await client.endAsync(true);
        must(heard.has(word), 'others are still heard');
        heard.clear();
      },
      close: broker.close,
    };
  },
};

export const SOCKET_TARGETS: readonly Target[] = [httpBytes, kioskBytes, brokerBytes];
