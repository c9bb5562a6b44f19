/** 未タッチ: each likely reason, in its order, and who mends it. */
import { describe, expect, test } from 'vitest';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  registryDocument,
  SECOND_SITE,
  SITE_ID,
} from '../../fixtures/registry.ts';
import { reportOf, workerRow } from '../../fixtures/report.ts';

const DATE = '2026-11-24';
const one = workerRow(1);
const two = workerRow(2);
const [assignment] = registryDocument.assignments;
const assigned = (workerId: string, more: object = {}) => ({ ...assignment, workerId, ...more });
const base = {
  workers: [one, two],
  cards: [
    { cardId: 'AAAAAAAA', workerId: one.workerId },
    { cardId: 'BBBBBBBB', workerId: two.workerId },
  ],
  employments: [one, two].map(({ workerId }) => ({
    workerId,
    companyId: FIRST_TIER,
    kind: 'employee',
  })),
  assignments: [assigned(one.workerId), assigned(two.workerId)],
};
const heads = (workers: number) => ({
  headcounts: [{ siteId: SITE_ID, companyId: FIRST_TIER, date: DATE, workers }],
});
const oneCame = [`${DATE}T08:00 in w${one.workerId}`];

describe('report not-touched', () => {
  test.each<[string, string, object, readonly string[], string | undefined]>([
    [
      'leave',
      'a day of paid leave',
      {
        leave: [{ workerId: two.workerId, companyId: FIRST_TIER, date: DATE, kind: 'paid-leave' }],
      },
      oneCame,
      undefined,
    ],
    [
      'other-site',
      'touched elsewhere',
      {},
      [...oneCame, `${DATE}T08:00 in w${two.workerId} s${SECOND_SITE}`],
      undefined,
    ],
    ['absent', 'the company says one was there, and one touched', heads(1), oneCame, undefined],
    ['forgot', 'the company says two were there, and one touched', heads(2), oneCame, 'employer'],
    ['unknown', 'the company says nothing', {}, oneCame, 'employer'],
    ['no-card', 'never had a card', { cards: [base.cards[0]] }, oneCame, 'employer'],
    [
      'card-expired',
      'the card ended the day before',
      { cards: [base.cards[0], { ...base.cards[1], to: '2026-11-23' }] },
      oneCame,
      'worker',
    ],
    [
      'just-assigned',
      'the first day',
      { assignments: [base.assignments[0], assigned(two.workerId, { from: DATE })] },
      oneCame,
      'site-staff',
    ],
    [
      'leave',
      'leave goes before all else',
      {
        ...heads(2),
        cards: [],
        leave: [
          { workerId: two.workerId, companyId: FIRST_TIER, date: DATE, kind: 'employer-closure' },
        ],
      },
      oneCame,
      undefined,
    ],
    ['absent', 'who was not there needs no card', { ...heads(1), cards: [] }, oneCame, undefined],
  ])('%s: %s', (reason, _because, tables, touches, mendedBy) => {
    const { rows } = reportOf('not-touched', {
      tables: { ...base, ...tables },
      touches,
      siteId: SITE_ID,
    });
    expect(rows).toMatchObject([
      { siteId: SITE_ID, workDate: DATE, workerId: two.workerId, reason, mendDue: '2026-12-31' },
    ]);
    expect(rows[0].mendedBy).toBe(mendedBy);
  });

  test('nobody touched and the company reports people: the terminal was down or has not sent', () => {
    const { rows } = reportOf('not-touched', { tables: { ...base, ...heads(2) } });
    expect(rows.map(({ reason }: { reason: string }) => reason)).toEqual([
      'terminal-down',
      'terminal-down',
    ]);
  });

  test('another company’s touch does not make a company that stayed away forgetful', () => {
    const tables = {
      ...base,
      assignments: [
        assigned(one.workerId, { companyId: registryDocument.organisation[0]?.companyId }),
        assigned(two.workerId),
      ],
    };
    expect(reportOf('not-touched', { tables, touches: oneCame }).rows).toMatchObject([
      { workerId: two.workerId, reason: 'company-not-there' },
    ]);
  });

  test.each<[string, object, readonly string[]]>([
    [
      'whoever touched, with whatever card',
      { cards: [base.cards[0], { ...base.cards[1], to: '2026-11-23' }] },
      [...oneCame, `${DATE}T08:00 in cBBBBBBBB`],
    ],
    [
      'whose assignment ended the day before',
      { assignments: [base.assignments[0], assigned(two.workerId, { to: '2026-11-23' })] },
      oneCame,
    ],
    ['a day without anybody', {}, []],
    ['a day on which the company reports nobody', heads(0), []],
  ])('is silent about %s', (_what, tables, touches) => {
    expect(reportOf('not-touched', { tables: { ...base, ...tables }, touches }).rows).toEqual([]);
  });

  test('a worker of two companies at once is one line', () => {
    const tables = {
      ...base,
      assignments: [...base.assignments, assigned(two.workerId, { companyId: OTHER_COMPANY })],
    };
    expect(reportOf('not-touched', { tables, touches: oneCame }).rows).toHaveLength(1);
  });
});
