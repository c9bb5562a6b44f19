/** What the analysis of the audit log finds, and what it leaves alone. */
import { describe, expect, test } from 'vitest';
import { type AnalysisSettings, analyseAudit } from '../../../gateway/access/analyse-audit.ts';
import type { AuditKind } from '../../../gateway/access/audit-kind.ts';
import type { AuditRecord } from '../../../gateway/access/audit-log.ts';
import { HOUR_MS, MINUTE_MS, utcMs } from '../../../shared/time.ts';

const SETTINGS: AnalysisSettings = {
  readRows: 200,
  readTimes: 5,
  failedLogIns: 5,
  refusals: 20,
};
const NINE = Date.parse('2026-11-24T09:00:00+09:00');

type Told = readonly [
  minutes: number,
  kind: AuditKind,
  actor: string,
  detail?: AuditRecord['detail'],
];
const analysed = (told: readonly Told[], settings = SETTINGS) => {
  const analysis = analyseAudit(settings);
  for (const [index, [minutes, kind, actor, detail = {}]] of told.entries()) {
    const at = utcMs(NINE + minutes * MINUTE_MS);
    analysis.add({ auditNo: index + 1, at, kind, actor, detail });
  }
  return analysis.findings();
};
const looks = (actor: string, hours: readonly number[], path = '/v1/attendance'): readonly Told[] =>
  hours.map((rows, hour) => [hour * 60, 'look', actor, { path, rows }] as const);
const times = (count: number, told: Told): readonly Told[] => Array(count).fill(told);

describe('reading', () => {
  test.each<[string, readonly number[], readonly number[], string]>([
    ['as every hour', [300, 310, 290, 305], [], 'a lot, and as ever'],
    ['five times the own median', [50, 60, 55, 300], [300], 'much, and much more than ever'],
    ['four times the own median', [50, 60, 55, 220], [], 'more than ever, not by much'],
    ['ten times of little', [5, 6, 5, 60], [], 'nobody can read ten years of data by sixty rows'],
    ['much in the first hour of all', [1_000], [1_000], 'no habit is known that would explain it'],
    ['just enough in the first hour', [200], [200], 'the limit itself counts'],
    ['just too little in the first hour', [199], [], 'below the limit'],
    ['much each hour of a new reader', [400, 400], [400, 400], 'two hours are no habit'],
    ['a night among quiet days', [10, 12, 900, 11, 9], [900], 'one peak does not move a median'],
  ])('%s: %j', (_what, hours, found) => {
    expect(
      analysed(looks('user:a', hours))
        .map(({ count }) => count)
        .toSorted(),
    ).toEqual([...found].toSorted());
  });

  test('knocks that were held back count as if each stood there', () => {
    const told = [
      [0, 'log-in-failed', 'address:192.0.2.1', { reason: 'must-wait' }],
      [1, 'log-in-failed', 'address:192.0.2.1', { reason: 'must-wait', heldBack: 30 }],
      [2, 'refused', 'address:192.0.2.2', { heldBack: 99 }],
    ] as const satisfies readonly Told[];
    expect(analysed(told).map(({ kind, count }) => `${kind} ${count}`)).toEqual([
      'many-refusals 100',
      'failed-log-ins 32',
    ]);
  });

  test('the same rows again and again are the same rows', () => {
    const polls = times(360, [0, 'look', 'user:a', { path: '/v1/attendance', rows: 100 }]);
    expect(analysed(polls)).toEqual([]);
  });

  test('site after site adds up', () => {
    const sites = Array.from(
      { length: 30 },
      (_, index): Told => [
        index,
        'look',
        'user:a',
        { path: '/v1/reports/roster', siteId: String(index), rows: 20 },
      ],
    );
    expect(analysed(sites)).toMatchObject([
      { kind: 'unusual-reading', actor: 'user:a', count: 600, level: 'warning' },
    ]);
  });

  test.each<[string, (index: number) => AuditRecord['detail']]>([
    ['page after page', (index) => ({ path: '/v1/taps', after: String(index * 100) })],
    ['person after person', (index) => ({ path: '/v1/why/roster', workerId: String(index) })],
    ['company after company', (index) => ({ path: '/v1/documents/x', companyId: String(index) })],
  ])('%s adds up', (_what, detailOf) => {
    const looked = Array.from(
      { length: 250 },
      (_, index): Told => [0, 'look', 'user:a', { ...detailOf(index), rows: 1 }],
    );
    expect(analysed(looked)).toMatchObject([{ kind: 'unusual-reading', count: 250 }]);
  });

  test.each<[string, readonly number[], readonly number[]]>([
    ['on three days is a habit', [600, 500, 900], []],
    ['on two days is none', [600, 500], [600, 500]],
    ['and once much more is not', [600, 500, 550, 2_000], [2_000]],
  ])('the same hour %s', (_what, mornings, found) => {
    const days = mornings.flatMap((rows, day): readonly Told[] =>
      [rows, 5, 6, 4].map((each, hour) => [
        (day * 24 + hour) * 60,
        'look',
        'token:central',
        { path: '/v1/taps', after: String(day * 24 + hour), rows: each },
      ]),
    );
    expect(
      analysed(days)
        .map(({ count }) => count)
        .toReversed(),
    ).toEqual(found);
  });

  test('what a change showed is looked at, too', () => {
    const tried = looks('user:a', [500]).map(
      ([minutes, , ...rest]): Told => [minutes, 'change', ...rest],
    );
    expect(analysed(tried)).toMatchObject([{ kind: 'unusual-reading', count: 500 }]);
  });

  test('is judged by each reader’s own habits', () => {
    const found = analysed([
      ...looks('user:prime', [2_000, 2_000, 2_000, 2_000]),
      ...looks('user:small', [20, 20, 20, 2_000]),
    ]);
    expect(found).toMatchObject([{ actor: 'user:small', count: 2_000, usual: 20 }]);
  });
});

