/**
 * Attacks on a gateway, as tables (攻撃の試験): none may succeed, nothing may be changed by any, and whoever means well
 * is still served afterwards. The clients without certificates stand in `tls-clients.test.ts`.
 */
// First of all: schemas that are made before it know nothing of OpenAPI.
import '../../gateway/api/server.ts';

import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../device/journal.ts';
import { REPORTS } from '../../gateway/reports/catalogue.ts';
import { encodeBatch } from '../../shared/batch.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { verifierOf } from '../../shared/signature.ts';
import { topicOf } from '../../shared/topics.ts';
import { openApiBench } from '../fixtures/api-bench.ts';
import { until } from '../fixtures/event-log.ts';
import {
  type HostileSite,
  openHostileSite,
  PASSWORD,
  STRANGERS,
  VICTIM_WORDS,
} from '../fixtures/hostile-site.ts';
import { gatewaySigner, SITE, terminalSigner, verifyTerminal } from '../fixtures/identities.ts';
import { TAP_BODY } from '../fixtures/tap-body.ts';
import { enrolledCredentials, openTlsSite, type TlsSite } from '../fixtures/tls-site.ts';
import { BROWSER_CASES, type Victim } from './browser-cases.ts';
import { HTTP_CASES } from './http-cases.ts';
import { NAME_CASES } from './name-cases.ts';
import { PACKED_CASES } from './packed-cases.ts';
import { RAW_CASES } from './raw-cases.ts';
import { WIRE_CASES, type WireWorld } from './wire-cases.ts';

const OVER_HTTPS = [...HTTP_CASES, ...NAME_CASES, ...PACKED_CASES];
const SCOPE_CASES = REPORTS.flatMap(({ name }) => STRANGERS.map((scope) => ({ name, scope })));

