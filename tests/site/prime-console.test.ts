/** The console as the 元請 has it, with no more than its own scope: words in Japanese, what is to be done, and 充当. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchedBrowser } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import {
  DEMO_CONTRACT,
  DEMO_PRIME,
  DEMO_REBAR,
  MONTH,
  pointTables,
} from '../fixtures/worked-month.ts';

const browser = watchedBrowser();
let site: ConsoleSite;
let page: Page;

beforeEach(async () => {
  site = await openConsoleSite(pointTables({}, [{ date: '2026-11-01', yen: 200_000 }]));
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await site.close();
});

const open = async (name: string, scope: string, fragment = ''): Promise<void> => {
  await page.goto(site.link(`/console/${name}`, scope));
  await page.waitForURL(`${site.url}/console/${name}**`);
  await page.goto(`${site.url}/console/${name}${fragment}`);
  await page.reload();
};

describe.each([
  [`prime:${DEMO_PRIME}`, 'the 元請'],
  [`employer:${DEMO_REBAR}`, 'a subcontractor'],
])('%s (%s)', (scope, _who) => {
  test('finds what is to be done, in words', async () => {
    await open('reports', scope, `#month=${MONTH}`);
    await page.getByText('1日を超える掛金日数').or(page.getByText('承認待ち')).first().waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/\b(prime|employer|awaiting)\b/);
  });
});

describe('the 元請', () => {
  test('reads its deadlines in words and with the name of the works', async () => {
    await open('deadlines', `prime:${DEMO_PRIME}`, '#month=2026-12');
    await page.getByText('就業履歴の一括抽出').first().waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('充当');
    expect(text).toContain('元請');
    expect(text).not.toMatch(/\b(prime|overdue|due|allocation)\b/);
  });

  test('confirms the month’s run', async () => {
    await open('allocation', `prime:${DEMO_PRIME}`, `#contract=${DEMO_CONTRACT}&month=${MONTH}`);
    await page.getByRole('button', { name: 'この数字で確定する' }).click();
    await page.getByRole('button', { name: '確定する', exact: true }).click();
    await page.getByText('確定しました。').waitFor();
    expect(await page.locator('#runs tbody tr').count()).toBe(1);
  });
});
