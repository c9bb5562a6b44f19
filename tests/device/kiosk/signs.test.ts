/** Every sign that a terminal's screens show is in the fonts that its package installs: none is an empty box. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LANGUAGE_NAMES } from '../../../shared/language.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The 94 by 94 signs of a national standard. */
const signsOf = (encoding: 'euc-jp' | 'gb2312'): readonly string[] => {
  const decoder = new TextDecoder(encoding);
  return Array.from({ length: 94 * 94 }, (_, index) =>
    decoder.decode(Uint8Array.of(0xa1 + Math.floor(index / 94), 0xa1 + (index % 94))),
  );
};
const range = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));

/** By the fonts of the package's Recommends. */
const SIGNS_OF = {
  'fonts-noto-cjk': [
    ...range(0x20, 0x7e),
    ...range(0xa0, 0xff),
    // Vietnamese.
    ...'ĂăĐđĨĩŨũƠơƯư',
    ...range(0x1ea0, 0x1ef9),
    ...'–“”〜',
    ...signsOf('euc-jp'),
    ...signsOf('gb2312'),
    // In no such standard; it is in the font's own table.
    '⚠',
  ],
  'fonts-sil-padauk': range(0x1000, 0x109f),
  'fonts-lohit-deva': range(0x0900, 0x097f),
};
const signs = new Set(Object.values(SIGNS_OF).flat());
const missing = (text: string): readonly string[] =>
  [...new Set(text)].filter((sign) => sign !== '\n' && !signs.has(sign));

const files = globSync(
  ['device/{kiosk,manager,sign}/**/*.{ts,js,html}', 'shared/{verdict,language}.ts'],
  { cwd: ROOT },
);

test('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(15);
  expect(missing(Object.values(LANGUAGE_NAMES).join(''))).toEqual([]);
  expect(missing('⌫✕')).toEqual(['⌫', '✕']);
});

test.each(files)('%s', (file) => {
  expect(missing(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
});

test('the package brings these fonts', () => {
  const tree = readFileSync(join(ROOT, 'provisioning/packaging/debian-tree.ts'), 'utf8');
  for (const font of Object.keys(SIGNS_OF)) expect(tree).toContain(`'${font}'`);
});
