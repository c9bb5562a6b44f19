/** Draws the view that the terminal streams. Knows nothing of its own but when the stream is lost. */
import { followViews } from '../../kiosk/follow.js';

/** @import { KioskView, TouchView } from '../view.ts' */
/** @import { Tone } from '../../feedback.ts' */
/** @import { Language } from '../../../shared/language.ts' */

/** @typedef {KioskView & { voice: boolean, hasManager: boolean, languages: Record<Language, string> }} View */

const TOUCH_SHOWN_MS = 8_000;
/** Whoever opened the keypad has gone. */
const KEYPAD_IDLE_MS = 30_000;
const ID_DIGITS = 14;
/** What can be read in the time that it stands; the manager reads the rest. */
const WORDS_MAX = 4;
/** Lines of faults while somebody's touch is shown, and else. */
const FAULTS_MAX = { touch: 1, idle: 5 };
/** Smallest that text is set, as a share of its usual size. */
const FIT_MIN = 0.5;
const FIT_STEP = 0.05;
/** A name goes on two lines before it is smaller than this share. */
const NAME_MIN = 0.65;
const TITLE_MIN = 0.5;

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

/**
 * `{漢字|かんじ}` as ruby.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
const write = (target, text) => {
  const parts = text.split(/(\{[^{}]*\})/);
  target.replaceChildren(
    ...parts.map((part) => {
      const [base = '', reading] = part.replace(/^\{(.*)\}$/, '$1').split('|');
      if (reading === undefined) return part;
      const ruby = document.createElement('ruby');
      const above = document.createElement('rt');
      above.textContent = reading;
      ruby.append(base, above);
      return ruby;
    }),
  );
};

/** @param {string} text */
const withoutRuby = (text) => text.replaceAll(/\{([^{}|]*)\|([^{}|]*)\}/g, '$1');

/**
 * Pairs of pitch (Hz) and length (s); told apart without looking.
 *
 * @type {Record<Tone, readonly (readonly [number, number])[]>}
 */
const SOUNDS = {
  in: [[1320, 0.14]],
  out: [
    [1320, 0.1],
    [880, 0.16],
  ],
  repeat: [[660, 0.12]],
  warned: [
    [880, 0.12],
    [880, 0.12],
    [880, 0.12],
  ],
  held: [[330, 0.7]],
  failed: [
    [330, 0.3],
    [220, 0.5],
  ],
};

/** @type {AudioContext | undefined} */
let audio;

/** @param {Tone} tone */
const sound = (tone) => {
  audio ??= new AudioContext();
  // A browser that was not started as a kiosk may forbid sound until somebody presses a key.
  if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
  let start = audio.currentTime;
  for (const [pitch, length] of SOUNDS[tone]) {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = pitch;
    volume.gain.setValueAtTime(0.4, start);
    volume.gain.setValueAtTime(0, start + length);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + length);
    start += length + 0.06;
  }
};

/**
 * Languages whose voices go by more tags than their own: Mandarin is `cmn` to espeak-ng, Filipino is Tagalog.
 *
 * @type {Partial<Record<Language, readonly string[]>>}
 */
const VOICE_TAGS = { zh: ['zh', 'cmn'], fil: ['fil', 'tl'] };

/** A voice of another language would read the words, and nobody would understand them. @param {Language} language */
const voiceFor = (language) => {
  const tags = VOICE_TAGS[language] ?? [language];
  return speechSynthesis.getVoices().find(({ lang }) => {
    const [tag = ''] = lang.toLowerCase().split(/[-_]/);
    return tags.includes(tag);
  });
};

// The first call gives none and has them fetched.
if ('speechSynthesis' in window) speechSynthesis.getVoices();

/**
 * Beside the tone, which always sounds; alone where the machine has no voice of the language.
 *
 * @param {TouchView} touch
 * @param {Language} language
 */
const speak = (touch, language) => {
  if (!('speechSynthesis' in window)) return;
  // Whoever touched before is told no more.
  speechSynthesis.cancel();
  const voice = voiceFor(language);
  if (voice === undefined) return;
  const words = new SpeechSynthesisUtterance(
    withoutRuby([touch.title, ...touch.words.slice(0, 1)].join('. ')),
  );
  words.lang = voice.lang;
  words.voice = voice;
  speechSynthesis.speak(words);
};

