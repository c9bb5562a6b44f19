/** Who is there: a name, and a PIN on keys for gloves. */
import { ask, SESSION_ENDED, send } from './ask.js';
import { button, element } from './elements.js';

/** @type {string | undefined} */
let manager;
let pin = '';

const drawPin = () => {
  element('pin').textContent = '●'.repeat(pin.length);
};

const showLogIn = () => {
  pin = '';
  drawPin();
  element('log-in').hidden = false;
  element('tabs').hidden = true;
  element('content').hidden = true;
  element('by').textContent = '';
};

/** @param {() => Promise<void>} begin */
const logIn = async (begin) => {
  // Pressed twice, the second has nothing to send: a slip must not count as two wrong ones.
  if (pin === '') return;
  if (manager === undefined) {
    element('log-in-fault').textContent = '担当者を選んでください';
    return;
  }
  const typed = pin;
  pin = '';
  drawPin();
  element('log-in-fault').textContent = '';
  const answer = await send('/session', { pin: typed, by: manager });
  if (answer === undefined) return;
  element('log-in').hidden = true;
  element('tabs').hidden = false;
  element('content').hidden = false;
  await begin();
};

const drawManagers = async () => {
  const body = await ask('/names');
  for (const name of body?.names ?? []) {
    const made = button(name, () => {
      manager = name;
      element('log-in-fault').textContent = '';
      for (const each of element('managers').children)
        each.setAttribute('aria-pressed', String(each === made));
    });
    element('managers').append(made);
  }
  const only = element('managers').children;
  if (only.length === 1 && only[0] instanceof HTMLButtonElement) only[0].click();
};

/** Lets a manager in, now and whenever the session has ended. @param {() => Promise<void>} begin what comes then */
export const startLogIn = (begin) => {
  for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '消す', '0', '決定']) {
    element('keys').append(
      button(
        key,
        () => {
          if (key === '決定') void logIn(begin);
          else if (key === '消す') pin = pin.slice(0, -1);
          else if (pin.length < 12) pin += key;
          drawPin();
        },
        key === '決定' ? 'go' : '',
      ),
    );
  }
  document.addEventListener('keydown', (event) => {
    if (element('log-in').hidden) return;
    if (/^\d$/.test(event.key) && pin.length < 12) pin += event.key;
    if (event.key === 'Backspace') pin = pin.slice(0, -1);
    if (event.key === 'Enter') void logIn(begin);
    drawPin();
  });
  window.addEventListener(SESSION_ENDED, showLogIn);
  void drawManagers();
};
