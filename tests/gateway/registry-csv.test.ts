/** The registry as CSV: what is written is read as the same rows, and what is wrong is told by line and column. */
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { FAULTS_MAX } from '../../gateway/fault-list.ts';
import { columnsOf } from '../../gateway/registry/csv/columns.ts';
import { parseTableCsv } from '../../gateway/registry/csv/parse-table-csv.ts';
import { type HeaderLanguage, tableCsv } from '../../gateway/registry/csv/table-csv.ts';
import { EMPTY_REGISTRY, type RegistryTable } from '../../gateway/registry/registry-document.ts';
import { ALL_TABLES, randomRegistry, randomRows } from '../fixtures/random-registry.ts';
import { FIRST_TIER, registryWith, WORKER_ID } from '../fixtures/registry.ts';

const written = (
  table: RegistryTable,
  rows: readonly object[],
  language: HeaderLanguage = 'field',
) => [...tableCsv({ ...EMPTY_REGISTRY, [table]: rows }, table, language)].join('');

const read = async (table: RegistryTable, text: string | Uint8Array) => {
  const parsed = await parseTableCsv(
    table,
    typeof text === 'string' ? Buffer.from(text) : text,
    undefined,
  );
  return parsed.faults.count() === 0 ? parsed.rows : parsed.faults.faults();
};

const HEADER = 'workerId,name,kana,birthDate,ccusRegistered,level,trade';
const ROW = `${WORKER_ID},山田 太郎,ヤマダ タロウ,1980-04-01,true,2,10-01`;
const WORKER = {
  workerId: WORKER_ID,
  name: '山田 太郎',
  kana: 'ヤマダ タロウ',
  birthDate: '1980-04-01',
  ccusRegistered: true,
  level: 2,
  trade: '10-01',
};

