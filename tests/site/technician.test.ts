/** What a technician does at a terminal, on real parts: a reader, a serial line, a broker, the services themselves. */
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPin, type PinHash } from '../../device/manager/pin.ts';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import {
  startVirtualPcscd,
  type VirtualPcscd,
} from '../../provisioning/virtual-reader/virtual-pcscd.ts';
import { until } from '../fixtures/event-log.ts';
import { type GenbaRun, genba } from '../fixtures/genba.ts';
import { OTHER_CARD, TERMINAL, WORKER } from '../fixtures/identities.ts';
import { rescuedFrom } from '../fixtures/rescued.ts';
import { createSerialWire, type SerialWire } from '../fixtures/serial-wire.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';

const PIN = '2468';
const MANAGER = '所長';
const READER = '入口';

let pcscd: VirtualPcscd;
let pin: PinHash;
beforeAll(async () => {
  const outcome = await startVirtualPcscd(join(tmpdir(), 'genba-virtual-reader'));
  if (outcome.kind !== 'running') throw new Error(outcome.reason);
  pcscd = outcome;
  pin = await hashPin(PIN);
});
afterAll(() => pcscd.close());

let site: Site;
let wire: SerialWire | undefined;
let port: number;
const running: RunningService[] = [];
const started = async (service: Promise<RunningService>): Promise<RunningService> => {
  running.push(await service);
  return service;
};
const configFile = () => join(site.folder, 'terminal.json');
const setConfig = (change: object): void => {
  const before = JSON.parse(readFileSync(configFile(), 'utf8'));
  writeFileSync(configFile(), JSON.stringify({ ...before, ...change }));
};
beforeEach(async () => {
  site = await createSite({
    hasReaders: true,
    places: [{ match: pcscd.slots[0].reader, readerId: READER, direction: 'in' }],
  });
  port = await freePort();
  setConfig({ kiosk: { port, managers: [{ name: MANAGER, pin }] } });
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.kill('SIGKILL');
  await wire?.remove();
  wire = undefined;
  site.remove();
});

const env = () => ({ PCSCLITE_CSOCK_NAME: pcscd.stableSocket });
const startTerminal = () => started(site.startTerminal(env()));
const startGateway = async (): Promise<void> => {
  await started(site.startGateway());
  await site.importRegistry();
};
const run = (words: readonly string[], options: Parameters<typeof genba>[1] = {}) =>
  genba([...words, '--config', configFile()], { env: env(), ...options });

/** Holds a card as soon as it is asked for, until it is said to be read or not. */
const runHolding = async (serial: string, ...words: readonly string[]): Promise<GenbaRun> => {
  let card: Promise<{ readonly remove: () => Promise<void> }> | undefined;
  const ended = await run(words, {
    onLine: (line) => {
      if (line.includes('かざしてください')) card ??= presentCard(pcscd.slots[0].port, { serial });
    },
  });
  await (await card)?.remove();
  return ended;
};

interface Told {
  readonly passed: boolean;
  readonly wasRunning: boolean;
  readonly checks: readonly {
    readonly part: string;
    readonly result: string;
    readonly text: string;
    readonly advice?: string;
  }[];
}
const sheetOf = ({ stdout }: GenbaRun): Told => JSON.parse(stdout);
const failed = (sheet: Told): readonly string[] =>
  sheet.checks.filter(({ result }) => result === 'fail').map(({ part }) => part);
const check = (sheet: Told, part: string) => sheet.checks.find((each) => each.part === part);

