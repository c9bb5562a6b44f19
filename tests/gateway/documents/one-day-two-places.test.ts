/** 就労状況報告書 of a day that stands in another report too: at two sites of one employer, with two employers, or nowhere. */
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { workDate } from '../../../shared/time.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import { documentOf, factsOf, tableOf } from '../../fixtures/documents.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  registryWith,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { workedMonth } from '../../fixtures/worked-month.ts';

const [site, secondSite] = registryDocument.sites;
const [assignment] = registryDocument.assignments;
const atSecond = (companyId: string) => ({ ...assignment, siteId: SECOND_SITE, companyId });

const reportOf = (
  name: 'monthly' | 'daily',
  {
    siteId = SECOND_SITE,
    companyId = FIRST_TIER,
    tables = {},
    days = [
      attendanceDay('2026-05-07'),
      attendanceDay('2026-05-07', { site: SECOND_SITE, from: '18:00', hours: 2 }),
    ],
  }: {
    readonly siteId?: string;
    readonly companyId?: string;
    readonly tables?: Readonly<Record<string, unknown>>;
    readonly days?: readonly AttendanceDay[];
  } = {},
) => {
  const registry = registryWith(tables);
  return documentOf(
    `employment-report-${name}`,
    { siteId, companyId, month: '2026-05' },
    {
      ...workedMonth(),
      registry,
      index: indexRegistry(registry),
      days,
      asOf: workDate('2026-06-15'),
    },
  );
};

describe('a day at two sites of one employer', () => {
  test('is credited at the first, and the second says so with its date and place', () => {
    const [row, ...others] = tableOf(reportOf('monthly')).rows;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ workerId: WORKER_ID, workedDays: 0, days: 0, yen: 0 });
    expect(row?.remark).toBe('7日は同じ日に先に働いた現場（試験現場）で計上');
    const daily = reportOf('daily');
    expect(tableOf(daily).rows[0]).toMatchObject({ '2026-05-07': '他', days: 0 });
    expect(daily.notes.join()).toContain('他＝');
  });

  test('names no site of another 元請', () => {
    const tables = { sites: [{ ...site, primeId: OTHER_COMPANY }, secondSite] };
    const [row] = tableOf(reportOf('monthly', { tables })).rows;
    expect(row?.remark).toBe('7日は同じ日に先に働いた他の現場で計上');
  });

  test('stands beside the other days of the worker, and is said nowhere at the first site', () => {
    const days = ['2026-05-07', '2026-05-08'].flatMap((date) => [
      attendanceDay(date, { site: SECOND_SITE, from: '18:00', hours: 2 }),
      ...(date === '2026-05-07' ? [attendanceDay(date)] : []),
    ]);
    expect(tableOf(reportOf('monthly', { days })).rows).toMatchObject([
      { workedDays: 1, days: 1, yen: 320, remark: expect.stringContaining('7日は') },
    ]);
    expect(tableOf(reportOf('monthly', { days, siteId: SITE_ID })).rows).toMatchObject([
      { workedDays: 1, days: 1, remark: '' },
    ]);
  });
});

describe('a day with two employers', () => {
  const tables = { assignments: [assignment, atSecond(OTHER_COMPANY)] };

  test.each([
    [SITE_ID, FIRST_TIER],
    [SECOND_SITE, OTHER_COMPANY],
  ])(
    'is paid by each, and the report of %s by %s says that it is no mistake',
    (siteId, companyId) => {
      expect(tableOf(reportOf('monthly', { tables, siteId, companyId })).rows).toMatchObject([
        { days: 1, yen: 320, remark: '7日は他の事業者でも就労（それぞれが納付）' },
      ]);
      expect(reportOf('daily', { tables, siteId, companyId }).notes.join()).toContain(
        '他の事業者でも就労',
      );
    },
  );

  test('is not told to a 元請 who does not have the other site', () => {
    const apart = { ...tables, sites: [{ ...site, primeId: OTHER_COMPANY }, secondSite] };
    const [row] = tableOf(reportOf('monthly', { tables: apart, companyId: OTHER_COMPANY })).rows;
    expect(row?.remark).toBe('');
  });
});

describe('a month without work', () => {
  test.each([
    [FIRST_TIER, 'a subcontractor'],
    [PRIME, 'the 元請'],
  ])('is an honest report of 0 days under the contract by %s, %s', (companyId, _who) => {
    const model = reportOf('monthly', { siteId: SITE_ID, companyId, days: [] });
    expect(factsOf(model)).toMatchObject({
      工事: '試験工事',
      発注者: '試験県',
      納付方式: '電子申請（退職金ポイント）',
      報告期限: '2026-07-31',
      掛金日数: 0,
      掛金: 0,
    });
    expect(tableOf(model)).toMatchObject({ rows: [], empty: 'この月の就労はありません' });
  });

  test('by a firm with an exception has its method', () => {
    const [contract, other] = registryDocument.contracts;
    const exceptions = [{ companyId: FIRST_TIER, method: 'stamps' }];
    const tables = { contracts: [{ ...contract, exceptions }, other] };
    expect(factsOf(reportOf('monthly', { siteId: SITE_ID, tables, days: [] }))).toMatchObject({
      納付方式: '証紙',
    });
  });

  test('says that the contract is unknown only where it is', () => {
    const [contract, other] = registryDocument.contracts;
    const tables = { contracts: [contract, { ...contract, contractId: 'K9' }, other] };
    expect(factsOf(reportOf('monthly', { siteId: SITE_ID, tables, days: [] }))).toMatchObject({
      工事: '契約が特定できません',
    });
  });
});
