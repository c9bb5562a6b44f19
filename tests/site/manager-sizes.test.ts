/// <reference lib="dom" />
/** The manager's view on the screens that kiosks have: nothing beyond the edge, nothing too small for a glove. */

import { afterEach, expect, test } from 'vitest';
import { hashPin } from '../../device/manager/pin.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { enterPin } from '../fixtures/enter-pin.ts';
import { CARD, OTHER_CARD } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const gateIn = { readerId: '入口', direction: 'in' } as const;
const roster = rosterOf({
  workers: [
    rosterWorkerOf({
      shortName: 'グエン・ヴァン・フォン',
      companyName: 'しおさい型枠大工工事業協同組合連合会株式会社',
      findings: [{ reason: 'employer-not-in-organisation' }, { reason: 'worker-not-assigned' }],
    }),
  ],
});

const browser = watchedBrowser();
let bench: TerminalBench;
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

test.each([
  [1024, 600],
  [800, 480],
  [480, 800],
])(
  'on a screen of %i by %i nothing that is to be pressed lies beyond its edge or is too small for a glove',
  async (width, height) => {
    bench = await openTerminalBench({
      roster,
      managers: [{ name: '所長', pin: await hashPin('2468') }],
    });
    bench.terminal.onReader({
      kind: 'reader-detached',
      reader: 'ACS ACR122U PICC Interface 01 00 @usb-1-1.4',
      reason: 'unplugged',
    });
    bench.terminal.touched({ by: 'card', cardId: CARD }, gateIn);
    bench.terminal.touched({ by: 'card', cardId: OTHER_CARD }, gateIn);
    const page = await browser.open({ width, height });
    await page.goto(bench.kiosk.url);
    const beyond = (selector: string) =>
      page.locator(selector).evaluateAll((elements) =>
        elements
          .filter((element) => element.getClientRects().length > 0)
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.textContent),
      );
    // 15 mm on the 7-inch displays.
    const key = width >= 1_024 ? 99.6 : 77.9;
    const small = () =>
      page.locator('button, a, select, input, option').evaluateAll(
        (elements, least) =>
          elements
            .map((element) => ({ element, box: element.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0)
            .filter(({ box }) => box.width < least || box.height < least)
            .map(({ element, box }) => `${element.textContent} ${box.width} by ${box.height}`),
        key,
      );
    await page.getByRole('link', { name: '管理' }).click();
    await page.getByRole('button', { name: '所長' }).waitFor();
    expect(await small()).toEqual([]);
    const enter = await page.getByRole('button', { name: '決定' }).boundingBox();
    expect((enter?.y ?? height) + (enter?.height ?? 0)).toBeLessThanOrEqual(height);
    await enterPin(page, '2468');
    await page.locator('#list table').waitFor();
    for (const tab of [
      '在場者',
      '未タッチ',
      '本日のタッチ',
      '手入力',
      '未登録カード',
      '端末の状態',
    ]) {
      await page.locator('#tabs').getByRole('button', { name: tab }).click();
      await page.getByRole('heading', { name: tab }).waitFor();
      await page.locator('#list table, #form:not([hidden])').waitFor();
      expect([tab, await beyond('#content button, #content select, #content td')]).toEqual([
        tab,
        [],
      ]);
      for (const select of await page.locator('#content select:visible').all()) {
        await select.click();
        expect([tab, await small()]).toEqual([tab, []]);
        await page.keyboard.press('Escape');
      }
      expect([tab, await small()]).toEqual([tab, []]);
    }
  },
);
