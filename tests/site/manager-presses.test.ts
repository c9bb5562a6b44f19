/** The manager's view under a finger in haste: what is pressed twice is sent once. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashPin } from '../../device/manager/pin.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { typePin } from '../fixtures/enter-pin.ts';
import { rosterOf } from '../fixtures/roster.ts';
import { openTerminalBench, type TerminalBench } from '../fixtures/terminal-bench.ts';

const browser = watchedBrowser();
let bench: TerminalBench;

beforeEach(async () => {
  const managers = [{ name: '所長', pin: await hashPin('2468') }];
  bench = await openTerminalBench({ roster: rosterOf(), managers });
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

test('a wrong PIN counts once, and a passage is written down once', async () => {
  browser.expectComplaints(/status of 401/);
  const page = await browser.open({ width: 1024, height: 600 });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  const enterTwice = async (digits: string) => {
    await typePin(page, digits);
    await page.getByRole('button', { name: '決定' }).dblclick();
  };
  await page.goto(new URL('/manager', bench.kiosk.url).href);
  await page.getByRole('button', { name: '所長', pressed: true }).waitFor();
  await enterTwice('1357');
  await page.getByText('暗証番号が違います').waitFor();
  await enterTwice('2468');
  await page.locator('#tabs').getByRole('button', { name: '手入力' }).click();
  await page.getByRole('combobox', { name: '日', exact: true }).selectOption('2026-11-24');
  await page.getByRole('combobox', { name: '時', exact: true }).selectOption('07');
  await page.getByRole('combobox', { name: '分', exact: true }).selectOption('30');
  await page.getByRole('button', { name: '打刻忘れ' }).click();
  await page.getByRole('button', { name: '記録する' }).dblclick();
  await page.getByText('記録しました').waitFor();
  expect(sent).toEqual(['/manager/session', '/manager/session', '/manager/passages']);
});
