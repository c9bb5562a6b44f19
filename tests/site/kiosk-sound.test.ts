/// <reference lib="dom" />
/** The kiosk's tones in a real browser: as many as the buzzer's, and none that is late. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { watchedBrowser } from '../fixtures/browser.ts';
import { until } from '../fixtures/event-log.ts';
import { CARD } from '../fixtures/identities.ts';
import { rosterOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const gateIn = { readerId: 'in', direction: 'in' } as const;
const gateOut = { readerId: 'out', direction: 'out' } as const;

let bench: TerminalBench;
let page: Page;

/** Tones that the browser was given to play so far. */
const tones = () => page.evaluate(() => Number(document.documentElement.dataset.tones ?? 0));
const openKiosk = async (first: () => void = () => undefined): Promise<void> => {
  bench = await openTerminalBench({ roster: rosterOf() });
  page = await browser.open({ width: 1024, height: 600 });
  await page.addInitScript(first);
  await page.addInitScript(() => {
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      const { dataset } = document.documentElement;
      dataset.tones = String(Number(dataset.tones ?? 0) + 1);
      start.call(this, when);
    };
  });
  await page.goto(bench.kiosk.url);
  await page.locator('#panel[data-tone="idle"]').waitFor();
};
const shown = (tone: string) => page.locator(`#panel[data-tone="${tone}"]`).waitFor();

const browser = watchedBrowser();
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

test('each touch sounds by its own rhythm', async () => {
  await openKiosk();
  bench.terminal.touched({ by: 'card', cardId: CARD }, gateIn);
  await until(async () => (await tones()) === 1, 'one for an entry');
  bench.terminal.touched({ by: 'card', cardId: CARD }, gateOut);
  await until(async () => (await tones()) === 3, 'two more for an exit');
  bench.terminal.touched({ by: 'card', cardId: CARD }, gateOut);
  await until(async () => (await tones()) === 6, 'three more for a repeat');
});

test('where nothing may sound until somebody presses a key, nothing of before is played then', async () => {
  await openKiosk(() => {
    // Chromium without a screen forbids nothing; this is the rule of the one on a desk.
    const pressed = new Promise((done) => document.addEventListener('click', done));
    globalThis.AudioContext = class extends AudioContext {
      constructor() {
        super();
        void this.suspend();
      }
      override resume(): Promise<void> {
        return pressed.then(() => super.resume());
      }
    };
  });
  for (const direction of ['in', 'out', 'in', 'out'] as const) {
    bench.terminal.touched({ by: 'card', cardId: CARD }, { readerId: direction, direction });
    await shown(direction);
    bench.clock.advance(61_000);
  }
  const due = await page.evaluate(() => performance.now());
  await page.waitForFunction((before) => performance.now() > before + 1_000, due);
  await page.getByRole('button', { name: 'English' }).click();
  bench.terminal.touched({ by: 'card', cardId: CARD }, gateIn);
  await shown('in');
  await until(async () => (await tones()) > 0, 'a tone');
  expect(await tones()).toBe(1);
});