/** @param {HTMLElement} box */
const isWithin = (box) => box.scrollWidth <= box.clientWidth;

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

/** Sets the touch as large as it can stand there whole: words are longer in one language than in another. */
const setAsLarge = () => {
  const touch = element('touch');
  const title = element('title');
  const name = element('name');
  const columns = ['sign', 'who'].map(element);
  const { paddingTop, paddingBottom } = getComputedStyle(touch);
  const height =
    touch.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
  const fitName = () => {
    delete name.dataset.wraps;
    if (!shrink(name, '--name', NAME_MIN, () => isWithin(name))) name.dataset.wraps = '';
  };
  shrink(touch, '--fit', FIT_MIN, () => {
    fitName();
    shrink(title, '--title', TITLE_MIN, () => isWithin(title));
    return columns.every((column) => column.offsetHeight <= height && isWithin(column));
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
  if (text instanceof HTMLElement) write(text, touch.name);
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
    sound(touch.tone);
    if (view.voice) speak(touch, view.language);
    clearTimeout(idleTimer);
    idleTimer = window.setTimeout(() => {
      element('panel').dataset.tone = 'idle';
      drawFaults(view);
    }, TOUCH_SHOWN_MS);
  }
};

/** A worker's touch goes before what the staff should read: the most urgent stays. @param {View} view */
const drawFaults = (view) => {
  const isIdle = element('panel').dataset.tone === 'idle';
  const most = isIdle ? FAULTS_MAX.idle : FAULTS_MAX.touch;
  const faults = view.faults.slice(0, most).map((fault) => `⚠ ${fault}`);
  const more = view.faults.length - faults.length;
  element('faults').replaceChildren(
    ...[...faults, ...(more > 0 ? [`ほか${more}件`] : [])].map((fault) => {
      const line = document.createElement('span');
      line.textContent = fault;
      return line;
    }),
  );
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

/** @type {View['phrases'] | undefined} */
let phrases;
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
  if (key === '⌫') digits = digits.slice(0, -1);
  else if (digits.length < ID_DIGITS) digits += key;
  drawDigits();
};

const submitTyped = async () => {
  enter.disabled = true;
  const answer = await post('/typed', { workerId: digits }).catch(() => undefined);
  if (answer?.ok) return closeKeypad();
  if (phrases !== undefined)
    write(element('keypad-fault'), answer?.status === 429 ? phrases.tooManyTries : phrases.closed);
  return drawDigits();
};

for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '⌫', '0']) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = key;
  button.addEventListener('click', () => press(key));
  element('keys').append(button);
}
keypad.addEventListener('keydown', (event) => {
  if (/^\d$/.test(event.key)) press(event.key);
  if (event.key === 'Backspace') press('⌫');
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
  phrases = view.phrases;
  document.body.lang = view.language;
  element('site').textContent = view.siteName;
  element('on-site').textContent = String(view.onSite);
  element('unsent').textContent = String(view.unsent);
  element('unsent-box').dataset.waiting = String(view.unsent > 0);
  const link = element('link');
  link.dataset.state = view.isLinked ? 'up' : 'down';
  link.textContent = view.isLinked ? '接続中' : 'オフライン';
  element('panel').dataset.closed = String(view.isClosed);
  write(element('invite'), view.isClosed ? view.phrases.closed : view.phrases.touchCard);
  write(element('type-id'), view.phrases.typeId);
  write(enter, view.phrases.enter);
  write(element('close-keypad'), view.phrases.back);
  element('open-manager').hidden = !view.hasManager;
  drawLanguages(view);
  if (view.touch !== undefined) drawTouch(view.touch, view);
  drawFaults(view);
  if (element('panel').dataset.tone !== 'idle') setAsLarge();
};

const lost = () => {
  const link = element('link');
  link.dataset.state = 'lost';
  link.textContent = '端末が応答しません';
  element('panel').dataset.closed = 'true';
  // Nobody is asked to touch what does not answer.
  write(element('invite'), phrases?.closed ?? '{記録|きろく}できません');
  closeKeypad();
};

followViews('/events', draw, lost);
