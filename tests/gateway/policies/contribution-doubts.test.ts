/** Days that a person has to look at: told with who can mend them, and nothing stops for them. */
import { describe, expect, test } from 'vitest';
import { contributionsOf } from '../../../gateway/policies/contributions.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { workDate } from '../../../shared/time.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import { registryDocument, registryWith, WORKER_ID } from '../../fixtures/registry.ts';

const asOf = workDate('2026-11-30');
const night = attendanceDay('2026-11-24', { from: '21:00', hours: 12 });
const approval = {
  workerId: WORKER_ID,
  workDate: '2026-11-24',
  days: 2,
  by: '現場代理人',
  at: '2026-11-26T09:00:00+09:00',
};
const doubts = (days: readonly (typeof night)[], tables: object, scope: object = {}) =>
  contributionsOf(days, indexRegistry(registryWith({ ...tables })), {
    asOf,
    ...scope,
  }).unresolved.map(({ reason, workDate: date, mendedBy }) => [reason, date, mendedBy]);

describe('what is doubtful is told', () => {
  test.each<[string, readonly (typeof night)[], object, readonly (readonly string[])[]]>([
    [
      'two days that nobody has approved',
      [night],
      {},
      [['awaiting-approval', '2026-11-24', 'prime']],
    ],
    ['approved', [night], { approvals: [approval] }, []],
    ['declined: one day it is', [night], { approvals: [{ ...approval, days: 1 }] }, []],
    [
      'approved for a date without work',
      [night],
      { approvals: [approval, { ...approval, workDate: '2026-11-25' }] },
      [['approval-without-work', '2026-11-25', 'prime']],
    ],
    [
      'approved beyond what the shift earns',
      [night],
      { approvals: [{ ...approval, days: 3 }] },
      [['approval-beyond-shift', '2026-11-24', 'prime']],
    ],
    [
      'who cannot be paid anyway waits for nothing',
      [night],
      { workers: [{ ...registryDocument.workers[0], otherScheme: 'chutaikyo' }] },
      [],
    ],
    [
      'two workers with one member number',
      [attendanceDay('2026-11-24')],
      {
        workers: [
          registryDocument.workers[0],
          { ...registryDocument.workers[0], workerId: '10000000000002' },
        ],
      },
      [['member-no-shared', '2026-11-24', 'employer']],
    ],
  ])('%s', (_what, days, tables, expected) => {
    expect(doubts(days, tables)).toEqual(expected);
  });

  test('an approval of another month says nothing in this one', () => {
    const december = { from: workDate('2026-12-01'), to: workDate('2026-12-31') };
    expect(doubts([], { approvals: [approval] }, december)).toEqual([]);
    expect(doubts([], { approvals: [approval] })).toHaveLength(1);
  });
});
