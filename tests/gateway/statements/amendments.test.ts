/** What makes an amendment, what it says of why, and what makes none; on a real ledger. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExplainedChange } from '../../../gateway/statements/amendment-reasons.ts';
import { runToEnd } from '../../../gateway/turns.ts';
import { SiteId } from '../../../shared/ids.ts';
import { month, utcMs, workDate } from '../../../shared/time.ts';
import {
  CARD_ID,
  FIRST_TIER,
  OTHER_COMPANY,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import {
  createStatementWorld,
  type StatementWorld,
  WORLD_SITE,
} from '../../fixtures/statement-world.ts';

const NOVEMBER = month('2026-11');
const NEW_CARD = '01140A261A2B0002';
const BY = 'token:office';
const at = (text: string): number => Date.parse(`${text}:00+09:00`);

let world: StatementWorld;

/** 08:00 to 17:00 on the 2nd, and an entry without its exit on the 3rd. */
beforeEach(() => {
  world = createStatementWorld();
  for (const [time, direction] of [
    ['2026-11-02T08:00', 'in'],
    ['2026-11-02T17:00', 'out'],
    ['2026-11-03T08:00', 'in'],
  ] as const)
    world.touch({ at: at(time), direction, cardId: CARD_ID });
});
afterEach(() => world.ledger.close());

const close = (site: string = SITE_ID) =>
  world.desk.close({ siteId: SiteId.parse(site), period: NOVEMBER }, BY);
const amend = (site: string = SITE_ID) =>
  world.desk.amend({ siteId: SiteId.parse(site), period: NOVEMBER }, BY);
const changes = (): readonly ExplainedChange[] => {
  const outcome = amend();
  if (outcome.kind !== 'issued') return [];
  return JSON.parse(world.store.contentOf(outcome.amendment.issueNo) ?? '[]');
};

const correction = (kind: string, date: string, time: string) => ({
  siteId: SITE_ID,
  workerId: WORKER_ID,
  workDate: date,
  kind,
  at: `${date}T${time}:00+09:00`,
  by: '元請',
  reason: '確認済み',
  recordedAt: '2026-12-06T09:00:00+09:00',
});
const assignments = (change: object) => (registry: { assignments: readonly object[] }) => ({
  assignments: registry.assignments.map((row) => ({ ...row, ...change })),
});

