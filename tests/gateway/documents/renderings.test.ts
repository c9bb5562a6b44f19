/** One document, its renderings: the same figures in each, and nothing from outside that acts. */
import iconv from 'iconv-lite';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { DocumentModel } from '../../../gateway/documents/document.ts';
import { renderCsv } from '../../../gateway/documents/render-csv.ts';
import { renderHtml } from '../../../gateway/documents/render-html.ts';
import { renderXlsx } from '../../../gateway/documents/render-xlsx.ts';
import { workDate } from '../../../shared/time.ts';

const model: DocumentModel = {
  name: 'trial',
  language: 'ja',
  orientation: 'portrait',
  title: '試し/書き',
  subtitle: '2026年11月分',
  madeOn: workDate('2026-12-05'),
  addressee: '試験建設 御中',
  issuer: ['試験鉄筋'],
  sections: [
    {
      kind: 'facts',
      facts: [
        { label: '掛金', kind: 'yen', value: 1_234_567 },
        { label: '報告期限', kind: 'date', value: '2027-01-31' },
      ],
    },
    {
      kind: 'table',
      title: '内訳',
      columns: [
        { key: 'id', title: '被共済者番号', kind: 'id' },
        { key: 'name', title: '氏名', kind: 'text' },
        { key: 'date', title: '就労日', kind: 'date' },
        { key: 'minutes', title: '時間', kind: 'minutes' },
        { key: 'yen', title: '掛金（円）', kind: 'yen' },
      ],
      rows: [
        { id: '012345678', name: '=1+1', date: '2026-11-24', minutes: 545, yen: 320 },
        { name: '<b>山﨑</b> "光"', yen: 1_234_247 },
      ],
      totals: { yen: 1_234_567 },
      empty: 'ありません',
    },
    {
      kind: 'table',
      columns: [{ key: 'x', title: '空', kind: 'text' }],
      rows: [],
      empty: '該当なし',
    },
    { kind: 'prose', title: '本文', paragraphs: ['次のとおりです。'] },
  ],
  notes: ['注です'],
  sources: ['掛金日額 320円'],
};

describe('the page', () => {
  const page = renderHtml(model, '.document { color: black; }');

  test('writes values for people', () => {
    for (const text of [
      '1,234,567円',
      '2027-01-31',
      '9:05',
      '1,234,247',
      '該当なし',
      '次のとおりです。',
    ])
      expect(page).toContain(text);
  });
  test('says that it is no official form', () => {
    expect(page).toContain('公的機関の定める様式ではありません');
  });
  test('lets nothing from outside become markup', () => {
    expect(page).toContain('&lt;b&gt;山﨑&lt;/b&gt; &quot;光&quot;');
    expect(page).not.toContain('<b>');
    expect(page).not.toContain('<script');
  });
});

describe('CSV', () => {
  const csv = (encoding: 'utf-8' | 'cp932') => {
    const made = renderCsv(model, encoding);
    if (!made.ok) throw new Error(JSON.stringify(made.faults));
    return Buffer.from(made.value);
  };

  test('begins with a byte order mark, ends its lines as Excel does, and stands as printed', () => {
    const text = csv('utf-8').toString('utf8');
    expect(text.startsWith('\uFEFF"試し/書き","2026年11月分"\r\n')).toBe(true);
    expect(text).toContain('"内訳"\r\n"被共済者番号","氏名","就労日","時間","掛金（円）"\r\n');
    expect(text).toContain('"012345678","\'=1+1","2026-11-24","545","320"\r\n');
    expect(text).toContain('"合計","","","","1234567"\r\n');
  });

  test('in CP932 has the same text, without the mark', () => {
    expect(`\uFEFF${iconv.decode(csv('cp932'), 'cp932')}`).toBe(csv('utf-8').toString('utf8'));
  });

  test('names every character that CP932 lacks, with its line, and writes nothing', () => {
    const made = renderCsv({ ...model, notes: ['𠮷野', 'Nguyễn 𠮷'] }, 'cp932');
    expect(made).toEqual({
      ok: false,
      faults: [
        { place: 'line 21', message: 'CP932 has no 𠮷 (U+20BB7)' },
        { place: 'line 22', message: 'CP932 has no ễ (U+1EC5)' },
      ],
    });
  });
});

describe('the workbook', () => {
  test('opens, with numbers as numbers, dates as dates and numbers that are names as text', async () => {
    const rows = await readSheet(Buffer.from(await renderXlsx(model)));
    // A length of time is shown as hours and minutes; the reader takes it for a moment of day 0.
    const nineOFive = new Date(Date.UTC(1899, 11, 30, 9, 5));
    const find = (first: string) => rows.filter(([cell]) => cell === first);
    expect(find('掛金')).toEqual([['掛金', 1_234_567, null, null, null]]);
    expect(find('報告期限')).toEqual([['報告期限', new Date('2027-01-31'), null, null, null]]);
    expect(find('012345678')).toEqual([
      ['012345678', '=1+1', new Date('2026-11-24'), nineOFive, 320],
    ]);
    expect(find('合計')).toEqual([['合計', null, null, null, 1_234_567]]);
  });
});
