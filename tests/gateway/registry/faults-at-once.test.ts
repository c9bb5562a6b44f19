/** Faults of rows and faults between rows are told in one go, in the order of the document, and none is another's shadow. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAULTS_MAX } from '../../../gateway/fault-list.ts';
import { parseTableCsv } from '../../../gateway/registry/csv/parse-table-csv.ts';
import {
  parseRegistryDocument,
  registryParsing,
} from '../../../gateway/registry/parse-registry.ts';
import type { Registry, RegistryTable } from '../../../gateway/registry/registry-document.ts';
import { importCsvTable } from '../../../gateway/registry/registry-import.ts';
import { runToEnd } from '../../../gateway/turns.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  registryWith,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

type Tables = Readonly<Record<string, unknown>>;

const faultsOf = (tables: Tables): readonly string[] => {
  const parsed = parseRegistryDocument({ ...registryDocument, ...tables });
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};

const [worker] = registryDocument.workers;
const [company, firstTier, other] = registryDocument.companies;
const [site, secondSite] = registryDocument.sites;
const [contract, secondContract] = registryDocument.contracts;
const [employment] = registryDocument.employments;
const NOBODY = '19999999999999';
const card = { cardId: '01020304', workerId: WORKER_ID };

describe('a document with faults in rows and between them', () => {
  test.each<[string, Tables, readonly string[]]>([
    [
      'a bad level, and a card of nobody',
      { workers: [{ ...worker, level: 9 }], cards: [{ ...card, workerId: NOBODY }] },
      ['/workers/0/level', '/cards/0/workerId'],
    ],
    [
      'a worker who is malformed is there: nobody who names him is at fault',
      { workers: [{ ...worker, birthDate: '1980-02-30' }] },
      ['/workers/0/birthDate'],
    ],
    [
      'a worker without a readable id may be anybody: whom the others name is not known',
      {
        workers: [{ ...worker, workerId: '1000000000001' }],
        cards: [{ ...card, workerId: NOBODY }],
      },
      ['/workers/0/workerId'],
    ],
    [
      'a row that is none may be anybody as well',
      { workers: [worker, null], cards: [{ ...card, workerId: NOBODY }] },
      ['/workers/1'],
    ],
    [
      'where a table is no list, nothing is said of its names',
      { workers: {}, companies: [company, firstTier, { ...other, size: 'huge' }] },
      ['/companies/2/size', '/workers'],
    ],
    [
      'a company that is malformed, in exceptions and joint ventures',
      {
        companies: [company, firstTier, { ...other, size: 'huge' }],
        contracts: [
          {
            ...contract,
            exceptions: [{ companyId: OTHER_COMPANY, method: 'stamps' }],
            jointVenture: [{ companyId: OTHER_COMPANY, sharePercent: 100 }],
          },
          secondContract,
        ],
      },
      ['/companies/2/size'],
    ],
    [
      'one row with both',
      { cards: [{ cardId: 'x', workerId: NOBODY, from: '2026-05-01', to: '2026-04-01' }] },
      ['/cards/0/cardId', '/cards/0/workerId', '/cards/0/to'],
    ],
    [
      'an id twice, once in a row that is malformed',
      { workers: [{ ...worker, level: 9 }, worker] },
      ['/workers/0/level', '/workers/1/workerId'],
    ],
    [
      'an overlap of sound rows behind one that is malformed keeps its places',
      {
        employments: [
          { ...employment, kind: 'friend', from: '2020-01-01', to: '2020-12-31' },
          { ...employment, from: '2026-04-01' },
          { ...employment, from: '2026-05-01' },
        ],
      },
      ['/employments/0/kind', '/employments/2'],
    ],
    [
      'an end that cannot be read is no open end, and overlaps nothing',
      {
        employments: [
          { ...employment, from: '2026-04-01', to: '2026-04-31' },
          { ...employment, from: '2026-05-01' },
        ],
      },
      ['/employments/0/to'],
    ],
    [
      'a circle, and a malformed row beside it',
      {
        organisation: [
          { siteId: SITE_ID, companyId: PRIME, accepted: 'yes' },
          { siteId: SITE_ID, companyId: FIRST_TIER, upperId: OTHER_COMPANY, accepted: true },
          { siteId: SITE_ID, companyId: OTHER_COMPANY, upperId: FIRST_TIER, accepted: true },
        ],
      },
      ['/organisation/0/accepted', '/organisation/1/upperId'],
    ],
    [
      'a correction whose time cannot be read has one, however wrong',
      {
        corrections: [
          {
            siteId: SITE_ID,
            workerId: WORKER_ID,
            workDate: '2026-11-20',
            kind: 'set-in',
            at: 7,
            by: '所長',
            reason: 'カード忘れ',
            recordedAt: '2026-11-21T08:00:00+09:00',
          },
        ],
      },
      ['/corrections/0/at'],
    ],
    [
      'fields of tomorrow in a malformed row name nothing',
      { workers: [{ ...worker, level: 9, siteId: '39999999999999' }] },
      ['/workers/0/level'],
    ],
    [
      'in the order of the document, not of the checks',
      {
        cards: [
          { ...card, workerId: NOBODY },
          { ...card, cardId: 'x' },
        ],
        sites: [site, { ...secondSite, primeId: '29999999999999' }, { ...site, dayStart: '24:00' }],
      },
      [
        '/cards/0/workerId',
        '/cards/1/cardId',
        '/sites/1/primeId',
        '/sites/2/dayStart',
        '/sites/2/siteId',
      ],
    ],
  ])('%s', (_what, tables, places) => {
    expect(faultsOf(tables)).toEqual(places);
  });

  test('the order is that of the document where it begins with another table', () => {
    const cards = [{ ...card, workerId: NOBODY }];
    const parsed = parseRegistryDocument({ cards, workers: [{ ...worker, level: 9 }] });
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual([
      '/cards/0/workerId',
      '/workers/0/level',
    ]);
  });

  test('of a great many the first of the document are told, whichever check finds them', () => {
    const leave = Array.from({ length: 1_000 }, (_each, at) => ({
      workerId: at % 2 === 0 ? NOBODY : 'x',
      companyId: FIRST_TIER,
      date: `2026-11-${String(1 + (at % 28)).padStart(2, '0')}`,
      kind: 'paid-leave',
    }));
    const parsed = parseRegistryDocument({ ...registryDocument, leave });
    const faults = parsed.ok ? [] : parsed.faults;
    expect(faults.slice(0, 3).map(({ place }) => place)).toEqual([
      '/leave/0/workerId',
      '/leave/1/workerId',
      '/leave/2/workerId',
    ]);
    expect(faults).toHaveLength(FAULTS_MAX + 1);
    expect(faults.at(-1)?.message).toMatch(/^has \d+ more faults$/);
  });

  /** Faults that have nothing to do with each other, each in a row of its own. */
  const SPOILS: readonly {
    readonly table: RegistryTable;
    readonly row: object;
    readonly at: string;
  }[] = [
    { table: 'workers', row: { ...worker, workerId: '10000000000101', level: 9 }, at: 'level' },
    { table: 'workers', row: { ...worker, workerId: '10000000000102', kana: '' }, at: 'kana' },
    { table: 'cards', row: { cardId: '0A0B0C0D', workerId: NOBODY }, at: 'workerId' },
    { table: 'cards', row: { cardId: 'zz', workerId: WORKER_ID }, at: 'cardId' },
    {
      table: 'employments',
      row: { ...employment, companyId: OTHER_COMPANY, from: '2026-04-02', to: '2026-04-01' },
      at: 'to',
    },
    { table: 'contracts', row: { ...contract, contractId: 'K8', costYen: -1 }, at: 'costYen' },
    {
      table: 'contracts',
      row: { ...contract, contractId: 'K9', completionDate: '2026-03-31' },
      at: 'completionDate',
    },
    { table: 'sites', row: { ...site, siteId: '30000000000009', public: 'yes' }, at: 'public' },
    {
      table: 'headcounts',
      row: { siteId: SITE_ID, companyId: '29999999999999', date: '2026-11-20', workers: 1 },
      at: 'companyId',
    },
  ];

  test('any of them together are told like each alone', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...SPOILS], { minLength: 1 }), (spoils) => {
        const document: Record<string, unknown[]> = Object.fromEntries(
          Object.entries(registryDocument).map(([table, rows]) => [table, [...rows]]),
        );
        const places = spoils.map(({ table, row, at }) => {
          const rows = document[table] ?? [];
          document[table] = rows;
          rows.push(row);
          return { table, index: rows.length - 1, at };
        });
        const order = Object.keys(document);
        places.sort((a, b) => order.indexOf(a.table) - order.indexOf(b.table) || a.index - b.index);
        expect(faultsOf(document)).toEqual(
          places.map(({ table, index, at }) => `/${table}/${index}/${at}`),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('one table, held against the registry that stands', () => {
  const standing = registryWith();

  test('as JSON', () => {
    const cards = [
      { ...card, workerId: NOBODY },
      { ...card, cardId: 'x' },
    ];
    const parsed = runToEnd(registryParsing({ cards }, standing));
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual([
      '/cards/0/workerId',
      '/cards/1/cardId',
    ]);
  });

  const imported = async (table: RegistryTable, csv: string | Uint8Array) => {
    const stored: Registry[] = [];
    const outcome = await importCsvTable(
      { registry: () => standing, importRegistry: (registry) => stored.push(registry) },
      table,
      await parseTableCsv(table, Buffer.from(csv), undefined),
    );
    if (!outcome.ok) expect(stored).toEqual([]);
    return outcome.ok ? [] : outcome.faults.map(({ place, message }) => `${place}: ${message}`);
  };

  test.each<[string, RegistryTable, string | Uint8Array, readonly (string | RegExp)[]]>([
    [
      'by lines, of rows and between rows',
      'cards',
      `cardId,技能者ID,from,to\n01020304,${NOBODY},,\nx,${WORKER_ID},,\n01020305,${WORKER_ID},2026-05-01,2026-04-01\n`,
      [
        `line 2, column 技能者ID: ${NOBODY} is not in workers`,
        /^line 3, column cardId: /,
        'line 4, column to: 2026-04-01 is before from 2026-05-01',
      ],
    ],
    [
      'what a file leads to in other tables stands last, without what its malformed rows are',
      'workers',
      `workerId,name,kana,birthDate,ccusRegistered\n10000000000009,鈴木,スズキ,1980-04-01,true\n${NOBODY},佐藤,サトウ,1980-04-01,はい\n`,
      [
        /^line 3, column ccusRegistered: /,
        `/cards/0/workerId: ${WORKER_ID} is not in workers`,
        `/employments/0/workerId: ${WORKER_ID} is not in workers`,
        `/assignments/0/workerId: ${WORKER_ID} is not in workers`,
      ],
    ],
    [
      'a row with a cell too few may be anybody',
      'workers',
      `workerId,name,kana,birthDate,ccusRegistered\n${WORKER_ID},鈴木,スズキ,1980-04-01\n`,
      [/^line 2: has 4 cells/],
    ],
    [
      'behind a quote that never closes anybody may stand',
      'workers',
      `workerId,name,kana,birthDate,ccusRegistered\n10000000000009,鈴木,スズキ,1980-04-01,true\n"${WORKER_ID}`,
      [/^line 3: opens a quote/],
    ],
    [
      'without its columns a file has no rows',
      'workers',
      `workerId,name,kana,birthDate\n10000000000009,鈴木,スズキ,1980-04-01\n`,
      [/^line 1: has no column ccusRegistered/],
    ],
    [
      'in another encoding a file has no names',
      'contracts',
      Buffer.concat([
        Buffer.from(
          `contractId,siteId,name,ordererName,contractDate,costYen,workType,joiningRatePercent,method\nK`,
        ),
        Buffer.from([0xff]),
        Buffer.from(`,39999999999999,工事,県,2026-04-01,1,civil-other,70,points\n`),
      ]),
      [/^line 2, character 2: is no character/],
    ],
  ])('CSV: %s', async (_what, table, csv, told) => {
    const faults = await imported(table, csv);
    expect(faults).toHaveLength(told.length);
    for (const [index, words] of told.entries())
      expect(faults[index]).toEqual(
        typeof words === 'string' ? words : expect.stringMatching(words),
      );
  });
});
