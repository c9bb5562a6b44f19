/** 訂正依頼 in the browser, on the real gateway: an employer asks, the 元請 decides, the day counts. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDays, dateInJapan, firstDateOf, monthOf, utcMs } from '../../shared/time.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { until } from '../fixtures/event-log.ts';
import { FIRST_TIER, PRIME, SITE_ID, WORKER_ID } from '../fixtures/registry.ts';
import { createSite, type Site } from '../fixtures/site.ts';

let site: Site;
let stop: () => Promise<unknown>;
const browser = watchedBrowser();
let apiUrl: string;

beforeEach(async () => {
  site = await createSite();
  const gateway = await site.startGateway();
  apiUrl = String(gateway.ready.apiUrl);
  stop = () => gateway.kill('SIGTERM');
  await site.importRegistry();
});
afterEach(async () => {
  await browser.leave();
  await stop();
  site.remove();
});

const send = (path: string, body: object) =>
  site.api(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/** Path of a link that logs somebody with this scope in. */
const linkOf = async (scope: string): Promise<string> => {
  const name = scope.replace(':', '-');
  await send('/v1/accounts', { name, scopes: [scope] });
  return (await (await send(`/v1/accounts/${name}/links`, {})).json()).path;
};
const open = async (scope: string): Promise<Page> => {
  const page = await browser.open();
  await page.goto(`${apiUrl}${await linkOf(scope)}`);
  await page.waitForURL('**/console');
  await page.getByRole('link', { name: '訂正依頼' }).first().click();
  await page.getByText('承認待ちの依頼はありません').or(page.locator('#pending li')).waitFor();
  return page;
};

test('a forgotten touch is asked for, approved, and counts', async () => {
  browser.expectComplaints(/status of 422/);
  const today = dateInJapan(utcMs(Date.now()));
  const yesterday = addDays(today, -1);
  const employer = await open(`employer:${FIRST_TIER}`);

  await employer.getByRole('button', { name: '依頼する' }).click();
  await employer.getByText('赤い所を直してください。').waitFor();
  expect(await employer.locator('[aria-invalid="true"]').count()).toBe(3);

  await employer.locator('#worker').fill(WORKER_ID);
  await employer.locator('#date').fill(yesterday);
  await employer.getByLabel('入場時刻を直す').check();
  await employer.locator('#time').fill('08:05');
  await employer.locator('#reason').fill('カード忘れ。職長が就労を確認');
  await employer.getByRole('button', { name: '依頼する' }).click();
  await employer.getByText('依頼しました。').waitFor();
  await employer.locator('#pending li').waitFor();
  expect(await employer.locator('#pending').innerText()).toContain('元請の承認を待っています');

  const prime = await open(`prime:${PRIME}`);
  const item = prime.locator('#pending li');
  expect(await item.innerText()).toContain(`${yesterday}　山田 太郎`);
  expect(await item.innerText()).toContain('入場時刻を直す：08:05');
  await item.getByRole('button', { name: '承認する' }).click();
  expect(await item.innerText()).toContain('理由を書いてください');
  await item.getByLabel('決めた理由').fill('日報で確認');
  await item.getByRole('button', { name: '承認する' }).click();
  await prime.locator('#decided tbody tr').waitFor();
  expect(await prime.locator('#decided tbody').innerText()).toContain('日報で確認');

  await until(async () => {
    const report = await (await site.api(`/v1/attendance?siteId=${SITE_ID}`)).json();
    return report.rows.some(
      ({ workDate, flags }: { workDate: string; flags: readonly string[] }) =>
        workDate === yesterday && flags.includes('corrected'),
    );
  }, 'the corrected day');
});

test('a late day must say that it is late; an orderer has no form', async () => {
  browser.expectComplaints(/status of 422/);
  const employer = await open(`employer:${FIRST_TIER}`);
  const late = addDays(firstDateOf(monthOf(dateInJapan(utcMs(Date.now())))), -40);
  await employer.locator('#worker').fill(WORKER_ID);
  await employer.locator('#date').fill(late);
  await employer.locator('#reason').fill('期限後に判明');
  expect(await employer.locator('#deadline').innerText()).toBe('CCUS の修正期限を過ぎています');
  await employer.getByRole('button', { name: '依頼する' }).click();
  await employer.getByText('過ぎた依頼として出すときは印を付けてください').waitFor();
  await employer.getByLabel('CCUS の修正期限を過ぎた依頼として出す').check();
  await employer.getByRole('button', { name: '依頼する' }).click();
  await employer.getByText('依頼しました。').waitFor();
  await employer.locator('#pending li').waitFor();
  expect(await employer.locator('#pending').innerText()).toContain('期限後の依頼');

  const orderer = await open(`orderer-site:${SITE_ID}`);
  expect(await orderer.locator('#form').isVisible()).toBe(false);
  expect(await orderer.locator('#pending').innerText()).toContain('ありません');
});
