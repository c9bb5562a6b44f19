/** ログイン: by password, by passkey, at a provider, or by a link that was made for this. */
/** @import { SessionAnswer } from '../../access/session-answer.ts' */
import { element } from '../elements.js';

const name = /** @type {HTMLInputElement} */ (element('#name'));
const password = /** @type {HTMLInputElement} */ (element('#password'));
const show = /** @type {HTMLInputElement} */ (element('#show'));
const passkey = /** @type {HTMLButtonElement} */ (element('#by-passkey'));
const provider = /** @type {HTMLAnchorElement} */ (element('#by-provider'));

const FAULTS_JA = {
  password: 'アカウントかパスワードが違います。',
  passkey: 'このパスキーではログインできません。',
  link: 'このリンクは使えません。期限が切れたか、すでに使われました。',
  provider: 'このアカウントではログインできません。中継サーバの管理者に連絡してください。',
};
/** @typedef {keyof typeof FAULTS_JA} Way */

const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
const asked = new URLSearchParams(location.search);
/** Only ever a page of this console. */
const to = /^\/console(\/[a-z-]+)*$/.test(asked.get('to') ?? '') ? asked.get('to') : '/console';

/** @param {string} text */
const fault = (text) => {
  element('#fault').textContent = text;
};

/** @param {number} seconds */
const span = (seconds) => (seconds < 90 ? `${seconds}秒` : `${Math.ceil(seconds / 60)}分`);

/**
 * @param {Way} way
 * @param {Response} response
 */
const finish = (way, response) => {
  if (response.ok) return location.replace(to ?? '/console');
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 5);
    return fault(`試行が続いたため、${span(seconds)}お待ちください。`);
  }
  return fault(
    response.status === 401 ? FAULTS_JA[way] : `ログインできません（応答 ${response.status}）`,
  );
};

/**
 * @param {string} path
 * @param {unknown} body
 */
const post = (path, body) =>
  fetch(`/console/session${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/**
 * No second try while one is under way.
 *
 * @param {() => Promise<void>} work
 */
const alone = async (work) => {
  const buttons = document.querySelectorAll('button');
  for (const each of buttons) each.disabled = true;
  fault('');
  try {
    await work();
  } catch {
    fault('中継サーバにつながりません。');
  } finally {
    for (const each of buttons) each.disabled = false;
  }
};

const byPasskey = async () => {
  const asked = await post('/passkey/challenge', {});
  if (!asked.ok) return finish('passkey', asked);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await asked.json());
  /** @type {Credential | null} */
  let credential;
  try {
    credential = await navigator.credentials.get({ publicKey });
  } catch {
    return fault('パスキーを読み取れませんでした。');
  }
  if (credential instanceof PublicKeyCredential)
    finish('passkey', await post('/passkey', credential.toJSON()));
  return undefined;
};
passkey.addEventListener('click', () => alone(byPasskey));

element('#by-password').addEventListener('submit', (event) => {
  event.preventDefault();
  alone(async () => {
    finish(
      'password',
      await post('', { name: name.value.trim().toLowerCase(), password: password.value }),
    );
    password.select();
  });
});
show.addEventListener('change', () => {
  password.type = show.checked ? 'text' : 'password';
});

const start = async () => {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  // The code leaves the address bar at once.
  history.replaceState(undefined, '', `${location.pathname}${location.search}`);
  if (code !== null) return finish('link', await post('/link', { code }));
  if (asked.get('fault') === 'provider') fault(FAULTS_JA.provider);
  /** @type {SessionAnswer} */
  const answer = await (await fetch('/console/session')).json();
  if (answer.isLoggedIn) return location.replace(to ?? '/console');
  // Browsers bind passkeys to names, never to addresses, and only where nobody can listen in.
  passkey.hidden = !('PublicKeyCredential' in window) || !isSecureContext || isAddress;
  if (answer.provider !== undefined) {
    provider.textContent = answer.provider;
    provider.href = `/console/session/provider?to=${encodeURIComponent(to ?? '')}`;
    provider.hidden = false;
  }
  return undefined;
};
await alone(start);
name.focus();
