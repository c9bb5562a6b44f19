/// <reference lib="dom" />
/** The sign in a real browser: what a touch changes on it, whom it names, and when it shows nothing. */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { Presented } from '../../shared/entry.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { standsAsTallAsNoto, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import {
  openTerminalBench,
  type TerminalBench,
  type TerminalBenchOptions,
} from '../fixtures/terminal-bench.ts';

const OTHER_WORKER = WorkerId.parse('10000000000002');
const THIRD_WORKER = WorkerId.parse('10000000000003');
const roster = rosterOf({
  siteName: '県道みなと橋 橋脚補強工事',
  effects: { 'insurance-unconfirmed': 'warn' },
  workers: [
    rosterWorkerOf({ shortName: '山﨑', kana: 'ヤマザキ', companyName: '北浜鉄筋工業株式会社' }),
    rosterWorkerOf({
      workerId: OTHER_WORKER,
      shortName: '長谷川',
      companyName: 'しおさい型枠',
      cards: [],
      findings: [{ reason: 'insurance-unconfirmed' }],
    }),
  ],
});
const card = { by: 'card', cardId: CARD } as const;
const stranger = { by: 'card', cardId: OTHER_CARD } as const;
const typed = { by: 'typed', workerId: OTHER_WORKER } as const;
const gateIn = { readerId: 'in', direction: 'in' } as const;
const gateOut = { readerId: 'out', direction: 'out' } as const;
/** Of a sign, 16:9. */
const SIZES = [
  { width: 1_920, height: 1_080 },
  { width: 1_280, height: 720 },
] as const;

const browser = watchedBrowser();
let bench: TerminalBench | undefined;
let site: Site | undefined;
afterEach(async () => {
  await browser.leave();
  await bench?.close();
  site?.remove();
  bench = undefined;
  site = undefined;
});

const openBench = async (
  options: Partial<TerminalBenchOptions> = {},
): Promise<{ readonly terminal: TerminalBench; readonly url: string }> => {
  bench = await openTerminalBench({ roster, ...options });
  return { terminal: bench, url: `${bench.kiosk.url}sign` };
};
const openSign = async (url: string, size: (typeof SIZES)[number] = SIZES[1]): Promise<Page> => {
  const page = await browser.open(size);
  await page.goto(url);
  await state(page, 'open');
  return page;
};
const state = (page: Page, wanted: string) =>
  page.locator(`body[data-state="${wanted}"]`).waitFor();
const linesOf = (page: Page, list: 'touches' | 'companies') =>
  page.locator(`#${list} > li`).evaluateAll((lines) =>
    lines.map((line) =>
      [...line.querySelectorAll('time, .way b, .name, .company, .people, .verdict span')]
        .map((part) => part.textContent)
        .filter((text) => text !== '')
        .join(' '),
    ),
  );
const figures = async (page: Page) => ({
  onSite: await page.locator('#on-site').textContent(),
  companies: await linesOf(page, 'companies'),
  touches: await linesOf(page, 'touches'),
});
const NO_FIGURES = { onSite: '', companies: [], touches: [] };

