/** 就業履歴: one record a worker, site and day, what it lacks, who mends it and until when. */
import { describe, expect, test } from 'vitest';
import {
  correctionDue,
  correctionStage,
  extractDate,
} from '../../../gateway/policies/correction-deadline.ts';
import { workDate } from '../../../shared/time.ts';
import {
  CARD_ID,
  FIRST_TIER,
  registryDocument,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

describe('deadline', () => {
  test.each<[string, string, string, string]>([
    ['2026-11-01', '2026-11-30', 'before-extract', 'in the month itself'],
    ['2026-11-30', '2026-12-09', 'before-extract', 'the day before the extract'],
    ['2026-11-30', '2026-12-10', 'after-extract', 'on the day of the extract it may have run'],
    ['2026-11-01', '2026-12-31', 'after-extract', 'the last day'],
    ['2026-11-30', '2027-01-01', 'closed', 'a day too late'],
    ['2027-01-31', '2027-02-28', 'after-extract', 'a short month is a short deadline'],
    ['2027-01-31', '2027-03-01', 'closed', 'and no day longer'],
  ])('worked %s, asked %s: %s (%s)', (worked, asOf, stage) => {
    expect(correctionStage(workDate(worked), workDate(asOf))).toBe(stage);
  });

  test('crosses the year', () => {
    expect(correctionDue(workDate('2026-12-05'))).toBe('2027-01-31');
    expect(extractDate(workDate('2026-12-05'))).toBe('2027-01-10');
  });
});

test.each<[string, number, string]>([
  ['2026-12-15', 20, 'before-extract'],
  ['2026-12-20', 20, 'after-extract'],
  ['2026-12-09', 5, 'after-extract'],
])(
  'asked %s, extracted on day %i as it is set: every report says %s',
  (asOf, extractDay, stage) => {
    const asked = {
      tables: { organisation: [] },
      touches: ['2026-11-24T08:00 in', '2026-11-24T08:00 in cFFFFFFFFFFFFFFFF'],
      asOf: `${asOf}T12:00`,
      extractDay,
    };
    const { rows, toMend, unknownCards } = reportOf('work-history', asked);
    const stages = [...rows, ...toMend, ...unknownCards].map((row) => row.stage);
    expect(stages.length).toBeGreaterThan(2);
    expect(new Set(stages)).toEqual(new Set([stage]));
  },
);

const full = ['2026-11-24T08:00 in', '2026-11-24T17:00 out'];

describe('report work-history', () => {
  test('many touches are one record', () => {
    const { rows, toMend, unknownCards } = reportOf('work-history', {
      touches: [...full, '2026-11-24T12:00 out', '2026-11-24T13:00 in'],
    });
    expect(rows).toEqual([
      {
        siteId: SITE_ID,
        workerId: WORKER_ID,
        workDate: '2026-11-24',
        companyId: FIRST_TIER,
        trade: '10-01',
        role: 'general',
        firstIn: '2026-11-24T08:00:00+09:00',
        lastOut: '2026-11-24T17:00:00+09:00',
        complete: true,
        missing: [],
        evidence: ['line 00000001', 'line 00000003', 'line 00000004', 'line 00000002'],
      },
    ]);
    expect({ toMend, unknownCards }).toEqual({ toMend: [], unknownCards: [] });
  });

  test('two sites on one day are two records', () => {
    const { rows } = reportOf('work-history', {
      touches: [...full, `2026-11-24T19:00 in s${SECOND_SITE}`],
    });
    expect(
      rows.map(({ siteId, complete }: { siteId: string; complete: boolean }) => [siteId, complete]),
    ).toEqual([
      [SITE_ID, true],
      [SECOND_SITE, false],
    ]);
  });

  test('without 施工体制 the record is bare: who, when, where', () => {
    const { rows, toMend } = reportOf('work-history', {
      tables: { assignments: [], organisation: [] },
      touches: full,
      asOf: '2026-12-15T09:00',
    });
    expect(rows).toMatchObject([
      {
        complete: false,
        missing: ['employer-not-in-organisation', 'worker-not-assigned'],
        mendDue: '2026-12-31',
        stage: 'after-extract',
      },
    ]);
    expect(rows[0]).not.toHaveProperty('trade');
    expect(toMend).toMatchObject([
      {
        item: 'employer-not-in-organisation',
        mendedBy: 'upper',
        records: 1,
        workerIds: [WORKER_ID],
      },
      {
        item: 'worker-not-assigned',
        mendedBy: 'employer',
        howJa: '所属事業者：施工体制技能者登録',
      },
    ]);
  });

  test('the same lack of one company is one thing to do', () => {
    const { toMend } = reportOf('work-history', {
      tables: { assignments: [] },
      touches: [...full, '2026-11-25T08:00 in', '2026-10-30T08:00 in'],
    });
    expect(toMend).toMatchObject([
      { item: 'worker-not-assigned', records: 1, mendDue: '2026-11-30' },
      { item: 'worker-not-assigned', records: 2, mendDue: '2026-12-31' },
    ]);
  });

  const [card] = registryDocument.cards;
  test.each<[string, object, readonly string[], readonly object[]]>([
    [
      'a card past its end is the worker’s bare record',
      { cards: [{ ...card, to: '2026-11-23' }] },
      [`2026-11-24T08:00 in c${CARD_ID}`],
      [{ workerId: WORKER_ID, complete: false, missing: ['card-invalid'] }],
    ],
    [
      'a card before its beginning too',
      { cards: [{ ...card, from: '2026-11-25' }] },
      [`2026-11-24T08:00 in c${CARD_ID}`],
      [{ workerId: WORKER_ID, missing: ['card-invalid'] }],
    ],
    [
      'on its last day it is valid',
      { cards: [{ ...card, to: '2026-11-24' }] },
      [`2026-11-24T08:00 in c${CARD_ID}`],
      [{ complete: true, missing: [] }],
    ],
    [
      'the new card of the same day makes the day full',
      {
        cards: [
          { ...card, to: '2026-11-23' },
          { cardId: 'AAAAAAAA', workerId: WORKER_ID, from: '2026-11-24' },
        ],
      },
      [`2026-11-24T08:00 in c${CARD_ID}`, '2026-11-24T12:00 out cAAAAAAAA'],
      [{ complete: true, missing: [], evidence: ['line 00000001', 'line 00000002'] }],
    ],
    [
      'a typed id needs no card',
      { cards: [] },
      ['2026-11-24T08:00 in'],
      [{ complete: true, missing: [] }],
    ],
    [
      'an id that is in no registry is kept and named',
      {},
      ['2026-11-24T08:00 in w19999999999999'],
      [
        {
          workerId: '19999999999999',
          missing: ['worker-unknown', 'no-employer', 'worker-not-assigned'],
        },
      ],
    ],
  ])('%s', (_because, tables, touches, expected) => {
    const { rows } = reportOf('work-history', {
      tables: tables as Record<string, unknown>,
      touches,
    });
    expect(rows).toMatchObject(expected as object[]);
    expect(rows).toHaveLength(expected.length);
  });

  test('a card that nobody ever held is no record yet, and is listed', () => {
    const { rows, unknownCards } = reportOf('work-history', {
      touches: ['2026-11-24T08:00 in cFFFFFFFF'],
    });
    expect(rows).toEqual([]);
    expect(unknownCards).toMatchObject([
      { cardId: 'FFFFFFFF', workDate: '2026-11-24', mendedBy: 'site-staff', mendDue: '2026-12-31' },
    ]);
  });
});
