/** 掛金充当書 for the worker: figures by hand, in eight languages, with furigana where it is Japanese. */
import { describe, expect, test } from 'vitest';
import { documentLines, renderCsv } from '../../../gateway/documents/render-csv.ts';
import { renderHtml } from '../../../gateway/documents/render-html.ts';
import { STATEMENT_WORDS } from '../../../gateway/documents/statement-translations.ts';
import { Language } from '../../../shared/language.ts';
import { documentOf, factsOf, linesOf, orderDocument, tableOf } from '../../fixtures/documents.ts';
import { workedMonth } from '../../fixtures/worked-month.ts';

/** 佐藤 健太: 24 days, one of them of 16 hours whose second day waits for approval. */
const SATO = '10260000000006';
const NGUYEN = '10260000000009';
const asked = { workerId: SATO, from: '2026-11', to: '2026-11' };
const { registry } = workedMonth();
const tables = {
  booklets: [{ workerId: SATO, number: 2, issuedOn: '2026-04-01', daysBefore: 100 }],
  careerDays: [
    {
      workerId: SATO,
      trade: '10-01',
      asOf: '2026-10-31',
      days: 1_200,
      foremanDays: 0,
      crewLeaderDays: 0,
      source: 'CCUS',
    },
  ],
  levelCriteria: [{ trade: '10-01', level: 4, days: 2_150, source: '能力評価基準' }],
};
const english = documentOf('worker-statement', { ...asked, language: 'en' }, workedMonth(tables));

describe('what a worker reads', () => {
  test('of several months is a file in CP932 too', () => {
    const model = documentOf('worker-statement', { ...asked, from: '2026-01' });
    expect(model.subtitle).toContain('2026-01');
    expect(renderCsv(model, 'cp932').ok).toBe(true);
  });

  test('days and yen by month, with whose they are and what is still open', () => {
    expect(linesOf(tableOf(english))).toEqual([
      [
        '2026-11',
        '北浜鉄筋工業株式会社',
        '県道みなと橋 橋脚補強工事',
        'Points',
        24,
        24,
        7_680,
        'Days waiting for approval: 1',
      ],
    ]);
    expect(tableOf(english).totals).toMatchObject({ days: 24, yen: 7_680 });
  });

  test('how full the book is, and how far the next level', () => {
    expect(factsOf(english)).toMatchObject({
      'Book number': 2,
      'Days in the book (full at 250)': 124,
      'Days until it is full': 126,
      'Your level': 3,
      'Days counted': 1_224,
      'Days to the next level': 926,
    });
  });

  test('nothing of anybody else', () => {
    const text = JSON.stringify(english);
    for (const { workerId, name } of registry.workers)
      if (workerId !== SATO) {
        expect(text).not.toContain(workerId);
        expect(text).not.toContain(name);
      }
  });

  test('totals of all time beside the months asked for', () => {
    const model = documentOf('worker-statement', {
      ...asked,
      from: '2026-10',
      to: '2026-10',
      language: 'en',
    });
    expect(tableOf(model)).toMatchObject({ rows: [], empty: 'No days worked in this time' });
    expect(factsOf(model)).toMatchObject({ 'Days paid in': 24, 'Paid in': 7_680 });
  });

  test('why a day is not paid', () => {
    const officer = documentOf('worker-statement', {
      ...asked,
      workerId: '10260000000012',
      language: 'en',
    });
    expect(linesOf(tableOf(officer))[0]?.slice(4)).toEqual([
      24,
      0,
      0,
      'Officers of a company are not covered',
    ]);
  });
});

describe('the language', () => {
  test.each<[string, string | undefined, string, string]>([
    [SATO, undefined, 'ja', 'nobody said, so Japanese'],
    [NGUYEN, undefined, 'vi', 'as the registry says'],
    [NGUYEN, 'ne', 'ne', 'as asked for'],
  ])('of %s asked in %s is %s (%s)', (workerId, language, used) => {
    const model = documentOf('worker-statement', {
      ...asked,
      workerId,
      ...(language === undefined ? {} : { language }),
    });
    expect(model.language).toBe(used);
    expect(model.title).toBe(STATEMENT_WORDS[Language.parse(used)].title);
  });

  const textsOf = (words: object): readonly string[] =>
    Object.values(words).flatMap((value) =>
      typeof value === 'string' ? [value] : textsOf(Object(value)),
    );
  test.each(Language.options)(
    '%s has every word, and none of them twice by mistake',
    (language) => {
      const texts = textsOf(STATEMENT_WORDS[language]);
      expect(texts.filter((text) => text.trim() === '')).toEqual([]);
      if (language !== 'ja') expect(texts.join()).not.toMatch(/[{}|]/);
      if (language !== 'en')
        for (const text of textsOf(STATEMENT_WORDS.en))
          if (text.length > 12) expect(texts).not.toContain(text);
    },
  );
});

describe('furigana', () => {
  const model = documentOf('worker-statement', { ...asked, language: 'ja' });

  test('stands above every kanji of our own words', () => {
    const page = renderHtml(model, '');
    expect(page).toContain('<ruby>掛金<rp>（</rp><rt>かけきん</rt><rp>）</rp></ruby>');
    expect(page).toContain('<ruby>承認待<rp>（</rp><rt>しょうにんま</rt>');
    expect(page).toContain('<title>掛金充当書（本人用）</title>');
    const bare = Object.values(STATEMENT_WORDS.ja)
      .filter((text) => typeof text === 'string')
      .map((text) => text.replaceAll(/\{[^}]*\}/g, ''));
    expect(bare.filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });

  test('is left out where it cannot be drawn', () => {
    const text = documentLines(model).flat().join('\n');
    expect(text).toContain('掛金充当書（本人用）');
    expect(text).toContain('働いた日ごとに、会社がお金（掛金）を納めます');
    expect(text).not.toMatch(/[{}|]/);
  });

  test('is never read out of a name from outside', () => {
    const name = '{偽|にせ}<b>';
    const input = workedMonth({
      workers: registry.workers.map((row) => (row.workerId === SATO ? { ...row, name } : row)),
    });
    const evil = documentOf('worker-statement', { ...asked, language: 'ja' }, input);
    expect(renderHtml(evil, '')).toContain('{偽|にせ}&lt;b&gt;');
    expect(documentLines(evil).flat()).toContain(name);
  });
});

test.each<[Record<string, string>, readonly string[], string]>([
  [{}, ['/workerId', '/from', '/to'], 'everything missing'],
  [{ ...asked, workerId: '19999999999999' }, ['/workerId'], 'not in the registry'],
  [{ ...asked, from: '2026-12' }, ['/from'], 'the wrong way round'],
  [{ ...asked, from: '2016-11' }, ['/to'], 'more than ten years'],
  [{ ...asked, language: 'xx' }, ['/language'], 'no language of the gate'],
])('%o is refused at %o (%s)', (query, places) => {
  const made = orderDocument('worker-statement', query);
  expect(made.ok ? [] : made.faults.map(({ place }) => place)).toEqual(places);
});
