/** 日数の承認 in a browser: a long shift waits, the 元請 says two days, and it is paid so. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchedBrowser } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';

const browser = watchedBrowser();
let site: ConsoleSite;
let page: Page;

beforeEach(async () => {
  site = await openConsoleSite({});
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await site.close();
});

const open = async (scope: 'admin' | 'central'): Promise<void> => {
  await page.goto(site.link('/console/approvals', scope));
  await page.waitForURL(`${site.url}/console/approvals`);
  await page.locator('#month').fill('2026-11');
  await page.locator('#pending').getByText('佐藤 健太').waitFor();
};

test('a shift of 16 hours waits, is approved, and can be decided anew', async () => {
  await open('admin');
  const pending = page.locator('#pending li');
  expect(await pending.innerText()).toContain('08:00～翌日 00:00');
  expect(await pending.innerText()).toContain('候補 2日');
  await pending.getByRole('button', { name: '2日とする' }).click();
  await page.locator('#decided').getByText('2日分').waitFor();
  await page.getByText('承認待ちの勤務はありません').waitFor();
  expect(await page.locator('#pending-count').innerText()).toBe('0件');

  await page.locator('#decided').getByRole('button', { name: '1日とする' }).click();
  await page.locator('#decided').getByText('1日分').waitFor();
});

test('who only reads sees what waits and has no button', async () => {
  await open('central');
  expect(await page.locator('#pending').innerText()).toContain('元請が決めます');
  expect(await page.locator('main button').count()).toBe(0);
});
