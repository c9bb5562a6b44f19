/** ログ分析 in a browser: what happened is found, the chain's state is shown, the log is filtered. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { consoleLink } from '../fixtures/access.ts';
import { type ApiBench, openApiBench, openVisitor } from '../fixtures/api-bench.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';

const browser = watchedBrowser();
let bench: ApiBench;
let page: Page;

beforeEach(async () => {
  bench = await openApiBench();
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

const open = async (scope: 'admin' | 'central'): Promise<void> => {
  await page.goto(`${bench.origin}${consoleLink(bench.access, '/console/audit', [scope])}`);
  await page.waitForURL(`${bench.origin}/console/audit`);
};

test('shows what asks for a look, worst first, with the chain’s state, and filters the log', async () => {
  const { audit } = bench.access;
  await bench.admin('/v1/accounts', 'POST', {
    name: 'kanri',
    scopes: ['admin'],
    password: 'umibe no machi no kaze',
  });
  const guesser = openVisitor(bench.origin);
  for (let each = 0; each < 5; each += 1) await guesser.logIn('kanri', `guess ${each}`);
  bench.clock.advance(60_000);
  expect((await guesser.logIn('kanri', 'umibe no machi no kaze')).status).toBe(204);
  audit.append({ kind: 'clone-suspected', actor: 'terminal:gate-2', detail: { why: 'two' } });
  audit.append({
    kind: 'look',
    actor: 'user:reader',
    detail: { path: '/v1/reports/roster', rows: 5_000 },
  });
  await open('admin');
  await page.locator('#chain[data-is="intact"]').waitFor();
  const titles = await page.locator('#findings b').allInnerTexts();
  expect(titles).toEqual([
    '■ 端末の複製の疑い',
    '■ 失敗が続いた後のログイン',
    '▲ ふだんより多い閲覧',
    '▲ ログイン失敗が多い',
    '▲ ログイン失敗が多い',
  ]);
  expect(await page.locator('#findings').innerText()).toContain('アカウント reader 5,000件/時');

  await page.locator('#readRows').fill('6000');
  await page.getByRole('button', { name: '調べ直す' }).click();
  await page.getByText('4件', { exact: true }).waitFor();

  await page.getByLabel('種類').selectOption({ label: 'ログイン失敗' });
  await page.getByLabel('しぼり込み').fill('kanri');
  await page.locator('#records tr').nth(4).waitFor();
  expect(await page.locator('#records tr').count()).toBe(5);
  await page.setViewportSize(TELEPHONE);
  expect(await widthBeyond(page)).toBe(0);
});

test('is closed to who is no administrator', async () => {
  browser.expectComplaints(/status of 403/);
  await open('central');
  await page.getByText('この操作は許可されていません').waitFor();
  expect(await page.locator('#records tr').count()).toBe(0);
});

test('says in Japanese that the gateway cannot be reached', async () => {
  browser.expectComplaints(/net::ERR_FAILED/);
  await page.route('**/v1/audit/analysis?*', (route) => route.abort());
  await open('admin');
  await page.locator('#state[data-bad="true"]').waitFor();
  expect(await page.locator('#state').innerText()).toContain('通信できませんでした');
});
