/** Draws the view that the terminal streams. Knows nothing of its own but when the stream is lost. */
/** @import { KioskView, Tone, TouchView } from '../view.ts' */

const TOUCH_SHOWN_MS = 8_000;
/** The terminal sends at least every 5 seconds. */
const SILENCE_MS = 12_000;

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

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

let shownKey = '';
/** @type {number | undefined} */
let idleTimer;

/** @param {TouchView} touch */
const drawTouch = (touch) => {
  if (touch.key === shownKey) return;
  shownKey = touch.key;
  element('title').textContent = touch.title;
  element('title').dataset.long = String(touch.title.length > 4);
  element('time').textContent = touch.time;
  const name = element('name');
  name.dataset.long = String(touch.name.length > 4);
  const [, text] = name.children;
  if (text !== undefined) text.textContent = touch.name;
  element('level').dataset.level = touch.level === undefined ? '' : String(touch.level);
  element('company').textContent = touch.company;
  element('words').textContent = touch.words.join('　');
  const days = element('days');
  days.hidden = touch.days === undefined;
  const count = days.querySelector('b');
  if (count !== null) count.textContent = String(touch.days ?? '');
  element('panel').dataset.tone = touch.tone;
  sound(touch.tone);
  clearTimeout(idleTimer);
  idleTimer = window.setTimeout(() => {
    element('panel').dataset.tone = 'idle';
  }, TOUCH_SHOWN_MS);
};

/** @param {KioskView} view */
const draw = (view) => {
  element('site').textContent = view.siteName;
  element('on-site').textContent = String(view.onSite);
  element('unsent').textContent = String(view.unsent);
  element('unsent-box').dataset.waiting = String(view.unsent > 0);
  const link = element('link');
  link.dataset.state = view.isLinked ? 'up' : 'down';
  link.textContent = view.isLinked ? '接続中' : 'オフライン';
  element('faults').replaceChildren(
    ...view.faults.map((fault) => {
      const line = document.createElement('p');
      line.textContent = `⚠ ${fault}`;
      return line;
    }),
  );
  if (view.touch !== undefined) drawTouch(view.touch);
};

const lost = () => {
  const link = element('link');
  link.dataset.state = 'lost';
  link.textContent = '端末が応答しません';
};

/** @type {number | undefined} */
let silence;
const events = new EventSource('/events');
events.onmessage = ({ data }) => {
  clearTimeout(silence);
  silence = window.setTimeout(lost, SILENCE_MS);
  draw(JSON.parse(data));
};
// The browser connects again by itself.
events.onerror = lost;
