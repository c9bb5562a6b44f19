/// <reference lib="dom" />
/** The kiosk in a real browser: what a touch changes on the screen, without a reload. */
import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEntry } from '../../shared/entry.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const roster = rosterOf({
  siteName: '県道みなと橋 橋脚補強工事',
  workers: [
    rosterWorkerOf({
      shortName: '山﨑',
      kana: 'ヤマザキ',
      companyName: '北浜鉄筋工業株式会社',
      level: 3,
      contributedDays: [2, 3, 4, 5, 6],
      daysBefore: 340,
    }),
  ],
});
const card = { by: 'card', cardId: CARD } as const;
const gateIn = { readerId: 'in', direction: 'in' } as const;

const browser = watchedBrowser();
let bench: TerminalBench;
let page: Page;

beforeEach(async () => {
  bench = await openTerminalBench({ roster });
  page = await browser.open({ width: 1024, height: 600 });
  await page.goto(bench.kiosk.url);
  await page.waitForFunction(() =>
    document.querySelector('#site')?.textContent?.startsWith('県道'),
  );
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

/** The fonts that really draw an element's text. */
const fontsOf = async (of: Page, selector: string): Promise<readonly string[]> => {
  const session = await of.context().newCDPSession(of);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument');
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
  await session.detach();
  return fonts.map(({ familyName }) => familyName);
};

const tone = (wanted: string) => page.locator(`#panel[data-tone="${wanted}"]`).waitFor();
/** Without furigana. */
const text = (id: string) =>
  page.locator(`#${id}`).evaluate((element) => {
    const copy = element.cloneNode(true) as Element;
    for (const reading of copy.querySelectorAll('rt')) reading.remove();
    return copy.textContent ?? '';
  });

describe('the kiosk', () => {
  test('a touch is shown without a reload: name, way, time, days, card colour', async () => {
    await tone('idle');
    bench.terminal.touched(card, gateIn);
    await tone('in');
    expect(await text('title')).toBe('入場');
    expect(await text('name')).toBe('山﨑');
    expect(await text('time')).toBe('07:58');
    expect(await text('words')).toBe('記録しました');
    expect((await text('days')).replace(/\s/g, '')).toBe('今月の建退共6日');
    expect((await text('in-all')).replace(/\s/g, '')).toBe('これまでの合計346日');
    expect(await page.locator('#level').getAttribute('data-level')).toBe('3');
    expect(await text('on-site')).toBe('1');
    expect(await text('unsent')).toBe('1');
  });

  test('each tone has a shape of its own beside its colour', async () => {
    const look = () =>
      page.evaluate(() => ({
        shapes: [...document.querySelectorAll('[data-for]')]
          .filter((shape) => getComputedStyle(shape).display !== 'none')
          .map((shape) => shape.getAttribute('data-for')),
        colour: getComputedStyle(document.querySelector('#panel') ?? document.body).backgroundColor,
      }));
    bench.terminal.touched(card, gateIn);
    await tone('in');
    const entered = await look();
    bench.terminal.touched(card, { readerId: 'out', direction: 'out' });
    await tone('out');
    const left = await look();
    bench.terminal.touched(card, gateIn);
    await tone('repeat');
    const repeated = await look();
    expect([entered.shapes, left.shapes, repeated.shapes]).toEqual([['in'], ['out'], ['repeat']]);
    expect(new Set([entered, left, repeated].map(({ colour }) => colour)).size).toBe(3);
  });

  test('an unknown card is shown as such, and kept', async () => {
    bench.terminal.touched({ by: 'card', cardId: OTHER_CARD }, gateIn);
    await tone('warned');
    expect(await text('name')).toBe('未登録カード');
    expect(await text('unsent')).toBe('1');
  });

  test('each touch speaks the language of its worker, in a font that has it', async () => {
    bench.terminal.touched(card, gateIn);
    await tone('in');
    expect(await text('title')).toBe('入場');
    await page.getByRole('button', { name: 'नेपाली' }).click();
    await page.waitForFunction(() => document.querySelector('#title')?.textContent === 'प्रवेश');
    await expect.poll(() => fontsOf(page, '#title')).toEqual(['Lohit Devanagari']);
    await page.getByRole('button', { name: 'မြန်မာ' }).click();
    await page.waitForFunction(() => document.querySelector('#title')?.textContent === 'အဝင်');
    await expect.poll(() => fontsOf(page, '#title')).toEqual(['Padauk']);
    // From now on this worker is spoken to in the language pressed.
    bench.clock.advance(120_000);
    bench.terminal.touched(card, { readerId: 'out', direction: 'out' });
    await tone('out');
    expect(await text('title')).toBe('အထွက်');
  });

  test('one press before the touch is enough', async () => {
    await page.getByRole('button', { name: 'မြန်မာ' }).click();
    await page.waitForFunction(() => document.body.lang === 'my');
    bench.terminal.onReader({ kind: 'read-failed', reader: 'R', reason: 'status 6300' });
    await tone('failed');
    expect(await text('title')).toBe('ဖတ်မရပါ');
    bench.terminal.touched(card, gateIn);
    await tone('in');
    expect(await text('title')).toBe('အဝင်');
    // It was this worker's word, and stays.
    bench.clock.advance(120_000);
    bench.terminal.touched(card, { readerId: 'out', direction: 'out' });
    await tone('out');
    expect(await text('title')).toBe('အထွက်');
  });

  test('a press when the touch is over changes nothing for who touched', async () => {
    bench.terminal.touched(card, gateIn);
    await tone('in');
    bench.clock.advance(60_000);
    await page.getByRole('button', { name: 'English' }).click();
    await page.waitForFunction(() => document.body.lang === 'en');
    bench.clock.advance(60_000);
    bench.terminal.tick();
    bench.terminal.touched(card, { readerId: 'out', direction: 'out' });
    await tone('out');
    expect(await text('title')).toBe('退場');
  });

  test('Japanese has furigana over its characters', async () => {
    bench.terminal.touched(card, gateIn);
    await tone('in');
    expect(await page.locator('#title rt').innerText()).toBe('にゅうじょう');
    expect(await text('kana')).toBe('ヤマザキ');
  });

  describe('the keypad', () => {
    const type = async (digits: string) => {
      await page.getByRole('button', { name: 'ID', exact: true }).click();
      for (const digit of digits) await page.locator('#keys').getByText(digit).click();
    };

    test('records a typed 技能者ID as a touch, and marks it as typed', async () => {
      await type(WORKER);
      expect(await text('typed')).toBe('1000 0000 0000 01');
      await page.locator('#enter').click();
      await tone('in');
      expect(await text('name')).toBe('山﨑');
      const last = parseEntry(
        bench.journal.read(bench.journal.lastSeq(), bench.journal.lastSeq())[0]?.text ?? '',
      );
      expect(last.ok && last.value).toMatchObject({
        kind: 'tap',
        readerId: 'keypad',
        presented: { by: 'typed', workerId: WORKER },
      });
    });

    test('waits for all fourteen digits', async () => {
      await type(WORKER.slice(0, 13));
      expect(await page.locator('#enter').isDisabled()).toBe(true);
    });

    const post = (workerId: string) =>
      fetch(new URL('/typed', bench.kiosk.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ workerId }),
      }).then(({ status }) => status);

    test('lets nobody look for other people’s names', async () => {
      const statuses = [];
      for (const last of ['2', '3', '4', '5']) statuses.push(await post(`1000000000000${last}`));
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect(await post(WORKER)).toBe(200);
      bench.clock.advance(300_000);
      expect(await post('10000000000009')).toBe(200);
      for (const rubbish of [
        'nobody',
        '１０００００００００００００１',
        ` ${WORKER}`,
        `${WORKER}\n`,
        '',
      ])
        expect([rubbish, await post(rubbish)]).toEqual([rubbish, 400]);
    });

    test('takes no more ids of the roster than one person types, either', async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 7; count += 1) statuses.push(await post(WORKER));
      expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
      bench.clock.advance(60_000);
      expect(await post(WORKER)).toBe(200);
    });
  });

  test('a full disk: 記録できません, and no beep of a recorded touch', async () => {
    const pages = Number(bench.db.pragma('page_count', { simple: true }));
    bench.db.pragma(`max_page_count = ${pages}`);
    let feedback = bench.terminal.touched(card, gateIn);
    for (let tries = 0; feedback.kind === 'recorded' && tries < 100; tries += 1) {
      feedback = bench.terminal.touched(card, gateIn);
    }
    await tone('failed');
    expect(await text('title')).toBe('記録できません');
    await page.locator('#panel[data-sign="closed"]').waitFor();
    expect(await text('faults')).toContain('記録できません');
    // Room again: the next second finds it, with nobody pressing anything.
    bench.db.pragma('max_page_count = 1000000');
    bench.terminal.tick();
    await page.locator('#panel[data-sign="no-reader"]').waitFor();
    expect(bench.terminal.status().storageFault).toBeUndefined();
  });

  test('link, readers and clock are told', async () => {
    expect(await text('link')).toBe('オフライン');
    bench.terminal.onLink(true);
    await page.locator('#link[data-state="up"]').waitFor();
    expect(await text('faults')).toContain('カードリーダーがありません');
    bench.terminal.onReader({ kind: 'reader-attached', reader: 'R' });
    await page.locator('#faults:empty').waitFor({ state: 'attached' });
    bench.terminal.onReader({ kind: 'reader-detached', reader: 'R', reason: 'unplugged' });
    await page.getByText('外れています').waitFor();
  });

  test('the panel goes back to rest, and a screen opened later shows no old touch', async () => {
    bench.terminal.touched(card, gateIn);
    await tone('in');
    bench.clock.advance(60_000);
    const later = await browser.open();
    await later.goto(bench.kiosk.url);
    await later.waitForFunction(() =>
      document.querySelector('#site')?.textContent?.startsWith('県道'),
    );
    expect(await later.locator('#panel').getAttribute('data-tone')).toBe('idle');
    await tone('idle');
  });

  test('a terminal that died is seen on the screen', async () => {
    browser.expectComplaints(/net::ERR_INCOMPLETE_CHUNKED_ENCODING/);
    await bench.die();
    await page.locator('#link[data-state="lost"]').waitFor();
    expect(await text('link')).toBe('端末が応答しません');
  });

  test('every character is drawn by a Japanese font', async () => {
    bench.terminal.touched(card, gateIn);
    await tone('in');
    const client = await page.context().newCDPSession(page);
    await client.send('DOM.enable');
    await client.send('CSS.enable');
    const { root } = await client.send('DOM.getDocument', { depth: -1 });
    for (const selector of ['#name span', '#title', '#words', '#company']) {
      const { nodeId } = await client.send('DOM.querySelector', { nodeId: root.nodeId, selector });
      const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId });
      expect(fonts.length).toBeGreaterThan(0);
      for (const { familyName } of fonts)
        expect(familyName).toMatch(/VL|Noto Sans (CJK )?JP|BIZ|IPA/);
    }
  });

  test('nothing is cut off on the smallest screen', async () => {
    await page.setViewportSize({ width: 800, height: 480 });
    bench.terminal.touched(card, gateIn);
    await tone('in');
    const outside = await page.evaluate(() =>
      ['title', 'time', 'name', 'words', 'days', 'link', 'unsent-box'].filter((id) => {
        const box = document.getElementById(id)?.getBoundingClientRect();
        return (
          box === undefined ||
          box.left < 0 ||
          box.top < 0 ||
          box.right > innerWidth ||
          box.bottom > innerHeight
        );
      }),
    );
    expect(outside).toEqual([]);
  });
});

describe('the kiosk server', () => {
  test.each([
    ['127.0.0.1', 200],
    ['localhost:8321', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
  ])('a request to the name %s is answered with %i', async (host, status) => {
    expect(await getStatus(new URL('/view', bench.kiosk.url), host)).toBe(status);
  });

  test('screens are bounded', async () => {
    const leave = new AbortController();
    const statuses = await Promise.all(
      Array.from(
        { length: 25 },
        async () =>
          (await fetch(new URL('/events', bench.kiosk.url), { signal: leave.signal })).status,
      ),
    );
    leave.abort();
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(5);
  });
});

const getStatus = (url: URL, host: string): Promise<number | undefined> =>
  new Promise((done, fail) => {
    const sent = request(url, { headers: { host } }, (response) => {
      done(response.statusCode);
      response.resume();
    });
    sent.on('error', fail);
    sent.end();
  });
