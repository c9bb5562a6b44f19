/**
 * Bytes of a CSV file to text (文字コード): UTF-8 with or without a byte order mark, or CP932, which is what
 * Excel in Japan saves as plain CSV. A byte that is no character is a fault with its place; nothing is guessed.
 */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { faulty, ok, type Result } from '../../shared/result.ts';
import type { FaultList } from '../fault-list.ts';

export type Charset = 'utf-8' | 'cp932';

const CHARSETS: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  cp932: 'cp932',
  'windows-31j': 'cp932',
  ms932: 'cp932',
  shift_jis: 'cp932',
  'shift-jis': 'cp932',
  sjis: 'cp932',
};

/** The charset that a content type names; undefined where it names none. */
export const charsetNamed = (contentType: string): Result<Charset | undefined> => {
  const name = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (name === undefined) return ok(undefined);
  const charset = Object.hasOwn(CHARSETS, name) ? CHARSETS[name] : undefined;
  return charset === undefined
    ? faulty({ place: 'content-type', message: `charset ${name} is not UTF-8 or CP932` })
    : ok(charset);
};

const PIECE_BYTES = 65_536;

/** What decoders put in place of bytes that are no character, and what CP932 itself does not define. */
const BAD = { 'utf-8': /\uFFFD/g, cp932: /[\uFFFD\u0080-\u00A0\uE000-\uF8FF]/g } as const;
const NAMES = { 'utf-8': 'UTF-8', cp932: 'CP932' } as const;

const decoderOf = (charset: Charset): { write: (bytes: Buffer) => string; end: () => string } => {
  if (charset === 'cp932') {
    const decoder = iconv.getDecoder('cp932');
    return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
  }
  const decoder = new TextDecoder('utf-8');
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
};

/** A position in a text that comes in pieces; lines and characters count from 1. */
const createPosition = () => {
  let line = 1;
  let character = 0;
  const newline = /\n/g;
  return {
    /** `at`: index in the piece that is about to be passed. */
    of: (piece: string, at: number): string => {
      const before = piece.slice(0, at);
      const lastNewline = before.lastIndexOf('\n');
      const inLine =
        lastNewline < 0
          ? character + [...before].length
          : [...before.slice(lastNewline + 1)].length;
      const lines = line + (before.match(newline)?.length ?? 0);
      return `line ${lines}, character ${inLine + 1}`;
    },
    pass: (piece: string): void => {
      const lastNewline = piece.lastIndexOf('\n');
      if (lastNewline < 0) character += [...piece].length;
      else {
        line += piece.match(newline)?.length ?? 0;
        character = [...piece.slice(lastNewline + 1)].length;
      }
    },
  };
};

const startsWith = (bytes: Uint8Array, ...head: readonly number[]): boolean =>
  head.every((byte, at) => bytes[at] === byte);

/** ZIP (a workbook since 2007), gzip, and the older workbooks. */
const PACKED: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x1f, 0x8b],
  [0xd0, 0xcf, 0x11, 0xe0],
];

const LOOKED_AT_BYTES = 1_048_576;

/** Japanese in CP932 is nearly nowhere UTF-8: where more fits than not, it is UTF-8 with bytes that are broken. */
const isMostlyUtf8 = (bytes: Uint8Array): boolean => {
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT_BYTES));
  const beyondAscii = text.match(/[^\0-\x7F]/gu) ?? [];
  return beyondAscii.filter((character) => character === '\uFFFD').length * 2 < beyondAscii.length;
};

/**
 * The text in pieces, without its byte order mark. Without a charset it is UTF-8 where it fits, else
 * CP932. Faults go to the list; the pieces go on, so that the other faults are found as well.
 */
export function* decodedCsv(
  bytes: Uint8Array,
  charset: Charset | undefined,
  faults: FaultList,
): Generator<string> {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    faults.add('', 'is UTF-16; save it as "CSV UTF-8" or as CSV');
    return;
  }
  if (PACKED.some((head) => startsWith(bytes, ...head))) {
    faults.add('', 'is a workbook or another packed file; save it as "CSV UTF-8"');
    return;
  }
  const isSoundUtf8 = isUtf8(bytes);
  const chosen = charset ?? (isSoundUtf8 || isMostlyUtf8(bytes) ? 'utf-8' : 'cp932');
  const decoder = decoderOf(chosen);
  const position = createPosition();
  const checked = (piece: string): string => {
    // A text that is sound may well hold U+FFFD: then somebody else lost a character, long ago.
    if (!(chosen === 'utf-8' && isSoundUtf8)) {
      for (const { index } of piece.matchAll(BAD[chosen]))
        faults.add(
          faults.hasRoom() ? position.of(piece, index) : '',
          `is no character of ${NAMES[chosen]}`,
        );
    }
    position.pass(piece);
    return piece;
  };
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield checked(decoder.write(Buffer.from(bytes.subarray(at, at + PIECE_BYTES))));
  }
  yield checked(decoder.end());
}
