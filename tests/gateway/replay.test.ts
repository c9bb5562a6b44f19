/** `replay` as an auditor runs it: a process, two documents, one JSON document out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CARD_ID, FIRST_TIER, registryDocument, SITE_ID, WORKER_ID } from '../fixtures/registry.ts';

const program = fileURLToPath(new URL('../../gateway/replay.ts', import.meta.url));
let folder: string;
let registry: string;
let taps: string;

const tap = (at: string, direction: string, fields: object = { cardId: CARD_ID }) =>
  JSON.stringify({ siteId: SITE_ID, at, direction, ...fields });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-replay-'));
  registry = join(folder, 'registry.json');
  taps = join(folder, 'taps.ndjson');
  writeFileSync(registry, JSON.stringify(registryDocument));
  writeFileSync(
    taps,
    [
      tap('2026-11-24T17:00:00+09:00', 'out'),
      tap('2026-11-24T08:00:00+09:00', 'in'),
      '',
      tap('2026-10-01T00:00:00Z', 'auto', { workerId: WORKER_ID }),
      tap('2026-11-24T09:00:00+09:00', 'in', { cardId: 'FFFFFFFFFFFFFFFF' }),
    ].join('\n'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (...more: readonly string[]) =>
  spawnSync(process.execPath, [program, ...more], { encoding: 'utf8' });
const report = (...more: readonly string[]) => {
  const { stdout, status } = replay('--registry', registry, '--taps', taps, ...more);
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

describe('replay', () => {
  test('attendance', () => {
    expect(report('--report', 'attendance', '--month', '2026-11')).toEqual({
      report: 'attendance',
      rows: [
        {
          siteId: SITE_ID,
          cardId: 'FFFFFFFFFFFFFFFF',
          workDate: '2026-11-24',
          firstIn: '2026-11-24T09:00:00+09:00',
          minutes: 0,
          nightMinutes: 0,
          flags: ['missing-out', 'unknown-card'],
          evidence: ['line 00000005'],
        },
        {
          siteId: SITE_ID,
          workerId: WORKER_ID,
          workDate: '2026-11-24',
          companyId: FIRST_TIER,
          firstIn: '2026-11-24T08:00:00+09:00',
          lastOut: '2026-11-24T17:00:00+09:00',
          minutes: 540,
          nightMinutes: 0,
          flags: [],
          evidence: ['line 00000002', 'line 00000001'],
        },
      ],
    });
  });

  test('contributions, as of a day', () => {
    const { rows, unresolved } = report(
      '--report',
      'contributions',
      '--as-of',
      '2026-11-25T00:00:00+09:00',
    );
    expect(rows).toMatchObject([
      { workerId: WORKER_ID, workDate: '2026-10-01', days: 1, yen: 320 },
      { workerId: WORKER_ID, workDate: '2026-11-24', days: 1, yen: 320 },
    ]);
    expect(unresolved).toMatchObject([{ reason: 'unknown-card', cardId: 'FFFFFFFFFFFFFFFF' }]);
    const later = report('--report', 'contributions', '--as-of', '2028-11-25T00:00:00+09:00');
    expect(later.rows).toMatchObject([{ notPayable: 'too-late' }, { notPayable: 'too-late' }]);
  });

  test('a site narrows the rows', () => {
    expect(report('--report', 'attendance', '--site', '39999999999999').rows).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      'nothing',
      [],
      ['--registry: is missing', '--taps: is missing', '--report: is missing', 'usage:'],
    ],
    [
      'a report that is not',
      ['--registry', 'r', '--taps', 't', '--report', 'nonsense'],
      ['nonsense is not a report', 'usage:'],
    ],
    ['a word too many', ['--nonsense'], ['nonsense', 'usage:']],
    [
      'a wrong month, site and instant',
      ['--month', '2026-13', '--site', '1', '--as-of', 'today'],
      ['--month', '--site', '--as-of'],
    ],
  ])('the command line with %s is refused with exit code 2', (_what, line, said) => {
    const { status, stderr, stdout } = replay(...line);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const words of said) expect(stderr).toContain(words);
  });

  test('documents with faults are refused with every fault, file and place', () => {
    const badRegistry = join(folder, 'bad.json');
    const badTaps = join(folder, 'bad.ndjson');
    writeFileSync(badRegistry, JSON.stringify({ ...registryDocument, workers: [{}] }));
    writeFileSync(
      badTaps,
      `${tap('2026-11-24', 'in')}\nnonsense\n${tap('2026-11-24T08:00:00+09:00', 'in', {})}`,
    );
    const { status, stderr, stdout } = replay(
      '--registry',
      badRegistry,
      '--taps',
      badTaps,
      '--report',
      'attendance',
    );
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const place of [
      'bad.json /workers/0/workerId',
      'bad.ndjson line 1/at',
      'bad.ndjson line 2',
      'bad.ndjson line 3',
    ]) {
      expect(stderr).toContain(place);
    }
  });

  test('a byte order mark is passed over, another encoding or document refused, and an unknown table told', () => {
    const of = (name: string, bytes: string | Buffer): string => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return file;
    };
    const ask = (registryFile: string, tapsFile: string) =>
      replay('--registry', registryFile, '--taps', tapsFile, '--report', 'attendance');
    const marked = ask(
      of('marked.json', `\uFEFF${JSON.stringify(registryDocument)}`),
      of('marked.ndjson', `\uFEFF${tap('2026-11-24T08:00:00+09:00', 'in')}\r\n`),
    );
    expect([marked.stderr, marked.status]).toEqual(['', 0]);
    const refused = ask(
      of('cp932.json', iconv.encode(JSON.stringify(registryDocument, undefined, 1), 'cp932')),
      taps,
    );
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/cp932\.json line \d+, character \d+: is no character of UTF-8/);
    const mistyped = ask(
      of('mistyped.json', JSON.stringify({ ...registryDocument, worker: [] })),
      taps,
    );
    expect(mistyped).toMatchObject({ status: 0, stderr: 'tables that there are not: worker\n' });
    const swapped = ask(of('swapped.json', tap('2026-11-24T08:00:00+09:00', 'in')), taps);
    expect(swapped.status).toBe(2);
    expect(swapped.stderr).toContain('swapped.json: is no registry document');
  });

  test('a file that is not there is named', () => {
    const { status, stderr } = replay(
      '--registry',
      join(folder, 'none'),
      '--taps',
      taps,
      '--report',
      'attendance',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('none');
  });
});

describe('replay --why', () => {
  const why = (...more: readonly string[]) => report('--report', ...more);

  test('tells from which touches a day is made', () => {
    const key = `siteId=${SITE_ID},workerId=${WORKER_ID},workDate=2026-11-24`;
    const { figures, ...head } = why('attendance', '--why', key);
    expect(head).toEqual({
      report: 'attendance',
      titleJa: '出面',
      key: { siteId: SITE_ID, workerId: WORKER_ID, workDate: '2026-11-24' },
    });
    const minutes = figures.find(({ code }: { code: string }) => code === 'minutes');
    expect(minutes).toMatchObject({ value: 540, how: 'sum', rounding: 'minutes' });
    expect(minutes.parts[0].grounds).toMatchObject([
      { kind: 'touch', entryId: 'line 00000002', meaning: 'entry' },
      { kind: 'touch', entryId: 'line 00000001', meaning: 'exit' },
    ]);
  });

  test('follows links as deep as it is told to', () => {
    const key = `workerId=${WORKER_ID},workDate=2026-11-24,companyId=${FIRST_TIER}`;
    const linkOf = (depth: string) => {
      const { figures } = why('contributions', '--why', key, '--depth', depth);
      return figures.find(({ code }: { code: string }) => code === 'evidence').grounds[0];
    };
    expect(linkOf('0')).toMatchObject({ kind: 'row', report: 'attendance', column: 'evidence' });
    expect(linkOf('0').figure).toBeUndefined();
    expect(linkOf('1').figure.grounds).toMatchObject([{ kind: 'touch' }, { kind: 'touch' }]);
  });

  test('says why of a row that stands beside the others', () => {
    const key = `siteId=${SITE_ID},week=2026-11-22`;
    const { figures, list } = why('headcount', '--list', 'weeks', '--why', key);
    expect(list).toBe('weeks');
    expect(figures[0]).toMatchObject({ code: 'workerDays', how: 'count' });
    expect(figures[0].parts[0]).toMatchObject({ kind: 'row', report: 'work-history' });
  });

  test('every fault of the key is named, and a row that is not there', () => {
    const faulty = replay(
      ...['--registry', registry, '--taps', taps, '--report', 'attendance'],
      ...['--why', 'siteId=1,siteId=2,nonsense=3', '--depth', '9'],
    );
    expect(faulty.status).toBe(2);
    expect(faulty.stderr).toContain('--depth');
    expect(faulty.stderr).toContain('--why siteId: is given twice');
    const nobody = replay(
      ...['--registry', registry, '--taps', taps, '--report', 'overtime'],
      ...['--why', 'workerId=1,month=2026-11'],
    );
    expect(nobody.status).toBe(2);
    expect(nobody.stderr).toContain('has no such row');
    const listless = replay(
      ...['--registry', registry, '--taps', taps, '--report', 'headcount', '--list', 'weeks'],
    );
    expect(listless.stderr).toContain('--list: is no use without --why');
  });
});
