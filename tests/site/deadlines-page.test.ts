/** 期限の暦 in a browser: the month day by day, the list beneath it, and what is overdue on top. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoWorkers } from '../../provisioning/demo-site.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';

const browser = watchedBrowser();
let site: ConsoleSite;
let page: Page;

beforeEach(async () => {
  site = await openConsoleSite({
    booklets: demoWorkers.slice(4, 8).map(({ workerId }, at) => ({
      workerId,
      number: at + 1,
      issuedOn: `2024-12-${10 + at}`,
    })),
  });
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await site.close();
});

const open = async (): Promise<void> => {
  await page.goto(site.link('/console/deadlines', 'central'));
  await page.waitForURL(`${site.url}/console/deadlines`);
  await page.goto(`${site.url}/console/deadlines#month=2026-12`);
  await page.reload();
  await page.getByText('2026年12月').first().waitFor();
};

describe('the page 期限の暦', () => {
  test('shows each day of the month, the list, and what is overdue', async () => {
    await open();
    // As of 2026-12-05: contracted on 2026-08-03, nothing bought.
    expect(await page.locator('#late').innerText()).toContain('掛金収納書の提出');
    expect(await page.locator('#late').innerText()).toContain('2026年9月12日');
    const cell = (day: string) =>
      page.locator('#calendar td', { hasText: new RegExp(`^${day}\\D`) });
    expect(await cell('10').innerText()).toContain('就業履歴の一括抽出');
    expect(await cell('10').innerText()).toContain('共済手帳の更新');
    const list = await page.locator('#list').innerText();
    expect(list).toContain('鈴木 大輔・北浜鉄筋工業株式会社');
    expect(list).toContain('就業履歴の修正');
  });

  test('turns to the next month and shows what is done when asked', async () => {
    await open();
    await page.getByRole('button', { name: '次の月' }).click();
    await page.getByText('2027年1月').first().waitFor();
    expect(await page.locator('#list').innerText()).toContain('就労実績の報告');
    await page.getByRole('button', { name: '前の月' }).click();
    const count = () => page.locator('#list li').count();
    const open_ = await count();
    await page.getByLabel('済んだものも表示').check();
    expect(await count()).toBeGreaterThanOrEqual(open_);
  });

  test('shows no deadlines of one site under the name of another that did not come', async () => {
    browser.expectComplaints(/net::ERR_FAILED/);
    await open();
    await page.route('**/v1/reports/deadlines?siteId=*', (route) => route.abort());
    await page.locator('#site').selectOption({ index: 1 });
    await page.getByText('通信できませんでした').waitFor();
    expect(await page.locator('main').isVisible()).toBe(false);
  });

  test('can be read on a telephone', async () => {
    await page.setViewportSize(TELEPHONE);
    await open();
    expect(await widthBeyond(page)).toBe(0);
  });
});
