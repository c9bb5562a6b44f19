/** 月締め・追加分 in a browser: a month is closed, what comes late is seen before it is issued, and stays. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoWorkers } from '../../provisioning/demo-site.ts';
import { attendanceDay, workerSubject } from '../fixtures/attendance-day.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import { DEMO_SITE, MONTH } from '../fixtures/worked-month.ts';

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

const show = async (): Promise<void> => {
  await page.goto(`${site.url}/console/statements#month=${MONTH}`);
  await page.reload();
};
const open = async (scope: 'admin' | 'central'): Promise<void> => {
  await page.goto(site.link('/console/statements', scope));
  await page.waitForURL(`${site.url}/console/statements`);
  await show();
};
const closeMonth = async (): Promise<void> => {
  await page.getByRole('button', { name: 'この月を締める' }).click();
  await page.getByRole('button', { name: 'はい' }).click();
};
/** A Sunday that somebody worked, and a day that was longer than it seemed. */
const comeLate = (): void => {
  const [first, second] = demoWorkers.map(({ workerId }) => workerSubject(workerId));
  if (first === undefined || second === undefined) throw new Error('the demo has workers');
  site.addDays([
    attendanceDay('2026-11-08', { site: DEMO_SITE, subject: first }),
    attendanceDay('2026-11-10', { site: DEMO_SITE, subject: second, hours: 11 }),
  ]);
};

describe('the page 月締め・追加分', () => {
  test('closes a month after a word of warning, and shows what it rests on', async () => {
    await open('admin');
    await page.getByRole('button', { name: 'この月を締める' }).click();
    expect(await page.locator('#question').innerText()).toContain('締めた内容は変えられません');
    await page.getByRole('button', { name: 'やめる' }).click();
    expect(await page.locator('#statement table').isVisible()).toBe(false);
    await closeMonth();
    await page.getByText('締めた後の変化はありません').waitFor();
    expect(await page.locator('#statement tbody tr').count()).toBe(4);
    expect(await page.locator('#statement').innerText()).toMatch(
      /54,400円[\s\S]*SHA-256 [0-9a-f]{64}/,
    );
  });

  test('shows what came late, issues it, and keeps the figures of the statement', async () => {
    await open('admin');
    await closeMonth();
    await page.getByText('締めた後の変化はありません').waitFor();
    const before = await page.locator('#statement table').innerText();
    comeLate();
    await show();
    const difference = page.locator('#difference tbody');
    await difference.getByText('2026-11-08').first().waitFor();
    expect(await difference.innerText()).toMatch(/実働時間|時間\s*9:00 → 11:00/);
    await page.getByRole('button', { name: '追加分を出す' }).click();
    await page.getByRole('button', { name: 'はい' }).click();
    await page.getByText('第1回').waitFor();
    expect(await page.locator('#amendment-list').innerText()).toMatch(
      /追加 3・変更 \d・取消 0行、掛金 \+1日・\+320円/,
    );
    await page.getByRole('button', { name: '内容を見る' }).click();
    await page.locator('#amendment-list').getByText('2026-11-10').first().waitFor();
    expect(await page.locator('#statement table').innerText()).toBe(before);
  });

  test('says of a closed month in which nobody worked that there is nothing', async () => {
    await open('admin');
    await page.locator('#month').fill('2026-09');
    await closeMonth();
    await page.getByText('この月の出面・掛金はありません').waitFor();
    expect(await page.locator('#statement').innerText()).toMatch(/^締め \d{4}-.*SHA-256/s);
    expect(await page.locator('#statement table').isVisible()).toBe(false);
    await page.locator('#month').fill('2026-10');
    await page.getByText('まだ締めていません').waitFor();
    expect(await page.locator('#no-rows').isVisible()).toBe(false);
  });

  test('shows nothing of one month under the name of another that did not come', async () => {
    browser.expectComplaints(/net::ERR_FAILED/);
    await open('admin');
    await closeMonth();
    await page.getByText('締めた後の変化はありません').waitFor();
    await page.route('**/v1/statements?*month=2026-10*', (route) => route.abort());
    await page.locator('#month').fill('2026-10');
    await page.getByText('通信できませんでした').waitFor();
    expect(await page.locator('#statement').isVisible()).toBe(false);
    expect(await page.locator('#amendments').isVisible()).toBe(false);
    await page.locator('#month').fill(MONTH);
    await page.locator('#statement tbody tr').first().waitFor();
  });

  test('tells who may only read that it takes another login', async () => {
    browser.expectComplaints(/status of 403/);
    await open('central');
    await closeMonth();
    await page.getByText('管理者のログインを使ってください').waitFor();
  });
});
