/** What a spreadsheet would compute stays a text, in every CSV that leaves the house. */
import { expect, test } from 'vitest';
import { guarded, unguarded } from '../../gateway/csv/spreadsheet-guard.ts';
import { csvLines } from '../../shared/csv.ts';

test.each([
  ['=1+1', 'a formula'],
  ['+1+1', 'a formula of old programs'],
  ['-1+1', 'the same'],
  ['@SUM(1)', 'a function'],
  ["＝cmd|' /C calc'!A0", 'Excel in Japan computes the wide sign, too (OWASP/www-community #1088)'],
  ['＋1', 'wide'],
  ['－1', 'wide'],
  ['＠SUM(1)', 'wide'],
  ['ー1', 'looks like the wide minus, and is typed for it'],
  [' =1+1', 'a space before it is passed over'],
  ['\u3000＝1+1', 'also the wide space'],
  ['\u00a0=1+1', 'also the one that does not break'],
  ['\t=1+1', 'a tab'],
  ['\r=1+1', 'an end of line'],
  ['\n=1+1', 'another one'],
])('%j is kept as it is: %s', (text) => {
  expect(csvLines([[text]]).startsWith(`"'`)).toBe(true);
  expect(guarded(text).startsWith("'")).toBe(true);
  expect(unguarded(guarded(text))).toBe(text);
});

test.each(['山田　太郎', 'ヤマダ', '10-01 型枠', '株式会社=A', 'a@example.jp', '（株）ー'])(
  '%j is written as it is',
  (text) => {
    expect(csvLines([[text]])).toBe(`"${text}"\r\n`);
  },
);

test('a number is one', () => {
  expect(csvLines([[-320]])).toBe('"-320"\r\n');
});
