/** What must hold of every document of the catalogue: who may see it, and the same figures in every rendering. */
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { DOCUMENT_ITEMS } from '../../../gateway/access/report-items.ts';
import { DOCUMENTS } from '../../../gateway/documents/catalogue.ts';
import { documentLines, renderCsv } from '../../../gateway/documents/render-csv.ts';
import { renderHtml } from '../../../gateway/documents/render-html.ts';
import { renderXlsx } from '../../../gateway/documents/render-xlsx.ts';
import { demoRegistry } from '../../../provisioning/demo-site.ts';
import { workDate } from '../../../shared/time.ts';
import { DOCUMENT_CASES, inputOf } from '../../fixtures/document-cases.ts';
import { documentOf, orderDocument } from '../../fixtures/documents.ts';
import { workedMonth } from '../../fixtures/worked-month.ts';

test('every document has a case here, and says who may see it', () => {
  const names = DOCUMENTS.map(({ name }) => name);
  expect(DOCUMENT_CASES.map(({ name }) => name)).toEqual(names);
  expect(Object.keys(DOCUMENT_ITEMS).sort()).toEqual([...names].sort());
});

const bytes = (made: ReturnType<typeof renderCsv>): Buffer => {
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  return Buffer.from(made.value);
};

describe.each(DOCUMENT_CASES)('$name', (each) => {
  const model = documentOf(each.name, each.query, inputOf(each));

  test('says on every rendering that it is no official form', async () => {
    const said = documentLines(model).at(-1)?.[0];
    expect(said).toBeTypeOf('string');
    const page = renderHtml(model, '').replaceAll(/<rp>.*?<\/rp>|<rt>.*?<\/rt>|<\/?ruby>/g, '');
    expect(page).toContain(String(said));
    const sheet = await readSheet(Buffer.from(await renderXlsx(model)));
    expect(sheet.at(-1)?.[0]).toBe(said);
  });

  test('reads back from CSV as it stands, in UTF-8 with its mark and in CP932', () => {
    const lines = documentLines(model).map((line) => line.map(String));
    const utf8 = bytes(renderCsv(model, 'utf-8'));
    expect([...utf8.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const options = { relax_column_count: true, skip_empty_lines: false } as const;
    const read: string[][] = parse(utf8, { ...options, bom: true });
    const width = (line: readonly string[]) => (line.length === 0 ? [''] : line);
    expect(read).toEqual(lines.map(width));
    if (model.language !== 'ja') return;
    const cp932 = bytes(renderCsv(model, 'cp932'));
    expect(parse(iconv.decode(cp932, 'cp932'), options)).toEqual(read);
  });

  test('reads back from the workbook with the same numbers', async () => {
    const numbers = (line: readonly unknown[]) => line.filter((cell) => typeof cell === 'number');
    const sheet = await readSheet(Buffer.from(await renderXlsx(model)));
    const ours = documentLines(model).flatMap(numbers);
    // Lengths of time are parts of a day to a workbook and are read as moments.
    expect(sheet.flatMap(numbers)).toEqual(ours);
  });

  test('names what is asked for wrongly, all of it', () => {
    const made = orderDocument(each.name, { nonsense: 'x', month: '2026-13' });
    expect(made.ok ? [] : made.faults.map(({ message }) => message).join()).toContain('nonsense');
  });
});

describe('names from outside that a spreadsheet would compute', () => {
  const registry = demoRegistry(workDate('2026-11-01'));
  const evil = { name: '=HYPERLINK("http://x")', kana: '@SUM(1)' };
  const input = workedMonth({
    workers: registry.workers.map((row) => ({ ...row, ...evil })),
    companies: registry.companies.map((row) => ({ ...row, name: '+1+1' })),
    sites: registry.sites.map((row) => ({ ...row, name: '-2' })),
  });
  test.each(DOCUMENT_CASES)('are text in the CSV of $name', ({ name, query }) => {
    const cells: string[][] = parse(bytes(renderCsv(documentOf(name, query, input), 'utf-8')), {
      bom: true,
      relax_column_count: true,
    });
    for (const cell of cells.flat()) {
      const isNumber = /^-?\d+$/.test(cell);
      expect(isNumber || !/^[=+\-@\t\r]/.test(cell), cell).toBe(true);
    }
  });
});
