/** 充当 in a browser: what a person sees before confirming is what is confirmed. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import { DEMO_CONTRACT, MONTH } from '../fixtures/worked-month.ts';

const browser = watchedBrowser();
let site: ConsoleSite;
let page: Page;

beforeEach(async () => {
  // 400 of the 436 days that the month owes.
  site = await openConsoleSite({
    purchases: [
      {
        contractId: DEMO_CONTRACT,
        method: 'points',
        date: '2026-11-01',
        yen: 128_000,
        colour: 'blue',
      },
    ],
  });
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await site.close();
});

const open = async (scope: 'admin' | 'central'): Promise<void> => {
  await page.goto(site.link('/console/allocation', scope));
  await page.waitForURL(`${site.url}/console/allocation`);
  await page.goto(`${site.url}/console/allocation#month=${MONTH}`);
  await page.reload();
};

describe('the page 充当', () => {
  test('shows the figures, what is short and who can mend what, and confirms just that', async () => {
    await open('admin');
    await page.getByText('128,000円').first().waitFor();
    const plan = await page.locator('#plan').innerText();
    expect(plan).toMatch(/\d+名 400日 128,000円/);
    expect(plan).toContain('ポイントが足りません');
    expect(plan).toContain('被共済者番号がなく充当できません');
    expect(plan).toContain('最近28日間の実績');

    await page.getByRole('button', { name: 'この数字で確定する' }).click();
    expect(await page.locator('#really-text').innerText()).toContain('400日 128,000円');
    await page.getByRole('button', { name: '確定する', exact: true }).click();
    await page.getByText('確定しました。').waitFor();
    await page.getByText('充当するものはありません').waitFor();
    expect(await page.locator('#runs tbody tr').count()).toBe(1);
    expect(await page.locator('#runs tbody').innerText()).toMatch(
      /user:somebody-0\s+400\s+128,000円/,
    );
    await page.getByRole('button', { name: '見る' }).click();
    await page.locator('#run-rows tbody tr').first().waitFor();
    expect(await page.locator('#run-rows tbody tr').count()).toBe(400);
    expect(await page.getByRole('button', { name: 'この数字で確定する' }).isDisabled()).toBe(true);
  });

  test('says when the asker may look and not confirm', async () => {
    browser.expectComplaints(/status of 403/);
    await open('central');
    await page.getByRole('button', { name: 'この数字で確定する' }).click();
    await page.getByRole('button', { name: '確定する', exact: true }).click();
    await page.getByText('確定できるのは、この現場の元請と管理者だけです').waitFor();
    expect(await page.locator('#runs tbody tr').count()).toBe(0);
  });

  test('can be read on a telephone', async () => {
    await page.setViewportSize(TELEPHONE);
    await open('central');
    await page.getByText('128,000円').first().waitFor();
    expect(await widthBeyond(page)).toBe(0);
  });
});
