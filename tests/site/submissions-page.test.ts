/** 報告書の提出 in a browser, on the real gateway and a real mail server: sent, refused, brought back, sent anew. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bounceOf } from '../fixtures/bounce.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { PRIME_ADDRESS } from '../fixtures/mail-registry.ts';
import { type MailingSite, openMailingSite } from '../fixtures/mailing-site.ts';
import { DEMO_PRIME, DEMO_REBAR, MONTH, workedRegistry } from '../fixtures/worked-month.ts';

let mailing: MailingSite;
let apiUrl: string;
let stop: () => Promise<unknown>;
const browser = watchedBrowser();

beforeEach(async () => {
  mailing = await openMailingSite();
  const gateway = await mailing.site.startGateway();
  apiUrl = String(gateway.ready.apiUrl);
  stop = () => gateway.kill('SIGTERM');
});
afterEach(async () => {
  await browser.leave();
  await stop();
  await mailing.close();
});

const post = (path: string, body: object) =>
  mailing.site.api(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const open = async (scope: string): Promise<Page> => {
  const name = scope.replace(':', '-');
  await post('/v1/accounts', { name, scopes: [scope] });
  const { path } = await (await post(`/v1/accounts/${name}/links`, {})).json();
  const page = await browser.open();
  await page.goto(`${apiUrl}${path}`);
  await page.waitForURL('**/console');
  await page.goto(`${apiUrl}/console/submissions#month=${MONTH}`);
  await page.locator('#submissions li').first().waitFor();
  return page;
};
const rowOf = (page: Page, company: string) =>
  page.locator('#submissions li', { hasText: company });

test('a report is sent, and a bounce that comes back is read and shown', async () => {
  const page = await open('admin');
  const row = rowOf(page, '北浜鉄筋工業株式会社');
  expect(await row.innerText()).toContain('まだ送っていません');
  expect(await row.innerText()).toContain('8名 170日');
  await row.getByRole('button', { name: '元請へ送る' }).click();
  await row.getByText('送信済み').waitFor();
  expect(await row.innerText()).toContain(PRIME_ADDRESS);
  expect(mailing.server.received).toHaveLength(1);
  const bytes = mailing.server.received[0]?.bytes ?? Buffer.alloc(0);

  const kept = await row.getByRole('link', { name: '送ったメールの控え' }).getAttribute('href');
  expect(await (await mailing.site.api(kept ?? '')).text()).toContain('Message-ID');

  await page.locator('#bounce').setInputFiles({
    name: 'bounce.eml',
    mimeType: 'message/rfc822',
    buffer: Buffer.from(
      bounceOf(PRIME_ADDRESS, /^Message-ID: (.*)$/m.exec(bytes.toString('utf8'))?.[1] ?? ''),
    ),
  });
  await row.getByText('不達').waitFor();
  expect(await row.innerText()).toContain('5.1.1 550 no such user');
  await row.getByRole('button', { name: '元請へ送る' }).click();
  await row.getByText('送信済み').waitFor();
  expect(mailing.server.received).toHaveLength(2);
});

test('a report whose figures change after it was sent is to be sent again', async () => {
  const page = await open('admin');
  const row = rowOf(page, '北浜鉄筋工業株式会社');
  const changed = row.getByText('送った後に数字が変わりました');
  await row.getByRole('button', { name: '元請へ送る' }).click();
  await row.getByText('送信済み').waitFor();
  expect(await changed.count()).toBe(0);

  const { workerId } =
    workedRegistry().employments.find(({ companyId }) => companyId === DEMO_REBAR) ?? {};
  const sunday = { workerId, companyId: DEMO_REBAR, date: '2026-11-08', kind: 'paid-leave' };
  const imported = await mailing.site.api('/v1/registry/leave', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([sunday]),
  });
  expect(imported.status).toBe(200);
  await page.reload();
  await changed.waitFor();
  // Another paid leave took the place of the one that was there: as many days, and yet another report.
  expect(await row.innerText()).toContain('8名 170日');

  await row.getByRole('button', { name: 'もう一度送る' }).click();
  await changed.waitFor({ state: 'detached' });
  await row.getByText('送信済み').waitFor();
  expect(mailing.server.received).toHaveLength(2);
});

test('a server that refuses is told with its words', async () => {
  mailing.server.behave({ at: 'recipient', code: 550, text: 'no such mailbox here' });
  const page = await open('admin');
  const row = rowOf(page, '北浜鉄筋工業株式会社');
  await row.getByRole('button', { name: '元請へ送る' }).click();
  await row.getByText('no such mailbox here').waitFor();
  expect(await row.innerText()).toContain('送れませんでした');
});

test('an employer sends its own report and sees no other; the 元請 sees all, the orderer none', async () => {
  const employer = await open(`employer:${DEMO_REBAR}`);
  expect(await employer.locator('#submissions li').count()).toBe(1);
  const row = rowOf(employer, '北浜鉄筋工業株式会社');
  await row.getByRole('button', { name: '元請へ送る' }).click();
  await row.getByText('送信済み').waitFor();
  expect(await employer.locator('#bounces').isVisible()).toBe(false);

  const prime = await open(`prime:${DEMO_PRIME}`);
  expect(await prime.locator('#submissions li').count()).toBe(2);
  expect(await rowOf(prime, '北浜鉄筋工業株式会社').innerText()).toContain('送信済み');

  const orderer = await open('orderer-site:30260000000001');
  expect(await orderer.locator('#submissions').innerText()).toContain('就労はありません');
});
