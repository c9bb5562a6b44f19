/** FAQ H3 clause by clause, and what else the scheme settles: touches and registry in, days out, with the source. */
import { describe, expect, test } from 'vitest';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import {
  contributions,
  dates,
  days,
  leave,
  rows,
  shift,
  statement,
  type Worked,
  yen,
} from '../fixtures/kentaikyo-worked.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  registryDocument,
  SECOND_SITE,
  WORKER_ID,
} from '../fixtures/registry.ts';

const H3 = 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html';
const AGY76 = 'http://www.agc-y.or.jp/pages/76/';

describe('FAQ H3, clause by clause, from touches to days', () => {
  test.each<[string, Worked, readonly number[], string]>([
    [
      '2 to 3 hours of paid work are a day',
      { touches: shift('2026-11-24T08:00', '2026-11-24T10:00') },
      [1],
      H3,
    ],
    ['… 3 hours', { touches: shift('2026-11-24T08:00', '2026-11-24T11:00') }, [1], H3],
    ['8 hours are a day', { touches: shift('2026-11-24T08:00', '2026-11-24T16:00') }, [1], H3],
    [
      'beyond 8 hours each 8 hours are one more: 7 are none',
      { touches: shift('2026-11-24T06:00', '2026-11-24T21:00') },
      [1],
      H3,
    ],
    ['… 8 are', { touches: shift('2026-11-24T06:00', '2026-11-24T22:00') }, [2], H3],
    [
      'in night work 4 hours of the excess in the next day are one more: printed 21:00–09:00',
      { touches: shift('2026-11-24T21:00', '2026-11-25T09:00') },
      [2],
      H3,
    ],
    ['… 3 are none', { touches: shift('2026-11-24T18:00', '2026-11-25T05:00') }, [1], H3],
    ['a closure that the employer pays is due', { tables: leave('employer-closure') }, [1], H3],
    ['so is paid leave', { tables: leave('paid-leave') }, [1], AGY76],
    ['a day of absence is nothing', {}, [], AGY76],
  ])('%s', (_clause, worked, candidateDays, source) => {
    expect(source).toMatch(/^https?:/);
    expect(rows(worked).map((row) => row.candidateDays)).toEqual(candidateDays);
  });

  test('names H3 as the source of what it rests on', () => {
    const { rules } = contributions({ touches: shift('2026-11-24T21:00', '2026-11-25T09:00') });
    const sources = rules.map(({ id, source }: { id: string; source: string }) => [id, source]);
    expect(sources).toContainEqual(['one-day', H3]);
    expect(sources).toContainEqual(['next-day-4-hours', H3]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      '4 hours of the next day alone',
      shift('2026-11-24T21:00', '2026-11-25T09:00'),
      ['one-day', 'next-day-4-hours', 'approved-days'],
    ],
    [
      'a whole 8 hours alone',
      shift('2026-11-24T06:00', '2026-11-24T22:00'),
      ['one-day', 'beyond-8-hours', 'approved-days'],
    ],
    [
      'both',
      shift('2026-11-24T12:00', '2026-11-25T08:00'),
      ['one-day', 'beyond-8-hours', 'next-day-4-hours', 'approved-days'],
    ],
    ['neither', shift('2026-11-24T08:00', '2026-11-24T20:00'), ['one-day']],
  ])('a day names the clauses that made it, and no other: %s', (_what, touches, rules) => {
    const sites = registryDocument.sites.map((site) => ({ ...site, maxShiftHours: 24 }));
    expect(rows({ touches, tables: { sites } }).map((row) => row.rules)).toEqual([rules]);
  });
});

