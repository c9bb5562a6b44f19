/** 連携用データ: neutral rows, and what a mapping makes of them, to the letter. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import { EXPORT_NAMES, fieldsOf } from '../../../gateway/csv-exports/export-fields.ts';
import {
  ExportMapping,
  mappedCsv,
  neutralMapping,
  writtenDate,
} from '../../../gateway/csv-exports/export-mapping.ts';
import { exportRows } from '../../../gateway/csv-exports/export-rows.ts';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import { Month } from '../../../shared/time.ts';
import {
  DEMO_CONTRACT,
  DEMO_FORMWORK,
  DEMO_PRIME,
  DEMO_REBAR,
  stampTables,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const csvOfMapping = (rows: Parameters<typeof mappedCsv>[0], mapping: object): string => {
  const made = mappedCsv(rows, ExportMapping.parse(mapping));
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  return made.value;
};

describe('contribution days', () => {
  const input = workedMonth();
  const rows = exportRows('contribution-days', { ...input, filter: {} });

  test('are every day that is known, with all names and numbers', () => {
    expect(rows).toHaveLength(484);
    expect(rows[0]).toEqual({
      workDate: '2026-11-02',
      month: '2026-11',
      workerId: '10260000000001',
      memberNo: '487650000',
      workerName: '高橋 健一',
      companyId: DEMO_PRIME,
      contractorNo: '100-20260',
      companyName: 'みなと建設株式会社',
      siteId: '30260000000001',
      siteName: '県道みなと橋 橋脚補強工事',
      contractId: DEMO_CONTRACT,
      contractName: '県道みなと橋 橋脚補強工事',
      days: 1,
      yen: 320,
      rateYen: 320,
      method: 'points',
      colour: 'blue',
      basis: 'shift',
      reportDue: '2026-12-31',
      notPayable: undefined,
    });
  });

  test('add up to what the reports say', () => {
    const { contributions } = contributionsOf(input.days, input.index, { asOf: input.asOf });
    const sum = (all: readonly { readonly yen?: unknown }[]) =>
      all.reduce((total, { yen }) => total + Number(yen), 0);
    expect(sum(rows)).toBe(sum(contributions));
  });

  test.each<[object, number, string]>([
    [{ companyId: DEMO_REBAR }, 194, 'one company'],
    [{ month: Month.parse('2026-10') }, 0, 'another month'],
    [{ contractId: 'none' }, 0, 'another contract'],
    [{ contractId: DEMO_CONTRACT, companyId: DEMO_FORMWORK }, 193, 'both'],
  ])('of %j are %i (%s)', (filter, count) => {
    expect(exportRows('contribution-days', { ...input, filter })).toHaveLength(count);
  });
});

describe('stamp movements', () => {
  test('are each purchase, handing over and pasting, in its holder’s book', () => {
    const rows = exportRows('stamp-movements', { ...workedMonth(stampTables()), filter: {} });
    const of = (kind: string) => rows.filter((row) => row.kind === kind);
    const stamps = (kind: string) => of(kind).reduce((sum, row) => sum + Number(row.stamps), 0);
    expect(
      ['purchased', 'issued', 'received', 'pasted', 'exempt'].map((kind) => [
        of(kind).length,
        stamps(kind),
      ]),
    ).toEqual([
      [2, 700],
      [2, 320],
      [2, 320],
      [436, 436],
      [0, 0],
    ]);
    expect(of('received')[0]).toMatchObject({
      companyName: '北浜鉄筋工業株式会社',
      counterpartName: 'みなと建設株式会社',
      date: '2026-11-30',
      yen: 54_400,
    });
  });
});

describe('a mapping', () => {
  const row = {
    workDate: '2026-11-02',
    month: '2026-11',
    workerName: '=1+1',
    days: 2,
    method: 'points',
  };

  test('names, orders and words the columns', () => {
    expect(
      csvOfMapping([row], {
        of: 'contribution-days',
        columns: [
          { heading: '日数', field: 'days' },
          { heading: '版', constant: '1' },
          { heading: '方式', field: 'method', codes: { points: 'P', stamps: 'S' } },
          { heading: '就労日', field: 'workDate' },
          { heading: '番号', field: 'memberNo' },
        ],
        dateFormat: 'YYYY/MM/DD',
      }),
    ).toBe('\uFEFF"日数","版","方式","就労日","番号"\r\n"2","1","P","2026/11/02",""\r\n');
  });

  test('leaves the headings out where the reader wants none', () => {
    const mapping = {
      of: 'contribution-days',
      columns: [{ heading: '', field: 'days' }],
      withHeadings: false,
    };
    expect(csvOfMapping([row, row], mapping)).toBe('\uFEFF"2"\r\n"2"\r\n');
    expect(csvOfMapping([], mapping)).toBe('\uFEFF');
  });

  test('never lets a name be computed', () => {
    const columns = [{ heading: '氏名', field: 'workerName' }];
    expect(csvOfMapping([row], { of: 'contribution-days', columns })).toContain(`"'=1+1"`);
  });

  test('that lacks a word for a code that occurs is a fault, and no empty cell', () => {
    const mapping = ExportMapping.parse({
      of: 'contribution-days',
      columns: [{ heading: '方式', field: 'method', codes: { stamps: 'S' } }],
    });
    expect(mappedCsv([row, row], mapping)).toEqual({
      ok: false,
      faults: [{ place: '/columns/0/codes', message: 'method points has no word in codes' }],
    });
  });

  test.each(['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYYMMDD', 'era'] as const)(
    'writes %s so that two dates never look the same',
    (format) => {
      const date = fc.date({
        min: new Date('1990-01-01'),
        max: new Date('2100-01-01'),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(date, date, (a, b) => {
          const [one, other] = [a, b].map((each) => each.toISOString().slice(0, 10));
          fc.pre(one !== other);
          expect(writtenDate(String(one), format)).not.toBe(writtenDate(String(other), format));
        }),
      );
    },
  );

  test.each([
    ['2026-11-02', 'era', 'R8.11.02', 'a year of 令和'],
    ['2019-05-01', 'era', 'R1.05.01', 'its first day'],
    ['2019-04-30', 'era', 'H31.04.30', 'the last day of 平成'],
    ['2026-11', 'era', 'R8.11', 'a month'],
    ['2026-11-02', 'YYYYMMDD', '20261102', 'without marks'],
    ['2026-11', 'YYYY/MM/DD', '2026/11', 'a month with strokes'],
  ] as const)('%s in %s is %s (%s)', (date, format, text, _because) => {
    expect(writtenDate(date, format)).toBe(text);
  });
});

test.each(EXPORT_NAMES)('the neutral file of %s has every field under its own name', (name) => {
  const made = mappedCsv([], neutralMapping(name));
  expect(made.ok && parse(made.value, { bom: true })).toEqual([Object.keys(fieldsOf(name))]);
});

describe('mappings of the configuration', () => {
  const configWith = (exports: unknown) =>
    parseGatewayConfig(JSON.stringify({ dataDir: '/d', signingKeyFile: '/k', exports }));
  const good = { of: 'stamp-movements', columns: [{ heading: '枚数', field: 'stamps' }] };

  test('have defaults for what is not said', () => {
    const parsed = configWith({ 'denshi-1': good });
    expect(parsed.ok && parsed.value.exports['denshi-1']).toMatchObject({
      dateFormat: 'YYYY-MM-DD',
      encoding: 'utf-8',
      withHeadings: true,
      payableOnly: false,
    });
  });

  test.each<[unknown, string, string]>([
    [{ a: { ...good, columns: [] } }, '/exports/a/columns', 'a file without columns'],
    [
      { a: { ...good, columns: [{ heading: 'x', field: 'memberNo' }] } },
      '/exports/a/columns/0/field',
      'a field of the other export',
    ],
    [{ a: { ...good, columns: [{ heading: 'x' }] } }, '/exports/a/columns/0', 'neither of both'],
    [
      { a: { ...good, columns: [{ heading: 'x', field: 'yen', constant: '1' }] } },
      '/exports/a/columns/0',
      'both at once',
    ],
    [
      { a: { ...good, columns: [{ heading: 'x', field: 'yen', codes: { a: 'b' } }] } },
      '/exports/a/columns/0/codes',
      'codes of a number',
    ],
    [{ a: { ...good, dateFormat: 'DD.MM.' } }, '/exports/a/dateFormat', 'no such format'],
    [{ 'A/B': good }, '/exports/A~1B', 'a name that no address can have'],
    [{ a: { ...good, seperator: ';' } }, '/exports/a', 'a misspelt setting'],
  ])('%j is refused at %s (%s)', (exports, place) => {
    const parsed = configWith(exports);
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.place)).toContain(place);
  });
});
