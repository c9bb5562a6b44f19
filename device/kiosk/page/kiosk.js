/** Draws the view that the terminal streams. Knows nothing of its own but when the stream is lost. */
import { followViews } from '../../kiosk/follow.js';
import { sound, speak, wantVoices, withoutRuby } from '../../kiosk/sound.js';

/** @import { KioskView, PromptView, TouchView } from '../view.ts' */
/** @import { Language } from '../../../shared/language.ts' */

/** @typedef {KioskView & { voice: boolean, hasManager: boolean, languages: Record<Language, string> }} View */

const TOUCH_SHOWN_MS = 8_000;
/** Whoever opened the keypad has gone. */
const KEYPAD_IDLE_MS = 30_000;
const ID_DIGITS = 14;
/** What can be read in the time that it stands; the manager reads the rest. */
const WORDS_MAX = 4;
/** Faults while somebody's touch is shown, and else; fewer where what stands above would be small with so many. */
const FAULTS_MAX = { touch: [1, 0], idle: [5, 3, 1, 0] };
const BESIDE_FAULTS_MIN = 0.7;
/** Smallest that text is set, as a share of its usual size. */
const FIT_MIN = 0.5;
const FIT_STEP = 0.05;
/** A name goes on two lines before it is smaller than this share. */
const NAME_MIN = 0.65;
const TITLE_MIN = 0.5;
const SITE_MIN = 0.6;

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

