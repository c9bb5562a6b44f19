/** An export and every way in which its bytes may not be as they were: what is found, and on which line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExportLine } from '../../../gateway/export/export-lines.ts';
import {
  encoded,
  found,
  lineOf as lineIn,
  sampleLines,
  verified,
  withReasons,
} from '../../fixtures/exports.ts';
import { gatewaySigner } from '../../fixtures/identities.ts';

const lines = sampleLines();
const sound = encoded(lines);
const texts = sound.toString().split('\n').slice(0, -1);

const lineOf = (kind: ExportLine['kind'], nth?: number): number => lineIn(lines, kind, nth);
const offsetOf = (line: number): number =>
  Buffer.byteLength(
    texts
      .slice(0, line - 1)
      .map((text) => `${text}\n`)
      .join(''),
  );
const bytesOf = (of: readonly string[]): Buffer =>
  Buffer.from(of.map((text) => `${text}\n`).join(''));
describe('an export', () => {
  test('is whole, and says what it consists of', () => {
    expect(texts.map((text) => /^\{"kind":"([a-z-]+)"/.exec(text)?.[1])).toEqual([
      ...['genba-export', 'terminal', 'terminal'],
      ...['registry', 'registry', 'registry', 'registry'],
      ...['correction', 'correction', 'run'],
      ...['journal', 'entry', 'entry', 'entry', 'seal', 'entry', 'entry', 'seal'],
      ...['entry', 'entry', 'seal', 'entry', 'seal'],
      ...['journal', 'entry', 'seal', 'rescue', 'entry', 'entry', 'seal'],
      ...['issued', 'issued', 'end'],
    ]);
    expect(verified(sound, gatewaySigner.publicKey)).toMatchObject({
      ok: true,
      summary: {
        lines: 33,
        issued: 2,
        registries: 4,
        corrections: 2,
        runs: 1,
        journals: 2,
        entries: 11,
        seals: 6,
        unsigned: 1,
      },
    });
  });

  test('is whole also where it holds what newer rules refuse: an altered byte is what is looked for', () => {
    const older = encoded(withReasons(lines, '打ち\u200B忘れ'));
    expect(verified(older)).toMatchObject({ ok: true, summary: { corrections: 2 } });
  });

  test.each([
    ['the header', 'genba-export', '"madeAtMs":1', '"madeAtMs":2', 1],
    ['a terminal’s site', 'terminal', '"siteId":"3', '"siteId":"4', 1],
    ['a terminal’s key', 'terminal', '"publicKey":"', '"publicKey" :"', 2],
    ['when a registry was imported', 'registry', '"importedAtMs":1', '"importedAtMs":2', 2],
    ['a name in a registry', 'registry', '山', '川', 1],
    ['whose day a correction is about', 'correction', '"workerId":"1', '"workerId":"2', 2],
    ['what a run paid', 'run', '"days":1', '"days":2', 1],
    ['the name of a journal', 'journal', 'gate-1', 'gate-2', 1],
    ['when an entry was received', 'entry', '"receivedAtMs":1', '"receivedAtMs":2', 3],
    ['the text of an entry', 'entry', '東', '西', 5],
    ['the hash of an entry', 'entry', '"hash":"', '"hash":"0', 7],
    ['a signature', 'seal', '"signature":"', '"signature":"A', 2],
    ['a rescue', 'rescue', '"count":1', '"count":2', 1],
    ['what was issued', 'issued', 'minutes', 'minuten', 1],
    ['whose statement it is', 'issued', '3000', '3001', 2],
    ['the end', 'end', '"lines":32', '"lines":33', 1],
    ['the signature of the end', 'end', '"signature":"', '"signature":"A', 1],
    ['a sum', 'entry', '"sum":"', '"sum":"0', 4],
  ] as const)('%s altered: found on its line', (_what, kind, before, after, nth) => {
    const line = lineOf(kind, nth);
    const text = texts[line - 1] ?? '';
    expect(text).toContain(before);
    const verdict = verified(bytesOf(texts.with(line - 1, text.replace(before, after))));
    expect(verdict).toMatchObject({
      ok: false,
      fault: { line, byteOffset: offsetOf(line) },
    });
  });

  test('any single changed byte is found, on the line that it is on', () => {
    fc.assert(
      fc.property(
        fc.nat(sound.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (place, difference) => {
          const altered = Buffer.from(sound);
          altered[place] = (altered[place] ?? 0) ^ difference;
          const line = sound.subarray(0, place).toString().split('\n').length;
          const verdict = verified(altered);
          const isLast = place === sound.length - 1;
          expect(verdict).toMatchObject({ ok: false, fault: { line } });
          if (isLast) expect(verdict).toMatchObject({ fault: { kind: 'truncated' } });
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('cut off anywhere, it is truncated', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        const cut = sound.subarray(0, length);
        expect(found(cut)).toEqual(['truncated', cut.toString().split('\n').length]);
      }),
    );
  });

  const entry = lineOf('entry', 3);
  const swapped = (line: number): readonly string[] =>
    texts.with(line - 1, texts[line] ?? '').with(line, texts[line - 1] ?? '');
  test.each<[string, readonly string[], string, number]>([
    ['an entry is gone', texts.toSpliced(entry - 1, 1), 'altered', entry],
    ['a seal is gone', texts.toSpliced(lineOf('seal', 2) - 1, 1), 'altered', lineOf('seal', 2)],
    ['a registry is gone', texts.toSpliced(lineOf('registry', 2) - 1, 1), 'altered', 5],
    [
      'an entry is there twice',
      texts.toSpliced(entry, 0, texts[entry - 1] ?? ''),
      'altered',
      entry + 1,
    ],
    ['two entries changed places', swapped(entry - 1), 'altered', entry - 1],
    ['two terminals changed places', swapped(2), 'altered', 2],
    ['the last batch is gone', texts.toSpliced(-3, 2), 'altered', texts.length - 2],
    ['the first line is gone', texts.slice(1), 'altered', 1],
    ['a line from elsewhere', texts.toSpliced(3, 0, '{"kind":"entry"}'), 'unreadable', 4],
    ['an empty line', texts.toSpliced(3, 0, ''), 'unreadable', 4],
    ['more after the end', [...texts, texts[0] ?? ''], 'after-end', texts.length + 1],
  ])('%s', (_what, altered, kind, line) => {
    expect(found(bytesOf(altered))).toEqual([kind, line]);
  });

  test('bytes after the end, and none at all', () => {
    expect(found(Buffer.concat([sound, Buffer.from('x')]))).toEqual([
      'after-end',
      texts.length + 1,
    ]);
    expect(found(Buffer.alloc(0))).toEqual(['truncated', 1]);
  });
});