describe('genba self-test', () => {
  test('a terminal that stands still is tried through and through, and passes', async () => {
    await startGateway();
    mkdirSync(site.terminalDataDir, { recursive: true });
    const html = join(site.folder, 'sheet.html');
    const done = await runHolding(OTHER_CARD, 'self-test', '--html', html);
    expect([done.code, done.stderr, done.stdout]).toEqual([
      0,
      '',
      expect.stringContaining('総合判定 合格'),
    ]);
    for (const words of [
      `合格  リーダー ${READER}`,
      `合格  カード ${READER}: 読めました（8バイト、末尾 CDE0）`,
      '対象外  ランプ・ブザー',
      '合格  ディスク: 書き込み・同期・読み直し ○',
      '合格  ネットワーク',
      '合格  中継サーバ: 接続し、名簿',
    ])
      expect(done.stdout).toContain(words);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('総合判定 合格');
    expect(page).toContain(TERMINAL);
    expect(existsSync(join(site.terminalDataDir, '.self-test'))).toBe(false);
  }, 120_000);

  test('one that runs goes on undisturbed: the card is read by both, the link is not taken', async () => {
    wire = await createSerialWire();
    const line = { path: realpathSync(wire.path), readerId: '裏口', direction: 'in' };
    const before = JSON.parse(readFileSync(configFile(), 'utf8'));
    setConfig({ readers: { ...before.readers, serial: [line] } });
    await startGateway();
    await startTerminal();
    const status = async () => (await fetch(`http://127.0.0.1:${port}/status`)).json();
    await until(async () => {
      const { isLinked, state } = await status();
      return isLinked && state.readers.length >= 2;
    }, 'the terminal is whole');
    const done = await runHolding(OTHER_CARD, 'self-test');
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain('端末が動いています');
    expect(done.stdout).toContain('合格  リーダー 裏口: 動作中の端末が使っています');
    expect(done.stdout).toContain('合格  中継サーバ: 動作中の端末が接続しています');
    const { isLinked, state } = await status();
    expect([isLinked, state.linkDrops]).toEqual([true, 0]);
    await until(async () => (await site.taps()).length === 1, 'the touch, once');
  }, 120_000);

  test('everything that is missing is told, each with what to do', async () => {
    setConfig({
      dataDir: join(site.folder, 'nowhere'),
      cameras: { serial: [{ path: '/dev/genba/none', camera: '正面' }] },
      signals: { adapter: 'gpiod', chip: 'no-such-chip', lines: { green: { line: 1 } } },
    });
    const done = await run(['self-test', '--json', '--no-card'], {
      env: { PCSCLITE_CSOCK_NAME: join(site.folder, 'no-daemon') },
    });
    expect([done.code, done.stderr]).toEqual([1, '']);
    const sheet = sheetOf(done);
    expect([sheet.passed, sheet.wasRunning]).toEqual([false, false]);
    expect(failed(sheet)).toEqual([
      `リーダー ${READER}`,
      'ランプ・ブザー',
      'カメラ 正面',
      'ディスク',
      'ネットワーク',
      '中継サーバ',
    ]);
    for (const part of failed(sheet)) expect(check(sheet, part)?.advice).toMatch(/./);
    expect(check(sheet, '証明書')?.result).toBe('left-out');
  }, 120_000);

  test('a gateway with another key is found out', async () => {
    await startGateway();
    mkdirSync(site.terminalDataDir, { recursive: true });
    const before = JSON.parse(readFileSync(configFile(), 'utf8'));
    const publicKey = `${'A'.repeat(43)}=`;
    setConfig({ gateway: { ...before.gateway, publicKey } });
    const sheet = sheetOf(await run(['self-test', '--json', '--no-card']));
    expect(failed(sheet)).toEqual(['中継サーバ']);
    expect(check(sheet, '中継サーバ')?.text).toContain('別の中継サーバ');
  }, 120_000);

  test('a card that nobody holds is no card that was read', async () => {
    await startGateway();
    mkdirSync(site.terminalDataDir, { recursive: true });
    const sheet = sheetOf(await run(['self-test', '--json', '--wait', '1']));
    expect([sheet.passed, failed(sheet)]).toEqual([false, [`カード ${READER}`]]);
    expect(check(sheet, `カード ${READER}`)).toMatchObject({
      text: expect.stringContaining('かざされません'),
      advice: expect.stringMatching(/./),
    });
  }, 120_000);

  test('what is typed wrong changes nothing', async () => {
    for (const words of [
      ['self-test', '--wait', '0'],
      ['self-test', '--html', configFile()],
      ['self-test', '--fly'],
    ])
      expect((await run(words)).code).toBe(2);
  }, 60_000);
});

describe('genba status', () => {
  test('tells how the running terminal is, to people and to programs', async () => {
    expect((await run(['status'])).code).toBe(3);
    await startGateway();
    await startTerminal();
    await until(
      async () => (await run(['status'])).stdout.includes('○ 通信: 接続中'),
      'the terminal is linked',
    );
    const done = await run(['status', '--json']);
    const report = JSON.parse(done.stdout);
    expect(report).toMatchObject({
      terminalId: TERMINAL,
      isLinked: true,
      state: { queue: { unsentTaps: 0 }, clock: 'trusted' },
    });
    // There is no certificate on loopback, and it says so.
    expect(done.code).toBe(1);
    const bad = report.lines.filter(({ isGood }: { isGood: boolean }) => !isGood);
    expect(bad.map(({ part }: { part: string }) => part)).toEqual(['証明書']);
    expect(done.stdout).not.toContain(WORKER);
  }, 120_000);
});