/** Where Japanese may go on to the next line: before what is not hiragana and behind it or a mark, and behind を. */
const PHRASE_ENDS = /(?<=[ぁ-ん、。])(?<!お)(?=[\p{Script=Han}ァ-ヶ「（A-Z{])|(?<=を)(?=[ぁ-ん])/gu;

/** What stays on one line where it can: a sentence, and of Burmese, whose words the browser cuts, what is between spaces. */
const CHUNK_ENDS = /(?<=。)(?=.)|(?<=[\u1000-\u109f။၊] )/u;

/** `{漢字|かんじ}` as ruby. The browser finds no phrases across ruby. @param {string} text */
const inlineOf = (text) =>
  text
    .replaceAll(PHRASE_ENDS, '\n')
    .split(/(\{[^{}]*\}|\n)/)
    .map((part) => {
      if (part === '\n') return document.createElement('wbr');
      const [base = '', reading] = part.replace(/^\{(.*)\}$/, '$1').split('|');
      if (reading === undefined) return part;
      const ruby = document.createElement('ruby');
      const above = document.createElement('rt');
      above.textContent = reading;
      ruby.append(base, above);
      return ruby;
    });

/**
 * @param {HTMLElement} target
 * @param {string} text
 */
const write = (target, text) => {
  const chunks = text.split(CHUNK_ENDS);
  target.replaceChildren(
    ...(chunks.length === 1
      ? inlineOf(text)
      : chunks.map((part) => {
          const chunk = document.createElement('span');
          chunk.className = 'chunk';
          chunk.append(...inlineOf(part));
          return chunk;
        })),
  );
};

/** @param {Element} box */
const isWithin = (box) => box.scrollWidth <= box.clientWidth;

/** Signs reach over their line by less than half of it. @param {HTMLElement} box */
const isWhole = (box) =>
  box.scrollHeight < box.clientHeight + Number.parseFloat(getComputedStyle(box).fontSize) / 2;

/**
 * The largest share of the usual size, from 1 on down, at which the given holds.
 *
 * @param {HTMLElement} target
 * @param {string} property
 * @param {number} least
 * @param {() => boolean} isEnough
 */
const shrink = (target, property, least, isEnough) => {
  for (let share = 1; share >= least; share -= FIT_STEP) {
    target.style.setProperty(property, share.toFixed(2));
    if (isEnough()) return true;
  }
  return false;
};

/** From the top of the first to the bottom of the last, whether they stand beside or below each other. @param {readonly Element[]} parts */
const heightOf = (parts) => {
  const boxes = parts.map((part) => part.getBoundingClientRect());
  return Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
};

/** @param {HTMLElement} box */
const innerHeightOf = (box) => {
  const { paddingTop, paddingBottom } = getComputedStyle(box);
  return box.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
};

/** Of the sign and the words under it, with what is between. */
const setPromptAsLarge = (least = FIT_MIN) => {
  const idle = element('idle');
  const height = innerHeightOf(idle);
  return shrink(idle, '--fit', least, () => {
    const parts = [...idle.children];
    return heightOf(parts) <= height && [...element('prompt').children].every(isWithin);
  });
};

const setTouchAsLarge = (least = FIT_MIN) => {
  const touch = element('touch');
  const title = element('title');
  const name = element('name');
  const columns = ['sign', 'who'].map(element);
  const height = innerHeightOf(touch);
  const fitName = () => {
    delete name.dataset.wraps;
    if (!shrink(name, '--name', NAME_MIN, () => isWithin(name))) name.dataset.wraps = '';
  };
  return shrink(touch, '--fit', least, () => {
    fitName();
    shrink(title, '--title', TITLE_MIN, () => isWithin(title));
    return heightOf(columns) <= height && columns.every(isWithin);
  });
};

let shownKey = '';
/** @type {number | undefined} */
let idleTimer;

/**
 * @param {TouchView} touch
 * @param {View} view
 */
const drawTouch = (touch, view) => {
  const title = withoutRuby(touch.title);
  write(element('title'), touch.title);
  element('title').dataset.long = String(title.length > 4);
  element('time').textContent = touch.time;
  const name = element('name');
  name.dataset.long = String(withoutRuby(touch.name).length > 4);
  const [, text] = name.children;
  // A long name breaks behind a middle dot.
  if (text instanceof HTMLElement) write(text, touch.name.replaceAll('・', '・\u200b'));
  element('kana').textContent = touch.kana;
  element('level').dataset.level = touch.level === undefined ? '' : String(touch.level);
  element('company').textContent = touch.company;
  element('words').replaceChildren(
    ...touch.words.slice(0, WORDS_MAX).map((words) => {
      const line = document.createElement('span');
      write(line, words);
      return line;
    }),
  );
  const days = element('days');
  days.hidden = touch.days === undefined;
  const count = days.querySelector('b');
  if (count !== null) count.textContent = String(touch.days ?? '');
  write(element('days-before'), view.phrases.daysThisMonth);
  write(element('days-after'), view.phrases.days);
  const inAll = element('in-all');
  inAll.hidden = touch.daysInAll === undefined;
  const total = inAll.querySelector('b');
  if (total !== null) total.textContent = String(touch.daysInAll ?? '');
  write(element('in-all-before'), view.phrases.daysInAll);
  write(element('in-all-after'), view.phrases.days);
  if (touch.key !== shownKey) {
    shownKey = touch.key;
    closeKeypad();
    element('panel').dataset.tone = touch.tone;
    sound(touch);
    if (view.voice) speak(touch, view.language);
    clearTimeout(idleTimer);
    idleTimer = window.setTimeout(() => {
      element('panel').dataset.tone = 'idle';
      setAsLarge(shown ?? view);
    }, TOUCH_SHOWN_MS);
  }
};

/** @param {PromptView} prompt */
const drawPrompt = ({ sign, words }) => {
  element('panel').dataset.sign = sign;
  element('prompt').replaceChildren(
    ...words.map((text) => {
      const line = document.createElement('p');
      write(line, text);
      return line;
    }),
  );
};

/** @param {View} view @param {number} most */
const drawFaults = (view, most) => {
  // One alone is said whatever there is room for: its number would say nothing.
  const shownFaults = view.faults.length === 1 ? view.faults : view.faults.slice(0, most);
  const faults = shownFaults.map((fault) => `⚠ ${fault}`);
  const left = view.faults.length - faults.length;
  const more = faults.length === 0 ? `⚠ ${left}件` : `ほか${left}件`;
  element('faults').replaceChildren(
    ...[...faults, ...(left > 0 ? [more] : [])].map((fault) => {
      const line = document.createElement('span');
      line.textContent = fault;
      return line;
    }),
  );
};

/**
 * Sets what stands there as large as it can stand whole: words are longer in one language than in another.
 * What people at the gate read goes before what the staff should read, of which the most urgent stays.
 *
 * @param {View} view
 */
const setAsLarge = (view) => {
  const isIdle = element('panel').dataset.tone === 'idle';
  shrink(element('site'), '--site', SITE_MIN, () => isWhole(element('site')));
  for (const most of FAULTS_MAX[isIdle ? 'idle' : 'touch']) {
    drawFaults(view, most);
    const least = most === 0 ? FIT_MIN : BESIDE_FAULTS_MIN;
    if (isIdle ? setPromptAsLarge(least) : setTouchAsLarge(least)) return;
  }
};

/**
 * @param {string} path
 * @param {object} body
 */
const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** @param {View} view */
const drawLanguages = (view) => {
  const box = element('languages');
  if (box.childElementCount === 0) {
    for (const [language, name] of Object.entries(view.languages)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.lang = language;
      button.addEventListener('click', () => void post('/language', { language }));
      box.append(button);
    }
  }
  for (const button of box.querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button.lang === view.language));
};

