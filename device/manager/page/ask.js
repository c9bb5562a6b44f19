/** Asks the terminal for the manager, and shows what it refuses. */
import { element } from './elements.js';

/** Told to the window when the terminal knows this manager no more. */
export const SESSION_ENDED = 'session-ended';

/** @type {Record<string, string>} */
const FIELD_NAMES = {
  '/workerId': '技能者',
  '/at': '時刻',
  '/reason': '理由',
  '/seq': 'タッチ',
  '/cardId': 'カード',
  '/pin': '暗証番号',
  '/by': '担当者',
};

/**
 * What the terminal answers; shows what it refuses.
 *
 * @param {string} path
 * @param {RequestInit} [init]
 */
export const ask = async (path, init) => {
  element('fault').textContent = '';
  element('done').textContent = '';
  const answer = await fetch(`/manager${path}`, init).catch(() => undefined);
  if (answer === undefined) {
    element(element('log-in').hidden ? 'fault' : 'log-in-fault').textContent =
      '端末が応答しません。少し待って、もう一度押してください';
    return undefined;
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  if (answer.status === 401 && path !== '/session') window.dispatchEvent(new Event(SESSION_ENDED));
  const faults = body.faults ?? [{ place: '', message: body.message ?? '' }];
  const text = faults
    .map(
      (/** @type {{ place: string, message: string }} */ { place, message }) =>
        `${FIELD_NAMES[place] ?? ''}${message}`,
    )
    .join('／');
  element(element('log-in').hidden ? 'fault' : 'log-in-fault').textContent = text;
  return undefined;
};

/** @param {string} path @param {object} body */
export const send = (path, body) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
