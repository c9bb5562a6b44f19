/**
 * Texts of people that look like what they are (見たままの文字): names, reasons, ids that somebody chose.
 *
 * What nobody sees – marks that turn the direction of writing, characters without width – can make one name look like
 * another, or turn a printed line around. What can be written in two ways that look alike is kept in one. Characters
 * by Unicode 16 (general category, UAX 9, UAX 15).
 */
import { z } from 'zod';

/** Never part of a name. Line breaks and tabs are seen, and are somebody else's affair. */
const HIDDEN =
  /(?![\t\n\r\u200C\u200D]|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB]|[\u180B-\u180F]/u;
/** Joiners, which Nepali and Burmese are written with, and variants of a kanji (異体字), each where it means something. */
const OUT_OF_PLACE =
  /(?<![\p{Script=Devanagari}\p{Script=Myanmar}])[\u200C\u200D]|(?<!\p{Script=Han})\p{Variation_Selector}/u;
const ALL_HIDDEN = new RegExp(`${HIDDEN.source}|${OUT_OF_PLACE.source}`, 'gu');

const ODD_SPACES = /[\xA0\u2000-\u200A\u202F\u205F]/g;
/** Kanji are left as they are: composing would take 福 (U+FA1B) of a name for 福. */
const NOT_KANJI = /[^\p{Script=Han}]+/gu;
/** Most texts: kana, kanji, ASCII and full-width signs, of which there is one way to write each. */
const PLAIN = /^[\t\n\r -~\u3000-\u3098\u309B-\u30FF\u4E00-\u9FFF\uFF01-\uFF5E]*$/;

/** が as か and a mark becomes が, a space that is no common one becomes one. */
const composed = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text.replace(ODD_SPACES, ' ').replace(NOT_KANJI, (part) => part.normalize('NFC'));

/** With a mark in the place of each character that nobody would see: for what must be taken as it comes. */
export const madeVisible = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(ALL_HIDDEN, '\uFFFD');

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** `min` to `max` characters, composed; a hidden character is a fault with its code point and its place. */
export const plainText = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .overwrite(composed)
    .superRefine((text, { addIssue }) => {
      const found = PLAIN.test(text) ? null : (HIDDEN.exec(text) ?? OUT_OF_PLACE.exec(text));
      if (found !== null)
        addIssue({
          code: 'custom',
          message: `has a character that nobody sees (${codePoint(found[0])}) at ${[...text.slice(0, found.index)].length + 1}`,
        });
    });

const KEY_LETTERS =
  /[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}A-Za-z]/u;

/**
 * An id that people outside chose, such as the number of a contract, 1 to `max` characters. Each can be written in one
 * way: full-width letters and digits, half-width kana, blanks at the ends and letters of other scripts, which look
 * like ours, are faults.
 */
export const keyText = (max: number) =>
  plainText(max).superRefine((text, { addIssue }) => {
    const written = text.replace(NOT_KANJI, (part) => part.normalize('NFKC')).trim();
    const other = KEY_LETTERS.exec(written)?.[0];
    if (other !== undefined)
      addIssue({
        code: 'custom',
        message: `has a letter that looks like another one (${codePoint(other)}): ids have A to Z, kana, kanji, digits and signs`,
      });
    else if (written !== text)
      addIssue({ code: 'custom', message: `must be written ${JSON.stringify(written)}` });
  });
