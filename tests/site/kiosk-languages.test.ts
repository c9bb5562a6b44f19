/// <reference lib="dom" />
/**
 * The worker's screen in each language, on the sizes of screen that kiosks have, with the longest that it has
 * to show: nothing is cut off, covered, too small or too pale to be read at arm's length in daylight.
 */
import { expect, test } from 'vitest';
import { phrasesIn } from '../../device/kiosk/phrases.ts';
import { hashPin } from '../../device/manager/pin.ts';
import { MUTE_CARD, RANDOM_SERIAL } from '../../device/readers/card-id.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { Language } from '../../shared/language.ts';
import { standsAsTallAsNoto, watchedBrowser } from '../fixtures/browser.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const LONG_CARD = CardId.parse('0102030405060708');
const gateIn = { readerId: 'in', direction: 'in' } as const;

const rosterIn = (language: Language) =>
  rosterOf({
    siteName: '一般国道九号 県道みなと橋 橋脚耐震補強工事',
    effects: { 'insurance-unconfirmed': 'hold' },
    workers: [
      rosterWorkerOf({
        language,
        kana: 'ヤマダ',
        level: 2,
        contributedDays: [2, 3, 4],
        daysBefore: 1_234,
      }),
      rosterWorkerOf({
        language,
        workerId: WorkerId.parse('10000000000002'),
        cards: [{ cardId: LONG_CARD }],
        shortName: 'グエン・ヴァン・フォン・フン',
        kana: 'グエンヴァンフォンフン',
        companyName: 'しおさい型枠大工工事業協同組合連合会株式会社',
        level: 1,
        contributedDays: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        daysBefore: 2_345,
        findings: [
          { reason: 'insurance-unconfirmed' },
          { reason: 'employer-not-in-organisation' },
          { reason: 'worker-not-assigned' },
        ],
      }),
    ],
  });

/** Everything wrong at once that leaves the gate open. */
const breakParts = ({ terminal, clock }: TerminalBench): void => {
  clock.setTrust('untrusted');
  terminal.tick();
  terminal.onSignalsFault('no gpiochip');
  const named = 'ACS ACR122U PICC Interface 01 @usb-1-1.3';
  terminal.onReader({ kind: 'reader-attached', reader: named });
  terminal.onReader({ kind: 'reader-detached', reader: named, reason: 'unplugged' });
  terminal.onFace({ kind: 'camera-detached', camera: '入口カメラ', reason: 'unplugged' });
};

const fillDisk = ({ db, terminal }: TerminalBench): void => {
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
  for (let tries = 0; tries < 200; tries += 1)
    if (terminal.touched({ by: 'card', cardId: CARD }, gateIn).kind !== 'recorded') return;
};

/** Both 7-inch displays (800 and 1024 pixels wide, 154 mm), a 10-inch one, a monitor, and the first one upright. */
const SIZES = [
  [800, 480],
  [1024, 600],
  [1280, 800],
  [1920, 1080],
  [480, 800],
] as const;

/**
 * Runs in the page. Contrast by WCAG 2.2 §1.4.6: 7 to 1. Targets for gloves: 15 mm on the 7-inch displays. Of what
 * decides, a capital is 22 minutes of arc tall at 70 cm (ISO 9241-303): 4.5 mm, a fifteenth of the shorter side's em;
 * what explains has 16 minutes at least, and furigana 10.
 */
const complaints = (): readonly string[] => {
  const found: string[] = [];
  const isShown = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((value) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
  };
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) =>
      isShown(element) &&
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      ),
  );
  for (const element of texts) {
    const what = `${element.tagName} ${element.textContent?.slice(0, 30)}`;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)
      found.push(`off the screen: ${what}`);
    const panel = element.closest('main')?.getBoundingClientRect();
    if (panel !== undefined && (top < panel.top - 1 || bottom > panel.bottom + 1))
      found.push(`cut off: ${what}`);
    const style = getComputedStyle(element);
    const least = element.tagName === 'RT' ? 10 : 16;
    if (Number.parseFloat(style.fontSize) < least) found.push(`${style.fontSize}: ${what}`);
    const [light = 0, dark = 0] = [luminance(style.color), luminance(groundOf(element))].sort(
      (a, b) => b - a,
    );
    if ((light + 0.05) / (dark + 0.05) < 7 && !element.matches(':disabled, :disabled *'))
      found.push(`${((light + 0.05) / (dark + 0.05)).toFixed(1)} to 1: ${what}`);
  }
  const blocks = ['title', 'time', 'kana', 'name', 'company', 'words', 'days', 'in-all']
    .map((id) => document.getElementById(id))
    .filter((element) => element !== null && isShown(element))
    .map((element) => ({ id: element?.id, box: element?.getBoundingClientRect() }));
  for (const [index, { id, box }] of blocks.entries()) {
    for (const other of blocks.slice(index + 1)) {
      if (box === undefined || other.box === undefined) continue;
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (across > 1 && down > 3) found.push(`${id} and ${other.id} lie on each other`);
    }
  }
  const side = Math.min(innerWidth, innerHeight);
  for (const [selector, share] of [
    ['#title', 0.062],
    ['#prompt p:first-child', 0.062],
    ['#words > span:first-child', 0.043],
  ] as const)
    for (const element of document.querySelectorAll(selector)) {
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      if (isShown(element) && size < share * side)
        found.push(`${size} at ${side}: ${element.textContent}`);
    }
  const key = innerWidth >= 1_024 ? 99.6 : 77.9;
  for (const button of document.querySelectorAll('button, nav a')) {
    const { width, height } = button.getBoundingClientRect();
    if (isShown(button) && (width < key || height < key || button.scrollWidth > width))
      found.push(`${width} by ${height}: ${button.textContent}`);
  }
  // A line ends only where a word does: behind a space, or where the page marks it; Chinese ends anywhere.
  for (const block of document.querySelectorAll('#title, #name span, #prompt p, #words > span')) {
    if (!isShown(block) || document.body.lang === 'zh') continue;
    const nodes = document.createTreeWalker(block, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let before: DOMRect | undefined;
    let mayBreak = true;
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
      if (node instanceof Element) mayBreak ||= node.matches('wbr, .chunk');
      if (!(node instanceof Text) || node.parentElement?.tagName === 'RT') continue;
      for (const { segment, index } of new Intl.Segmenter().segment(node.data)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + segment.length);
        const box = range.getBoundingClientRect();
        if (before !== undefined && !mayBreak && box.top > before.top + before.height / 2)
          found.push(`broken before ${segment}: ${block.textContent}`);
        mayBreak = /[\s\u200b]/u.test(segment);
        if (!mayBreak) before = box;
      }
    }
  }
  return found;
};