describe('what else is settled by the scheme', () => {
  const [contract, second] = registryDocument.contracts;
  const [worker] = registryDocument.workers;
  const oneDay = days(['2026-11-24']);
  const employed = (kind: string) => ({
    employments: [{ workerId: WORKER_ID, companyId: FIRST_TIER, kind }],
  });

  test.each<[string, Worked, unknown, string]>([
    [
      'an officer is no member',
      { touches: oneDay, tables: employed('officer') },
      [[0, 'officer']],
      'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
    ],
    [
      'a member of 中退共 is no member twice',
      { touches: oneDay, tables: { workers: [{ ...worker, otherScheme: 'chutaikyo' }] } },
      [[0, 'other-scheme']],
      'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
    ],
    [
      '清退共 alike',
      { touches: oneDay, tables: { workers: [{ ...worker, otherScheme: 'seitaikyo' }] } },
      [[0, 'other-scheme']],
      'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
    ],
    [
      '林退共 alike',
      { touches: oneDay, tables: { workers: [{ ...worker, otherScheme: 'rintaikyo' }] } },
      [[0, 'other-scheme']],
      'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
    ],
    [
      '一人親方 as 親方: the 任意組合 pays',
      { touches: oneDay, tables: employed('sole-contractor') },
      [[0, 'sole-contractor']],
      'https://kentaikyo.taisyokukin.go.jp/m/menu7.html',
    ],
    [
      '一人親方 hired by another: that employer pays',
      {
        touches: oneDay,
        tables: {
          employments: [
            { workerId: WORKER_ID, companyId: OTHER_COMPANY, kind: 'sole-contractor' },
            { workerId: WORKER_ID, companyId: FIRST_TIER, kind: 'employee' },
          ],
        },
      },
      [[1, undefined]],
      'https://kentaikyo.taisyokukin.go.jp/m/menu7.html',
    ],
    [
      '730 days late is in time',
      { touches: days(['2024-11-30']) },
      [[1, undefined]],
      'https://www.kaken-honbu.or.jp/aid-qa/160/',
    ],
    [
      '731 are not',
      { touches: days(['2024-11-29']) },
      [[0, 'too-late']],
      'https://www.kaken-honbu.or.jp/aid-qa/160/',
    ],
    [
      'one employer, two sites by two methods: one day, by the method of the first',
      {
        touches: [
          ...shift('2026-11-24T08:00', '2026-11-24T12:00'),
          ...shift('2026-11-24T13:00', '2026-11-24T17:00').map(
            (touch) => `${touch} s${SECOND_SITE}`,
          ),
        ],
      },
      [[1, undefined]],
      'http://a-kenkyo.or.jp/kentaikyo_akita/denshi/denshi_qanda',
    ],
  ])('%s', (_what, worked, expected, source) => {
    expect(source).toMatch(/^https?:/);
    expect(rows(worked).map((row) => [row.days, row.notPayable])).toEqual(expected);
  });

  test.each([
    [180, true, 'a multiple of 10'],
    [185, false, 'steps are 10円'],
  ])('a surcharge of %i円: %s, %s', (surchargeYen, isTaken) => {
    const parsed = parseRegistryDocument({
      ...registryDocument,
      surcharges: [{ workerId: WORKER_ID, yen: surchargeYen, source: '試験規程' }],
    });
    expect(parsed.ok).toBe(isTaken);
    if (isTaken) {
      const tables = { surcharges: [{ workerId: WORKER_ID, yen: surchargeYen, source: '規程' }] };
      expect(yen({ touches: oneDay, tables })).toEqual([320 + surchargeYen]);
    }
  });

  test('a company with two methods in one contract is refused with its place', () => {
    const exceptions = [
      { companyId: FIRST_TIER, method: 'stamps' },
      { companyId: FIRST_TIER, method: 'points' },
    ];
    const parsed = parseRegistryDocument({
      ...registryDocument,
      contracts: [{ ...contract, exceptions }, second],
    });
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual([
      '/contracts/0/exceptions/1/companyId',
    ]);
  });

  test('a book of 250 days is full with the 250th and due the day after', () => {
    const { booklet } = statement({
      touches: days(dates('2026-10', 2)),
      tables: {
        booklets: [{ workerId: WORKER_ID, number: 2, issuedOn: '2026-10-01', daysBefore: 248 }],
      },
    });
    expect(booklet).toMatchObject({ days: 250, daysLeft: 0, filledOn: '2026-10-02' });
  });
});
