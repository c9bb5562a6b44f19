/** The audit log: kept in order, cut to size, and a change of any byte of it is found. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent, AuditLog } from '../../../gateway/access/audit-log.ts';
import { openSqliteAuditLog } from '../../../gateway/store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import type { ChainHead } from '../../../shared/chain.ts';
import { openDurableSqlite, type Sqlite } from '../../../shared/durable-sqlite.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';

let db: Sqlite;
let audit: AuditLog;
let clock: FakeClock;

beforeEach(() => {
  db = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  openSqliteLedger(db);
  clock = createFakeClock('2026-11-25T09:00:00+09:00');
  audit = openSqliteAuditLog(db, () => clock.read().wallMs);
});

const look: AuditEvent = {
  kind: 'look',
  actor: 'token:city',
  scope: 'orderer K1',
  detail: { report: 'model-works', rows: 3 },
};

/** Does to the table what its triggers forbid, as somebody with the file in hand would. */
const tamper = (sql: string): void => {
  db.exec('drop trigger audit_stays; drop trigger audit_is_kept');
  db.exec(sql);
};

describe('the log', () => {
  test('gives back what was appended, newest first, by kind and by page', () => {
    audit.append(look);
    clock.advance(1_000);
    audit.append({ kind: 'log-in-failed', actor: 'address:192.0.2.7', detail: { user: 'sato' } });
    audit.append({ ...look, detail: { report: 'attendance', rows: 9 } });
    expect(audit.page({ limit: 10 }).map(({ auditNo }) => auditNo)).toEqual([3, 2, 1]);
    expect(audit.page({ limit: 1, before: 3 })).toMatchObject([{ auditNo: 2 }]);
    expect(audit.page({ limit: 10, kind: 'look' })).toMatchObject([
      { auditNo: 3, detail: { report: 'attendance', rows: 9 } },
      { auditNo: 1, at: Date.parse('2026-11-25T09:00:00+09:00'), ...look },
    ]);
    expect(audit.since(clock.read().wallMs, 10).map(({ auditNo }) => auditNo)).toEqual([2, 3]);
  });

  test('cuts what a stranger may have sent', () => {
    audit.append({
      kind: 'log-in-failed',
      actor: 'a'.repeat(5_000),
      detail: { user: 'b'.repeat(5_000) },
    });
    const [record] = audit.page({ limit: 1 });
    expect(record?.actor).toHaveLength(300);
    expect(record?.detail.user).toHaveLength(300);
  });

  test.each([
    ['changed', "update audit set text = '{}'"],
    ['deleted', 'delete from audit'],
  ])('cannot be %s through the database', (_what, sql) => {
    audit.append(look);
    expect(() => db.exec(sql)).toThrow('append-only');
    expect(audit.page({ limit: 10 })).toHaveLength(1);
  });

  test('continues one chain when two programs write it', () => {
    const beside = openSqliteAuditLog(db, () => clock.read().wallMs);
    audit.append(look);
    beside.append(look);
    audit.append(look);
    expect(audit.verify()).toMatchObject({ kind: 'intact', records: 3 });
  });
});

describe('its chain', () => {
  test('is intact when empty and after any events', () => {
    expect(audit.verify()).toMatchObject({ kind: 'intact', records: 0 });
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), (texts) => {
        for (const text of texts) audit.append({ ...look, detail: { text } });
        expect(audit.verify().kind).toBe('intact');
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['a text altered', "update audit set text = replace(text, '3', '4') where audit_no = 3", 3],
    ['a record taken out', 'delete from audit where audit_no = 2', 2],
    ['the first one taken out', 'delete from audit where audit_no = 1', 1],
    [
      'two records swapped',
      'update audit set audit_no = audit_no + 10 where audit_no = 2; update audit set audit_no = 2 where audit_no = 3; update audit set audit_no = 3 where audit_no = 12',
      2,
    ],
    ['a hash altered', 'update audit set hash = zeroblob(32) where audit_no = 4', 4],
  ])('breaks with %s', (_what, sql, auditNo) => {
    for (let count = 0; count < 5; count += 1) audit.append(look);
    tamper(sql);
    expect(audit.verify()).toEqual({ kind: 'broken', auditNo });
  });

  describe('whose end was cut off', () => {
    const cutTo = (kept: number): void => tamper(`delete from audit where audit_no > ${kept}`);
    const headOf = (log: AuditLog): ChainHead => {
      const verdict = log.verify();
      if (verdict.kind !== 'intact') throw new Error('broken');
      return { position: verdict.records, hash: verdict.headHash };
    };
    beforeEach(() => {
      for (let count = 0; count < 5; count += 1) audit.append(look);
    });

    test('follows from itself, and not from a head that was noted before', () => {
      const head = headOf(audit);
      expect(audit.verify(head).kind).toBe('intact');
      cutTo(3);
      expect(audit.verify().kind).toBe('intact');
      expect(audit.verify(head)).toEqual({ kind: 'broken', auditNo: 4 });
    });

    test('and grew again with other records is still another one', () => {
      const head = headOf(audit);
      cutTo(3);
      const forger = openSqliteAuditLog(db, () => clock.read().wallMs);
      for (let count = 0; count < 5; count += 1) forger.append({ ...look, actor: 'token:other' });
      expect(audit.verify().kind).toBe('intact');
      expect(audit.verify(head)).toEqual({ kind: 'broken', auditNo: 5 });
    });

    test('grows no further without a word of it', () => {
      cutTo(3);
      audit.append(look);
      audit.append(look);
      expect(audit.page({ limit: 3 }).map(({ kind }) => kind)).toEqual([
        'look',
        'look',
        'chain-failed',
      ]);
      expect(audit.page({ limit: 1, kind: 'chain-failed' })).toMatchObject([
        { actor: 'gateway', detail: { chain: 'audit', auditNo: 5, why: 'end-cut-off' } },
      ]);
      expect(audit.verify()).toMatchObject({ kind: 'intact', records: 6 });
    });

    test('or not: what another program appended, or took back with its whole work, is no cut', () => {
      openSqliteAuditLog(db, () => clock.read().wallMs).append(look);
      expect(() =>
        db.transaction(() => {
          audit.append(look);
          throw new Error('undone');
        })(),
      ).toThrow('undone');
      audit.append(look);
      expect(audit.page({ limit: 10, kind: 'chain-failed' })).toEqual([]);
    });
  });
});