describe('the sign', () => {
  test('shows touches and heads without a reload', async () => {
    const { terminal, url } = await openBench();
    const page = await openSign(url);
    expect(await figures(page)).toEqual({ onSite: '0', companies: [], touches: [] });
    expect(await page.locator('#no-touch').isVisible()).toBe(true);
    terminal.terminal.touched(card, gateIn);
    terminal.terminal.touched(typed, gateIn);
    terminal.clock.advance(120_000);
    terminal.terminal.touched(card, gateOut);
    // The same touch again is none of the latest.
    terminal.terminal.touched(card, gateOut);
    await expect
      .poll(() => linesOf(page, 'touches'))
      .toEqual([
        '08:00 退場 北浜鉄筋工業株式会社 記録済',
        '07:58 入場 しおさい型枠 要確認',
        '07:58 入場 北浜鉄筋工業株式会社 記録済',
      ]);
    expect(await linesOf(page, 'companies')).toEqual(['しおさい型枠 1名']);
    expect(await page.locator('#no-touch').isVisible()).toBe(false);
    expect(await page.locator('header').innerText()).toMatch(
      /^県道みなと橋 橋脚補強工事\s+11月24日（火）\s+08:00$/,
    );
  });

  test('in, out, recorded and to be checked have each a shape of their own', async () => {
    const { terminal, url } = await openBench();
    terminal.terminal.touched(card, gateOut);
    terminal.terminal.touched(stranger, gateIn);
    const page = await openSign(url);
    const shapes = await page
      .locator('#touches > li')
      .evaluateAll((lines) =>
        lines.map((line) =>
          [...line.querySelectorAll('[data-for]')]
            .filter((shape) => getComputedStyle(shape).display !== 'none')
            .map((shape) => shape.getAttribute('data-for')),
        ),
      );
    expect(shapes).toEqual([
      ['in', 'check'],
      ['out', 'recorded'],
    ]);
  });

  test('gets no name and no id unless the site says so, neither on the page nor on the wire', async () => {
    const { terminal, url } = await openBench();
    for (const who of [card, typed, stranger]) terminal.terminal.touched(who, gateIn);
    const page = await openSign(url);
    const leave = new AbortController();
    const stream = await fetch(`${url}/events`, { signal: leave.signal });
    const sent = await stream.body?.pipeThrough(new TextDecoderStream()).getReader().read();
    leave.abort();
    expect(sent?.value).toContain('しおさい型枠');
    for (const text of [await page.content(), sent?.value])
      for (const secret of ['山﨑', 'ヤマザキ', '長谷川', WORKER, OTHER_WORKER, CARD, OTHER_CARD])
        expect(text).not.toContain(secret);
  });

  test('a short name stands at its full size, in a font whose signs are taller than its lines', async () => {
    const { terminal, url } = await openBench();
    const page = await openSign(url);
    await standsAsTallAsNoto(page);
    terminal.terminal.touched(typed, gateIn);
    await page.locator('#touches .company').waitFor();
    const sizes = await page
      .locator('main .company')
      .evaluateAll((names) => names.map((name) => getComputedStyle(name).fontSize));
    // 5 % of the screen's height.
    expect(sizes).toEqual(['36px', '36px']);
  });

  test('names who touched where the site says so', async () => {
    const { terminal, url } = await openBench({ sign: { showsNames: true } });
    terminal.terminal.touched(card, gateIn);
    const page = await openSign(url);
    expect(await linesOf(page, 'touches')).toEqual(['07:58 入場 山﨑 北浜鉄筋工業株式会社 記録済']);
  });

  test('a full disk: says that nothing can be recorded, and shows no figure until it can', async () => {
    const { terminal, url } = await openBench();
    terminal.terminal.touched(card, gateIn);
    const page = await openSign(url);
    terminal.db.pragma(`max_page_count = ${terminal.db.pragma('page_count', { simple: true })}`);
    for (let tries = 0; tries < 100; tries += 1) terminal.terminal.touched(stranger, gateIn);
    await state(page, 'closed');
    expect(await page.locator('#notice').innerText()).toContain('記録できません');
    expect(await figures(page)).toEqual(NO_FIGURES);
    expect(await page.locator('main').isVisible()).toBe(false);
    terminal.db.pragma('max_page_count = 1000000');
    terminal.terminal.tick();
    await state(page, 'open');
    expect(await linesOf(page, 'companies')).toContain('北浜鉄筋工業株式会社 1名');
  });

  test('a terminal that died: says so, and shows no figure', async () => {
    const { terminal, url } = await openBench();
    terminal.terminal.touched(card, gateIn);
    const page = await openSign(url);
    browser.expectComplaints(/net::ERR_INCOMPLETE_CHUNKED_ENCODING/);
    await terminal.die();
    await state(page, 'lost');
    expect(await page.locator('#notice').innerText()).toContain('端末が応答しません');
    expect(await figures(page)).toEqual(NO_FIGURES);
    expect(await page.locator('#time').textContent()).toBe('');
  });

  test('shares the number of screens with the kiosk, and comes when there is room', async () => {
    const { url } = await openBench();
    const streams = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        fetch(index % 2 === 0 ? `${url}/events` : url.replace(/sign$/, 'events')),
      ),
    );
    expect(streams.filter(({ status }) => status === 200)).toHaveLength(20);
    browser.expectComplaints(/503/);
    const page = await browser.open(SIZES[1]);
    await page.clock.install();
    await page.goto(url);
    await state(page, 'lost');
    for (const { body } of streams) await body?.cancel();
    await expect
      .poll(async () => {
        await page.clock.fastForward(5_000);
        return page.locator('body').getAttribute('data-state');
      })
      .toBe('open');
  });

  test('on the real terminal, which no gateway ever answered: before and after a power cut, and while it hangs', async () => {
    site = await createSite();
    const touch = async (kioskUrl: unknown, workerId: string) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ workerId });
      return (await fetch(`${kioskUrl}typed`, { method: 'POST', headers, body })).status;
    };
    const before = await site.startTerminal();
    expect(await touch(before.ready.kioskUrl, WORKER)).toBe(200);
    expect(await touch(before.ready.kioskUrl, OTHER_WORKER)).toBe(200);
    await before.kill('SIGKILL');
    const after = await site.startTerminal();
    try {
      expect(await touch(after.ready.kioskUrl, THIRD_WORKER)).toBe(200);
      const page = await browser.open(SIZES[1]);
      await page.clock.install();
      await page.goto(`${after.ready.kioskUrl}sign`);
      await state(page, 'open');
      const ways = () => page.locator('#touches .way').allInnerTexts();
      expect(await ways()).toEqual(['入場', '入場', '入場']);
      expect(await linesOf(page, 'companies')).toEqual(['所属不明 3名']);
      process.kill(after.pid, 'SIGSTOP');
      await page.clock.fastForward(12_000);
      await state(page, 'lost');
      expect(await figures(page)).toEqual(NO_FIGURES);
      process.kill(after.pid, 'SIGCONT');
      await state(page, 'open');
      expect(await ways()).toEqual(['入場', '入場', '入場']);
    } finally {
      await browser.leave();
      await after.kill('SIGKILL');
    }
  });
});

