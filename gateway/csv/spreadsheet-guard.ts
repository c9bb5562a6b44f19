/**
 * Texts that a spreadsheet would take for something else (表計算ソフトの自動変換): an apostrophe in front
 * keeps them as they are, in Excel and on the way back.
 *
 * A name that begins like a formula would be computed (OWASP, CSV Injection); an id of 14 digits would come
 * back as 1E+13, the trade 10-01 as the first of October, a card id as a number. Only one apostrophe is
 * taken off again, so any text survives.
 */
import { beginsLikeFormula } from '../../shared/csv.ts';

const APOSTROPHE = /^'/;
/** A digit, and around it nothing but what numbers, dates, times and eras are written with. */
const NUMBER_LIKE =
  /^(?=.*\p{N})[\p{N}\p{ASCII}\s年月日時分秒令和平成昭大正明治￥％，．：／－＋]*$/u;
const TRUTH = /^(true|false)$/i;
const SPACE_AT_END = /^\s|\s$/;

export const guarded = (text: string): string =>
  beginsLikeFormula(text) ||
  APOSTROPHE.test(text) ||
  NUMBER_LIKE.test(text) ||
  TRUTH.test(text) ||
  SPACE_AT_END.test(text)
    ? `'${text}`
    : text;

export const unguarded = (text: string): string => (text.startsWith("'") ? text.slice(1) : text);
