/// <reference lib="dom" />
/**
 * The kiosk reads aloud, on a real Chromium with voices that an extension gives it: what is said of each
 * verdict, in whose language, by which voice, and that the tone stands where there is none.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tone } from '../../device/feedback.ts';
import type { Language } from '../../shared/language.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { CARD, OTHER_CARD } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';
import { hasVoices, spokenIn, voicesExtension } from '../fixtures/voices.ts';

const card = { by: 'card', cardId: CARD } as const;
const gateIn = { readerId: 'in', direction: 'in' } as const;
const gateOut = { readerId: 'out', direction: 'out' } as const;

const browser = watchedBrowser();
let folder: string;
let bench: TerminalBench;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-voices-'));
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
  rmSync(folder, { recursive: true });
});

/** As espeak-ng names them; it has none for Filipino. */
const VOICES = ['af', 'cmn', 'en-GB', 'id', 'ja', 'my', 'ne', 'vi'];

interface KioskOptions {
  readonly language?: Language;
  readonly voice?: boolean;
  /** Tags; undefined = a browser that has none. */
  readonly voices?: readonly string[] | undefined;
  readonly isHeld?: boolean;
}

const openKiosk = async ({
  language = 'ja',
  voice = true,
  voices = VOICES,
  isHeld = false,
}: KioskOptions): Promise<Page> => {
  const findings = isHeld ? [{ reason: 'insurance-unconfirmed' } as const] : [];
  bench = await openTerminalBench({
    roster: rosterOf({
      effects: { 'insurance-unconfirmed': 'hold' },
      workers: [rosterWorkerOf({ language, findings })],
    }),
    voice,
  });
  bench.terminal.onReader({ kind: 'reader-attached', reader: 'R' });
  const page =
    voices.length === 0
      ? await browser.open()
      : await browser.openWithExtension(voicesExtension(folder, voices));
  // Every tone that sounds, beside being played.
  await page.addInitScript(() => {
    const tones: number[] = [];
    Object.assign(globalThis, { tones });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      tones.push(this.frequency.value);
      start.call(this, when);
    };
  });
  await page.goto(bench.kiosk.url);
  await page.getByText('カードをかざしてください').waitFor();
  if (voice) await hasVoices(page, voices.length);
  return page;
};

const shows = (page: Page, tone: Tone) => page.locator(`#panel[data-tone="${tone}"]`).waitFor();
const tones = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { tones: readonly number[] }).tones);
const fillDisk = (): void =>
  void bench.db.pragma(`max_page_count = ${bench.db.pragma('page_count', { simple: true })}`);

test('every answer is said in its words, once each', async () => {
  const page = await openKiosk({});
  const { terminal, clock } = bench;
  const said: string[] = [];
  const hears = async (words: string): Promise<void> => {
    said.push(words);
    await expect
      .poll(async () => (await spokenIn(page)).map(({ utterance }) => utterance))
      .toEqual(said);
  };
  terminal.touched(card, gateIn);
  await hears('入場. 記録しました');
  terminal.touched(card, gateIn);
  await hears('入場. 記録済みです');
  clock.advance(120_000);
  terminal.touched(card, gateOut);
  await hears('退場. 記録しました');
  terminal.touched({ by: 'card', cardId: OTHER_CARD }, gateIn);
  await hears('入場. 記録しました（要確認）');
  terminal.onReader({ kind: 'read-failed', reader: 'R', reason: 'status 6300' });
  await hears('読み取れません. もう一度かざしてください');
  // A redraw of what stands there already.
  terminal.onLink(true);
  terminal.touched(card, gateIn);
  await hears('入場. 記録しました');
  fillDisk();
  while (terminal.storageFault() === undefined) terminal.touched(card, gateOut);
  await hears('記録できません. 職員に知らせてください');
});

test('who must wait is told so', async () => {
  const page = await openKiosk({ isHeld: true });
  bench.terminal.touched(card, gateIn);
  await shows(page, 'held');
  await expect
    .poll(() => spokenIn(page))
    .toEqual([{ utterance: '入場. 記録しました。職員を待ってください', voiceName: 'ja' }]);
});

describe('the voice is of the worker’s language', () => {
  test.each<[Language, string, string]>([
    ['ja', 'ja', '入場'],
    ['en', 'en-GB', 'IN'],
    ['vi', 'vi', 'VÀO'],
    ['zh', 'cmn', '进场'],
    ['id', 'id', 'MASUK'],
    ['my', 'my', 'အဝင်'],
    ['ne', 'ne', 'प्रवेश'],
  ])('%s: %s', async (language, voiceName, title) => {
    const page = await openKiosk({ language });
    bench.terminal.touched(card, gateIn);
    await expect
      .poll(() => spokenIn(page))
      .toEqual([{ utterance: expect.stringMatching(`^${title}\\. .`), voiceName }]);
  });
});

test('a page that its browser gives no voices is loaded anew, once', async () => {
  const page = await openKiosk({});
  // What Chromium does now and then: this page has none, however long it waits.
  await page.addInitScript(() => {
    const loads = Number(sessionStorage.getItem('loads') ?? 0) + 1;
    sessionStorage.setItem('loads', String(loads));
    if (loads === 1) speechSynthesis.getVoices = () => [];
  });
  await page.reload();
  await hasVoices(page, 8);
  bench.terminal.touched(card, gateIn);
  await expect.poll(async () => (await spokenIn(page)).length).toBe(1);
  expect(await page.evaluate(() => sessionStorage.getItem('loads'))).toBe('2');
});

describe('the tone alone sounds', () => {
  test.each<[string, KioskOptions]>([
    ['by default', { voice: false }],
    ['where no voice speaks the language', { language: 'fil' }],
    ['where the machine has no voice', { voices: [] }],
  ])('%s', async (_when, options) => {
    const page = await openKiosk(options);
    bench.terminal.touched(card, gateIn);
    await shows(page, 'in');
    expect(await tones(page)).toEqual([1320]);
    bench.terminal.touched(card, gateIn);
    await shows(page, 'repeat');
    expect(await tones(page)).toEqual([1320, 880, 880, 880]);
    expect(await page.evaluate(() => speechSynthesis.speaking || speechSynthesis.pending)).toBe(
      false,
    );
    if (options.voices === undefined) expect(await spokenIn(page)).toEqual([]);
  });

  test('and with a voice it sounds as well', async () => {
    const page = await openKiosk({});
    bench.terminal.touched(card, gateIn);
    await shows(page, 'in');
    expect(await tones(page)).toEqual([1320]);
    await expect.poll(async () => (await spokenIn(page)).length).toBe(1);
  });
});
