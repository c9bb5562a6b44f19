/** 端末の登録 in a browser: a code is made and used by a terminal, a lost terminal is taken back, others see nothing. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { consoleLink } from '../fixtures/access.ts';
import { type ApiBench, openApiBench } from '../fixtures/api-bench.ts';
import { TELEPHONE, watchedBrowser, widthBeyond } from '../fixtures/browser.ts';
import {
  claimOf,
  type EnrolmentDesk,
  makeDevice,
  openEnrolmentDesk,
} from '../fixtures/enrolment-desk.ts';

const browser = watchedBrowser();
let desk: EnrolmentDesk;
let bench: ApiBench;
let page: Page;

beforeEach(async () => {
  desk = await openEnrolmentDesk(Date.parse('2026-11-24T08:00:00+09:00'));
  bench = await openApiBench(
    {},
    {
      enrolment: {
        enrolments: desk.enrolments,
        certificates: desk.store.certificates,
        url: () => 'https://gateway.example:8322',
        isSite: () => true,
      },
    },
  );
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
  desk.close();
});

const open = async (scope: 'admin' | 'central'): Promise<void> => {
  await page.goto(`${bench.origin}${consoleLink(bench.access, '/console/enrolment', [scope])}`);
  await page.waitForURL(`${bench.origin}/console/enrolment`);
};
const codeShown = () => page.locator('#code').innerText();
const makeCode = async (): Promise<string> => {
  await page.getByRole('button', { name: '登録コードを作る' }).click();
  await page.getByText('登録コードを作りました').waitFor();
  return codeShown();
};
const row = (index: number) => page.locator('#enrolments tr').nth(index);

test('makes a code with its QR code, by which a terminal enrols itself', async () => {
  await open('admin');
  await page.getByLabel('有効').selectOption({ label: '8時間' });
  const code = await makeCode();
  expect(code).toMatch(/^(\w{4}-){4}\w{4}$/);
  expect(await page.locator('#command').innerText()).toBe(
    `sudo genba enrol 'https://gateway.example:8322#${code}'`,
  );
  expect(await page.locator('#made-for').innerText()).toContain(
    '端末 gate-1・2026-11-24 16:00 まで',
  );
  const drawn = await page
    .locator('#qr img')
    .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
  expect(drawn).toBeGreaterThan(0);
  expect(await row(0).innerText()).toContain('コード待ち（2026-11-24 16:00 まで）');

  const outcome = await desk.enrolments.claim(claimOf(await makeDevice(), code), '::1');
  expect(outcome.kind).toBe('enrolled');
  await page.reload();
  await page.getByText('● 登録済み').waitFor();
  expect(await row(0).innerText()).toContain('2027-05-23');
  expect(await page.locator('#made').isVisible()).toBe(false);

  await page.setViewportSize(TELEPHONE);
  await makeCode();
  expect(await widthBeyond(page)).toBe(0);
});

test('takes a lost terminal back, after asking, and makes the code for the machine that takes its place', async () => {
  const { terminalId, certificate } = await desk.enrol(await makeDevice());
  await open('admin');
  const stands = () => desk.enrolments.admit(certificate, terminalId, '::1');
  await row(0).getByRole('button', { name: '取り消し' }).click();
  await page.getByRole('button', { name: 'やめる' }).click();
  expect(stands()).toBe('good');

  await page.locator('#place').selectOption({ label: `${terminalId} の入れ替え` });
  await page.getByText('前の機械の証明書は使えなくなります').waitFor();
  const code = await makeCode();
  expect(stands()).toBe('good');
  const claimed = await desk.enrolments.claim(claimOf(await makeDevice(), code), '::1');
  expect(claimed).toMatchObject({ kind: 'enrolled', enrolment: { terminalId } });
  expect(stands()).toBe('revoked-certificate');

  await page.reload();
  await page.getByText('入れ替え済み').waitFor();
  await row(0).getByRole('button', { name: '取り消し' }).click();
  await page.locator('#yes').click();
  await page.getByText(`${terminalId} を取り消しました`).waitFor();
  expect(desk.store.current(terminalId)).toBeUndefined();
  expect(await page.locator('#place option').allInnerTexts()).toEqual([
    '新しい端末',
    `${terminalId} の再登録（取消済み）`,
  ]);
  expect(await page.locator('#enrolments button').count()).toBe(0);
});

test('is closed to who is no administrator', async () => {
  browser.expectComplaints(/403/);
  await open('central');
  await page.getByText('この操作は許可されていません').waitFor();
  expect(await page.locator('main').isVisible()).toBe(false);
  expect(await page.locator('#pages a[href="/console/enrolment"]').count()).toBe(0);
});
