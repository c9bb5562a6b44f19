/// <reference lib="dom" />
/** What people read of the other gates, in a real browser: lists, paper, USB stick, sign and kiosk. */

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashPin, type PinHash } from '../../device/manager/pin.ts';
import { whoIsCard } from '../../shared/presence-statement.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import { watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { enterPin } from '../fixtures/enter-pin.ts';
import { CARD, OTHER_TERMINAL, TERMINAL, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import {
  cardNo,
  changeBytes,
  jst,
  passageOf,
  peopleOf,
  wholeBytes,
  workerNo,
} from '../fixtures/site-presence.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const USB_FOLDER = '/dev/shm';
const [SECOND, THIRD] = [workerNo(2), workerNo(3)];
const roster = rosterOf({
  siteName: '県道みなと橋 橋脚補強工事',
  workers: [
    rosterWorkerOf({
      shortName: '山﨑',
      companyName: '北浜鉄筋工業株式会社',
      cards: [{ cardId: CARD }],
    }),
    rosterWorkerOf({
      workerId: SECOND,
      shortName: '長谷川',
      companyName: 'しおさい型枠',
      cards: [],
    }),
    rosterWorkerOf({ workerId: THIRD, shortName: '田中', companyName: 'しおさい型枠', cards: [] }),
    // Not here, and of companies enough to fill the sign.
    ...Array.from({ length: 7 }, (_, index) =>
      rosterWorkerOf({
        workerId: workerNo(10 + index),
        companyName: `第${index}建設`,
        cards: [],
        findings: [{ reason: 'worker-not-assigned' }],
      }),
    ),
  ],
});
const here = { readerId: '入口', direction: 'in' } as const;
/** 長谷川 came in by the other gate, 田中 came in there and left, and so did a card of nobody; 山﨑 by the office. */
const people = peopleOf(
  passageOf({ who: SECOND, at: jst('2026-11-24T06:41') }),
  passageOf({ who: THIRD, passage: 'out', at: jst('2026-11-24T07:20') }),
  passageOf({ who: whoIsCard(cardNo(1)), at: jst('2026-11-24T07:05') }),
  passageOf({ who: WORKER, at: jst('2026-11-24T07:30'), gate: undefined }),
);
const ALL = 'すべてのゲートのタッチと手入力による一覧です。';
const OLD = '他のゲート：07:58 現在';
const NOTE = '他のゲート（gate-2：07:58 現在）：それより後の出入りは含みません。';

const browser = watchedBrowser();
let pin: PinHash;
let bench: TerminalBench;
beforeAll(async () => {
  pin = await hashPin('2468');
});
beforeEach(async () => {
  bench = await openTerminalBench({
    roster,
    managers: [{ name: '所長', pin }],
    usbFolder: USB_FOLDER,
  });
  bench.terminal.onLink(true);
  bench.terminal.onMessage('presence', wholeBytes({ passageByWho: people }));
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

const openList = async (tab: string, size = { width: 1024, height: 600 }): Promise<Page> => {
  const page = await browser.open(size);
  await page.goto(`${bench.kiosk.url}manager`);
  await page.getByRole('button', { name: '所長', pressed: true }).waitFor();
  await enterPin(page, '2468');
  await page.locator('#tabs').getByRole('button', { name: tab }).click();
  await page.locator('#list table').waitFor();
  return page;
};
const rows = (page: Page): Promise<readonly string[]> =>
  page.locator('#list tbody tr').allInnerTexts();
const note = (page: Page) => page.locator('.note').innerText();

describe('the manager’s lists', () => {
  test('of who is on site: by company, since when and by which gate', async () => {
    const page = await openList('在場者');
    expect(await note(page)).toBe(ALL);
    expect(await rows(page)).toEqual([
      'しおさい型枠　1名',
      `長谷川\t${SECOND}\t06:41\tgate-2\t□`,
      '北浜鉄筋工業株式会社　1名',
      `山﨑\t${WORKER}\t07:30\t（事務所）\t□`,
      '所属不明　1名',
      `（名簿にない方）\t${cardNo(1)}\t07:05\tgate-2\t□`,
    ]);
  });

  test.each([
    ['without a link', () => bench.terminal.onLink(false)],
    ['with a gateway that fell silent', () => bench.clock.advance(5 * MINUTE_MS)],
  ])('%s they say how old the others’ part is, on screen and on paper', async (_what, happens) => {
    happens();
    for (const tab of ['在場者', '未タッチ']) {
      const page = await openList(tab);
      expect(await note(page)).toBe(NOTE);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.note').isVisible()).toBe(true);
    }
  });

  test('of who has not touched accuses nobody who touched elsewhere', async () => {
    bench.terminal.onMessage('presence', changeBytes({ gone: [WORKER] }));
    const page = await openList('未タッチ');
    expect((await rows(page)).map((row) => row.split('\t')[0])).toEqual([
      '北浜鉄筋工業株式会社　1名',
      '山﨑',
    ]);
  });

  test('on a USB stick have the gate, and on the first line what they do not have', async () => {
    bench.terminal.onLink(false);
    const page = await openList('在場者');
    await page.getByRole('button', { name: 'USBに保存' }).click();
    await page.getByText('を保存しました').waitFor();
    const [name = ''] = readdirSync(USB_FOLDER).filter((each) => each.startsWith('muster-'));
    const lines = readFileSync(join(USB_FOLDER, name), 'utf8').split('\r\n');
    rmSync(join(USB_FOLDER, name));
    expect(lines.slice(0, 3)).toEqual([
      '\uFEFF"所属","氏名","技能者ID・カード","入場","ゲート","確認"',
      `"${NOTE}","","","","",""`,
      `"しおさい型枠","長谷川","${SECOND}","06:41","gate-2",""`,
    ]);
  });

  test('the state of the terminal names the gates', async () => {
    const page = await openList('端末の状態');
    expect(await page.locator('#list').innerText()).toMatch(/○\t他のゲート\t最新（gate-2）/);
  });

  test('a site of one gate looks as it always did', async () => {
    const gates = [{ terminalId: TERMINAL, journals: [] }];
    bench.terminal.onMessage('presence', wholeBytes({ no: 2, gates, passageByWho: people }));
    bench.terminal.onLink(false);
    const page = await openList('在場者');
    expect(await note(page)).toBe(
      'この端末のタッチと手入力による一覧です。ほかの端末での出入りは含みません。',
    );
    expect(await page.locator('thead tr').innerText()).toBe('氏名\t技能者ID・カード\t入場\t確認');
    await page.goto(`${bench.kiosk.url}sign`);
    await page.locator('body[data-state="open"]').waitFor();
    expect(await page.locator('#scope').innerText()).toBe('在場（この端末）');
    expect(await page.locator('#age').isVisible()).toBe(false);
  });
});

describe('the sign', () => {
  test.each([
    { width: 1_920, height: 1_080 },
    { width: 1_280, height: 720 },
  ])('counts everybody, and says when it cannot, at $width', async (size) => {
    const page = await browser.open(size);
    await page.goto(`${bench.kiosk.url}sign`);
    await page.locator('body[data-state="open"]').waitFor();
    expect(await page.locator('#on-site').innerText()).toBe('3');
    expect(await page.locator('#scope').innerText()).toBe('在場（現場全体）');
    expect(await page.locator('#age').isVisible()).toBe(false);
    const crowd = Array.from({ length: 7 }, (_, index) => passageOf({ who: workerNo(10 + index) }));
    bench.terminal.onMessage('presence', changeBytes({ changed: crowd }));
    bench.terminal.onLink(false);
    await page.getByText(OLD).waitFor();
    await page.locator('#companies > li').nth(5).waitFor();
    expect(await widthBeyond(page)).toBe(0);
    // Down to the last company, with the line above the figure.
    const last = await page.locator('#companies > li').last().boundingBox();
    expect((last?.y ?? size.height) + (last?.height ?? 1)).toBeLessThanOrEqual(size.height);
  });
});

describe('the kiosk', () => {
  test('counts everybody, and lets out at an auto reader who came in elsewhere', async () => {
    const page = await browser.open({ width: 1024, height: 600 });
    await page.goto(bench.kiosk.url);
    await page.getByText('接続中').waitFor();
    expect(await page.locator('#on-site').innerText()).toBe('3');
    bench.terminal.touched(
      { by: 'typed', workerId: SECOND },
      { readerId: 'keypad', direction: 'auto' },
    );
    await page.locator('#panel[data-tone="out"]').waitFor();
    expect(await page.locator('#on-site').innerText()).toBe('2');
    bench.terminal.touched({ by: 'card', cardId: CARD }, here);
    await page.locator('#panel[data-tone="in"]').waitFor();
    expect(await page.locator('#on-site').innerText()).toBe('2');
    bench.terminal.onLink(false);
    await page.locator('#faults').getByText(OLD).waitFor();
  });

  test('names a gate that is itself cut off', async () => {
    const page = await browser.open({ width: 800, height: 480 });
    await page.goto(bench.kiosk.url);
    const gates = [
      { terminalId: TERMINAL, journals: [] },
      { terminalId: OTHER_TERMINAL, journals: [], knownUntilMs: jst('2026-11-24T07:12') },
    ];
    bench.terminal.onMessage('presence', wholeBytes({ no: 2, gates, passageByWho: people }));
    await page.locator('#faults').getByText('他のゲート：07:12 現在').waitFor();
  });
});
