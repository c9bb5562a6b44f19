/** A night's work on a real ledger: what it closes, amends and verifies, and what becomes of a job that fails. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditKind } from '../../../gateway/access/audit-kind.ts';
import type { AuditLog } from '../../../gateway/access/audit-log.ts';
import { failedJobsJa, overdueDeadlines } from '../../../gateway/nightly/job-words.ts';
import { type NightlyJob, nightlyJobs } from '../../../gateway/nightly/jobs.ts';
import { createNightWork } from '../../../gateway/nightly/night-work.ts';
import type { NightlyStore } from '../../../gateway/nightly/nightly-store.ts';
import { openDeadlines } from '../../../gateway/nightly/open-deadlines.ts';
import { scheduleNightly } from '../../../gateway/nightly/schedule.ts';
import { startNightly } from '../../../gateway/nightly/start-nightly.ts';
import { NOTHING_SETTLED } from '../../../gateway/policies/deadline.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { openSqliteNightly } from '../../../gateway/store/sqlite-nightly.ts';
import { GENESIS_HASH } from '../../../shared/chain.ts';
import { jst } from '../../fixtures/attendance-day.ts';
import { until } from '../../fixtures/event-log.ts';
import { CARD_ID, SECOND_SITE, SITE_ID } from '../../fixtures/registry.ts';
import { createStatementWorld, type StatementWorld } from '../../fixtures/statement-world.ts';

let world: StatementWorld;
let store: NightlyStore;
let audit: AuditLog;

beforeEach(() => {
  world = createStatementWorld();
  store = openSqliteNightly(world.db);
  audit = openSqliteAuditLog(world.db, world.now);
});
afterEach(() => world.ledger.close());

const deps = () => ({
  store,
  audit,
  ledger: world.ledger,
  statements: world,
  registryIndex: world.registryIndex,
  derive: world.derive,
  deadlines: () =>
    openDeadlines({
      ...world,
      registry: world.registry,
      settled: NOTHING_SETTLED,
      extractDay: 10,
    }),
  now: world.now,
  version: '1.0.0',
  closing: { at: '02:00', monthDay: 10 as const },
  log: () => undefined,
});
const night = async (at: string, jobs: readonly NightlyJob[] = nightlyJobs(deps())) => {
  world.setNow(jst(at));
  await createNightWork({ ...deps(), jobs })();
};
const touch = (at: string, direction: 'in' | 'out' = 'in'): void => {
  world.touch({ at: jst(at), direction, cardId: CARD_ID });
};
const issued = (kind: 'statement' | 'amendment', per: 'month' | 'date') =>
  world.store
    .list(kind, { per, siteId: SITE_ID }, 100)
    .map(({ period }) => period)
    .sort();
const audited = (kind: AuditKind) => audit.page({ limit: 100, kind }).toReversed();

describe('a night', () => {
  test('closes yesterday at every site, and what comes for it later is amended the next night', async () => {
    touch('2026-11-23T08:00');
    touch('2026-11-23T17:00', 'out');
    await night('2026-11-24T02:00');
    expect(issued('statement', 'date')).toEqual(['2026-11-23']);
    expect(world.store.list('statement', { per: 'date', siteId: SECOND_SITE }, 9)).toHaveLength(1);
    touch('2026-11-23T18:00', 'out');
    await night('2026-11-25T02:00');
    expect(issued('statement', 'date')).toEqual(['2026-11-23', '2026-11-24']);
    expect(issued('amendment', 'date')).toEqual(['2026-11-23']);
    await night('2026-11-26T02:00');
    expect(issued('amendment', 'date')).toEqual(['2026-11-23']);
  });

  test('closes the month on its day, and amends it where the registry changed', async () => {
    touch('2026-11-23T08:00');
    await night('2026-12-09T02:00');
    expect(issued('statement', 'month')).toEqual(['2026-10']);
    await night('2026-12-10T02:00');
    expect(issued('statement', 'month')).toEqual(['2026-10', '2026-11']);
    world.useRegistry(({ assignments }) => ({
      assignments: assignments.map((row) => ({ ...row, trade: '11-01' })),
    }));
    await night('2026-12-11T02:00');
    expect(issued('amendment', 'month')).toEqual(['2026-11']);
    const [amendment] = world.store.list('amendment', { per: 'month' }, 1);
    expect(amendment).toMatchObject({
      by: 'gateway',
      reasons: ['registry-change'],
      isAfterExtract: true,
    });
  });

  test('notes every job with its counts, in the store and in the audit log', async () => {
    await night('2026-11-24T02:00');
    const expected = [
      {
        job: 'verify-chains',
        outcome: 'done',
        // Of what was there when the night began.
        detail: {
          faults: 0,
          auditNo: 0,
          auditHash: GENESIS_HASH,
          issueNo: 0,
          issuedHash: GENESIS_HASH,
        },
      },
      { job: 'close-dates', outcome: 'done', detail: { statements: 2 } },
      { job: 'close-months', outcome: 'done', detail: { statements: 2 } },
      { job: 'amend', outcome: 'done', detail: { amendments: 0 } },
      // Neither contract has a 掛金収納書.
      { job: 'deadlines', outcome: 'done', detail: { overdue: 2, dueSoon: 0 } },
    ];
    expect(store.records()).toHaveLength(5);
    expect(store.records()).toEqual(
      expect.arrayContaining(expected.map((each) => expect.objectContaining(each))),
    );
    expect(audited('nightly-job').map(({ detail }) => detail)).toEqual(
      expected.map(({ job, outcome, detail }) => ({ job, outcome, ...detail })),
    );
  });

  test.each([
    ['audit', 'audit_is_kept', 'delete from audit where audit_no > 3'],
    ['issued', 'issued_is_kept', 'delete from issued where issue_no > 1'],
  ])('finds that the end of %s was cut off since the last one', async (chain, trigger, sql) => {
    await night('2026-11-24T02:00');
    await night('2026-11-25T02:00');
    world.db.exec(`drop trigger if exists ${trigger}`);
    world.db.pragma('foreign_keys = off');
    world.db.exec(sql);
    // As after a new start: what the process itself remembers is another thing.
    audit = openSqliteAuditLog(world.db, world.now);
    await night('2026-11-26T02:00');
    expect(audited('chain-failed').map(({ detail }) => detail.chain)).toEqual([chain]);
    // Until somebody has looked after it.
    await night('2026-11-27T02:00');
    expect(audited('chain-failed')).toHaveLength(2);
  });

  test('counts the deadlines that have passed and those of the coming week', async () => {
    world.touch({ at: jst('2026-10-05T08:00'), cardId: CARD_ID, direction: 'in' });
    // The report of October is due at the end of December: wages are paid at the end of November.
    await night('2026-12-20T02:00');
    const before = store.records().find(({ job }) => job === 'deadlines')?.detail;
    await night('2026-12-28T02:00');
    const week = store.records().find(({ job }) => job === 'deadlines')?.detail;
    await night('2027-01-05T02:00');
    expect(Number(week?.dueSoon)).toBeGreaterThan(Number(before?.dueSoon));
    expect(overdueDeadlines(store.records())).toBeGreaterThan(Number(week?.overdue));
  });

  test('goes on after a job that failed, and says why', async () => {
    const fails = {
      name: 'close-dates' as const,
      run: async () => {
        throw new Error('the disk is gone');
      },
    };
    const works = { name: 'amend' as const, run: async () => ({ amendments: 0 }) };
    await night('2026-11-24T02:00', [fails, works]);
    expect(store.records().map(({ job, outcome }) => [job, outcome])).toEqual(
      expect.arrayContaining([
        ['close-dates', 'failed'],
        ['amend', 'done'],
      ]),
    );
    expect(failedJobsJa(store.records())).toEqual(['日の締め']);
    expect(audited('nightly-job')[0]?.detail).toEqual({
      job: 'close-dates',
      outcome: 'failed',
      reason: 'the disk is gone',
    });
  });

  test('does not begin again while it is under way', async () => {
    let [runs, finish] = [0, (): void => undefined];
    const slow: NightlyJob = {
      name: 'amend',
      run: () => {
        runs += 1;
        return new Promise((resolve) => {
          finish = () => resolve({});
        });
      },
    };
    const work = createNightWork({ ...deps(), jobs: [slow] });
    const first = work();
    await work();
    finish();
    await first;
    expect(runs).toBe(1);
  });
});

describe('the verification finds', () => {
  test.each<[string, string, object]>([
    [
      'another text of an entry',
      "update entry set text = replace(text, 'gate', 'gote') where seq = 2",
      { chain: 'journal', terminalId: 'gate', seq: 2 },
    ],
    [
      'an entry taken out',
      'delete from tap; delete from entry where seq = 1',
      { chain: 'journal', seq: 1 },
    ],
    [
      'the last entry taken out',
      'delete from tap; delete from entry where seq = 3',
      { chain: 'journal', seq: 3 },
    ],
    [
      'a chain made anew behind what a terminal signed',
      `insert into batch values (1, 1, 3, zeroblob(32), zeroblob(32), 's', 0)`,
      { chain: 'journal', seq: 1 },
    ],
    [
      'another record of the audit log',
      "drop trigger audit_stays; update audit set text = replace(text, 'gateway', 'nobody') where audit_no = 1",
      { chain: 'audit', auditNo: 1 },
    ],
    [
      'another content of a statement',
      'drop trigger issued_stays; update issued set content = zeroblob(3) where issue_no = 1',
      { chain: 'issued', issueNo: 1 },
    ],
  ])('%s', async (_what, sql, detail) => {
    for (const hour of ['08', '12', '17']) touch(`2026-11-23T${hour}:00`);
    await night('2026-11-24T02:00');
    expect(audited('chain-failed')).toEqual([]);
    world.db.pragma('foreign_keys = off');
    world.db.exec(sql);
    await night('2026-11-25T02:00');
    expect(audited('chain-failed')).toMatchObject([{ actor: 'gateway', detail }]);
  });
});

describe('the schedule', () => {
  test('begins at that time of day in Japan, once a day', async () => {
    vi.useFakeTimers({ now: jst('2026-11-24T01:00') });
    try {
      const begun: string[] = [];
      const { stop } = scheduleNightly('02:00', () => begun.push(new Date().toISOString()));
      await vi.advanceTimersByTimeAsync(48 * 3_600_000);
      stop();
      await vi.advanceTimersByTimeAsync(48 * 3_600_000);
      expect(begun.map((at) => at.slice(0, 16))).toEqual(['2026-11-23T17:00', '2026-11-24T17:00']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('makes up for a night that the gateway was off, and for none that it was there', async () => {
    await night('2026-11-24T02:00');
    world.setNow(jst('2026-11-26T09:00'));
    const nightly = startNightly({ ...deps(), makeUpAfterMs: 0 });
    await until(() => issued('statement', 'date').length === 3, 'the dates are closed');
    await until(
      () => nightly.records().every(({ begunAt }) => begunAt === world.now()),
      'all jobs ran',
    );
    nightly.stop();
    const before = audited('nightly-job').length;
    const again = startNightly({ ...deps(), makeUpAfterMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    again.stop();
    expect(audited('nightly-job')).toHaveLength(before);
  });
});
