/** A purge of a real ledger: what is gone, what is left of it, and that what is left still proves itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basisOfExport } from '../../../gateway/export/replay-export.ts';
import { replayStatements } from '../../../gateway/export/replay-statements.ts';
import { nightlyJobs } from '../../../gateway/nightly/jobs.ts';
import type { PurgeRecord } from '../../../gateway/retention/purge-record.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { exportLinesOf } from '../../../gateway/store/sqlite-export.ts';
import { openSqliteNightly } from '../../../gateway/store/sqlite-nightly.ts';
import { purgeSqlite } from '../../../gateway/store/sqlite-purge.ts';
import { runToEnd } from '../../../gateway/turns.ts';
import { month, utcMs, workDate } from '../../../shared/time.ts';
import { jst } from '../../fixtures/attendance-day.ts';
import { encoded, verified } from '../../fixtures/exports.ts';
import { gatewaySigner } from '../../fixtures/identities.ts';
import { CARD_ID, WORKER_ID } from '../../fixtures/registry.ts';
import {
  createStatementWorld,
  type StatementWorld,
  WORLD_SITE,
} from '../../fixtures/statement-world.ts';

/** Held by nobody, touched in February alone. */
const STRANGER = '01140A261A2B0009';
/** Bound by a manager at the gate. */
const BOUND = '01140A261A2B0008';
const [MARCH, APRIL] = [month('2020-03'), month('2020-04')];
const BEFORE = workDate('2020-04-01');

let world: StatementWorld;

const touch = (at: string, direction: 'in' | 'out', cardId = CARD_ID): void => {
  world.setNow(jst(at) + 60_000);
  world.touch({ at: jst(at), direction, cardId });
};

/** Worked days in March, a night shift from March into April, a day in April; both months closed. */
beforeEach(() => {
  world = createStatementWorld();
  touch('2020-02-10T08:00', 'in', STRANGER);
  for (const [at, direction] of [
    ['2020-03-02T08:00', 'in'],
    ['2020-03-02T17:00', 'out'],
    ['2020-03-31T21:00', 'in'],
    ['2020-04-01T06:00', 'out'],
    ['2020-04-02T08:00', 'in'],
    ['2020-04-02T17:00', 'out'],
  ] as const)
    touch(at, direction);
  world.setNow(jst('2020-05-10T02:00'));
  for (const period of [MARCH, APRIL]) world.desk.close({ siteId: WORLD_SITE, period }, 'gateway');
  world.setNow(jst('2026-11-25T10:00'));
});
afterEach(() => world.ledger.close());

const audit = () => openSqliteAuditLog(world.db, world.now);
const purge = (before = BEFORE): PurgeRecord => {
  let made: PurgeRecord | undefined;
  purgeSqlite(world.db, { before, by: '所長', at: world.now() }, ({ record, sha256 }) => {
    made = record;
    const { purgeNo } = record;
    audit().append({ kind: 'purged', actor: 'command', detail: { purgeNo, by: '所長', sha256 } });
  });
  if (made === undefined) throw new Error('nothing was purged');
  return made;
};
const dates = () => world.ledger.attendance({}).map(({ workDate: date }) => date);
const verifyChains = async (): Promise<readonly object[]> => {
  const [verify] = nightlyJobs({
    store: openSqliteNightly(world.db),
    statements: world,
    ledger: world.ledger,
    registryIndex: world.registryIndex,
    audit: audit(),
    deadlines: () => [],
    derive: world.derive,
    closing: { monthDay: 10 },
    version: '1.0.0',
    now: world.now,
  });
  await verify?.run();
  return audit()
    .page({ limit: 100, kind: 'chain-failed' })
    .map(({ detail }) => detail);
};
const statementOf = (period: typeof MARCH): string | undefined =>
  world.store.contentOf(world.store.ofPeriod(WORLD_SITE, period)[0]?.issueNo ?? 0);

