/// <reference lib="dom" />
/** 書類 in a browser: a document is chosen, opened and saved without knowing an address or an id. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXPORT_NAMES } from '../../gateway/csv-exports/export-fields.ts';
import { DOCUMENTS } from '../../gateway/documents/catalogue.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import { DEMO_REBAR, MONTH } from '../fixtures/worked-month.ts';

const browser = watchedBrowser();

/** Pages of what this gateway was not set up for say so. */
const LACKS = new Map([
  ['/console/submissions', /メールの設定がありません/],
  ['/console/enrolment', /この中継サーバは端末を登録しません/],
]);
let site: ConsoleSite;
let page: Page;

beforeEach(async () => {
  site = await openConsoleSite({});
  page = await browser.open();
  await page.goto(site.link('/console/documents', 'admin'));
  await page.locator('#documents button').first().waitFor();
});
afterEach(async () => {
  await browser.leave();
  await site.close();
});

const choose = async (titleJa: string): Promise<void> => {
  await page.getByRole('button', { name: titleJa, exact: true }).click();
  await page.getByRole('heading', { name: titleJa }).waitFor();
  for (const month of await page.locator('#order input[type=month]').all()) await month.fill(MONTH);
  for (const date of await page.locator('#order input[type=date][required]').all())
    await date.fill('2026-12-31');
};
const opened = async (): Promise<Page> => {
  const [tab] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: '開く・印刷' }).click(),
  ]);
  await tab.waitForLoadState();
  return tab;
};

describe('the page 書類', () => {
  test('opens every document of the catalogue', async () => {
    for (const { titleJa } of DOCUMENTS) {
      await choose(titleJa);
      const tab = await opened();
      const heading = await tab.locator('h1').first().innerText();
      expect(heading.length, titleJa).toBeGreaterThan(2);
      await tab.close();
    }
    expect(await page.locator('#documents button').count()).toBe(
      DOCUMENTS.length + EXPORT_NAMES.length,
    );
  });

  test('saves one as a workbook and as CSV, under its Japanese name', async () => {
    await choose('就労状況報告書（月別）');
    for (const [button, end, head] of [
      ['Excel', 'xlsx', 'PK'],
      ['CSV（UTF-8）', 'csv', '\uFEFF'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`就労状況報告書（月別）.${end}`);
      expect(readFileSync(await download.path(), 'utf8').startsWith(head)).toBe(true);
    }
  });

  test('saves a file for another system, of one company alone', async () => {
    await choose('掛金日のデータ');
    await page.locator('#order select[name=companyId]').selectOption(DEMO_REBAR);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSVを保存' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('掛金日のデータ.csv');
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(195);
    expect(lines[0]).toMatch(/^\uFEFF"workDate",/);
  });

  test('why a receipt is late is asked for, stored, and stands on the next sheet', async () => {
    browser.expectComplaints(/status of 422/);
    await choose('掛金収納書（提出用台紙）');
    const before = await opened();
    expect(await before.locator('.blanks').innerText()).toContain('期限より遅れた理由');
    await before.close();
    await page.getByLabel('期限より遅れた理由').fill('口座振替の手続に時間を要した');
    await page.getByRole('button', { name: '登録する' }).click();
    await page.getByText('登録しました。').waitFor();
    const after = await opened();
    expect(await after.locator('article').innerText()).toContain('口座振替の手続に時間を要した');
    expect(await after.locator('.blanks').innerText()).not.toContain('期限より遅れた理由');
    await page.getByLabel('提出日').fill('2099-01-01');
    await page.getByRole('button', { name: '登録する' }).click();
    await page.waitForFunction(() => document.querySelector('#fault')?.textContent !== '');
    expect(await page.locator('#fault').innerText()).toContain('「提出日」を確かめてください');
  });

  test('names of sites, companies, works and people are offered, not their ids', async () => {
    for (const { titleJa } of DOCUMENTS) {
      await choose(titleJa);
      const offered = await page.locator('#order select option').allInnerTexts();
      expect(offered.filter((text) => /^\d{6,}$/.test(text))).toEqual([]);
    }
  });

  test('what is refused is told in place, by parameter', async () => {
    browser.expectComplaints(/status of 400/);
    const bounded = '共済証紙受払簿';
    await choose(bounded);
    await page.locator('#order input[name=from]').fill('2026-12');
    await page.locator('#order input[name=to]').fill('2026-01');
    await page.getByRole('button', { name: 'Excel' }).click();
    await page.waitForFunction(() => document.querySelector('#fault')?.textContent !== '');
    expect(await page.locator('#fault').innerText()).toContain('「はじめ」を確かめてください');
  });

  test('every other page is a press away, and on a telephone nothing runs over', async () => {
    await page.setViewportSize(TELEPHONE);
    expect(await widthBeyond(page)).toBe(0);
    const links = page.locator('#pages a');
    await links.first().waitFor();
    const addresses = await links.evaluateAll((all) =>
      all.map((each) => each.getAttribute('href')),
    );
    expect(addresses).toEqual(expect.arrayContaining(['/console/reports', ...LACKS.keys()]));
    browser.expectComplaints(/404 .*submissions/, /404 .*enrolments/);
    for (const address of addresses) {
      const response = await page.goto(new URL(address ?? '', site.url).href);
      expect(response?.status(), String(address)).toBe(200);
      await page.locator('#pages a[aria-current=page]').waitFor();
      const lack = LACKS.get(String(address));
      if (lack !== undefined) await page.getByText(lack).waitFor();
    }
  });
});