const browser = watchedBrowser();

test.each(Language.options)(
  '%s can be read on each size of screen, whatever stands there',
  async (language) => {
    const bench = await openTerminalBench({
      roster: rosterIn(language),
      managers: [{ name: '所長', pin: await hashPin('2468') }],
    });
    const attach = (reader: string) => bench.terminal.onReader({ kind: 'reader-attached', reader });
    const detach = (reader: string) =>
      bench.terminal.onReader({ kind: 'reader-detached', reader, reason: 'unplugged' });
    attach('入口');
    const page = await browser.open();
    // Nothing goes off the screen while it is looked at.
    await page.clock.install({ time: 0 });
    const shows = (key: string) => page.locator(`#panel[data-tone="${key}"]`).waitFor();
    const signs = (sign: string) => page.locator(`#panel[data-sign="${sign}"]`).waitFor();
    const isReadable = async (what: string) => {
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        const message = `${what}, ${width} by ${height}`;
        await expect.poll(() => page.evaluate(complaints), { message }).toEqual([]);
      }
    };
    await page.goto(bench.kiosk.url);
    await page.waitForFunction(() => document.querySelector('#site')?.textContent !== '現場');
    await page.clock.pauseAt(600_000);
    await standsAsTallAsNoto(page);
    bench.terminal.chooseLanguage(language);
    await page.waitForFunction((lang) => document.body.lang === lang, language);
    await isReadable('at rest');
    attach('出口2');
    detach('出口2');
    await page.locator('#prompt').getByText('出口2').waitFor();
    await isReadable('one reader of two is dead');
    detach('入口');
    await signs('no-reader');
    await isReadable('no reader is left');
    attach('入口');
    await signs('ready');
    bench.terminal.touched({ by: 'card', cardId: CARD }, gateIn);
    await shows('in');
    await isReadable('in');
    bench.terminal.onLink(true);
    bench.terminal.touched({ by: 'card', cardId: OTHER_CARD }, gateIn);
    await shows('warned');
    await isReadable('unknown card');
    bench.terminal.chooseLanguage(language);
    bench.terminal.onReader({ kind: 'read-failed', reader: '入口', reason: RANDOM_SERIAL });
    await shows('failed');
    await isReadable('a card of no one');
    bench.clock.advance(1_000);
    bench.terminal.onReader({ kind: 'read-failed', reader: '入口', reason: MUTE_CARD });
    const hint = phrasesIn(language).oneCardOnly.split('}').at(-1) ?? '';
    await page.locator('#words').getByText(hint).waitFor();
    await isReadable('two cards at once');
    breakParts(bench);
    bench.terminal.touched({ by: 'card', cardId: LONG_CARD }, gateIn);
    await shows('held');
    await isReadable('held, everything wrong');
    fillDisk(bench);
    bench.terminal.chooseLanguage(language);
    await shows('failed');
    await isReadable('not recorded');
    await page.locator('#open-keypad').click();
    for (const digit of WORKER) await page.locator('#keys').getByText(digit).click();
    await isReadable('the keypad');
    await browser.leave();
    await bench.close();
  },
  60_000,
);

test('no card is taken, nothing can be recorded, or nobody answers: a sign of its own, and no invitation to touch', async () => {
  const bench = await openTerminalBench({ roster: rosterIn('ja') });
  bench.terminal.onReader({ kind: 'reader-attached', reader: 'R' });
  const page = await browser.open({ width: 800, height: 480 });
  await page.goto(bench.kiosk.url);
  await page.getByText('カードをかざしてください').waitFor();
  const shapes = () =>
    page
      .locator('#idle g')
      .evaluateAll((groups) =>
        groups
          .filter((group) => getComputedStyle(group).display !== 'none')
          .map((group) => group.getAttribute('data-sign')),
      );
  expect(await shapes()).toEqual(['ready no-reader']);
  bench.terminal.onReader({ kind: 'reader-detached', reader: 'R', reason: 'unplugged' });
  await page.locator('#panel[data-sign="no-reader"]').waitFor();
  expect(await shapes()).toEqual(['ready no-reader', 'no-reader']);
  expect(await page.evaluate(complaints)).toEqual([]);
  bench.terminal.onReader({ kind: 'reader-attached', reader: 'R' });
  await page.getByText('カードをかざしてください').waitFor();
  expect(await shapes()).toEqual(['ready no-reader']);
  browser.expectComplaints(/net::ERR_INCOMPLETE_CHUNKED_ENCODING/);
  await bench.die();
  await page.locator('#link[data-state="lost"]').waitFor();
  expect(await shapes()).toEqual(['closed']);
  expect(await page.locator('#prompt rt').allInnerTexts()).toEqual(['きろく', 'しょくいん', 'し']);
  expect(await page.evaluate(complaints)).toEqual([]);
  await browser.leave();
  await bench.close();
});
