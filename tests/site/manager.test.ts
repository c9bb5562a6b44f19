/// <reference lib="dom" />
/** The manager's view in a real browser, on a real journal, with no gateway anywhere. */

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPin, type PinHash } from '../../device/manager/pin.ts';
import { SESSION_IDLE_MS } from '../../device/manager/sessions.ts';
import { type Entry, parseEntry } from '../../shared/entry.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { enterPin } from '../fixtures/enter-pin.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const OTHER_WORKER = WorkerId.parse('10000000000002');
/** A tmpfs of its own on every Linux, as a stick would be. */
const USB_FOLDER = '/dev/shm';
const roster = rosterOf({
  siteName: '県道みなと橋',
  workers: [
    rosterWorkerOf({ shortName: '山﨑', companyName: '北浜鉄筋' }),
    rosterWorkerOf({
      workerId: OTHER_WORKER,
      shortName: '田中',
      companyName: 'しおさい型枠',
      cards: [],
      findings: [{ reason: 'employer-not-accepted' }],
    }),
  ],
});
const card = { by: 'card', cardId: CARD } as const;
const gateIn = { readerId: '入口', direction: 'in' } as const;

const browser = watchedBrowser();
let pin: PinHash;
let bench: TerminalBench;
let page: Page;

beforeAll(async () => {
  pin = await hashPin('2468');
});
beforeEach(async () => {
  bench = await openTerminalBench({
    roster,
    managers: [{ name: '所長', pin }],
    usbFolder: USB_FOLDER,
  });
  page = await browser.open({ width: 1024, height: 600 });
  await page.goto(bench.kiosk.url);
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

const logIn = async (digits = '2468') => {
  await page.getByRole('link', { name: '管理' }).click();
  await page.getByRole('button', { name: '所長', pressed: true }).waitFor();
  await enterPin(page, digits);
};
const open = async (tab: string) => {
  await page.locator('#tabs').getByRole('button', { name: tab }).click();
  await page.getByRole('heading', { name: tab }).waitFor();
};
const rows = async (): Promise<readonly string[]> => {
  await page.locator('#list table').waitFor();
  return page.locator('#list tbody tr').allInnerTexts();
};
const entries = (): readonly Entry[] =>
  bench.journal.read(1, bench.journal.lastSeq()).map(({ text }) => {
    const parsed = parseEntry(text);
    if (!parsed.ok) throw new Error(text);
    return parsed.value;
  });

describe('the manager’s view', () => {
  test('tells the state of every part, without a network', async () => {
    await logIn();
    await page.locator('#list table').waitFor();
    const text = await page.locator('#list').innerText();
    for (const part of ['通信', '未送信', '時計', '名簿', 'ディスク', '証明書', 'バージョン'])
      expect(text).toContain(part);
    expect(text).toContain('オフライン');
    expect(text).toContain('2名・第1版・2時間前');
  });

  test('who is on site by company, and who has not touched and why', async () => {
    bench.terminal.touched(card, gateIn);
    await logIn();
    await open('在場者');
    expect(await rows()).toEqual(['北浜鉄筋　1名', `山﨑\t${WORKER}\t07:58\t□`]);
    await open('未タッチ');
    expect((await rows()).join('\n')).toMatch(
      /しおさい型枠　1名\n田中\t10000000000002\tカード未登録.*施工体制を未承認.*招待を承認/,
    );
  });

  test('the muster list goes to a USB stick as a CSV that Excel opens', async () => {
    bench.terminal.touched(card, gateIn);
    await logIn();
    await open('在場者');
    await page.getByRole('button', { name: 'USBに保存' }).click();
    await page.getByText('を保存しました').waitFor();
    const [name = ''] = readdirSync(USB_FOLDER).filter((each) => each.startsWith('muster-'));
    const text = readFileSync(join(USB_FOLDER, name), 'utf8');
    rmSync(join(USB_FOLDER, name));
    expect(name).toBe('muster-20261124-075800.csv');
    const [header, note, ...rest] = text.split('\r\n');
    expect(header).toBe('\uFEFF"所属","氏名","技能者ID・カード","入場","確認"');
    expect(note).toMatch(/^"この端末のタッチと手入力による一覧です。[^"]*","","","",""$/);
    expect(rest).toEqual([`"北浜鉄筋","山﨑","${WORKER}","07:58",""`, '']);
  });

  test('an unknown card is bound to its worker, and opens from then on', async () => {
    const stranger = { by: 'card', cardId: OTHER_CARD } as const;
    bench.terminal.touched(stranger, gateIn);
    await logIn();
    await open('未登録カード');
    expect(await rows()).toEqual([`${OTHER_CARD}\t2026-11-24 07:58\t1\t紐付け`]);
    await page.getByRole('button', { name: '紐付け' }).click();
    await page.getByLabel('所属').selectOption('しおさい型枠');
    await page.getByRole('button', { name: '新しいカード' }).click();
    await page.getByRole('button', { name: '紐付ける' }).click();
    await page.getByText('紐付けました').waitFor();
    expect(entries().at(-1)).toMatchObject({
      kind: 'bind',
      cardId: OTHER_CARD,
      workerId: OTHER_WORKER,
      by: '所長',
      reason: '新しいカード',
    });
    bench.clock.advance(120_000);
    expect(bench.terminal.touched(stranger, gateIn)).toMatchObject({
      worker: { workerId: OTHER_WORKER },
      reasons: ['employer-not-accepted'],
    });
  });

  test('a forgotten passage is written down with its reason', async () => {
    browser.expectComplaints(/status of 400/);
    await logIn();
    await open('手入力');
    await page.getByRole('combobox', { name: '日', exact: true }).selectOption('2026-11-24');
    await page.getByRole('combobox', { name: '時', exact: true }).selectOption('07');
    await page.getByRole('combobox', { name: '分', exact: true }).selectOption('30');
    await page.getByRole('button', { name: '記録する' }).click();
    await page.getByText('理由を入力してください').waitFor();
    await page.getByRole('button', { name: '打刻忘れ' }).click();
    await page.getByRole('button', { name: '記録する' }).click();
    await page.getByText('記録しました').waitFor();
    expect(entries().at(-1)).toMatchObject({
      kind: 'manual',
      change: { do: 'add', workerId: WORKER, direction: 'in' },
      by: '所長',
      reason: '打刻忘れ',
    });
    await open('在場者');
    expect(await rows()).toContain(`山﨑\t${WORKER}\t07:30\t□`);
  });

  test('a touch that should not count is taken back, and stays in the journal', async () => {
    bench.terminal.touched(card, gateIn);
    const before = entries().length;
    await logIn();
    await open('本日のタッチ');
    await page.getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '誤ったタッチ' }).click();
    await page.getByRole('button', { name: '取り消す' }).click();
    await page.getByText('取り消しました').waitFor();
    expect((await rows())[0]).toContain('取消済み');
    expect(
      entries()
        .slice(before)
        .filter(({ kind }) => kind === 'manual'),
    ).toMatchObject([{ change: { do: 'void' }, by: '所長', reason: '誤ったタッチ' }]);
    expect(bench.terminal.status().onSite).toBe(0);
  });

  test('a day of thousands of touches: some at once, of one company, and none of it lost', async () => {
    const strangers = Array.from({ length: 2_500 }, (_, index) =>
      CardId.parse(`02AC${index.toString(16).toUpperCase().padStart(12, '0')}`),
    );
    bench.terminal.touched(card, gateIn);
    bench.db.exec('begin');
    for (const cardId of strangers) bench.terminal.touched({ by: 'card', cardId }, gateIn);
    bench.db.exec('commit');
    await logIn();
    await open('本日のタッチ');
    await page.getByText('2501件').waitFor();
    expect(await rows()).toHaveLength(200);
    await page.getByRole('button', { name: 'さらに表示（残り2301件）' }).click();
    await page.getByText('残り2101件').waitFor();
    expect(await rows()).toHaveLength(400);
    // The first touch of the morning can still be found, and taken back.
    await page.getByLabel('所属').selectOption('北浜鉄筋');
    await page.getByText('1件', { exact: true }).waitFor();
    await page.getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '誤ったタッチ' }).click();
    await page.getByRole('button', { name: '取り消す' }).click();
    await page.getByText('取り消しました').waitFor();
    // And the first unknown card bound.
    await open('未登録カード');
    await page.getByText('2500枚').waitFor();
    expect((await rows()).at(-1)).toContain(strangers[0]);
  });

  test('who is here since a shift that began yesterday is not said to be missing', async () => {
    bench.clock.advance(15 * 3_600_000);
    bench.terminal.touched(card, gateIn);
    bench.clock.advance(3 * 3_600_000);
    await logIn();
    await open('未タッチ');
    const text = (await rows()).join('\n');
    expect(text).toContain('田中');
    expect(text).not.toContain('山﨑');
  });

  test('looks are logged by session and without names; who logged in and looked at what is in the journal', async () => {
    await logIn('1357');
    await page.getByText('暗証番号が違います').waitFor();
    browser.expectComplaints(/401/);
    await page.goto(bench.kiosk.url);
    await logIn();
    await open('在場者');
    await rows();
    expect(bench.logged.join('\n')).toContain('"what":"people"');
    expect(bench.logged.join('\n')).not.toMatch(/所長|山﨑|1000000000000/);
    await open('本日のタッチ');
    await open('在場者');
    await rows();
    const noted = entries().flatMap((entry) =>
      entry.kind === 'health' ? [`${entry.what} ${entry.detail}`] : [],
    );
    expect(noted.join('、')).toBe(
      'manager-refused 所長、manager-logged-in 1: 所長、manager-looked 1: people、manager-looked 1: touches',
    );
  });
});

