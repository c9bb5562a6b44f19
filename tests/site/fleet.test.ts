/// <reference lib="dom" />
/** From a terminal's own word to the list that somebody reads on a phone: real services, both brokers, a real browser. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../gateway/api/server.ts';
import { consoleRoutes } from '../../gateway/console/console-routes.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { TerminalId } from '../../shared/ids.ts';
import { encodeTerminalState, type TerminalState } from '../../shared/terminal-state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, uptimeMs, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { consoleLink, openAccess } from '../fixtures/access.ts';
import { openBrowser } from '../fixtures/browser.ts';
import { until } from '../fixtures/event-log.ts';
import { watchFleet } from '../fixtures/fleet.ts';
import {
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyTerminal,
} from '../fixtures/identities.ts';
import { createMosquitto, type Mosquitto } from '../fixtures/mosquitto.ts';
import { registryWith } from '../fixtures/registry.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';
import { terminalState } from '../fixtures/terminal-state.ts';

interface ApiTerminal {
  readonly terminalId: string;
  readonly condition: string;
  readonly isOnline: boolean;
  readonly state?: Readonly<Record<string, unknown>>;
}

describe.each(['embedded', 'mosquitto'] as const)('through the %s broker', (kind) => {
  let folder: string;
  let mosquitto: Mosquitto | undefined;
  let site: Site;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'genba-broker-'));
    if (kind === 'mosquitto') {
      mosquitto = createMosquitto(folder, await freePort());
      await mosquitto.start();
    }
    site = await createSite(mosquitto === undefined ? {} : { externalBroker: mosquitto.url });
  });
  afterEach(async () => {
    await mosquitto?.kill();
    mosquitto = undefined;
    site.remove();
    rmSync(folder, { recursive: true });
  });

  const terminals = async (): Promise<readonly ApiTerminal[]> =>
    (await (await site.api('/v1/terminals')).json()).terminals;
  const ours = async () => (await terminals()).find(({ terminalId }) => terminalId === TERMINAL);

  test('a terminal tells how it is, and when it is gone that is known', async () => {
    let gateway = await site.startGateway();
    const terminal = await site.startTerminal();
    await until(async () => (await ours())?.state !== undefined, 'the terminal told its state');
    expect(await ours()).toMatchObject({
      isOnline: true,
      state: {
        version: '0.1.0',
        clock: 'trusted',
        unsentTaps: 0,
        linkDrops: 0,
        readers: [],
        faults: [],
      },
    });
    const other = (await terminals()).find(({ terminalId }) => terminalId === OTHER_TERMINAL);
    expect(other).toMatchObject({ condition: 'waiting', isOnline: false });

    await gateway.kill('SIGKILL');
    gateway = await site.startGateway();
    await until(async () => (await ours())?.isOnline === true, 'it is heard of again');

    await terminal.kill('SIGKILL');
    await until(async () => (await ours())?.isOnline === false, 'the broker says that it is gone');
    expect((await ours())?.state).toMatchObject({ version: '0.1.0' });
    await gateway.kill('SIGTERM');
  });
});

describe('the list of terminals in a browser', () => {
  const names = ['kita-gate', 'minami-gate', 'nishi-gate', 'higashi-gate', 'uramon'] as const;
  const ids = names.map((name) => TerminalId.parse(name));
  let browser: Browser;
  let clock: FakeClock;
  let gateway: Gateway;
  let server: ServerType;
  let url: string;
  let watch: () => Promise<void>;
  let close: () => void;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    const db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
    const ledger = openSqliteLedger(db);
    clock = createFakeClock(new Date(Date.now() - 12 * MINUTE_MS).toISOString());
    gateway = createGateway({
      ledger,
      clock,
      signer: gatewaySigner,
      terminals: new Map(ids.map((id) => [id, { siteId: SITE, verify: verifyTerminal }])),
      registry: registryWith(),
      send: () => undefined,
      stale: () => undefined,
      log: () => undefined,
    });
    const watched = watchFleet({ db, ledger, gateway, clock }, { diskFreeBytes: () => 1e8 });
    watch = watched.fleet.watch;
    const access = openAccess(db, clock);
    const api = createApi({
      ...gateway,
      ...watched,
      ledger,
      access,
      version: '1.2.3',
      nextCommit: async () => undefined,
      nextDerived: async () => undefined,
      now: () => clock.read().wallMs,
      log: () => undefined,
    });
    api.route('/', consoleRoutes());
    server = createAdaptorServer({ fetch: api.fetch });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}${consoleLink(access, '/console/fleet')}`;
    close = () => {
      server.close();
      ledger.close();
    };
  });
  afterEach(() => close());

  const say = (index: number, fields: Partial<TerminalState> = {}): void => {
    const { wallMs } = clock.read();
    const state = terminalState({
      atMs: wallMs,
      uptimeMs: uptimeMs(5 * DAY_MS),
      roster: { version: 412, issuedAtMs: utcMs(wallMs - 3 * HOUR_MS), workers: 238 },
      certificateEndsMs: utcMs(wallMs + 61.5 * DAY_MS),
      ...fields,
    });
    const id = ids[index];
    if (id === undefined) throw new Error(`no terminal ${index}`);
    gateway.onMessage(topicOf(id, 'status'), encodeTerminalState(state));
  };
  const reader = (readerId: string, direction: 'in' | 'out', isAttached: boolean) => ({
    readerId,
    direction,
    isAttached,
    isCardLeft: false,
  });
  const both = [reader('入口', 'in', true), reader('出口', 'out', true)];

  const sayAll = (): void => {
    const { wallMs } = clock.read();
    say(0, { readers: both });
    say(1, {
      readers: [reader('入口', 'in', true), reader('出口', 'out', false)],
      cameras: [{ camera: '入口カメラ', isAttached: true }],
    });
    say(2, {
      readers: both,
      clock: 'untrusted',
      queue: { unsentTaps: 1_204, oldestMs: utcMs(wallMs - 30 * HOUR_MS) },
      linkDrops: 14,
    });
    say(3, {
      readers: both,
      faults: [{ part: 'storage', reason: 'disk-full: database or disk is full' }],
    });
  };

  test.each([
    ['a desk', 1280, 900],
    ['a phone', 390, 844],
  ])(
    'on %s: worst first, every fault in words, nothing beside the screen',
    async (what, width, height) => {
      sayAll();
      await watch();
      clock.advance(11 * MINUTE_MS);
      sayAll();
      await watch();
      gateway.onMessage(topicOf(ids[3] ?? TERMINAL, 'status'), Buffer.from('offline'));
      const page = await browser.newPage({ viewport: { width, height } });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(url);
      await page.locator('#state[data-bad="false"]').waitFor();
      expect(await page.locator('#counts').textContent()).toBe(
        '■ 異常 2　▲ 注意 1　○ 未接続 1　● 正常 1',
      );
      const headings = await page.locator('.terminal h2').allTextContents();
      expect(headings.map((text) => names.find((name) => text.includes(name)))).toEqual([
        'higashi-gate',
        'minami-gate',
        'nishi-gate',
        'uramon',
        'kita-gate',
      ]);
      const text = await page.locator('main').innerText();
      for (const words of [
        'カードリーダーが使えません（出口）',
        '端末が記録できません（disk-full',
        '未送信のタッチが残っています（1204件）',
        '中継サーバの空き容量',
        '時計が合っていません',
        '試験現場',
      ])
        expect(text).toContain(words);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([what, overflow, complaints]).toEqual([what, 0, []]);
      await page.close();
    },
  );

  test('without a session asks for one, and comes back to this page', async () => {
    const page = await browser.newPage();
    await page.goto(`${new URL(url).origin}/console/fleet`);
    await page.getByRole('button', { name: 'ログイン', exact: true }).waitFor();
    expect(page.url()).toContain('/console/log-in?to=%2Fconsole%2Ffleet');
    await page.close();
  });
});