/** What an auditor has who gets an export now. */
const exported = () => {
  const file = join(mkdtempSync(join(tmpdir(), 'genba-purge-')), 'export.ndjson');
  const { publicKey } = gatewaySigner;
  writeFileSync(
    file,
    encoded(exportLinesOf(world.db, { gatewayKey: publicKey, madeAt: utcMs(0) })),
  );
  const recomputed = { basis: basisOfExport(file), issues: replayStatements(file) };
  rmSync(dirname(file), { recursive: true });
  return recomputed;
};

describe('what is gone', () => {
  test('is counted and on record, with who did it', () => {
    expect(purge()).toMatchObject({
      purgeNo: 1,
      before: BEFORE,
      by: '所長',
      // The touches of the three days before the date stay.
      counts: { entries: 3, taps: 3, attendanceDays: 3, statements: 1 },
      journals: [{ terminalId: 'gate', entries: 3 }],
    });
    expect(dates()).toEqual(['2020-04-02']);
    expect(statementOf(MARCH)).toBeUndefined();
    expect(statementOf(APRIL)).toContain('2020-04-02');
  });

  test('is not in the bytes of the database any more', () => {
    expect(world.db.serialize().includes(STRANGER)).toBe(true);
    purge();
    expect(world.db.serialize().includes(STRANGER)).toBe(false);
    expect(world.db.serialize().includes(CARD_ID)).toBe(true);
  });

  test('does not come back, and the days after it are as they were, when all is derived again', () => {
    while (world.derive() > 0);
    const kept = world.ledger.attendance({ from: BEFORE });
    purge();
    world.useRegistry(({ sites }) => ({
      sites: sites.map((row) => ({ ...row, maxShiftHours: 17 })),
    }));
    while (world.derive() > 0);
    expect(world.ledger.attendance({})).toEqual(kept);
    const april = { siteId: WORLD_SITE, period: APRIL };
    expect(world.desk.amend(april, 'gateway')).toEqual({ kind: 'nothing-changed' });
    expect(world.desk.amend({ ...april, period: MARCH }, 'gateway')).toEqual({ kind: 'purged' });
  });

  test('is no reason to amend what was issued of its month, nor to issue it anew', () => {
    purge(workDate('2020-04-03'));
    expect(dates()).toEqual([]);
    expect(statementOf(APRIL)).toContain('2020-04-02');
    const april = { siteId: WORLD_SITE, period: APRIL };
    expect(world.desk.amend(april, 'gateway')).toEqual({ kind: 'purged' });
    const [statement] = world.store.ofPeriod(WORLD_SITE, APRIL);
    expect(world.desk.difference(statement?.issueNo ?? 0)).toEqual([]);
    const ofDate = { siteId: WORLD_SITE, period: workDate('2020-04-02') };
    expect(world.desk.close(ofDate, 'gateway')).toEqual({ kind: 'purged' });
    expect(world.desk.close({ ...ofDate, period: workDate('2020-04-03') }, 'gateway').kind).toBe(
      'issued',
    );
    expect(world.desk.workOff(APRIL, [april, ofDate], 'gateway')).toEqual({
      statements: 0,
      amendments: 0,
    });
  });

  test('goes again later, what was left for the shifts across the date', async () => {
    purge();
    expect(purge(workDate('2020-05-01'))).toMatchObject({
      purgeNo: 2,
      counts: { entries: 4, taps: 4, attendanceDays: 1, statements: 1 },
    });
    expect(await verifyChains()).toEqual([]);
  });
});

