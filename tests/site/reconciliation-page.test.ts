/** 突合 in a browser: files go in with their mapping, what differs is read by name and day, and saved. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CAUSE_JA } from '../../gateway/reconciliation/cause-words.ts';
import { demoRegistry } from '../../provisioning/demo-site.ts';
import { workDate } from '../../shared/time.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import { type ConsoleSite, openConsoleSite } from '../fixtures/console-site.ts';
import { MONTH, workedDays } from '../fixtures/worked-month.ts';

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
  await page.goto(site.link('/console/reconciliation', scope));
  await page.waitForURL(`${site.url}/console/reconciliation`);
  await page.goto(`${site.url}/console/reconciliation#month=${MONTH}`);
  await page.reload();
  await page.locator('#files .none').getByText('まだありません').waitFor();
};
const form = (source: 'ccus' | 'kentaikyo') => page.locator(`form[data-source=${source}]`);
const take = async (
  source: 'ccus' | 'kentaikyo',
  lines: readonly string[],
  mapping?: string,
): Promise<void> => {
  const buffer = Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
  await form(source)
    .locator('input[type=file]')
    .setInputFiles({ name: 'export.csv', mimeType: 'text/csv', buffer });
  if (mapping !== undefined) {
    const written = form(source).locator('textarea');
    if (!(await written.isVisible())) await form(source).locator('summary').click();
    await written.fill(mapping);
  }
  await form(source).locator('button[type=submit]').click();
};
const isTaken = (source: 'ccus' | 'kentaikyo') =>
  form(source).getByText('取り込みました').waitFor();

const { workers } = demoRegistry(workDate('2026-11-01'));
const at = (index: number) => {
  const worker = workers[index];
  if (worker === undefined) throw new Error('the demo has workers');
  return worker;
};
const HEAD = 'workerId,workDate,way';
/** What the gate has, but for one day that is lacking, one that is twice, and one that nobody touched. */
const CCUS = [
  HEAD,
  ...workedDays().flatMap(({ subject, workDate: date }) =>
    subject.kind === 'worker' && !(subject.workerId === at(0).workerId && date === '2026-11-10')
      ? [`${subject.workerId},${date},card`]
      : [],
  ),
  `${at(1).workerId},2026-11-20,r-method`,
  `${at(1).workerId},2026-11-20,direct-input`,
  `${at(2).workerId},2026-11-15,direct-input`,
];
const shown = () => page.locator('#differences tbody tr').allInnerTexts();
const saved = async (button: string): Promise<Buffer> => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`^突合 .+ ${MONTH}\\.csv$`));
  return readFileSync(await download.path());
};