describe('the PIN', () => {
  const post = (path: string, body: object, cookie = '') =>
    fetch(new URL(`/manager${path}`, bench.kiosk.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const look = (cookie: string) =>
    fetch(new URL('/manager/people', bench.kiosk.url), { headers: { cookie } }).then(
      ({ status }) => status,
    );

  test('nobody reads anything without it', async () => {
    for (const path of ['people', 'absent', 'touches', 'unknown-cards', 'workers', 'health']) {
      const answer = await fetch(new URL(`/manager/${path}`, bench.kiosk.url));
      expect([path, answer.status]).toEqual([path, 401]);
    }
    expect((await post('/voids', { seq: 1, reason: 'x' })).status).toBe(401);
    expect((await post('/muster/usb', {})).status).toBe(401);
    expect(await look('genba-manager=guessed')).toBe(401);
  });

  test('after four wrong ones the door closes, longer each time, also to the right one', async () => {
    const tryPin = async (digits: string) =>
      (await post('/session', { pin: digits, by: '所長' })).status;
    const statuses = [];
    for (const digits of ['0000', '1111', '2222', '3333']) statuses.push(await tryPin(digits));
    expect(statuses).toEqual([401, 401, 401, 401]);
    expect(await tryPin('2468')).toBe(429);
    bench.clock.advance(60_000);
    expect(await tryPin('4444')).toBe(401);
    bench.clock.advance(60_000);
    expect(await tryPin('2468')).toBe(429);
    bench.clock.advance(60_000);
    expect(await tryPin('2468')).toBe(200);
  });

  test('a session ends by itself, and at once when it is closed', async () => {
    const first = cookieOf(await post('/session', { pin: '2468', by: '所長' }));
    expect(await look(first)).toBe(200);
    bench.clock.advance(SESSION_IDLE_MS - 1);
    expect(await look(first)).toBe(200);
    bench.clock.advance(SESSION_IDLE_MS);
    expect(await look(first)).toBe(401);
    const second = cookieOf(await post('/session', { pin: '2468', by: '所長' }));
    await fetch(new URL('/manager/session', bench.kiosk.url), {
      method: 'DELETE',
      headers: { cookie: second },
    });
    expect(await look(second)).toBe(401);
  });

  test.each([
    [
      'a passage to come',
      '/passages',
      { workerId: WORKER, direction: 'in', at: '2026-11-24T09:00:00+09:00', reason: 'x' },
      '/at',
    ],
    [
      'one of long ago',
      '/passages',
      { workerId: WORKER, direction: 'in', at: '2026-09-01T09:00:00+09:00', reason: 'x' },
      '/at',
    ],
    [
      'somebody not on the roster',
      '/passages',
      { workerId: '10000000000009', direction: 'in', at: '2026-11-24T07:00:00+09:00', reason: 'x' },
      '/workerId',
    ],
    ['a touch that is not there', '/voids', { seq: 9999, reason: 'x' }, '/seq'],
    ['an entry that is no touch', '/voids', { seq: 1, reason: 'x' }, '/seq'],
    [
      'a card that is none',
      '/bindings',
      { cardId: 'zz', workerId: WORKER, reason: 'x' },
      '/cardId',
    ],
    ['no reason', '/voids', { seq: 1, reason: '  ' }, '/reason'],
  ])('%s is refused with its place, and nothing is written', async (_what, path, body, place) => {
    const cookie = cookieOf(await post('/session', { pin: '2468', by: '所長' }));
    const before = bench.journal.lastSeq();
    const answer = await post(path, body, cookie);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ faults: [{ place }] });
    expect(bench.journal.lastSeq()).toBe(before);
  });

  test('a page of another origin gets nothing, even from a logged-in browser', async () => {
    const cookie = cookieOf(await post('/session', { pin: '2468', by: '所長' }));
    const answer = await fetch(new URL('/manager/voids', bench.kiosk.url), {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example', 'content-type': 'application/json' },
      body: JSON.stringify({ seq: 1, reason: 'x' }),
    });
    expect(answer.status).toBe(403);
  });
});
