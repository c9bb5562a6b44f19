/** For every page of the console: who is logged in, and asking the API on their behalf. Without a session it goes to the log-in page. */
/** @import { SessionAnswer } from '../access/session-answer.ts' */

const CSRF_HEADER = 'x-genba-csrf';
/** Show nothing to others. */
const FOR_ADMINS = ['/console/audit', '/console/enrolment'];

/** The page goes away, so nothing after it happens. @returns {Promise<never>} */
const toLogIn = () => {
  location.replace(`/console/log-in?to=${encodeURIComponent(location.pathname)}`);
  return new Promise(() => undefined);
};

/** @returns {Promise<Extract<SessionAnswer, { isLoggedIn: true }>>} */
const askSession = async () => {
  const response = await fetch('/console/session');
  /** @type {SessionAnswer} */
  const answer = await response.json();
  return answer.isLoggedIn ? answer : await toLogIn();
};

export const session = await askSession();

/** A refusal, with the faults that the gateway named. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {readonly { place: string, message: string }[]} faults
   */
  constructor(status, faults) {
    super(status === 403 ? 'この操作は許可されていません' : `サーバーの応答 ${status}`);
    this.status = status;
    this.faults = faults;
  }
}

/**
 * What a person is told of what went wrong; `words`: by the status of a refusal.
 *
 * @param {unknown} cause
 * @param {Readonly<Record<number, string>>} [words]
 */
export const wordsFor = (cause, words = {}) =>
  cause instanceof Refusal
    ? (words[cause.status] ?? cause.message)
    : '通信できませんでした。もう一度お試しください。';

/**
 * JSON of an answer; a change carries the page's token, and goes as JSON, or as the form or file that it is.
 * Throws a `Refusal` on anything but success.
 *
 * @template Answer
 * @param {string} path
 * @param {{ method?: string, body?: unknown, headers?: Record<string, string> }} [request]
 * @returns {Promise<Answer>}
 */
export const ask = async (path, { method = 'GET', body, headers = {} } = {}) => {
  const isRaw = body instanceof FormData || body instanceof Blob;
  const response = await fetch(path, {
    method,
    headers: {
      ...headers,
      ...(method === 'GET' ? {} : { [CSRF_HEADER]: session.csrf }),
      ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  });
  if (response.status === 401) await toLogIn();
  const isProblem = response.headers.get('content-type')?.includes('json') === true;
  const answer = isProblem ? await response.json() : undefined;
  if (!response.ok) throw new Refusal(response.status, answer?.faults ?? []);
  return answer;
};

/** A file that an answer is, to be saved. Throws a `Refusal` on anything but success. @param {string} path */
export const askFile = async (path) => {
  const response = await fetch(path);
  if (response.status === 401) await toLogIn();
  if (!response.ok) throw new Refusal(response.status, (await response.json()).faults ?? []);
  return response.blob();
};

export const logOut = async () => {
  await ask('/console/session', { method: 'DELETE' });
  location.replace('/console/log-in');
};

const who = document.createElement('p');
who.id = 'logged-in';
const own = document.createElement('a');
own.href = '/console/account';
own.textContent = session.name;
own.title = 'アカウント';
const out = document.createElement('button');
out.type = 'button';
out.textContent = 'ログアウト';
out.addEventListener('click', logOut);
who.append(own, out);
document.querySelector('header')?.append(who);

/** Where the other pages are; what this page shows does not wait for it. */
const showPages = async () => {
  /** @type {readonly { address: string, titleJa: string }[]} */
  const links = await ask('/console/pages');
  const pages = document.createElement('nav');
  pages.id = 'pages';
  pages.setAttribute('aria-label', '画面');
  for (const { address, titleJa } of links) {
    if (FOR_ADMINS.includes(address) && !session.isAdmin) continue;
    const link = document.createElement('a');
    link.href = address;
    link.textContent = titleJa;
    if (location.pathname === address) link.setAttribute('aria-current', 'page');
    pages.append(link);
  }
  document.body.prepend(pages);
};
void showPages();
