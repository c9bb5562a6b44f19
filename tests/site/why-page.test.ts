/// <reference lib="dom" />
/** なぜこの数字か in a browser: from a figure of a report to the touches that it rests on, and back. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoRegistry, demoWorkers } from '../../provisioning/demo-site.ts';
import type { EntryBody } from '../../shared/entry.ts';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import { addDays, workDate } from '../../shared/time.ts';
import { watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { type Happening, openTouchedSite, type TouchedSite } from '../fixtures/touched-site.ts';
import { DEMO_SITE } from '../fixtures/worked-month.ts';

const MONTH = '2026-11';
const passage = (workerId: string, direction: 'in' | 'out'): EntryBody => ({
  kind: 'tap',
  siteId: SiteId.parse(DEMO_SITE),
  readerId: direction,
  direction,
  presented: { by: 'typed', workerId: WorkerId.parse(workerId) },
  verdict: 'recorded',
  reasons: [],
});
/** Six people on twelve days, 7:40 to 17:10; the first touches twice in the morning. */
const happenings: readonly Happening[] = Array.from({ length: 12 }, (_, day) =>
  addDays(workDate(`${MONTH}-02`), day),
).flatMap((date) =>
  demoWorkers
    .slice(5, 11)
    .flatMap(({ workerId }, at): readonly Happening[] => [
      [`${date}T07:4${at}:00+09:00`, passage(workerId, 'in')],
      ...(at === 0 ? [[`${date}T07:40:30+09:00`, passage(workerId, 'in')] as const] : []),
      [`${date}T17:1${at}:00+09:00`, passage(workerId, 'out')],
    ]),
);

const browser = watchedBrowser();
let site: TouchedSite;
let server: Awaited<ReturnType<TouchedSite['listen']>>;
let page: Page;

beforeEach(async () => {
  site = openTouchedSite({
    document: demoRegistry(workDate('2026-11-01')),
    siteId: DEMO_SITE,
    happenings,
    now: '2026-11-25T12:00:00+09:00',
  });
  server = await site.listen();
  page = await browser.open();
  await page.goto(server.link('/console/reports'));
  await page.locator('#reports button').first().waitFor();
  await page.locator('#month').fill(MONTH);
});
afterEach(async () => {
  await browser.leave();
  await server.close();
  site.close();
});

const openReport = async (titleJa: string): Promise<void> => {
  await page.locator('#reports').getByRole('button', { name: titleJa, exact: true }).click();
  await page.locator('#tables td a.why').first().waitFor();
};

describe('the page なぜこの数字か', () => {
  test('leads from a figure to its touches, by keyboard alone, and back to the same report', async () => {
    await openReport('出面');
    await page.locator('td[data-label="時間"] a.why').first().focus();
    await page.keyboard.press('Enter');
    const column = page.locator('details.column[open]');
    await column.waitFor();
    expect(await page.locator('h1').innerText()).toBe('なぜこの数字か');
    expect(await column.locator('> summary').innerText()).toContain('9:30');
    const touches = await column.locator('.touch').allInnerTexts();
    expect(touches.join('\n')).toContain('2026-11-02 07:40:00 入場として数えた');
    expect(touches.join('\n')).toContain(`記録 ${site.entryIds[0]}`);
    await page.getByRole('link', { name: '帳票に戻る' }).click();
    await page.getByRole('heading', { name: '出面' }).waitFor();
    expect(await page.locator('#month').inputValue()).toBe(MONTH);
  });

  test('of overtime by the pay guideline: every fraction of a yen can be read and added up', async () => {
    await openReport('時間外労働');
    await page.locator('td[data-label="時間外の割増賃金の目安"] a.why').first().click();
    const column = page.locator('#premiumYen[open]');
    await column.waitFor();
    await page.getByRole('button', { name: 'すべて開く' }).click();
    const told = await column.innerText();
    // 6,280,000 ÷ 234 a day; 1 h 30 of overtime on the first date at 125 %.
    expect(told).toContain('次の合計（四捨五入）');
    expect(told).toContain('26,837.60…円（3140000/117）');
    expect(told).toContain('6,290.06…円（490625/78）');
    expect(told).toContain('CCUSレベル別年収');
    await page.setViewportSize({ width: 360, height: 900 });
    expect(await widthBeyond(page)).toBeLessThanOrEqual(0);
  });

  test('leads on from what stands beside the rows, and names the list', async () => {
    await openReport('人工・在場');
    await page.locator('td[data-label="稼働日数"] a.why').first().click();
    const column = page.locator('details.column[open]');
    await column.waitFor();
    expect(await page.locator('#title').innerText()).toBe('人工・在場：週別');
    expect(await page.locator('#key').innerText()).toMatch(/週\(日曜から\)\s*2026-11-01/);
    expect(await column.locator('> summary').innerText()).toMatch(/稼働日数\s*6日/);
  });

  test('asks for more when a link is opened, down to the touches', async () => {
    await openReport('レベル別労務費');
    await page.locator('td[data-label="人工(人日)"] a.why').first().click();
    const links = page.locator('details.column[open] details');
    await links.first().waitFor();
    await page.getByRole('button', { name: 'すべて開く' }).click();
    const attendance = page.locator('details.column[open] details', { hasText: '出面（' });
    await attendance.last().locator('> summary').click();
    await attendance.last().locator('.touch').first().waitFor();
    expect(await page.locator('#figures').innerText()).toContain('入場として数えた');
  });

  test('never runs over the edge, on paper everything that is there is open', async () => {
    await openReport('掛金');
    await page.locator('td[data-label="金額"] a.why').first().click();
    await page.locator('details.column[open]').waitFor();
    for (const width of [1_280, 600, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await widthBeyond(page), `${width}`).toBeLessThanOrEqual(0);
    }
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('details.column:not([open])').count()).toBe(0);
    expect(await widthBeyond(page)).toBeLessThanOrEqual(0);
  });

  test('of a row that is not there it says so', async () => {
    browser.expectComplaints(/status of 404/);
    await page.goto(
      `${page.url().split('#')[0]}`.replace(
        '/reports',
        `/why#report=attendance&siteId=${DEMO_SITE}`,
      ),
    );
    await page.locator('#state[data-bad="true"]').waitFor();
    expect(await page.locator('#state').innerText()).toContain('見つかりません');
  });
});