describe('genba config', () => {
  test('shows what the file comes to, with defaults and without PINs', async () => {
    const { code, stdout } = await run(['config']);
    expect(code).toBe(0);
    const shown = JSON.parse(stdout);
    expect(shown).toMatchObject({ terminalId: TERMINAL, repeatWindowMs: 60_000, keepDays: 400 });
    expect(shown.kiosk.managers).toEqual([{ name: MANAGER, pin: '（非表示）' }]);
  }, 60_000);

  test('names every fault with its place', async () => {
    setConfig({ keepDays: 5, cameras: { windowMs: 'long' }, flavour: 'salt' });
    const { code, stdout, stderr } = await run(['config']);
    expect([code, stdout]).toEqual([2, '']);
    for (const place of ['keepDays', 'windowMs', 'flavour']) expect(stderr).toContain(place);
    expect(stderr).toContain('小さすぎる値');
  }, 60_000);

  test('the schema tells type, default, range and meaning of every setting', async () => {
    const schema = JSON.parse((await run(['config', '--schema'])).stdout);
    expect(schema.properties.keepDays).toMatchObject({
      type: 'integer',
      default: 400,
      minimum: 31,
      maximum: 3650,
      description: expect.stringContaining('days'),
    });
    // Everything else may be left out.
    expect(schema.required.sort()).toEqual([
      'dataDir',
      'gateway',
      'signingKeyFile',
      'siteId',
      'terminalId',
    ]);
  }, 60_000);
});

describe('genba card bind', () => {
  const bind = (input: string, ...words: readonly string[]) =>
    run(['card', 'bind', '--card', OTHER_CARD, '--worker', WORKER, ...words], { input });
  const bindings = () =>
    (rescuedFrom(site.terminalDataDir)?.entries ?? [])
      .map(({ text }) => JSON.parse(text))
      .filter(({ kind }) => kind === 'bind');

  test('writes it down at the terminal under the name of who knows the PIN', async () => {
    await startGateway();
    const terminal = await startTerminal();
    await until(
      async () => (await (await fetch(`${terminal.ready.kioskUrl}view`)).json()).siteName !== '',
      'the roster',
    );
    const wrong = await bind('9999\n');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('暗証番号が違います')]);
    const stranger = await run(
      ['card', 'bind', '--card', OTHER_CARD, '--worker', '99999999999999'],
      { input: `${PIN}\n` },
    );
    expect([stranger.code, stranger.stderr]).toEqual([
      2,
      expect.stringContaining('名簿にありません'),
    ]);
    expect(bindings()).toEqual([]);

    const done = await bind(`${PIN}\n`);
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('紐付けました')]);
    expect(done.stdout + done.stderr).not.toContain(PIN);
    expect(bindings()).toMatchObject([{ cardId: OTHER_CARD, workerId: WORKER, by: MANAGER }]);
    const again = await bind(`${PIN}\n`, '--json');
    expect([again.code, JSON.parse(again.stdout)]).toEqual([
      0,
      { cardId: OTHER_CARD, workerId: WORKER },
    ]);
  }, 120_000);

  test('reads the card that is held, and prints the row for the registry', async () => {
    const held = presentCard(pcscd.slots[0].port, { serial: OTHER_CARD });
    const done = await run(['card', 'bind', '--print'], { input: `${WORKER}\n` });
    await (await held).remove();
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toEqual({
      cardId: OTHER_CARD,
      workerId: WORKER,
      from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  }, 60_000);

  test('refuses what is no card and no worker, and says when no terminal answers', async () => {
    expect((await run(['card', 'bind', '--print', '--card', 'xyz'])).code).toBe(2);
    const noWorker = ['card', 'bind', '--print', '--card', OTHER_CARD, '--worker', '123'];
    expect((await run(noWorker)).code).toBe(2);
    expect((await bind(`${PIN}\n`)).code).toBe(3);
  }, 60_000);
});
