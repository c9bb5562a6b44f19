/** The console's log-in in a real browser: by keyboard alone, on a desk and on a phone, with passkeys of a virtual authenticator. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiBench, openApiBench } from '../fixtures/api-bench.ts';
import { watchedBrowser, widthBeyond } from '../fixtures/browser.ts';

const PASSWORD = 'umibe no machi no kaze';

const browser = watchedBrowser();
let bench: ApiBench;
let page: Page;

beforeEach(async () => {
  bench = await openApiBench({ startIso: new Date().toISOString() });
  await bench.admin('/v1/accounts', 'POST', {
    name: 'kanri',
    scopes: ['admin'],
    password: PASSWORD,
  });
  page = await browser.open();
});
afterEach(async () => {
  await browser.leave();
  await bench.close();
});

/** Passkeys are for names, not for addresses: that is the browser's rule. */
const named = (path: string): string => `${bench.origin.replace('127.0.0.1', 'localhost')}${path}`;

describe('the log-in page', () => {
  test('is worked by keyboard alone, says what is wrong, and leads where one wanted to go', async () => {
    browser.expectComplaints(/status of 401/);
    await page.goto(`${bench.origin}/console/fleet`);
    await page.waitForURL('**/console/log-in?to=**');
    await page.locator('#name:focus').waitFor();
    await page.keyboard.type('Kanri ');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('アカウントかパスワードが違います。').waitFor();
    // What was typed is selected, so that one types again at once.
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/fleet');
    await page.getByRole('link', { name: 'kanri' }).waitFor();
    await page.getByRole('button', { name: 'ログアウト' }).press('Enter');
    await page.waitForURL('**/console/log-in');
  });

  test('says how long to wait', async () => {
    browser.expectComplaints(/status of 401/, /status of 429/);
    await page.goto(`${bench.origin}/console/log-in`);
    for (let each = 0; each < 6; each += 1) {
      await page.getByLabel('アカウント').fill('kanri');
      await page.getByLabel('パスワード', { exact: true }).fill(`wrong ${each}`);
      const answered = page.waitForResponse('**/console/session');
      await page.keyboard.press('Enter');
      await answered;
    }
    await page.getByText('1秒お待ちください').waitFor();
  });

  test.each([
    ['another site', 'https://evil.example/'],
    ['another site, without its scheme', '//evil.example/console'],
    ['a script', 'javascript:alert(1)'],
    ['a way up', '/console/../v1/taps'],
    ['the log-out', '/console/session?x'],
  ])('leads to no %s', async (_what, to) => {
    await page.goto(`${bench.origin}/console/log-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel('アカウント').fill('kanri');
    await page.getByLabel('パスワード', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${bench.origin}/console`);
  });

  test('fits a phone', async () => {
    const phone = await browser.open({ width: 360, height: 740 });
    await phone.goto(`${bench.origin}/console/log-in`);
    await phone.getByRole('button', { name: 'ログイン', exact: true }).waitFor();
    expect(await widthBeyond(phone)).toBe(0);
  });
});

describe('the account page', () => {
  beforeEach(async () => {
    await page.goto(named('/console/log-in?to=/console/account'));
    await page.getByLabel('アカウント').fill('kanri');
    await page.getByLabel('パスワード', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('このブラウザー').waitFor();
  });

  test('makes a passkey that opens the console, once each time, until it is removed', async () => {
    browser.expectComplaints(/status of 401/);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await page.getByRole('button', { name: 'パスキーを追加' }).click();
    await page.getByText('パスキーを追加しました。').waitFor();
    expect(await page.locator('#passkeys li').count()).toBe(1);
    const logOut = async (): Promise<void> => {
      await page.getByRole('button', { name: 'ログアウト' }).click();
      await page.waitForURL('**/console/log-in');
    };
    await logOut();
    const used = page.waitForRequest((request) =>
      request.url().endsWith('/console/session/passkey'),
    );
    await page.getByRole('button', { name: 'パスキーでログイン' }).click();
    await page.waitForURL(named('/console'));
    expect(bench.access.audit.page({ limit: 1, kind: 'log-in' })).toMatchObject([
      { actor: 'user:kanri', detail: { how: 'passkey' } },
    ]);

    // What went over the wire opens nothing a second time.
    const replayed = await fetch(named('/console/session/passkey'), {
      method: 'POST',
      body: (await used).postData(),
      headers: { 'content-type': 'application/json', origin: named('') },
    });
    expect(replayed.status).toBe(401);

    // A finger that is not known opens nothing either.
    await logOut();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.getByRole('button', { name: 'パスキーでログイン' }).click();
    await page.getByText('パスキーを読み取れませんでした。').waitFor();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });

    const account = bench.access.accounts.byName('kanri');
    for (const { credentialId } of bench.access.accounts.passkeys(account?.userNo ?? 0))
      bench.access.accounts.removePasskey(credentialId, account?.userNo ?? 0);
    await page.getByRole('button', { name: 'パスキーでログイン' }).click();
    await page.getByText('このパスキーではログインできません。').waitFor();
  });

  test('changes the password and says in words why it does not', async () => {
    browser.expectComplaints(/status of 403/, /status of 400/);
    const change = async (old: string, next: string, again = next): Promise<void> => {
      await page.getByLabel('いまのパスワード').fill(old);
      await page.getByLabel('新しいパスワード').fill(next);
      await page.getByLabel('もう一度').fill(again);
      await page.getByRole('button', { name: 'パスワードを変える' }).click();
    };
    await change(PASSWORD, 'yama no ue no shiroi ie', 'yama no ue no');
    await page.getByText('新しいパスワードが二つで違います。').waitFor();
    await change('something else', 'yama no ue no shiroi ie');
    await page.getByText('いまのパスワードが違います。').waitFor();
    await change(PASSWORD, 'password123456');
    await page.getByText('よく使われるパスワードです。').waitFor();
    await change(PASSWORD, 'yama no ue no shiroi ie');
    await page.getByText('パスワードを変えました。').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await widthBeyond(page)).toBe(0);
  });
});
