/** What is heard of a touch (音と読み上げ): the buzzer's rhythm, and the words where the machine has a voice. */

/** @import { TouchView } from './view.ts' */
/** @import { Tone } from '../feedback.ts' */
/** @import { Language } from '../../shared/language.ts' */

/** @param {string} text */
export const withoutRuby = (text) => text.replaceAll(/\{([^{}|]*)\|([^{}|]*)\}/g, '$1');

/**
 * Pitch in Hz; the rhythm is the buzzer's.
 *
 * @type {Record<Tone, number>}
 */
const PITCHES = { in: 1_320, out: 1_100, repeat: 880, warned: 740, held: 330, failed: 440 };

/** What is later than this is of somebody who has gone. */
const LATE_MS = 1_000;

/** @type {AudioContext | undefined} */
let audio;

/**
 * A browser that was not started as a kiosk may forbid sound until somebody presses a key. What was due before is
 * not played then: it would be kept until then, and all at once.
 *
 * @param {TouchView} touch
 */
export const sound = (touch) => {
  audio ??= new AudioContext();
  const context = audio;
  if (context.state === 'running') return play(touch, context);
  const due = performance.now();
  return void context.resume().then(
    () => {
      if (performance.now() - due < LATE_MS) play(touch, context);
    },
    () => undefined,
  );
};

/**
 * @param {TouchView} touch
 * @param {AudioContext} audio
 */
const play = ({ tone, beeps }, audio) => {
  const from = audio.currentTime;
  for (const { startsMs, ms } of beeps) {
    const start = from + startsMs / 1_000;
    const end = start + ms / 1_000;
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = PITCHES[tone];
    volume.gain.setValueAtTime(0.4, start);
    volume.gain.setValueAtTime(0, end);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(end);
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

const VOICES_MS = 5_000;
/** Kept by the browser for as long as it shows this page, however often it is loaded. */
const LOADED_ANEW = 'loaded-anew-for-voices';

/**
 * Chromium now and then gives a page no voices for as long as it is open, and gives them to the same page loaded
 * anew. So that is done, once, where voices are wanted and none came; a machine may have none.
 *
 * @param {() => boolean} isIdle nobody reads what stands there
 */
export const wantVoices = (isIdle) => {
  if (!('speechSynthesis' in window)) return;
  const look = window.setInterval(() => {
    const isDone = speechSynthesis.getVoices().length > 0 || LOADED_ANEW in sessionStorage;
    if (isDone) return clearInterval(look);
    if (!isIdle()) return;
    sessionStorage.setItem(LOADED_ANEW, 'yes');
    location.reload();
  }, VOICES_MS);
};

/**
 * Beside the tone, which always sounds; alone where the machine has no voice of the language.
 *
 * @param {TouchView} touch
 * @param {Language} language
 */
export const speak = (touch, language) => {
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
