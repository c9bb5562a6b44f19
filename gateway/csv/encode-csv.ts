/** CSV text to bytes (文字コード): UTF-8, or CP932, of which a missing character is a fault and never a question mark. */
import iconv from 'iconv-lite';
import { type Fault, ok, type Result } from '../../shared/result.ts';
import type { Charset } from './decode-csv.ts';

export type CsvEncoding = Charset;

/** As an answer over HTTP names it; Shift_JIS is the registered name that browsers read as CP932. */
export const csvContentType = (encoding: CsvEncoding): string =>
  `text/csv; charset=${encoding === 'cp932' ? 'Shift_JIS' : 'utf-8'}`;

/** Every character of the text that CP932 lacks, each once, with the line it first stands on. */
const lackingInCp932 = (text: string): readonly Fault[] => {
  const seen = new Set<string>();
  return text.split('\r\n').flatMap((line, index) =>
    [...line].flatMap((character) => {
      if (seen.has(character)) return [];
      seen.add(character);
      if (iconv.decode(iconv.encode(character, 'cp932'), 'cp932') === character) return [];
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
      return [{ place: `line ${index + 1}`, message: `CP932 has no ${character} (U+${code})` }];
    }),
  );
};

/** Bytes of a CSV text made by `csvOf`. */
export const encodeCsv = (csv: string, encoding: CsvEncoding): Result<Uint8Array> => {
  if (encoding === 'utf-8') return ok(Buffer.from(csv));
  const text = csv.replace(/^\uFEFF/, '');
  const faults = lackingInCp932(text);
  return faults.length === 0 ? ok(iconv.encode(text, 'cp932')) : { ok: false, faults };
};