describe('the page 突合', () => {
  test('takes a neutral file as it is, and tells by name and day what differs and why', async () => {
    await open('admin');
    await take('ccus', CCUS);
    await isTaken('ccus');
    await page.locator('#differences tbody tr').first().waitFor();
    const rows = (await shown()).map((row) => row.split('\t')).toSorted();
    const cells = [
      [at(0).name, '2026-11-10', 'あり', '0件', '—', '—', CAUSE_JA['not-sent']],
      [at(1).name, '2026-11-20', 'あり', '3件', '—', '—', CAUSE_JA['double-registration']],
      [at(2).name, '2026-11-15', 'なし', '1件', '—', '—', CAUSE_JA['direct-input-without-touch']],
    ];
    expect(rows).toEqual(cells.toSorted());
    expect(await page.locator('#files tbody').innerText()).toMatch(/CCUS\t\d+行.*使用中/);
    await page.getByRole('button', { name: `${CAUSE_JA['not-sent']} 1件` }).click();
    expect(await shown()).toHaveLength(1);
    await page.getByRole('button', { name: `${CAUSE_JA['not-sent']} 1件` }).click();
    await page.locator('#filter').fill(at(2).name);
    expect(await shown()).toHaveLength(1);
    expect(await page.locator('#count').innerText()).toBe('3件のうち1件');
    expect((await saved('CSVを保存（UTF-8）')).toString()).toContain(CAUSE_JA['not-sent']);
    const cp932 = await saved('CSVを保存（Shift_JIS）');
    expect(new TextDecoder('shift_jis').decode(cp932)).toContain('"原因の見込み"');
  });

  test('compares all three, and keeps the mapping that fitted', async () => {
    await open('admin');
    await take('ccus', CCUS);
    await isTaken('ccus');
    const mapping = JSON.stringify({
      dateFormat: 'YYYY/M/D',
      columns: { memberNo: '被共済者番号', workDate: '就労日' },
    });
    await take(
      'kentaikyo',
      ['被共済者番号,就労日', `${at(0).memberNo},2026/11/9`, '999999999,2026/11/9'],
      mapping,
    );
    await isTaken('kentaikyo');
    await page.getByRole('button', { name: CAUSE_JA['not-reported'] }).waitFor();
    const stranger = (await shown()).filter((row) => row.includes('999999999'));
    expect(stranger).toHaveLength(1);
    expect(stranger[0]).toContain(CAUSE_JA['worker-unknown-here']);
    expect(await page.locator('#files tbody tr').count()).toBe(2);
    await page.setViewportSize(TELEPHONE);
    expect(await widthBeyond(page)).toBe(0);
    await page.reload();
    await page.locator('#files tbody tr').first().waitFor();
    expect(await form('kentaikyo').locator('textarea').inputValue()).toBe(mapping);
    await form('kentaikyo').locator('summary').click();
    await page.getByRole('button', { name: '標準に戻す' }).click();
    expect(await form('kentaikyo').locator('textarea').inputValue()).toContain('"memberNo"');
  });

  test('tells every fault by line and column, and takes nothing', async () => {
    browser.expectComplaints(/status of 422/);
    await open('admin');
    const { workerId } = at(0);
    await take('ccus', [HEAD, `${workerId},2026-11-31,card`, '12,2026-12-01,card']);
    const faults = form('ccus').locator('.faults');
    await faults.getByText('何も取り込んでいません').waitFor();
    expect((await faults.locator('li').allInnerTexts()).slice(1).toSorted()).toEqual([
      '2行目・列「workDate」：YYYY-MM-DD の形の日付ではありません',
      '3行目・列「workDate」：2026-11 の日付ではありません',
      '3行目・列「workerId」：14桁の数字ではありません',
    ]);
    await take('ccus', ['技能者ID,workDate,way']);
    await faults.getByText('1行目：列「workerId」がありません').waitFor();
    await take('ccus', CCUS, '{ "columns": {} }');
    await faults.getByText('対応付け「columns の workDate」：書いてください').waitFor();
    await take('ccus', CCUS, '{');
    await faults.getByText('対応付けが JSON になっていません').waitFor();
    expect(await page.locator('#files tbody tr').count()).toBe(0);
  });

  test('shows nothing of one month under the name of another that did not come', async () => {
    browser.expectComplaints(/net::ERR_FAILED/);
    await open('admin');
    await take('ccus', CCUS);
    await isTaken('ccus');
    await page.locator('#differences tbody tr').first().waitFor();
    await page.route('**/v1/reconciliations?*', (route) => route.abort());
    await page.locator('#month').fill('2026-10');
    await page.getByText('通信できませんでした').waitFor();
    expect(await page.locator('#differences').isVisible()).toBe(false);
    await page.unroute('**/v1/reconciliations?*');
    await page.locator('#month').fill(MONTH);
    await page.locator('#differences tbody tr').first().waitFor();
  });

  test('tells who may not import that it takes an administrator, and shows the rest', async () => {
    await open('central');
    expect(await page.locator('#not-admin').innerText()).toContain('管理者のログインだけ');
    expect(await page.locator('form').first().isVisible()).toBe(false);
    expect(await page.locator('#differences').isVisible()).toBe(true);
  });
});
