/** Every report of the catalogue can be read: a Japanese heading for each column, a word for each code. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { REPORTS } from '../../../gateway/reports/catalogue.ts';
import { codeJa } from '../../../gateway/reports/code-words.ts';
import { columnJa } from '../../../gateway/reports/column-words.ts';
import { codesOf, describeReports } from '../../../gateway/reports/describe-report.ts';

const described = describeReports();

describe.each(REPORTS.map((report) => [report.name, report] as const))('%s', (name, { row }) => {
  const of = described.reports.find((report) => report.name === name);
  if (of === undefined) throw new Error(`${name} is not described`);

  test('has a heading for each column (gateway/reports/column-words.ts)', () => {
    const columns = [of, ...of.beside].flatMap(({ columns: all }) =>
      all.map(({ column }) => column),
    );
    const tables = of.beside.map(({ name: table }) => table);
    expect(
      [...columns, ...tables].filter((column) => columnJa(name, column) === undefined),
    ).toEqual([]);
  });

  test('has a word for each code (gateway/reports/code-words.ts)', () => {
    const schemas: readonly z.ZodType[] = Object.values(row.shape);
    expect(schemas.flatMap(codesOf).filter((code) => codeJa(code) === undefined)).toEqual([]);
  });

  test('says in a line what it is for (gateway/reports/describe-report.ts)', () => {
    expect(of.hintJa).not.toBe('');
  });
});

test('every word on the page is Japanese, but for signs', () => {
  const foreign = Object.entries(described.words).filter(([, word]) => /^[a-z-]+$/.test(word));
  expect(foreign).toEqual([]);
});