describe('what is left', () => {
  test('still proves itself: chains, statements, audit log', async () => {
    purge();
    expect(await verifyChains()).toEqual([]);
    expect(runToEnd(world.store.verifying())).toMatchObject({ kind: 'intact', issued: 2 });
  });

  test('is what an export recomputes: days and statements, also of a card bound long ago', () => {
    world.setNow(jst('2020-02-01T09:00'));
    world.commit({
      kind: 'bind',
      cardId: BOUND,
      workerId: WORKER_ID,
      by: '所長',
      reason: '再発行',
    });
    touch('2020-04-20T08:00', 'in', BOUND);
    touch('2020-04-20T17:00', 'out', BOUND);
    world.setNow(jst('2026-11-25T10:00'));
    const ofDate = { siteId: WORLD_SITE, period: workDate('2020-04-20') };
    expect(world.desk.close(ofDate, 'gateway').kind).toBe('issued');
    purge();
    const { basis, issues } = exported();
    expect(basis.ok && basis.value.days.filter(({ workDate: date }) => date >= BEFORE)).toEqual(
      world.ledger.attendance({ from: BEFORE }),
    );
    expect(world.ledger.attendance({ from: workDate('2020-04-20') })).toMatchObject([
      { subject: { kind: 'worker', workerId: WORKER_ID } },
    ]);
    expect(issues.ok && issues.value.issues.map((each) => [each.period, each.result])).toEqual([
      [MARCH, 'not-recomputable'],
      [APRIL, 'equal'],
      [ofDate.period, 'equal'],
    ]);
  });

  test('says of a statement of which days are gone that it cannot be recomputed', () => {
    purge(workDate('2020-04-20'));
    const { issues } = exported();
    expect(issues.ok && issues.value.issues).toMatchObject([
      { period: MARCH, result: 'not-recomputable', because: 'content-purged' },
      { period: APRIL, result: 'not-recomputable', because: 'entries-purged' },
    ]);
  });

  test('leaves as an export that anybody verifies, and that says how much was removed', () => {
    purge();
    const { publicKey } = gatewaySigner;
    const lines = [...exportLinesOf(world.db, { gatewayKey: publicKey, madeAt: utcMs(0) })];
    expect(verified(encoded(lines), publicKey)).toMatchObject({
      ok: true,
      summary: { entries: 7, purged: 3 },
    });
    const altered = lines.map((line) =>
      line.kind === 'entry' && line.isPurged === true && line.seq === 3
        ? { ...line, hash: '1'.repeat(64) }
        : line,
    );
    expect(verified(encoded(altered), publicKey)).toMatchObject({
      ok: false,
      fault: { kind: 'chain-broken' },
    });
  });

  test.each<[string, string, object]>([
    [
      'another hash in place of a removed text',
      'update entry set hash = zeroblob(32) where seq = 1',
      { chain: 'journal', seq: 1 },
    ],
    [
      'a text removed without a record',
      "update entry set text = '', purge_no = 1 where seq = 7",
      { chain: 'journal' },
    ],
    [
      'a removed entry taken out altogether',
      'delete from voided; delete from passage; delete from entry where seq = 1',
      { chain: 'journal', seq: 1 },
    ],
    [
      'another record',
      "drop trigger purge_stays; update purge set text = replace(text, '所長', '監督')",
      { chain: 'purge', purgeNo: 1 },
    ],
  ])('shows: %s', async (_what, sql, detail) => {
    purge();
    world.db.pragma('foreign_keys = off');
    world.db.exec(sql);
    expect(await verifyChains()).toEqual([expect.objectContaining(detail)]);
  });

  test('is all of it, where the purge was only tried', () => {
    const before = world.db.serialize();
    expect(() =>
      purgeSqlite(world.db, { before: BEFORE, by: '', at: world.now() }, () => {
        throw new Error('only tried');
      }),
    ).toThrow('only tried');
    expect(world.db.serialize().equals(before)).toBe(true);
  });

  test.each([
    ["update purge set text = '{}'"],
    ['delete from purge'],
    ["update issued set text = '{}', content = x'', purge_no = 1 where issue_no = 2"],
    ["update issued set content = x'00', purge_no = 1 where issue_no = 2"],
    ["update issued set content = x'00' where issue_no = 1"],
  ])('refuses: %s', (sql) => {
    purge();
    expect(() => world.db.exec(sql)).toThrow(/stays/);
  });
});