/** @type {View | undefined} The newest. */
let shown;
/** @type {PromptView} Where the terminal has said nothing yet. */
const SILENT = {
  sign: 'closed',
  words: ['{記録|きろく}できません', '{職員|しょくいん}に{知|し}らせてください'],
};
const keypad = /** @type {HTMLDialogElement} */ (element('keypad'));
const enter = /** @type {HTMLButtonElement} */ (element('enter'));
let digits = '';
/** @type {number | undefined} */
let keypadTimer;

const closeKeypad = () => {
  clearTimeout(keypadTimer);
  digits = '';
  if (keypad.open) keypad.close();
};

const drawDigits = () => {
  element('typed').textContent = digits.padEnd(ID_DIGITS, '–').replaceAll(/(.{4})(?=.)/g, '$1 ');
  enter.disabled = digits.length !== ID_DIGITS;
  clearTimeout(keypadTimer);
  keypadTimer = window.setTimeout(closeKeypad, KEYPAD_IDLE_MS);
};

/** @param {string} key */
const press = (key) => {
  element('keypad-fault').textContent = '';
  if (key === 'erase') digits = digits.slice(0, -1);
  else if (digits.length < ID_DIGITS) digits += key;
  drawDigits();
};

const submitTyped = async () => {
  enter.disabled = true;
  const answer = await post('/typed', { workerId: digits }).catch(() => undefined);
  if (answer?.ok) return closeKeypad();
  if (shown !== undefined) {
    const { tooManyTries, notRecorded } = shown.phrases;
    write(element('keypad-fault'), answer?.status === 429 ? tooManyTries : notRecorded);
  }
  return drawDigits();
};

for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'erase', '0']) {
  const button = document.createElement('button');
  button.type = 'button';
  // The sign is in none of the fonts: it is drawn.
  if (key === 'erase')
    button.append(/** @type {HTMLTemplateElement} */ (element('erase')).content.cloneNode(true));
  else button.textContent = key;
  button.addEventListener('click', () => press(key));
  element('keys').append(button);
}
keypad.addEventListener('keydown', (event) => {
  if (/^\d$/.test(event.key)) press(event.key);
  if (event.key === 'Backspace') press('erase');
  if (event.key === 'Enter' && !enter.disabled) {
    event.preventDefault();
    void submitTyped();
  }
});
enter.addEventListener('click', () => void submitTyped());
element('close-keypad').addEventListener('click', closeKeypad);
element('open-keypad').addEventListener('click', () => {
  digits = '';
  element('keypad-fault').textContent = '';
  drawDigits();
  keypad.showModal();
});

/** @param {View} view */
const draw = (view) => {
  const isFirst = shown === undefined;
  shown = view;
  if (isFirst && view.voice)
    wantVoices(() => element('panel').dataset.tone === 'idle' && !keypad.open);
  document.body.lang = view.language;
  element('site').textContent = view.siteName;
  element('on-site').textContent = String(view.onSite);
  element('unsent').textContent = String(view.unsent);
  element('unsent-box').dataset.waiting = String(view.unsent > 0);
  const link = element('link');
  link.dataset.state = view.isLinked ? 'up' : 'down';
  link.textContent = view.isLinked ? '接続中' : 'オフライン';
  drawPrompt(view.prompt);
  write(element('type-id'), view.phrases.typeId);
  write(enter, view.phrases.enter);
  write(element('close-keypad'), view.phrases.back);
  element('open-manager').hidden = !view.hasManager;
  drawLanguages(view);
  if (view.touch !== undefined) drawTouch(view.touch, view);
  setAsLarge(view);
};

const lost = () => {
  const link = element('link');
  link.dataset.state = 'lost';
  link.textContent = '端末が応答しません';
  // Nobody is asked to touch what does not answer.
  drawPrompt(shown?.silent ?? SILENT);
  closeKeypad();
  setPromptAsLarge();
};

window.addEventListener('resize', () => {
  if (shown !== undefined) setAsLarge(shown);
});
followViews('/events', draw, lost);