describe('why a row is not what it was issued as', () => {
  test.each<
    [
      what: string,
      act: (of: StatementWorld) => void,
      kind: string,
      reasons: readonly string[],
      tables: readonly string[],
    ]
  >([
    [
      'the exit of the 3rd was still on the terminal',
      (of) => of.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID }),
      'changed',
      ['late-touch'],
      [],
    ],
    [
      'a whole day was still on the terminal',
      (of) => of.touch({ at: at('2026-11-05T08:00'), direction: 'in', cardId: CARD_ID }),
      'added',
      ['late-touch'],
      [],
    ],
    [
      'a day was corrected in the registry',
      (of) =>
        of.useRegistry(() => ({ corrections: [correction('set-out', '2026-11-03', '17:00')] })),
      'changed',
      ['correction'],
      [],
    ],
    [
      'a day was taken back in the registry, which leaves no evidence of its own',
      (of) => of.useRegistry(() => ({ corrections: [correction('void', '2026-11-03', '17:00')] })),
      'withdrawn',
      ['correction'],
      [],
    ],
    [
      'the 元請 approved that the worker was not there',
      (of) => of.approveVoid('2026-11-03'),
      'withdrawn',
      ['correction'],
      [],
    ],
    [
      'a manager took the touch of the 3rd back at the gate',
      (of) =>
        of.commit({ kind: 'manual', change: { do: 'void', seq: 3 }, by: '所長', reason: '別人' }),
      'withdrawn',
      ['correction'],
      [],
    ],
    [
      'a manager entered the exit by hand',
      (of) =>
        of.commit({
          kind: 'manual',
          change: { do: 'add', workerId: WORKER_ID, direction: 'out', at: at('2026-11-03T17:00') },
          by: '所長',
          reason: '忘れ',
        }),
      'changed',
      ['correction'],
      [],
    ],
    [
      'the worker was on the list of another company',
      (of) => of.useRegistry(assignments({ companyId: OTHER_COMPANY })),
      'changed',
      ['registry-change'],
      ['assignments'],
    ],
    [
      'a touch came late, and the company was another one too',
      (of) => {
        of.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID });
        of.useRegistry(assignments({ companyId: OTHER_COMPANY }));
      },
      'changed',
      ['late-touch', 'registry-change'],
      ['assignments'],
    ],
  ])('%s', (_what, act, kind, reasons, tables) => {
    close();
    act(world);
    const found = changes().find(
      ({ report, ...change }) =>
        report === 'attendance' &&
        (change.kind === 'withdrawn' ? change.before : change.after).workDate !== '2026-11-02',
    );
    expect(found).toMatchObject({ kind, reasons, tables });
  });

  test('the clock of the terminal was trusted after the issue', () => {
    world.touch({
      at: at('2026-11-03T17:00'),
      direction: 'out',
      cardId: CARD_ID,
      isUntrusted: true,
    });
    close();
    world.recoverClock();
    const [first] = changes();
    expect(first).toMatchObject({
      report: 'attendance',
      kind: 'changed',
      reasons: ['clock-recovered'],
    });
  });

  test('a card that nobody held was bound at the gate: its row goes, the worker has one', () => {
    world.touch({ at: at('2026-11-06T08:00'), direction: 'in', cardId: NEW_CARD });
    close();
    world.commit({
      kind: 'bind',
      cardId: NEW_CARD,
      workerId: WORKER_ID,
      by: '所長',
      reason: '再発行',
    });
    expect(changes().map(({ report, kind, reasons }) => [report, kind, reasons])).toEqual([
      ['attendance', 'withdrawn', ['card-bound']],
      ['attendance', 'added', ['card-bound']],
      ['work-history', 'added', ['card-bound']],
      ['contributions', 'added', ['card-bound']],
    ]);
  });

  test('an earlier touch at another site takes the day of the worker there', () => {
    close();
    world.touch({
      at: at('2026-11-02T06:00'),
      direction: 'in',
      cardId: CARD_ID,
      siteId: SECOND_SITE,
    });
    const found = changes().filter(({ report }) => report === 'contributions');
    expect(found).toMatchObject([{ kind: 'withdrawn', reasons: ['late-touch'] }]);
  });

  test('nothing but the program is another one', () => {
    const october = { siteId: WORLD_SITE, period: month('2026-10') };
    world.touch({ at: at('2026-10-20T08:00'), direction: 'in', cardId: CARD_ID });
    const rows = world.rowsNow(WORLD_SITE, october.period);
    // As if an older program had counted a minute for a day without an exit.
    const older = { ...rows, attendance: rows.attendance.map((row) => ({ ...row, minutes: 1 })) };
    world.store.issue(
      {
        kind: 'statement',
        ...october,
        position: { ...world.store.frontier(), version: '0.9.0' },
        at: utcMs(at('2026-11-10T02:00')),
        by: BY,
        figures: [],
      },
      JSON.stringify(older),
    );
    expect(world.desk.amend(october, BY)).toMatchObject({
      amendment: { reasons: ['program-change'], figures: [{ changed: 1 }] },
    });
  });
});

test('what was approved before the issue is no reason after it', () => {
  world.approveVoid('2026-11-02');
  close();
  world.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID });
  expect(new Set(changes().flatMap(({ reasons }) => reasons))).toEqual(new Set(['late-touch']));
});

describe('a statement', () => {
  test('is issued once, and says on what it rests', () => {
    const first = close();
    expect(first).toMatchObject({
      kind: 'issued',
      statement: {
        siteId: SITE_ID,
        period: '2026-11',
        position: { ledgerNo: 3, importNo: 1, decisionNo: 0, version: '1.0.0' },
        by: BY,
        figures: [
          { companyId: FIRST_TIER, workers: 1, attendanceDays: 2, contributionDays: 2, yen: 640 },
        ],
      },
    });
    expect(close()).toMatchObject({ kind: 'already-issued' });
  });

  test('is refused while shifts of the period may still begin, and for a site that nobody knows', () => {
    world.setNow(at('2026-11-30T23:59'));
    expect(close()).toEqual({ kind: 'not-over' });
    world.setNow(at('2026-12-01T00:00'));
    expect(close()).toMatchObject({ kind: 'issued' });
    expect(close('39999999999999')).toEqual({ kind: 'unknown-site' });
  });

  test('waits for the beginning of the day as the site reckons it', () => {
    world.useRegistry(({ sites }) => ({
      sites: sites.map((row) => ({ ...row, dayStart: '05:00' })),
    }));
    world.setNow(at('2026-12-01T04:59'));
    expect(close()).toEqual({ kind: 'not-over' });
    world.setNow(at('2026-12-01T05:00'));
    expect(close()).toMatchObject({ kind: 'issued' });
  });

  test('of a month without work is empty, and what comes late is an amendment to it', () => {
    const october = { siteId: WORLD_SITE, period: month('2026-10') };
    expect(world.desk.close(october, BY)).toMatchObject({
      kind: 'issued',
      statement: { figures: [] },
    });
    world.touch({ at: at('2026-10-20T08:00'), direction: 'in', cardId: CARD_ID });
    expect(world.desk.amend(october, BY)).toMatchObject({
      kind: 'issued',
      amendment: { amendmentNo: 1, reasons: ['late-touch'], figures: [{ added: 3, yen: 320 }] },
    });
  });

  test('does not change by the mere passing of time: what was payable in time stays so', () => {
    close();
    world.setNow(at('2029-01-10T02:00'));
    expect(amend()).toEqual({ kind: 'nothing-changed' });
    world.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID });
    world.touch({ at: at('2026-11-05T08:00'), direction: 'in', cardId: CARD_ID });
    const paid = changes().filter(({ report }) => report === 'contributions');
    expect(paid).toMatchObject([
      { kind: 'changed', fields: ['evidence'], after: { workDate: '2026-11-03', days: 1 } },
      { kind: 'added', after: { workDate: '2026-11-05', days: 0, notPayable: 'too-late' } },
    ]);
  });
});