/** 300 people of 12 companies whose names are of 40 characters, and a site whose name is long. */
const crowd = rosterOf({
  siteName: '令和8年度一般国道999号みなと橋側道橋上部工及び下部工耐震補強（その3）工事',
  workers: Array.from({ length: 300 }, (_, index) =>
    rosterWorkerOf({
      workerId: WorkerId.parse(String(10_000_000_000_000 + index)),
      shortName: index % 2 === 0 ? '佐藤' : 'グエン・ティ・フオン'.repeat(4),
      companyName: `${'港湾土木建設工業特定建設工事共同企業体'.repeat(3).slice(0, 38)}${10 + (index % 12)}`,
      cards: [{ cardId: CardId.parse(`02AC${String(index).padStart(12, '0')}`) }],
    }),
  ),
});

/** What stands outside the screen, over another text, or is cut off. */
const misplaced = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const texts = [...document.querySelectorAll('body *')].filter(
      (each) =>
        each instanceof HTMLElement &&
        each.childElementCount === 0 &&
        each.textContent?.trim() &&
        each.offsetParent !== null,
    );
    const boxes = texts.map((text) => ({
      name: text.textContent ?? '',
      box: text.getBoundingClientRect(),
      isCut: text.scrollHeight > text.clientHeight + 1 && text.classList.contains('fits'),
    }));
    return boxes
      .filter(
        ({ box, isCut }, index) =>
          isCut ||
          box.left < 0 ||
          box.top < 0 ||
          box.right > innerWidth ||
          box.bottom > innerHeight ||
          boxes.some(
            ({ box: other }, otherIndex) =>
              otherIndex > index &&
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1,
          ),
      )
      .map(({ name }) => name);
  });

/** Of each text to what lies behind it, by WCAG 2.2 (contrast ratio). */
const contrasts = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = channels(colour).map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (each: Element | null): string => {
      if (each === null) return 'rgb(255, 255, 255)';
      const colour = getComputedStyle(each).backgroundColor;
      return channels(colour)[3] === 0 ? behind(each.parentElement) : colour;
    };
    return [...document.querySelectorAll('body *')]
      .filter((each) => each instanceof HTMLElement && each.offsetParent !== null)
      .map((each) => {
        const [a, b] = [getComputedStyle(each).color, behind(each)].map(luminance);
        return (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05);
      });
  });

describe.each(SIZES)('the sign at $width × $height', (size) => {
  const rush = (terminal: TerminalBench['terminal'], count: number): void => {
    const touches = crowd.workers.slice(0, count).map(({ cards }) => cards[0]?.cardId);
    for (const cardId of touches)
      if (cardId !== undefined)
        terminal.touched({ by: 'card', cardId } satisfies Presented, gateIn);
  };

  test.each([
    ['nobody', 0, false],
    ['one', 1, false],
    ['300', 300, false],
    ['300, with short names and long ones', 300, true],
  ])('everything has its place: %s', async (_who, count, showsNames) => {
    const { terminal, url } = await openBench({ roster: crowd, sign: { showsNames } });
    terminal.db.exec('begin');
    rush(terminal.terminal, count);
    terminal.db.exec('commit');
    terminal.clock.setTrust('untrusted');
    const page = await openSign(url, size);
    expect(await page.locator('#on-site').textContent()).toBe(String(count));
    expect(await misplaced(page)).toEqual([]);
    expect(await widthBeyond(page)).toBe(0);
  });

  test('is read in daylight and from five metres', async () => {
    const { terminal, url } = await openBench();
    terminal.terminal.touched(card, gateOut);
    terminal.terminal.touched(stranger, gateIn);
    terminal.clock.setTrust('untrusted');
    const page = await openSign(url, size);
    expect(Math.min(...(await contrasts(page)))).toBeGreaterThanOrEqual(7);
    const smallest = await page
      .locator('header p, h2, time, .way b, li .company, .people b')
      .evaluateAll((parts) =>
        Math.min(
          ...parts
            .filter((part) => part instanceof HTMLElement && part.offsetParent !== null)
            .map((part) => Number.parseFloat(getComputedStyle(part).fontSize)),
        ),
      );
    // 4 % of the height: 1.6 cm on a screen of 32 inches.
    expect(smallest / size.height).toBeGreaterThanOrEqual(0.04);
    terminal.db.pragma(`max_page_count = ${terminal.db.pragma('page_count', { simple: true })}`);
    for (let tries = 0; tries < 100; tries += 1) terminal.terminal.touched(stranger, gateIn);
    await state(page, 'closed');
    expect(Math.min(...(await contrasts(page)))).toBeGreaterThanOrEqual(7);
  });
});