test('there are a hundred attacks and more, each another one', () => {
  const names = [
    ...SCOPE_CASES.map(({ name, scope }) => `${name} ${scope}`),
    ...[...OVER_HTTPS, ...RAW_CASES, ...BROWSER_CASES, ...WIRE_CASES].map(({ what }) => what),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(names.length - SCOPE_CASES.length).toBeGreaterThanOrEqual(100);
});

describe('over HTTPS', () => {
  let site: HostileSite;
  let before: string;
  beforeAll(async () => {
    site = await openHostileSite();
    before = site.state();
  });
  afterAll(() => site.close());

  const admin = () => ({ authorization: `Bearer ${site.tokens.get('admin')}` });
  /** Nothing was changed, and the good neighbour is served. */
  const allIsWell = async (): Promise<void> => {
    expect(site.state()).toBe(before);
    expect((await site.ask('/healthz')).status).toBe(200);
  };

  test('the control: an administrator sees what the attacks are after', async () => {
    const accounts = await site.ask('/v1/accounts', { headers: admin() });
    expect([accounts.status, accounts.text]).toEqual([200, expect.stringContaining('kanri')]);
    for (const name of ['attendance', 'roster', 'contributions', 'work-history', 'insurance']) {
      const answer = await site.ask(`/v1/reports/${name}?month=2026-11`, { headers: admin() });
      expect([name, answer.text.includes(VICTIM_WORDS[0] ?? '')]).toEqual([name, true]);
    }
  });

  test.each(SCOPE_CASES)(
    '$scope sees nothing of another’s worker in $name',
    async ({ name, scope }) => {
      const headers = { authorization: `Bearer ${site.tokens.get(scope)}` };
      for (const query of ['?month=2026-11', '?month=2026-11&siteId=30000000000001', '']) {
        const answer = await site.ask(`/v1/reports/${name}${query}`, { headers });
        expect(answer.status).toBeLessThan(500);
        for (const word of VICTIM_WORDS) expect(answer.text).not.toContain(word);
      }
    },
  );

  test.each(OVER_HTTPS)('$what does not succeed', async ({ send, statuses }) => {
    const answer = await send(site);
    expect(statuses).toContain(answer.status);
    // Neither what was asked for nor a word of our insides.
    expect(answer.text).not.toMatch(/argon2|root:x:|PRIVATE KEY|\.ts:\d|"dependencies"/);
    if (answer.text !== '' && answer.status >= 400)
      expect(answer.headers['content-type']).toContain('problem+json');
    await allIsWell();
  });

  test.each(RAW_CASES)(
    'a second request hidden by $what is not carried out',
    async ({ bytesOf }) => {
      const hidden = `GET /v1/accounts HTTP/1.1\r\nHost: ${site.host}\r\nAuthorization: ${admin().authorization}\r\n\r\n`;
      const answer = await site.sendRaw(bytesOf(hidden, site.host));
      expect(answer).not.toContain('kanri');
      expect(answer).not.toMatch(/HTTP\/1\.1 5/);
      await allIsWell();
    },
  );

  test('the control: two requests one after the other are both carried out', async () => {
    const request = `GET /v1/accounts HTTP/1.1\r\nHost: ${site.host}\r\nAuthorization: ${admin().authorization}\r\n\r\n`;
    const answer = await site.sendRaw(
      `GET /healthz HTTP/1.1\r\nHost: ${site.host}\r\n\r\n${request}`,
    );
    expect(answer).toContain('kanri');
  });

  describe('in a browser’s name', () => {
    let victim: Victim;
    const headersOf = () => ({
      origin: `https://${site.host}`,
      'content-type': 'application/json',
    });
    beforeAll(async () => {
      const logIn = await site.ask('/console/session', {
        method: 'POST',
        body: JSON.stringify({ name: 'kanri', password: PASSWORD }),
        // A cookie that somebody planted before the log-in.
        headers: { ...headersOf(), cookie: `__Host-genba=${'P'.repeat(43)}` },
      });
      expect(logIn.status).toBe(204);
      const cookies = [logIn.headers['set-cookie'] ?? []].flat();
      expect(
        cookies.every((line) =>
          /^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/.test(line),
        ),
      ).toBe(true);
      const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
      expect(cookie).not.toContain('PPPP');
      const own = await site.ask('/console/session', { headers: { cookie } });
      victim = { cookie, csrf: JSON.parse(own.text).csrf };
    });

    test('the control: our own page changes what it may', async () => {
      const answer = await site.ask('/v1/accounts/kanri', {
        method: 'PATCH',
        body: '{}',
        headers: { ...headersOf(), cookie: victim.cookie, 'x-genba-csrf': victim.csrf },
      });
      expect(answer.status).toBe(200);
    });

    test.each(BROWSER_CASES)('$what does not succeed', async ({ send }) => {
      const answer = await send(site, victim);
      expect([400, 401, 403, 431]).toContain(answer.status);
      expect(answer.headers['set-cookie']).toBeUndefined();
      await allIsWell();
    });

    test('a planted session is nobody’s after the log-in', async () => {
      const planted = await site.ask('/v1/accounts', {
        headers: { cookie: `__Host-genba=${'P'.repeat(43)}` },
      });
      expect(planted.status).toBe(401);
    });

    test('an address that is made up in a header counts as the real one', async () => {
      const statuses: number[] = [];
      for (let each = 0; each < 25; each += 1) {
        const answer = await site.ask('/console/session', {
          method: 'POST',
          body: JSON.stringify({ name: `user-${each}`, password: 'guess' }),
          headers: {
            ...headersOf(),
            'x-forwarded-for': `192.0.2.${each}`,
            forwarded: `for=192.0.2.${each}`,
          },
        });
        statuses.push(answer.status);
      }
      expect(statuses.at(-1)).toBe(429);
    });
  });

  describe('without a token, from elsewhere', () => {
    const elsewhere = { host: 'gateway.example' };

    test('health tells that the gateway lives, and nothing of it', async () => {
      const answer = await site.ask('/healthz', { headers: elsewhere });
      expect(JSON.parse(answer.text)).toEqual({ status: 'ok' });
    });

    test('metrics tell nothing', async () => {
      expect((await site.ask('/metrics', { headers: elsewhere })).status).toBe(401);
    });

    test.each(['/openapi.json', '/healthz', '/console/log-in', '/nothing'])(
      '%s is not answered without end',
      async (path) => {
        const bench = await openApiBench({ requestLimit: { burst: 20, perSecond: 10 } });
        const statuses: number[] = [];
        for (let each = 0; each < 21; each += 1)
          statuses.push((await bench.api.request(path)).status);
        expect([statuses.indexOf(429), statuses.lastIndexOf(429)]).toEqual([20, 20]);
        bench.clock.advance(1_000);
        expect((await bench.api.request(path)).status).not.toBe(429);
        await bench.close();
      },
    );
  });

  describe('slowly', () => {
    /** Ends when the other side hangs up. */
    const trickle = async (first: string): Promise<string> => {
      const socket = connectTls({ host: 'localhost', port: site.port, ca: site.authorityPem });
      let answer = '';
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      await once(socket, 'secureConnect');
      socket.write(first);
      const drops = setInterval(() => socket.write('a'), 100);
      await once(socket, 'close');
      clearInterval(drops);
      return answer;
    };
    test.each([
      [
        'headers that never end',
        (host: string) => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nX-A: `,
      ],
      [
        'a body that never ends',
        (host: string) =>
          `POST /console/session HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://${host}\r\nContent-Length: 60000\r\n\r\n`,
      ],
      [
        'chunks that never end',
        (host: string) =>
          `POST /console/session HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://${host}\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n`,
      ],
    ])('%s are hung up on', async (_what, firstOf) => {
      expect(await trickle(firstOf(site.host))).not.toContain('200 OK');
      await allIsWell();
    });

    test('a hundred that say nothing keep nobody out', async () => {
      const silent = Array.from({ length: 100 }, () =>
        connectPlain(site.port, '127.0.0.1').on('error', () => undefined),
      );
      await Promise.all(silent.map((socket) => once(socket, 'connect')));
      await allIsWell();
      for (const socket of silent) socket.destroy();
    });

    test('plain HTTP at the HTTPS port is hung up on', async () => {
      const socket = connectPlain(site.port, 'localhost');
      socket.on('error', () => undefined);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      await once(socket, 'connect');
      socket.write(`GET /healthz HTTP/1.1\r\nHost: ${site.host}\r\n\r\n`);
      await once(socket, 'close');
      expect(answer).not.toContain('200 OK');
    });
  });
});

describe('without a port in front, which lets no such request through', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'get'])(
    'the method %s is none, and no object is changed by it',
    async (method) => {
      const site = await openHostileSite();
      const before = site.state();
      const answer = await site.bench.api.request('/v1/taps', { method });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(Reflect.get({}, 'params')).toBeUndefined();
      expect(site.state()).toBe(before);
      await site.close();
    },
  );
});

