/** What stands against a purge, by the date before which everything would go. */
import { describe, expect, test } from 'vitest';
import { purgeObstacles } from '../../../gateway/retention/purge-limit.ts';
import { RetentionConfig } from '../../../gateway/retention/retention-config.ts';
import { workDate } from '../../../shared/time.ts';
import { registryDocument, registryWith } from '../../fixtures/registry.ts';

const TODAY = workDate('2026-11-25');
const [contract] = registryDocument.contracts;

const obstacles = (before: string, dates: object, retention: object = {}) =>
  purgeObstacles(workDate(before), {
    registry: registryWith({ contracts: [{ ...contract, ...dates }] }),
    today: TODAY,
    retention: RetentionConfig.parse(retention),
  });
const COMPLETED = { contractDate: '2015-04-01', completionDate: '2016-03-31' };

describe('before a date', () => {
  test.each<[string, string, object, object, readonly object[]]>([
    ['five years ago to the day', '2021-11-25', COMPLETED, {}, []],
    [
      'a day less',
      '2021-11-26',
      COMPLETED,
      {},
      [{ kind: 'attendance-kept', latest: '2021-11-25' }],
    ],
    [
      'with a longer time set',
      '2021-11-25',
      COMPLETED,
      { attendanceYears: 10 },
      [{ kind: 'attendance-kept', latest: '2016-11-25' }],
    ],
    [
      'works that nobody has completed',
      '2020-01-01',
      { contractDate: '2015-04-01' },
      {},
      [{ kind: 'contract-not-completed', contractId: 'K1' }],
    ],
    [
      'works that began no earlier than the date have nothing before it',
      '2020-01-01',
      { contractDate: '2020-01-01' },
      {},
      [],
    ],
    [
      'long works, completed a year ago to the day: its results are still kept',
      '2020-01-01',
      { contractDate: '2015-04-01', completionDate: '2025-11-25' },
      {},
      [{ kind: 'contract-kept', contractId: 'K1', until: '2026-11-25' }],
    ],
    [
      'and a day before that, no more',
      '2020-01-01',
      { contractDate: '2015-04-01', completionDate: '2025-11-24' },
      {},
      [],
    ],
  ])('%s', (_what, before, dates, retention, expected) => {
    expect(obstacles(before, dates, retention)).toEqual(expected);
  });

  test('every obstacle is named at once', () => {
    expect(obstacles('2026-11-01', { contractDate: '2026-04-01' })).toHaveLength(2);
  });
});

test('the settings only lengthen', () => {
  expect(RetentionConfig.safeParse({ attendanceYears: 4 }).success).toBe(false);
  expect(RetentionConfig.safeParse({ contributionYears: 0 }).success).toBe(false);
});

test('years that end beyond the calendar keep for good', () => {
  const dates = { contractDate: '2015-04-01', completionDate: '9998-12-31' };
  expect(obstacles('2016-01-01', dates, { contributionYears: 5 })).toMatchObject([
    { kind: 'contract-kept' },
  ]);
});
