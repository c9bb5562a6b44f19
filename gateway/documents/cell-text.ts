/** How a value of a document is written for people: the same words on screen, paper and in CSV. */
import type { Value, ValueKind } from './document.ts';
import type { FrameWords } from './frame-words.ts';

const WHOLE = new Intl.NumberFormat('ja-JP', { maximumFractionDigits: 0 });

/** `7:05`: hours and minutes; hours may pass 24. */
const hoursAndMinutes = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

/** `2026-11-24 07:58` of `2026-11-24T07:58:03+09:00`. */
const minuteInJapan = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** As it stands in a table, whose head says the unit. */
export const cellText = (kind: ValueKind, value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') {
    return kind === 'minutes' ? hoursAndMinutes(value) : WHOLE.format(value);
  }
  return kind === 'instant' ? minuteInJapan(value) : value;
};

/** As it stands alone, with its unit. */
export const factText = (words: FrameWords, kind: ValueKind, value: Value): string => {
  const unit = kind === 'yen' || kind === 'days' ? words[kind] : '';
  return value === undefined ? '' : `${cellText(kind, value)}${unit}`;
};
