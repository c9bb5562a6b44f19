/** Texts that look like what they are: what is kept as it is, what is kept in one way of two, what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyText, madeVisible, plainText } from '../../shared/plain-text.ts';

const Name = plainText(200);
const Key = keyText(100);

describe('a name', () => {
  test.each([
    ['山田 太郎', 'everybody'],
    ['山田　太郎', 'a full-width blank between the names, as Japanese forms have it'],
    ['髙﨑 𠮷野', 'kanji beyond the usual ones'],
    ['福\u{FA1B}', 'a kanji that composing would replace by another'],
    ['葛\u{E0100}城', 'a variant of a kanji (異体字)'],
    ['Nguyễn Thị Hương', 'Vietnamese'],
    ['အောင်မြင့်', 'Burmese'],
    ['राम बहादुर श्रेष्\u200Dठ', 'Nepali with a joiner'],
    ['ﾔﾏﾀﾞ ﾀﾛｳ', 'half-width kana of an old system'],
    ['(株)港建設 ①工区\n2行目', 'signs, and a second line'],
    ['محمد علي', 'letters that are written from the right, without marks'],
  ])('%s stays as it is (%s)', (text) => {
    expect(Name.parse(text)).toBe(text);
  });

  test.each([
    ['か\u3099き', 'がき', 'kana and its mark, as a Mac writes them'],
    ['Nguye\u0302\u0303n', 'Nguyễn', 'letters and marks'],
    ['山田\u00A0太郎', '山田 太郎', 'a blank that does not break'],
    ['\u212B', 'Å', 'a sign that is a letter'],
  ])('%j is kept as %s (%s)', (text, kept) => {
    expect(Name.parse(text)).toBe(kept);
  });

  test.each([
    ['山田\u202E郎太', 'U+202E', 3, 'turns the line around'],
    ['\u2066山田\u2069', 'U+2066', 1, 'an isolate'],
    ['山\u200F田', 'U+200F', 2, 'a mark from right to left'],
    ['山田\u200B太郎', 'U+200B', 3, 'a blank without width'],
    ['\uFEFF山田', 'U+FEFF', 1, 'a byte order mark'],
    ['yama\u00ADda', 'U+00AD', 5, 'a hyphen that nobody sees'],
    ['山田\u200D太郎', 'U+200D', 3, 'a joiner where nothing joins'],
    ['a\uFE0F', 'U+FE0F', 2, 'a variant of what has none'],
    ['山\u3164田', 'U+3164', 2, 'a letter without ink'],
    ['山田\u0000', 'U+0000', 3, 'a zero byte'],
    ['山田\u0085', 'U+0085', 3, 'a control character of the second set'],
    ['山田\u2028', 'U+2028', 3, 'a line end that few programs know'],
    ['𠮷\u{E0041}', 'U+E0041', 2, 'a tag; counted in characters, not in halves'],
    ['山\uD800田', 'U+D800', 2, 'half a character'],
  ])('%j is refused: %s at %i (%s)', (text, code, at) => {
    const parsed = Name.safeParse(text);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      `has a character that nobody sees (${code}) at ${at}`,
    ]);
  });

  test('is the same whichever way it came, and again the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (text) => {
        const [first, decomposed] = [Name.safeParse(text), Name.safeParse(text.normalize('NFD'))];
        if (!first.success) return;
        expect(Name.parse(first.data)).toBe(first.data);
        // Decomposing takes kanji of their own for others: nobody gets those back.
        if (!/\p{Script=Han}/u.test(text) && decomposed.success)
          expect(decomposed.data).toBe(first.data);
      }),
    );
  });
});

describe('an id that somebody chose', () => {
  test.each(['C-2026/1', '港-1号', '工事ア', 'A B'])('%s is one', (text) => {
    expect(Key.parse(text)).toBe(text);
  });
  test.each([
    ['Ｃ－１', 'must be written "C-1"', 'full-width'],
    ['C１', 'must be written "C1"', 'a full-width digit'],
    ['ｺｳｼﾞ', 'must be written "コウジ"', 'half-width kana'],
    [' C-1', 'must be written "C-1"', 'a blank before it'],
    ['C-1\u00A0', 'must be written "C-1"', 'a blank that does not break'],
    ['\u0421-1', 'has a letter that looks like another one (U+0421)', 'a Cyrillic С'],
    ['C-\u0399', 'has a letter that looks like another one (U+0399)', 'a Greek Ι'],
    ['C\u0301', 'has a letter that looks like another one (U+0106)', 'a letter with a mark'],
    ['C-\u200B1', 'has a character that nobody sees (U+200B) at 3', 'a blank without width'],
  ])('%j is refused: %s (%s)', (text, message) => {
    expect(Key.safeParse(text).error?.issues[0]?.message).toContain(message);
  });
  test('and its NFD form is the same', () => {
    expect(Key.parse('工事カ\u3099')).toBe('工事ガ');
  });
});

test('what must be taken as it comes shows what was hidden in it', () => {
  expect(madeVisible('所長\u202E長所\u200B')).toBe('所長\uFFFD長所\uFFFD');
  expect(madeVisible('所長 葛\u{E0100}')).toBe('所長 葛\u{E0100}');
});
