/** 現場の帳票 in a browser: what stands there is of the site and month that are chosen, or nothing stands there. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchedBrowser } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import { MONTH } from '../fixtures/worked-month.ts';

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

const open = async (report: string): Promise<void> => {
  await page.goto(site.link('/console/reports', 'central'));
  await page.waitForURL(`${site.url}/console/reports**`);
  // Until it has loaded it writes its own choice into the address.
  await page.locator('#state', { hasText: /^$/ }).waitFor({ state: 'attached' });
  await page.goto(`${site.url}/console/reports#report=${report}&month=${MONTH}`);
  await page.reload();
};
const rows = () => page.locator('#tables tbody tr');

describe('the page 現場の帳票', () => {
  test('shows nothing of one month under the name of another that did not come', async () => {
    browser.expectComplaints(/net::ERR_FAILED/);
    await open('attendance');
    await rows().first().waitFor();
    await page.route('**/v1/reports/attendance?month=2026-10', (route) => route.abort());
    await page.locator('#month').fill('2026-10');
    await page.getByText('通信できませんでした').waitFor();
    expect(await rows().count()).toBe(0);
    await page.locator('#filter').fill('高橋');
    expect(await rows().count()).toBe(0);
    await page.locator('#month').fill(MONTH);
    await rows().first().waitFor();
  });

  test('an answer that comes after the question has changed is not shown', async () => {
    await open('attendance');
    await rows().first().waitFor();
    const held = Promise.withResolvers<void>();
    const answered = page.waitForResponse('**/v1/reports/attendance?month=2026-11');
    await page.locator('#month').fill('2026-10');
    await page.getByText('この条件では、ありません').waitFor();
    await page.route('**/v1/reports/attendance?month=2026-11', async (route) => {
      await held.promise;
      await route.continue();
    });
    const asked = page.waitForRequest('**/v1/reports/attendance?month=2026-11');
    await page.locator('#month').fill(MONTH);
    await asked;
    const other = page.waitForResponse('**/v1/reports/attendance?month=2026-10');
    await page.locator('#month').fill('2026-10');
    await (await other).finished();
    held.resolve();
    await (await answered).finished();
    // A later answer has been read: so has the earlier one.
    await page.evaluate(async () => (await fetch('/v1/reports/roster')).json());
    expect(await rows().count()).toBe(0);
  });
});