describe('over MQTT', () => {
  let tls: TlsSite;
  let bench: Awaited<ReturnType<typeof openApiBench>>;
  let journal: Journal;
  let otherId: Journal['terminalId'];
  let publish: (topic: string, bytes: Buffer) => Promise<void>;
  let taken: Buffer;
  beforeAll(async () => {
    tls = await openTlsSite();
    const [bad, other] = [await enrolledCredentials(tls.desk), await enrolledCredentials(tls.desk)];
    otherId = other.terminalId;
    bench = await openApiBench({
      terminals: new Map([
        [bad.terminalId, { siteId: SITE, verify: verifyTerminal }],
        [otherId, { siteId: SITE, verify: verifierOf(gatewaySigner.publicKey) }],
      ]),
    });
    journal = openJournal(
      openDurableSqlite(':memory:', { checkpointPages: 1_000 }),
      bad.terminalId,
    );
    const connect = async (): Promise<MqttClient> => {
      const outcome = await tls.connect(bad, { clientId: bad.terminalId, username: 'start-1' });
      if (outcome.kind !== 'connected') throw new Error(outcome.reason);
      return outcome.client;
    };
    let client = await connect();
    /** Resolves when what was sent has arrived, or the broker has hung up on it. */
    const sent = async (topic: string, bytes: Buffer): Promise<void> => {
      try {
        await client.publishAsync(topic, bytes, { qos: 1 });
      } catch {
        client = await connect();
      }
    };
    publish = async (topic, bytes) => {
      await sent(topic, bytes);
      // In order: when this has come, so has what was sent before.
      const mark = Buffer.from(`mark ${journal.lastSeq()} ${topic.length}`);
      await sent(topicOf(bad.terminalId, 'status'), mark);
      await until(() => tls.arrived.some((message) => message.bytes.equals(mark)), 'the mark');
      for (const message of tls.arrived.splice(0)) {
        if (message.bytes.equals(mark)) continue;
        if (message.isForbidden)
          bench.gateway.onForbidden(bad.terminalId, message.topic, message.bytes);
        else bench.gateway.onMessage(message.topic, message.bytes);
      }
    };
    taken = touch();
    await publish(topicOf(journal.terminalId, 'journal'), taken);
  });
  afterAll(async () => {
    await bench.close();
    await tls.close();
    journal.close();
  });

  /** Writes one more touch into the journal and gives the batch that would bring it. */
  const touch = (): Buffer => {
    const outcome = journal.append(TAP_BODY, bench.clock.read());
    if (outcome.kind !== 'stored') throw new Error(outcome.message);
    bench.clock.advance(120_000);
    return batchFrom(outcome.entry.seq);
  };
  const batchFrom = (seq: number): Buffer =>
    encodeBatch(journal, journal.hashAt(seq - 1) ?? '', journal.read(seq, seq), terminalSigner);
  const taps = async (): Promise<string> => {
    const answer = await bench.admin('/v1/taps?limit=10000');
    return JSON.stringify((await answer.json()).taps);
  };

  test.each(WIRE_CASES)(
    '$what adds nothing, and the good one is taken after it',
    async (attack) => {
      const next = touch();
      const seq = journal.lastSeq();
      const world: WireWorld = {
        journal,
        signer: terminalSigner,
        otherId,
        taken,
        next,
        nextEntries: journal.read(seq, seq),
        previousHash: journal.hashAt(seq - 1) ?? '',
      };
      const before = await taps();
      await publish(attack.topicOf(world), attack.bytesOf(world));
      expect(await taps()).toBe(before);
      await publish(topicOf(journal.terminalId, 'journal'), next);
      expect(JSON.parse(await taps())).toHaveLength(JSON.parse(before).length + 1);
    },
  );
});
