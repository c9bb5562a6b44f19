/** Documents as they come out of a printer: Chromium prints, poppler reads the sheets back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentModel } from '../../gateway/documents/document.ts';
import { FRAME_WORDS } from '../../gateway/documents/frame-words.ts';
import { documentLines } from '../../gateway/documents/render-csv.ts';
import { renderHtml } from '../../gateway/documents/render-html.ts';
import { Language } from '../../shared/language.ts';
import { workDate } from '../../shared/time.ts';
import { watchedBrowser } from '../fixtures/browser.ts';
import { DOCUMENT_CASES, inputOf } from '../fixtures/document-cases.ts';
import { documentOf } from '../fixtures/documents.ts';

const STYLE = readFileSync(
  new URL('../../gateway/documents/document.css', import.meta.url),
  'utf8',
);

const browser = watchedBrowser();
let page: Page;
let folder: string;

beforeEach(async () => {
  page = await browser.open();
  folder = mkdtempSync(join(tmpdir(), 'genba-print-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The text of each sheet, laid out as printed. */
const sheets = async (model: DocumentModel): Promise<readonly string[]> => {
  const file = join(folder, 'print.pdf');
  await page.setContent(renderHtml(model, STYLE));
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return text.split('\f').filter((sheet) => sheet.trim() !== '');
};

const longList = (rows: number): DocumentModel => ({
  name: 'long',
  language: 'ja',
  orientation: 'portrait',
  title: '長い名簿',
  madeOn: workDate('2026-12-05'),
  issuer: ['試験建設'],
  sections: [
    {
      kind: 'table',
      columns: [
        { key: 'name', title: '氏名', kind: 'text' },
        { key: 'yen', title: '掛金（円）', kind: 'yen' },
      ],
      rows: Array.from({ length: rows }, (_, at) => ({ name: `技能者${at + 1}番`, yen: 320 })),
      totals: { yen: rows * 320 },
      empty: '',
    },
  ],
  notes: [],
  sources: [],
});

describe('a list that is longer than a sheet', () => {
  test('has its heads and its title on every sheet, and the sheets are numbered', async () => {
    const printed = await sheets(longList(120));
    expect(printed.length).toBeGreaterThan(2);
    for (const [at, sheet] of printed.entries()) {
      expect(sheet).toContain('掛金（円）');
      expect(sheet).toContain('長い名簿');
      expect(sheet).toMatch(new RegExp(`\\b${at + 1} ?/ ?${printed.length}\\b`));
    }
    expect(printed.join('').match(/技能者\d+番/g)).toHaveLength(120);
  });

  test('never leaves the sum alone on a sheet, wherever the sheet ends', async () => {
    const counts: number[] = [];
    for (let rows = 35; rows <= 39; rows += 1) {
      const printed = await sheets(longList(rows));
      counts.push(printed.length);
      const last = printed.find((sheet) => sheet.includes('合計')) ?? '';
      expect(last, `${rows} rows`).toMatch(/技能者\d+番/);
    }
    // Without both, no sheet ended anywhere near the sum.
    expect([...new Set(counts)]).toEqual([1, 2]);
  });
});

/** Characters that no font here has are not in the print's text: the reader sees a box. */
const missingIn = (printed: readonly string[], wanted: string): readonly string[] => {
  const drawn = new Set(printed.join('').normalize('NFC'));
  return [...new Set(wanted.normalize('NFC'))].filter(
    (character) => character.trim() !== '' && !drawn.has(character),
  );
};

describe('a worker’s statement', () => {
  test.each(Language.options)(
    'in %s prints on one sheet, and no letter of it is a box',
    async (language) => {
      const model = documentOf('worker-statement', {
        workerId: '10260000000006',
        from: '2026-11',
        to: '2026-11',
        language,
      });
      const printed = await sheets(model);
      expect(printed).toHaveLength(1);
      // The table's heads stand there twice or wrapped; titles, notes and names are enough to tell.
      const wanted = documentLines(model)
        .flat()
        .filter((cell) => typeof cell === 'string');
      expect(missingIn(printed, wanted.join(''))).toEqual([]);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('article').getAttribute('lang')).toBe(language);
      await page.emulateMedia({ media: null });
    },
  );

  test('with a letter that no font has is found out', async () => {
    const model = { ...longList(1), title: 'box \u{1F0AB}\u{F0000}' };
    expect(missingIn(await sheets(model), model.title)).toContain('\u{F0000}');
  });
});

describe('documents of the catalogue', () => {
  test.each(DOCUMENT_CASES)(
    '$name prints on the sheets it needs, and nothing is cut off',
    async (each) => {
      const model = documentOf(each.name, each.query, inputOf(each));
      const printed = await sheets(model);
      expect(printed).toHaveLength(each.sheets);
      expect(printed.join()).toContain(each.text);
      expect(printed.join().replaceAll(/\s/g, '')).toContain(
        FRAME_WORDS[model.language].ownLayout.replaceAll(/\s/g, ''),
      );

      // The text that A4 leaves between the margins, at 96 dots an inch.
      const width = Math.floor(((model.orientation === 'landscape' ? 273 : 186) / 25.4) * 96);
      await page.setViewportSize({ width, height: 1_000 });
      await page.emulateMedia({ media: 'print' });
      const overflowing = await page.$$eval('table, dl, td, th, dd, .blanks', (elements) =>
        elements
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent),
      );
      await page.emulateMedia({ media: null });
      expect(overflowing).toEqual([]);
    },
  );
});
