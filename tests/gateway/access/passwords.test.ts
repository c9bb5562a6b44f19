/** Passwords: which are refused and why, and that what is kept opens to nothing else. */
import { expect, test } from 'vitest';
import { hashPassword, isPassword, passwordFault } from '../../../gateway/access/passwords.ts';

test.each([
  ['short', 'Gx7!q', /12 characters/, 'five characters are guessed in seconds'],
  ['eleven characters', 'abcdeXghijk', /12 characters/, 'one too few'],
  [
    'eleven characters with a wide one',
    'あいうえおかきくけこさ',
    /12 characters/,
    'counted, not bytes',
  ],
  ['far too long', 'x1'.repeat(200), /256 characters/, 'nobody types it'],
  ['the most used word', 'password1234', /everybody/, 'figures at the end make it no better'],
  ['with a nought', 'Passw0rd2026!', /everybody/, 'nor do capitals and marks'],
  ['in full width', 'ｐａｓｓｗｏｒｄ１２３４', /everybody/, 'the same on another keyboard'],
  ['figures in a row', '012345678901', /everybody/, 'a row of keys'],
  ['letters in a row', 'qwertyuiopas', /everybody/, 'a row of keys'],
  ['letters in a row backwards', 'zyxwvutsrqponm', /everybody/, 'a row of keys'],
  ['one character', 'aaaaaaaaaaaaaa', /everybody/, 'repeated'],
  ['a short pattern', 'abc1abc1abc1', /everybody/, 'repeated'],
  ['the product', 'genba-tap2026', /everybody/, 'what stands on the screen'],
  ['the account in it', 'minato-kanri-2026', /name of the account/, 'known to who tries'],
])('%s is refused: %s', (_what, password, fault) => {
  expect(passwordFault(password, 'kanri')).toMatch(fault);
});

test.each([
  ['a sentence', '橋脚の 鉄筋は 今日 到着'],
  ['four words', 'correct horse battery staple'],
  ['no figures, no capitals, no marks', 'umibenomachinokaze'],
  ['figures alone that nobody knows', '918273640517'],
  ['exactly twelve', 'k3-vXw9pQz_r'],
])('%s is taken', (_what, password) => {
  expect(passwordFault(password, 'kanri')).toBeUndefined();
});

test('what is kept is argon2id, salted, and opens to that password alone', async () => {
  const [first, second] = [
    await hashPassword('鉄筋 と 型枠 と 橋'),
    await hashPassword('鉄筋 と 型枠 と 橋'),
  ];
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await isPassword('鉄筋 と 型枠 と 橋', first)).toBe(true);
  // Typed on another keyboard: the same characters, composed otherwise.
  expect(await isPassword('鉄筋 と 型枠 と 橋'.normalize('NFD'), first)).toBe(true);
  expect(await isPassword('鉄筋 と 型枠 と 橋 ', first)).toBe(false);
  expect(await isPassword('', first)).toBe(false);
  expect(await isPassword('', undefined)).toBe(false);
  await expect(isPassword('x', 'plain text')).rejects.toThrow(/does not read/);
});
