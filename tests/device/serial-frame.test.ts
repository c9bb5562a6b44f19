/** The line protocol of serial readers and cameras. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crc16,
  cutLines,
  type DeviceMessage,
  decodeFrame,
  EMPTY_LINE,
  encodeAck,
  encodeMessage,
  encodeNak,
  FRAME_BYTES_MAX,
  type LineBuffer,
} from '../../device/serial-frame.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';

const framed = (body: string): string =>
  `$${body}*${crc16(body).toString(16).toUpperCase().padStart(4, '0')}`;

const seq = fc.integer({ min: 0, max: 999_999 });
const message: fc.Arbitrary<DeviceMessage> = fc.oneof(
  fc.record({
    word: fc.constant('CARD' as const),
    seq,
    cardId: fc
      .uint8Array({ minLength: 4, maxLength: 10 })
      .map((bytes) => CardId.parse(Buffer.from(bytes).toString('hex').toUpperCase())),
  }),
  fc.record({
    word: fc.constant('FACE' as const),
    seq,
    workerId: fc
      .integer({ min: 0, max: 99_999_999_999_999 })
      .map((number) => WorkerId.parse(String(number).padStart(14, '0'))),
    score: fc.integer({ min: 0, max: 100 }),
  }),
);
const lineOf = (each: DeviceMessage): string => encodeMessage(each).replace('\r\n', '');

describe('frames', () => {
  test('the checksum is CRC-16/XMODEM: its published check value', () => {
    expect(crc16('123456789')).toBe(0x31c3);
  });

  test('what is encoded is decoded', () => {
    fc.assert(
      fc.property(message, (each) => {
        expect(decodeFrame(lineOf(each))).toEqual({ kind: 'message', message: each });
      }),
    );
  });

  test('one damaged byte is never taken for a message', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, flip) => {
        const bytes = Buffer.from(lineOf(each), 'latin1');
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(decodeFrame(bytes.toString('latin1')).kind).not.toBe('message');
      }),
      { numRuns: 2_000 },
    );
  });

  test('two bytes that changed places are never taken for a message', () => {
    fc.assert(
      fc.property(message, fc.nat(), (each, place) => {
        const text = lineOf(each);
        const at = 1 + (place % (text.length - 7));
        const [a = '', b = ''] = [text[at], text[at + 1]];
        fc.pre(a !== b);
        const swapped = `${text.slice(0, at)}${b}${a}${text.slice(at + 2)}`;
        expect(decodeFrame(swapped).kind).not.toBe('message');
      }),
    );
  });

  test('no bytes at all throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(['message', 'wrong', 'damaged']).toContain(decodeFrame(text).kind);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['nothing', '', 'damaged', 'not $…*CCCC'],
    ['no start', 'CARD,1,01234567*0000', 'damaged', 'not $…*CCCC'],
    ['no checksum', '$CARD,1,01234567', 'damaged', 'not $…*CCCC'],
    ['a small-letter checksum', framed('CARD,1,01234567').toLowerCase(), 'damaged', 'not $…*CCCC'],
    ['a checksum of something else', '$CARD,1,01234567*0000', 'damaged', 'wrong checksum'],
    ['no number', framed('CARD'), 'damaged', 'no sequence number'],
    ['a number too long', framed('CARD,1000000,01234567'), 'damaged', 'no sequence number'],
    ['a word that we do not know', framed('HELO,1'), 'wrong', 'unknown word'],
    ['a serial of three bytes', framed('CARD,1,012345'), 'wrong', 'CARD needs'],
    ['a serial in small letters', framed('CARD,1,0123abcd'), 'wrong', 'CARD needs'],
    ['one field too many', framed('CARD,1,01234567,1'), 'wrong', 'CARD needs'],
    ['a score over 100', framed('FACE,1,10000000000001,101'), 'wrong', 'FACE needs'],
    ['a score with a leading zero', framed('FACE,1,10000000000001,09'), 'wrong', 'FACE needs'],
    ['a line too long', `$${'A'.repeat(FRAME_BYTES_MAX)}*0000`, 'damaged', 'longer than'],
  ])('%s', (_what, line, kind, reason) => {
    const decoded = decodeFrame(line);
    expect(decoded.kind).toBe(kind);
    expect(decoded.kind === 'message' ? '' : decoded.reason).toContain(reason);
  });

  test('an answer cannot carry a frame inside', () => {
    expect(encodeNak(3, 'evil*FFFF\r\n$ACK,9')).not.toMatch(/\*.*\*|\n./);
    expect(encodeAck(7)).toBe(`${framed('ACK,7')}\r\n`);
  });
});

describe('lines out of chunks', () => {
  const cut = (chunks: readonly string[]): readonly string[] => {
    let buffer: LineBuffer = EMPTY_LINE;
    return chunks.flatMap((chunk) => {
      const next = cutLines(buffer, chunk);
      buffer = next.buffer;
      return next.lines;
    });
  };

  test('are the same however the bytes come', () => {
    const text = fc.array(fc.stringMatching(/^[A-Z]{0,40}$/), { maxLength: 6 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 10 }), (lines, cuts) => {
        const all = lines.map((line) => `${line}\r\n`).join('');
        const places = [0, ...cuts.map((at) => Math.min(at, all.length)), all.length].sort(
          (a, b) => a - b,
        );
        const chunks = places.slice(1).map((end, index) => all.slice(places[index], end));
        expect(cut(chunks)).toEqual(lines);
      }),
    );
  });

  test('a line without an end is thrown away, kept nowhere, and the next one is whole', () => {
    const noise = 'x'.repeat(10_000);
    expect(cut([noise, noise, `${noise}\r\nGOOD\r\n`])).toEqual(['', 'GOOD']);
    // It is said at once: nobody knows whether it ever ends.
    const begun = cutLines(EMPTY_LINE, noise);
    expect(begun).toEqual({ buffer: { rest: '', isSkipping: true }, lines: [''] });
    expect(cutLines(begun.buffer, noise)).toEqual({ ...begun, lines: [] });
    expect(cut([`${noise}\nGOOD\n`])).toEqual(['', 'GOOD']);
  });
});
