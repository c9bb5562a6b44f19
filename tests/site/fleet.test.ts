/// <reference lib="dom" />
/** From a terminal's own word to the list that somebody reads on a phone: real services, both brokers, a real browser. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RevokedTerminal } from '../../gateway/fleet/contacts.ts';
import type { KnownTerminal } from '../../gateway/gateway.ts';
import { TerminalId } from '../../shared/ids.ts';
import { encodeTerminalState, type TerminalState } from '../../shared/terminal-state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, uptimeMs, utcMs } from '../../shared/time.ts';
import { topicOf } from '../../shared/topics.ts';
import { consoleLink } from '../fixtures/access.ts';
import { type ApiBench, openApiBench } from '../fixtures/api-bench.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { until } from '../fixtures/event-log.ts';
import { OTHER_TERMINAL, SITE, TERMINAL, verifyTerminal } from '../fixtures/identities.ts';
import { createMosquitto, type Mosquitto } from '../fixtures/mosquitto.ts';
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
  const browser = watchedBrowser();
  let bench: ApiBench;
  let revoked: readonly RevokedTerminal[];
  let terminals: Map<TerminalId, KnownTerminal>;
  let url: string;

  beforeEach(async () => {
    revoked = [];
    terminals = new Map(ids.map((id) => [id, { siteId: SITE, verify: verifyTerminal }]));
    bench = await openApiBench(
      {
        startIso: new Date(Date.now() - 12 * MINUTE_MS).toISOString(),
        terminals,
        fleetDeps: { diskFreeBytes: () => 1e8 },
      },
      { revokedTerminals: () => revoked },
    );
    url = `${bench.origin}${consoleLink(bench.access, '/console/fleet')}`;
  });
  afterEach(async () => {
    await browser.leave();
    await bench.close();
  });

  const say = (index: number, fields: Partial<TerminalState> = {}): void => {
    const { wallMs } = bench.clock.read();
    const state = terminalState({
      atMs: wallMs,
      uptimeMs: uptimeMs(5 * DAY_MS),
      roster: { version: 412, issuedAtMs: utcMs(wallMs - 3 * HOUR_MS), workers: 238 },
      certificateEndsMs: utcMs(wallMs + 61.5 * DAY_MS),
      ...fields,
    });
    const id = ids[index];
    if (id === undefined) throw new Error(`no terminal ${index}`);
    bench.gateway.onMessage(topicOf(id, 'status'), encodeTerminalState(state));
  };
  const reader = (readerId: string, direction: 'in' | 'out', isAttached: boolean) => ({
    readerId,
    direction,
    isAttached,
    isCardLeft: false,
  });
  const both = [reader('入口', 'in', true), reader('出口', 'out', true)];

  const sayAll = (): void => {
    const { wallMs } = bench.clock.read();
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
      await bench.fleet.watch();
      bench.clock.advance(11 * MINUTE_MS);
      sayAll();
      await bench.fleet.watch();
      bench.gateway.onMessage(topicOf(ids[3] ?? TERMINAL, 'status'), Buffer.from('offline'));
      const page = await browser.open({ width, height });
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
      expect(await widthBeyond(page), what).toBe(0);
    },
  );

  test('a terminal that was taken back says since when, why, by whom, and what is to be done', async () => {
    sayAll();
    const gone = TerminalId.parse('nishi-gate');
    terminals.delete(gone);
    revoked = [
      { terminalId: gone, siteId: SITE, at: utcMs(0), why: 'cloned', by: 'gateway' },
      // Named by the configuration since: a terminal again.
      { terminalId: ids[0] ?? gone, siteId: SITE, at: utcMs(0), why: 'revoked', by: 'user:kanri' },
    ];
    const page = await browser.open(TELEPHONE);
    await page.goto(url);
    await page.locator('#state[data-bad="false"]').waitFor();
    const card = page.locator('.terminal.revoked');
    expect(await card.count()).toBe(1);
    const text = await card.innerText();
    for (const words of [
      '✕ 失効',
      'nishi-gate',
      '複製のため失効しました（中継サーバ） 1970-01-01 09:00',
      '同じ名前で登録し直してください',
      'オフライン',
      '1204件',
    ])
      expect(text).toContain(words);
    expect(await page.locator('#counts').textContent()).toContain('✕ 失効 1');
    expect(await widthBeyond(page)).toBe(0);
  });

  test('shows an administrator what is in quarantine, and hands it out as a file', async () => {
    const sent = Buffer.from('これは束ではありません<script>');
    for (const times of [1, 2])
      bench.gateway.onMessage(topicOf(ids[0] ?? TERMINAL, 'journal'), sent.subarray(0, 30 * times));
    bench.gateway.onMessage(topicOf(ids[0] ?? TERMINAL, 'journal'), sent.subarray(0, 30));
    const page = await browser.open();
    await page.goto(`${bench.origin}${consoleLink(bench.access, '/console/fleet', ['admin'])}`);
    const rows = page.locator('#quarantine tbody tr');
    await rows.nth(1).waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts.find((text) => text.includes('2回'))).toMatch(/読めない（.+kita-gate.+30 B/s);
    const saved = page.waitForEvent('download');
    await rows.first().getByRole('link', { name: '保存' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^quarantine-[0-9a-f]{16}\.bin$/);
    expect(await widthBeyond(page)).toBe(0);
  });

  test('without a session asks for one, and comes back to this page', async () => {
    const page = await browser.open();
    await page.goto(`${bench.origin}/console/fleet`);
    await page.getByRole('button', { name: 'ログイン', exact: true }).waitFor();
    expect(page.url()).toContain('/console/log-in?to=%2Fconsole%2Ffleet');
  });
});