describe('an amendment', () => {
  test('is numbered, cumulative, and there is none where nothing changed', () => {
    expect(amend()).toEqual({ kind: 'not-closed' });
    close();
    expect(amend()).toEqual({ kind: 'nothing-changed' });
    world.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID });
    expect(amend()).toMatchObject({ kind: 'issued', amendment: { amendmentNo: 1 } });
    world.touch({ at: at('2026-11-05T08:00'), direction: 'in', cardId: CARD_ID });
    expect(amend()).toMatchObject({ kind: 'issued', amendment: { amendmentNo: 2 } });
    expect(amend()).toEqual({ kind: 'nothing-changed' });
    expect(world.rowsIssued(WORLD_SITE, NOVEMBER)).toEqual(world.rowsNow(WORLD_SITE, NOVEMBER));
  });

  test.each([
    ['2026-12-09T23:59', false, 'the evening before the extract'],
    ['2026-12-10T00:00', true, 'the day of the extract itself counts as after it'],
  ])('at %s: 追加分 %s (%s)', (time, isAfterExtract) => {
    close();
    world.setNow(at(time));
    world.touch({ at: at('2026-11-03T17:00'), direction: 'out', cardId: CARD_ID });
    expect(amend()).toMatchObject({ amendment: { isAfterExtract } });
  });
});

describe('what was issued', () => {
  test.each([
    ["update issued set text = '{}'", 'what was issued stays as it was'],
    ["update issued set content = x'00'", 'what was issued stays as it was'],
    ['delete from issued', 'what was issued is kept'],
  ])('refuses: %s', (sql, message) => {
    close();
    expect(() => world.db.exec(sql)).toThrow(message);
  });

  test.each([
    ['a head', "update issued set text = replace(text, '640', '320') where issue_no = 1"],
    [
      'a content',
      'update issued set content = (select content from issued where issue_no = 2) where issue_no = 1',
    ],
    ['an issue taken out', 'delete from issued where issue_no = 1'],
  ])('shows: %s', (_what, sql) => {
    close();
    close(SECOND_SITE);
    world.desk.close({ siteId: WORLD_SITE, period: workDate('2026-11-02') }, BY);
    expect(runToEnd(world.store.verifying())).toMatchObject({ kind: 'intact', issued: 3 });
    world.db.exec(`drop trigger issued_stays; drop trigger issued_is_kept; ${sql}`);
    expect(runToEnd(world.store.verifying())).toEqual({ kind: 'broken', issueNo: 1 });
  });
});

test('what the sites of a month share is read once for all that is amended', () => {
  const sites = [SITE_ID, SECOND_SITE].map((siteId) => ({
    siteId: SiteId.parse(siteId),
    period: NOVEMBER,
  }));
  const touch = (time: string, direction: 'in' | 'out') => {
    for (const { siteId } of sites)
      world.touch({ at: at(time), direction, cardId: CARD_ID, siteId });
  };
  touch('2026-11-10T08:00', 'in');
  expect(world.desk.workOff(NOVEMBER, sites, BY)).toEqual({ statements: 2, amendments: 0 });
  touch('2026-11-10T17:00', 'out');
  const [days, diffs] = [
    vi.spyOn(world.ledger, 'attendance'),
    vi.spyOn(world.store, 'requestsDecidedAfter'),
  ];
  expect(world.desk.workOff(NOVEMBER, sites, BY)).toEqual({ statements: 0, amendments: 2 });
  // The rows of the month, and the days around it that explain what changed.
  expect(days).toHaveBeenCalledTimes(2);
  expect(diffs).toHaveBeenCalledTimes(1);
});