describe('every table', () => {
  test.each(ALL_TABLES)('%s comes back as it was, under either header', async (table) => {
    await fc.assert(
      fc.asyncProperty(
        randomRows(table),
        fc.constantFrom<HeaderLanguage>('field', 'ja'),
        async (rows, language) => {
          expect(await read(table, written(table, rows, language))).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('has columns that are told apart by either name', () => {
    for (const table of ALL_TABLES) {
      const names = columnsOf(table).flatMap(({ field, headerJa }) => [field, headerJa]);
      expect(new Set(names).size).toBe(names.length);
      expect(columnsOf(table).every(({ headerJa }) => /[ぁ-んァ-ヶ一-龠]/.test(headerJa))).toBe(
        true,
      );
    }
  });

  test('holds no cell that a spreadsheet computes', () => {
    fc.assert(
      fc.property(randomRegistry(), fc.constantFrom(...ALL_TABLES), (registry, table) => {
        const records: string[][] = parse([...tableCsv(registry, table, 'field')].join(''), {
          bom: true,
        });
        expect(records.flat().filter((cell) => /^[=+@\t\r]|^-\D/.test(cell))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('notation', () => {
  test('ids, codes and card serials stand behind an apostrophe, dates and numbers do not', () => {
    expect(written('workers', [WORKER])).toBe(
      `\uFEFF"workerId","name","kana","birthDate","memberNo","level","trade","ccusRegistered","otherScheme","language"\r\n` +
        `"'${WORKER_ID}","山田 太郎","ヤマダ タロウ","1980-04-01","","2","'10-01","true","",""\r\n`,
    );
  });

  test('lists have semicolons between, what lies deeper is JSON', () => {
    const [site] = registryWith().sites;
    expect(written('sites', [{ ...site, requiredQualifications: ['玉掛;A', 'B'] }])).toContain(
      '"玉掛\\;A;B"',
    );
    const [contract] = registryWith().contracts;
    expect(
      written('contracts', [
        { ...contract, exceptions: [{ companyId: FIRST_TIER, method: 'stamps' }] },
      ]),
    ).toContain(`"[{""companyId"":""${FIRST_TIER}"",""method"":""stamps""}]"`);
  });

  test.each<[string, string, readonly object[]]>([
    ['plain, as a person types it', `${HEADER}\n${ROW}`, [WORKER]],
    ['with CR LF and a last line end', `${HEADER}\r\n${ROW}\r\n`, [WORKER]],
    ['with a byte order mark', `\uFEFF${HEADER}\n${ROW}`, [WORKER]],
    [
      'with columns in another order',
      `level,${HEADER.replace(',level', '')}\n2,${ROW.replace(',2,', ',')}`,
      [WORKER],
    ],
    [
      'with Japanese headers',
      `技能者ID,氏名,フリガナ,生年月日,CCUS登録,レベル,職種\n${ROW}`,
      [WORKER],
    ],
    [
      'as Excel saves it',
      `${HEADER}\n${ROW.replace('true', 'TRUE').replace('1980-04-01', '1980/4/1')}\n,,,,,,\n`,
      [WORKER],
    ],
    ['of a header alone', `${HEADER}\n`, []],
    [
      'with an empty optional cell',
      `${HEADER}\n${ROW.replace('10-01', '')}`,
      [(({ trade, ...rest }) => rest)(WORKER)],
    ],
    [
      'with a line break in a cell',
      `${HEADER}\n${ROW.replace('山田 太郎', '"山田\r\n太郎"')}`,
      [{ ...WORKER, name: '山田\r\n太郎' }],
    ],
  ])('a file %s is read', async (_what, text, rows) => {
    expect(await read('workers', text)).toEqual(rows);
  });
});

describe('encodings', () => {
  const NAMES = `${HEADER}\r\n${ROW.replace('山田', '髙﨑①～ｱ')}`;

  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(NAMES)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${NAMES}`)],
    ['CP932', iconv.encode(NAMES, 'cp932')],
  ])('%s is found out', async (_what, bytes) => {
    expect(await read('workers', bytes)).toEqual([{ ...WORKER, name: '髙﨑①～ｱ 太郎' }]);
  });

  test('a character that is cut in two between pieces comes through', async () => {
    const rows = Array.from({ length: 3_000 }, (_each, at) => ({
      ...WORKER,
      workerId: String(10_000_000_000_000 + at),
      name: `${'髙﨑'.repeat(1 + (at % 7))}`,
    }));
    const text = written('workers', rows);
    expect(await read('workers', text)).toEqual(rows);
    expect(await read('workers', iconv.encode(text.slice(1), 'cp932'))).toEqual(rows);
  });

  test.each<[string, Uint8Array, 'utf-8' | 'cp932' | undefined, string, string]>([
    [
      'a bad byte among good ones',
      Buffer.concat([Buffer.from(`${HEADER}\n${ROW}\nあ`), Buffer.from([0xff])]),
      undefined,
      'line 3, character 2',
      'is no character of UTF-8',
    ],
    [
      'a bad byte in CP932',
      Buffer.concat([iconv.encode(`${HEADER}\n${ROW}\n`, 'cp932'), Buffer.from([0xff])]),
      undefined,
      'line 3, character 1',
      'is no character of CP932',
    ],
    [
      'CP932 that is said to be UTF-8',
      iconv.encode(`${HEADER}\n${ROW}`, 'cp932'),
      'utf-8',
      'line 2, character 16',
      'is no character of UTF-8',
    ],
    [
      'half a character at the end',
      Buffer.concat([iconv.encode(`${HEADER}\n${ROW}`, 'cp932'), Buffer.from([0x81])]),
      'cp932',
      `line 2, character ${ROW.length + 1}`,
      'is no character of CP932',
    ],
    [
      'a character that only the sender’s machine has (外字)',
      Buffer.concat([Buffer.from([0xf0, 0x40]), Buffer.from(HEADER)]),
      'cp932',
      'line 1, character 1',
      'is no character of CP932',
    ],
    ['UTF-16', Buffer.from(`\uFEFF${HEADER}`, 'utf16le'), undefined, '', 'UTF-16'],
    ['a workbook', Buffer.from('PK\x03\x04\x14\0'), undefined, '', 'is a workbook'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'cp932', '', 'is a workbook'],
    ['a packed CSV', gzipSync(HEADER), 'utf-8', '', 'packed file'],
  ])('%s is told with its place', async (_what, bytes, charset, place, message) => {
    const parsed = await parseTableCsv('workers', bytes, charset);
    const [fault] = parsed.faults.faults();
    expect(fault?.place).toContain(place);
    expect(fault?.message).toContain(message);
  });
});

describe('faults', () => {
  const placesOf = async (table: RegistryTable, text: string) => {
    const parsed = await parseTableCsv(table, Buffer.from(text), undefined);
    return parsed.faults.faults().map(({ place, message }) => `${place}: ${message}`);
  };

  test.each<[string, string, readonly string[]]>([
    ['nothing', '', [': is empty']],
    [
      'a column that is not',
      `${HEADER},nickname\n${ROW},x`,
      ['line 1, column 8: "nickname" is no column of workers'],
    ],
    ['a column twice', `${HEADER},氏名\n${ROW},x`, ['line 1, column 8: 氏名 stands here twice']],
    [
      'a column that is missing',
      `${HEADER.replace('kana,', '')}\n${ROW}`,
      ['line 1: has no column kana (フリガナ)'],
    ],
    [
      'a cell too few',
      `${HEADER}\n${ROW.replace(',10-01', '')}`,
      ['line 2: has 6 cells; the header has 7'],
    ],
    ['a cell too many', `${HEADER}\n${ROW},`, ['line 2: has 8 cells']],
    [
      'a truth in another word',
      `${HEADER}\n${ROW.replace('true', 'はい')}`,
      ['line 2, column ccusRegistered: "はい" is neither true nor false'],
    ],
    [
      'a number with a unit',
      `${HEADER}\n${ROW.replace(',2,', ',2級,')}`,
      ['line 2, column level: "2級" is no number'],
    ],
    [
      'a level that there is not',
      `${HEADER}\n${ROW.replace(',2,', ',9,')}`,
      ['line 2, column level: Invalid option: expected one of 1|2|3|4'],
    ],
    [
      'a number with a zero in front',
      `${HEADER}\n${ROW.replace(',2,', ',02,')}`,
      ['line 2, column level: "02" is no number'],
    ],
    [
      'an id that a spreadsheet has rounded',
      `${HEADER}\n${ROW.replace(WORKER_ID, '1E+13')}`,
      ['line 2, column workerId: "1E+13" was rounded'],
    ],
    [
      'a date that is not',
      `${HEADER}\n${ROW.replace('1980-04-01', '1980/2/30')}`,
      ['line 2, column birthDate: '],
    ],
    [
      'an empty cell that must not be',
      `${HEADER}\n${ROW.replace('1980-04-01', '')}`,
      ['line 2, column birthDate: is missing'],
    ],
    [
      'several, after a line break in a cell',
      `${HEADER}\n${ROW.replace('山田 太郎', '"山田\n太郎"')}\n${ROW.replace('true', 'x').replace(',2,', ',9,')}`,
      ['line 4, column ccusRegistered: ', 'line 4, column level: '],
    ],
    [
      'a quote in the middle of a cell',
      `${HEADER}\n${ROW.replace('山田', '山"田')}\n`,
      ['line 2: has a quote inside a cell'],
    ],
    [
      'a quote that never closes',
      `${HEADER}\n${ROW}\n"${ROW}`,
      ['line 3: opens a quote that is never closed'],
    ],
    [
      'words behind a closing quote',
      `${HEADER}\n"${WORKER_ID}"x`,
      ['line 2: has something between'],
    ],
  ])('%s', async (_what, text, told) => {
    const places = await placesOf('workers', text);
    expect(places).toHaveLength(told.length);
    for (const [index, words] of told.entries()) expect(places[index]).toContain(words);
  });

  test.each<[RegistryTable, string, readonly string[]]>([
    [
      'consents',
      'workerId,byWorker,byEmployer,items,to\n10000000000001,true,true,name;,prime',
      ['line 2, column items/1: '],
    ],
    ['contracts', 'exceptions', ['line 1: has no column contractId']],
    [
      'sites',
      'siteId,name,primeId,public,breaks\n30000000000001,現場,20000000000001,true,12:00',
      ['line 2, column breaks: "12:00" is not JSON'],
    ],
  ])('of lists and JSON in %s', async (table, text, told) => {
    const places = await placesOf(table, text);
    for (const words of told) expect(places.join('\n')).toContain(words);
  });

  test('of a great many, the first are told and how many more there are', async () => {
    const text = `${HEADER}\n${`${ROW.replace('true', 'x')}\n`.repeat(1_000)}`;
    const places = await placesOf('workers', text);
    expect(places).toHaveLength(FAULTS_MAX + 1);
    expect(places.at(-1)).toBe(`: has ${1_000 - FAULTS_MAX} more faults`);
  });

  test('of the whole document are told by line and column of the file', async () => {
    const text = `${HEADER}\n${ROW}\n\n${ROW}`;
    const parsed = await parseTableCsv('workers', Buffer.from(text), undefined);
    expect(parsed.faults.faults()).toEqual([]);
    const { faultInFile } = parsed;
    expect(
      faultInFile({ place: '/workers/1/workerId', message: 'stands at /workers/0 already' }),
    ).toEqual({
      place: 'line 4, column workerId',
      message: 'stands at line 2 already',
    });
    const elsewhere = { place: '/cards/0/workerId', message: 'x is not in workers' };
    expect(faultInFile(elsewhere)).toEqual(elsewhere);
  });
});
