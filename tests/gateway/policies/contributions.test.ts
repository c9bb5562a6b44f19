/** タッチ=掛金: who owes what for which day, and what is said when nobody does. */
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import type { Subject } from '../../../gateway/attendance/shifts.ts';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import { reportDue, wagePaymentDate } from '../../../gateway/policies/report-deadline.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { WorkerId } from '../../../shared/ids.ts';
import { workDate } from '../../../shared/time.ts';
import { attendanceDay, jst } from '../../fixtures/attendance-day.ts';
import { CARD } from '../../fixtures/identities.ts';
import {
  CARD_ID,
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  registryWith,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

const contributions = (
  days: readonly AttendanceDay[],
  tables: Readonly<Record<string, unknown>> = {},
  asOf = '2026-11-24',
) => contributionsOf(days, indexRegistry(registryWith(tables)), { asOf: workDate(asOf) });

const withWorker = (fields: object) => ({
  workers: [{ ...registryDocument.workers[0], ...fields }],
});
const withEmployment = (fields: object) => ({
  employments: [{ ...registryDocument.employments[0], ...fields }],
});

describe('contributionsOf', () => {
  test('a touched day is a day paid by the company of the assignment, and says why', () => {
    expect(contributions([attendanceDay('2026-11-24')])).toEqual({
      contributions: [
        {
          workerId: WORKER_ID,
          workDate: '2026-11-24',
          companyId: FIRST_TIER,
          siteId: SITE_ID,
          contractId: 'K1',
          days: 1,
          candidateDays: 1,
          yen: 320,
          method: 'points',
          colour: 'red',
          basis: 'shift',
          reportDue: '2027-01-31',
          rate: { yen: 320, source: expect.stringContaining('kentaikyo') },
          rules: ['one-day'],
          shift: {
            startAt: jst('2026-11-24T08:00'),
            intervals: [{ inAt: jst('2026-11-24T08:00'), outAt: jst('2026-11-24T17:00') }],
          },
          evidence: [`${SITE_ID} 2026-11-24 in`, `${SITE_ID} 2026-11-24 out`],
        },
      ],
      secondSites: [],
      unresolved: [],
    });
  });

  test.each([
    ['2021-09-30', 310, 'the last day of 310'],
    ['2021-10-01', 320, 'the first day of 320'],
    ['2020-04-01', 310, 'long before'],
  ])('%s costs %i: %s', (date, yen) => {
    const { contributions: rows } = contributions([attendanceDay(date)], {}, '2021-10-02');
    expect(rows).toMatchObject([{ yen, days: 1, rate: { yen } }]);
  });

  test.each([
    ['an officer', withEmployment({ kind: 'officer' }), 'officer'],
    ['a member of another scheme', withWorker({ otherScheme: 'chutaikyo' }), 'other-scheme'],
    [
      'a sole contractor pays through his association',
      withEmployment({ kind: 'sole-contractor' }),
      'sole-contractor',
    ],
    ['nobody knows a member number', withWorker({ memberNo: undefined }), 'no-member-no'],
  ])('%s: not payable, but never silently missing', (_because, tables, notPayable) => {
    const { contributions: rows } = contributions([attendanceDay('2026-11-24')], tables);
    expect(rows).toMatchObject([{ days: 0, yen: 0, candidateDays: 1, notPayable }]);
  });

  test.each([
    ['2024-11-24', undefined, '730 days ago is still in time'],
    ['2024-11-23', 'too-late', '731 days ago is not'],
  ])('%s: %s, because %s', (date, notPayable, _because) => {
    const { contributions: rows } = contributions([attendanceDay(date)]);
    expect(rows[0]?.notPayable).toBe(notPayable);
  });

  test('two days of one shift are a candidate until somebody approves', () => {
    const night = attendanceDay('2026-11-24', { from: '21:00', hours: 12 });
    expect(contributions([night]).contributions).toMatchObject([
      { days: 1, candidateDays: 2, yen: 320 },
    ]);
    const approval = {
      workerId: WORKER_ID,
      workDate: '2026-11-24',
      by: '現場代理人',
      at: '2026-11-26T09:00:00+09:00',
    };
    expect(
      contributions([night], { approvals: [{ ...approval, days: 2 }] }).contributions,
    ).toMatchObject([{ days: 2, candidateDays: 2, yen: 640 }]);
    expect(
      contributions([night], { approvals: [{ ...approval, days: 3 }] }).contributions,
    ).toMatchObject([{ days: 2 }]);
    const later = { ...approval, days: 1, at: '2026-11-27T09:00:00+09:00' };
    expect(
      contributions([night], { approvals: [later, { ...approval, days: 2 }] }).contributions,
    ).toMatchObject([{ days: 1 }]);
  });

  test('two sites of one employer on a date are one day, at the site touched first, hours added', () => {
    const days = [
      attendanceDay('2026-11-24', { site: SECOND_SITE, from: '16:00', hours: 8 }),
      attendanceDay('2026-11-24', { from: '07:00', hours: 8 }),
    ];
    expect(contributions(days).contributions).toMatchObject([
      { siteId: SITE_ID, contractId: 'K1', days: 1, candidateDays: 2, yen: 320 },
    ]);
    expect(contributions(days).contributions[0]?.evidence).toHaveLength(4);
    const otherWayRound = [
      attendanceDay('2026-11-24', { from: '16:00', hours: 4 }),
      attendanceDay('2026-11-24', { site: SECOND_SITE, from: '07:00', hours: 4 }),
    ];
    expect(contributions(otherWayRound).contributions).toMatchObject([{ siteId: SECOND_SITE }]);
  });

  test('two employers on a date each pay their day', () => {
    const assignments = [
      ...registryDocument.assignments,
      {
        siteId: SECOND_SITE,
        workerId: WORKER_ID,
        companyId: OTHER_COMPANY,
        trade: '10-01',
        role: 'general',
      },
    ];
    const { contributions: rows } = contributions(
      [
        attendanceDay('2026-11-24', { hours: 4 }),
        attendanceDay('2026-11-24', { site: SECOND_SITE, from: '13:00', hours: 4 }),
      ],
      { assignments },
    );
    expect(rows.map(({ companyId, days, method }) => [companyId, days, method])).toEqual([
      [FIRST_TIER, 1, 'points'],
      [OTHER_COMPANY, 1, 'stamps'],
    ]);
  });

  test('a company may be an exception from the method of the contract', () => {
    const [contract, second] = registryDocument.contracts;
    const exceptions = [{ companyId: FIRST_TIER, method: 'stamps' }];
    const tables = { contracts: [{ ...contract, exceptions }, second] };
    expect(contributions([attendanceDay('2026-11-24')], tables).contributions).toMatchObject([
      { method: 'stamps' },
    ]);
  });

  test('a large company pays in blue', () => {
    const tables = {
      assignments: [{ ...registryDocument.assignments[0], companyId: PRIME }],
    };
    expect(contributions([attendanceDay('2026-11-24')], tables).contributions).toMatchObject([
      { companyId: PRIME, colour: 'blue' },
    ]);
  });

  test.each([
    ['paid-leave', 1],
    ['employer-closure', 1],
  ] as const)('%s is a day without a touch', (kind, days) => {
    const leave = [{ workerId: WORKER_ID, companyId: FIRST_TIER, date: '2026-11-24', kind }];
    expect(contributions([], { leave }).contributions).toMatchObject([
      { basis: kind, days, yen: 320, contractId: 'K1', evidence: [] },
    ]);
    // Worked on the day off: one day's work, not two.
    expect(contributions([attendanceDay('2026-11-24')], { leave }).contributions).toMatchObject([
      { basis: 'shift' },
    ]);
  });

  test.each<[string, readonly object[], string | undefined, string]>([
    [
      'sole contractor, employed by the company he works for',
      [
        { companyId: OTHER_COMPANY, kind: 'sole-contractor' },
        { companyId: FIRST_TIER, kind: 'employee' },
      ],
      undefined,
      'hired by another: that employer pays',
    ],
    [
      'sole contractor who works as such',
      [{ companyId: FIRST_TIER, kind: 'sole-contractor' }],
      'sole-contractor',
      'as 親方: his association pays',
    ],
    [
      'officer of his own firm, employed here',
      [
        { companyId: OTHER_COMPANY, kind: 'officer' },
        { companyId: FIRST_TIER, kind: 'employee' },
      ],
      undefined,
      'what he is elsewhere does not count here',
    ],
  ])('by capacity: %s', (_who, rows, expected, _because) => {
    const employments = rows.map((row) => ({ workerId: WORKER_ID, ...row }));
    const { contributions: found } = contributions([attendanceDay('2026-11-24')], { employments });
    expect(found.map((row) => row.notPayable)).toEqual([expected]);
  });

  test('the same worker, day and site is one row however often the sites are listed', () => {
    const days = [attendanceDay('2026-11-24'), attendanceDay('2026-11-24', { site: SECOND_SITE })];
    const { contributions: found } = contributions(days);
    // The second site pays by stamps: the day is never paid by both methods.
    expect(found.map(({ method, days: paid }) => [method, paid])).toEqual([['points', 1]]);
    expect(found[0]?.rules).toEqual(['one-day', 'two-sites']);
  });

  test('absence is nothing', () => {
    expect(contributions([])).toEqual({ contributions: [], secondSites: [], unresolved: [] });
  });

  test('what cannot be settled is listed with who can mend it', () => {
    const stranger: Subject = { kind: 'worker', workerId: WorkerId.parse('19999999999999') };
    const card: Subject = { kind: 'card', cardId: CARD };
    expect(
      contributions([
        attendanceDay('2026-11-24', { subject: card }),
        attendanceDay('2026-11-24', { subject: stranger }),
      ]).unresolved.map(({ reason, mendedBy }) => [reason, mendedBy]),
    ).toEqual([
      ['unknown-card', 'prime'],
      ['unknown-worker', 'employer'],
    ]);
    const unemployed = { employments: [], assignments: [] };
    expect(contributions([attendanceDay('2026-11-24')], unemployed)).toMatchObject({
      contributions: [],
      unresolved: [{ reason: 'no-employer', workerId: WORKER_ID }],
    });
    const uncontracted = { contracts: [] };
    expect(contributions([attendanceDay('2026-11-24')], uncontracted)).toMatchObject({
      contributions: [{ days: 1, yen: 320 }],
      unresolved: [{ reason: 'no-contract' }],
    });
  });

  test('of two contracts on a site the one of the company counts', () => {
    const contracts = [
      ...registryDocument.contracts,
      { ...registryDocument.contracts[0], contractId: 'K3', method: 'stamps' },
    ];
    const [prime, first] = registryDocument.organisation;
    const named = { contracts, organisation: [prime, { ...first, contractId: 'K3' }] };
    expect(contributions([attendanceDay('2026-11-24')], named).contributions).toMatchObject([
      { contractId: 'K3' },
    ]);
    expect(contributions([attendanceDay('2026-11-24')], { contracts }).unresolved).toMatchObject([
      { reason: 'no-contract' },
    ]);
  });

  test('the card is known by the fixture', () => {
    expect(CARD_ID).toBe(CARD);
  });
});

describe('report deadline', () => {
  test.each([
    [
      '2026-04-15',
      { payDay: 25, payMonthOffset: 1 },
      '2026-05-25',
      '2026-06-30',
      'paid on the 25th of the next month',
    ],
    [
      '2026-04-15',
      { payDay: 'end', payMonthOffset: 0 },
      '2026-04-30',
      '2026-05-31',
      'paid at the end of the month',
    ],
    ['2026-04-15', {}, '2026-05-31', '2026-06-30', 'the default: the end of the next month'],
    [
      '2026-05-15',
      { payDay: 31, payMonthOffset: 1 },
      '2026-06-30',
      '2026-07-31',
      'June has no 31st',
    ],
    [
      '2026-11-15',
      { payDay: 10, payMonthOffset: 2 },
      '2027-01-10',
      '2027-02-28',
      'over the turn of the year',
    ],
    ['2027-12-31', { payDay: 'end', payMonthOffset: 1 }, '2028-01-31', '2028-02-29', 'a leap year'],
  ] as const)('%s with %j', (worked, rule, paid, due, _because) => {
    expect(wagePaymentDate(workDate(worked), rule)).toBe(paid);
    expect(reportDue(workDate(worked), rule)).toBe(due);
  });
});
