/**
 * One value of the registry as one cell of a CSV file, and back (セルの書き方). What is written is read as
 * the same value; what a person or Excel wrote in another way is told, or, where only one thing can be meant,
 * taken: TRUE for true, 2026/4/1 for 2026-04-01.
 */
import { guarded, unguarded } from '../../csv/spreadsheet-guard.ts';
import type { Column } from './columns.ts';

/** A list that is there and empty; a list that is absent is an empty cell. */
const EMPTY_LIST = ';';
const escaped = (item: string): string => item.replaceAll(/[\\;]/g, '\\$&');

/** A number of more than 15 digits does not come through a spreadsheet, and need not: none is that long. */
export const cellOf = ({ notation, isRequired }: Column, value: unknown): string | number => {
  if (value === undefined) return '';
  switch (notation) {
    case 'number':
    case 'number-or-word':
      return typeof value === 'number' ? value : String(value);
    case 'truth':
    case 'choice':
    case 'date':
      return String(value);
    case 'list': {
      const items = Array.isArray(value) ? value.map(String) : [];
      return items.length === 0 ? EMPTY_LIST : guarded(items.map(escaped).join(';'));
    }
    case 'json':
      return JSON.stringify(value);
    case 'text':
      // An empty text that need not be there is told from none.
      return value === '' && !isRequired ? "'" : guarded(String(value));
  }
};

export type ReadCell =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'faulty'; readonly message: string };

const read = (value: unknown): ReadCell => ({ kind: 'value', value });
const faulty = (message: string): ReadCell => ({ kind: 'faulty', message });

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/;
/** As Excel shows a long number, and then saves it. */
const ROUNDED = /^\d(\.\d+)?E\+\d+$/;
const DATE_WITH_SLASHES = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/;
const SHOWN_MAX = 40;

/** As the file has it, shortened; line breaks would break the list of faults. */
const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);

const readDate = (text: string): ReadCell => {
  const [, year, month = '', day = ''] = DATE_WITH_SLASHES.exec(text) ?? [];
  return read(
    year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  );
};

/** Cuts at semicolons that are not escaped. */
const readList = (text: string): ReadCell => {
  if (text === EMPTY_LIST) return read([]);
  const items: string[] = [''];
  const add = (part: string): void => {
    items.push(`${items.pop()}${part}`);
  };
  for (const [token] of text.matchAll(/\\[\s\S]|[^\\;]+|[\s\S]/g)) {
    if (token === ';') items.push('');
    else add(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
  }
  return read(items);
};

const readJson = (text: string): ReadCell => {
  try {
    return read(JSON.parse(text));
  } catch {
    return faulty(`${shown(text)} is not JSON`);
  }
};

/** `text`: the cell as the file has it. Whether the value is allowed is for the schema to say. */
export const readCell = ({ notation, isRequired }: Column, cell: string): ReadCell => {
  if (cell === '' && !isRequired) return { kind: 'absent' };
  const text = unguarded(cell);
  if (notation !== 'text' && text === '')
    return notation === 'list' && cell === '' ? read([]) : faulty('is missing');
  switch (notation) {
    case 'number':
      return NUMBER.test(text) ? read(Number(text)) : faulty(`${shown(text)} is no number`);
    case 'number-or-word':
      return read(NUMBER.test(text) ? Number(text) : text);
    case 'truth': {
      const lower = text.toLowerCase();
      return lower === 'true' || lower === 'false'
        ? read(lower === 'true')
        : faulty(`${shown(text)} is neither true nor false`);
    }
    case 'date':
      return readDate(text);
    case 'list':
      return readList(text);
    case 'json':
      return readJson(text);
    case 'choice':
      return read(text);
    case 'text':
      return ROUNDED.test(cell)
        ? faulty(`${shown(cell)} was rounded by a spreadsheet; its digits are lost`)
        : read(text);
  }
};