describe('coming in', () => {
  const failed = (minutes: number, address: string, account?: string): Told => [
    minutes,
    'log-in-failed',
    `address:${address}`,
    account === undefined ? {} : { account },
  ];
  test.each<[string, readonly Told[], readonly string[]]>([
    ['a slip or two', times(4, failed(0, '192.0.2.1', 'kanri')), []],
    [
      'guessing one account from one address',
      times(5, failed(0, '192.0.2.1', 'kanri')),
      ['failed-log-ins address:192.0.2.1', 'failed-log-ins user:kanri'],
    ],
    [
      'guessing one account from everywhere',
      [1, 2, 3, 4, 5].map((each) => failed(each, `192.0.2.${each}`, 'kanri')),
      ['failed-log-ins user:kanri'],
    ],
    [
      'guessing many names from one address',
      times(5, failed(0, '192.0.2.1')),
      ['failed-log-ins address:192.0.2.1'],
    ],
    [
      'five failures over five hours',
      [0, 60, 120, 180, 240].map((each) => failed(each, '192.0.2.1')),
      [],
    ],
    [
      'a guesser who got in',
      [
        ...times(5, failed(0, '192.0.2.1', 'kanri')),
        [1, 'log-in', 'user:kanri', { how: 'password', address: '192.0.2.1' }],
      ],
      [
        'log-in-after-failures user:kanri',
        'failed-log-ins address:192.0.2.1',
        'failed-log-ins user:kanri',
      ],
    ],
    [
      'a log-in over the turn of the hour after the failures',
      [
        ...times(5, failed(59, '192.0.2.1', 'kanri')),
        [61, 'log-in', 'user:kanri', { how: 'password', address: '198.51.100.1' }],
      ],
      [
        'log-in-after-failures user:kanri',
        'failed-log-ins address:192.0.2.1',
        'failed-log-ins user:kanri',
      ],
    ],
    [
      'a log-in as ever',
      [[0, 'log-in', 'user:kanri', { how: 'password', address: '192.0.2.1' }]],
      [],
    ],
    ['nineteen refusals', times(19, [0, 'refused', 'token:x']), []],
    ['twenty refusals', times(20, [0, 'refused', 'token:x']), ['many-refusals token:x']],
  ])('%s', (_what, told, found) => {
    expect(
      analysed(told)
        .map(({ kind, actor }) => `${kind} ${actor}`)
        .toSorted(),
    ).toEqual([...found].toSorted());
  });
});

describe('machines', () => {
  test('each clone, broken chain and wrong clock is a line; knocks are told by the hour', () => {
    const found = analysed([
      [0, 'topic-forbidden', 'terminal:gate-1', { heldBack: 0 }],
      [1, 'topic-forbidden', 'terminal:gate-1', { heldBack: 41 }],
      [2, 'certificate-refused', 'address:192.0.2.9'],
      [3, 'clone-suspected', 'terminal:gate-2'],
      [4, 'clock-anomaly', 'terminal:gate-3'],
      [5, 'chain-failed', 'gateway'],
      [6, 'started', 'gateway'],
      [7, 'change', 'token:admin'],
    ]);
    expect(found.map(({ kind, level, count }) => [kind, level, count])).toEqual([
      ['chain-failed', 'critical', 1],
      ['clone-suspected', 'critical', 1],
      ['topic-forbidden', 'warning', 43],
      ['clock-anomaly', 'notice', 1],
      ['certificate-refused', 'notice', 1],
    ]);
  });

  test('hours are those of the clock, in Japan as anywhere with whole hours', () => {
    const [found] = analysed(times(20, [30, 'refused', 'token:x']));
    expect(found?.at).toBe(NINE - (NINE % HOUR_MS));
  });
});
