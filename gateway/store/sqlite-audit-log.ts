/** The audit log on SQLite (監査記録): texts stored once, each chained to the one before. */
import { z } from 'zod';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { UtcMs } from '../../shared/time.ts';
import { AuditKind } from '../access/audit-kind.ts';
import {
  type AuditLog,
  type AuditRecord,
  type AuditVerdict,
  clipped,
} from '../access/audit-log.ts';
import { runToEnd, type Steps } from '../turns.ts';

/** Records read between two chances for others. */
const PER_STEP = 1_000;

interface AuditRow {
  readonly audit_no: number;
  readonly text: string;
  readonly hash: Buffer;
}

/** What a row's text says; the instant and the position are part of what is chained. */
const StoredRecord = z.object({
  auditNo: z.int(),
  at: UtcMs,
  kind: AuditKind,
  actor: z.string(),
  scope: z.string().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const recordOf = ({ text }: Pick<AuditRow, 'text'>): AuditRecord => {
  const { scope, ...record } = StoredRecord.parse(JSON.parse(text));
  return { ...record, ...(scope === undefined ? {} : { scope }) };
};

/** The ledger's database, already migrated. `now`: wall time, evidence only. */
export const openSqliteAuditLog = (db: Sqlite, now: () => UtcMs): AuditLog => {
  const selectHead = db.prepare<[], AuditRow>('select * from audit order by audit_no desc limit 1');
  const insert = db.prepare(
    'insert into audit (audit_no, at_ms, kind, text, hash) values (?, ?, ?, ?, ?)',
  );
  const selectPage = db.prepare<
    [{ before: number; kinds: string | null; limit: number }],
    AuditRow
  >(
    `select audit_no, text, hash from audit
     where audit_no < :before
       and (:kinds is null or kind in (select value from json_each(:kinds)))
     order by audit_no desc limit :limit`,
  );
  const selectSince = db.prepare<[number, number, number], AuditRow>(
    'select * from audit where at_ms >= ? and audit_no > ? order by audit_no limit ?',
  );
  const selectAfter = db.prepare<[number, number], AuditRow>(
    'select * from audit where audit_no > ? order by audit_no limit ?',
  );

  // Read and append in one go: a command beside the running gateway appends to the same chain.
  const append = db.transaction<AuditLog['append']>((event) => {
    const head = selectHead.get();
    const auditNo = (head?.audit_no ?? 0) + 1;
    const at = now();
    const text = JSON.stringify({ auditNo, at, ...clipped(event) });
    const hash = nextHash(head?.hash.toString('hex') ?? GENESIS_HASH, text);
    insert.run(auditNo, at, event.kind, text, Buffer.from(hash, 'hex'));
  });

  function* verifying(): Steps<AuditVerdict> {
    let headHash = GENESIS_HASH;
    let records = 0;
    for (;;) {
      const rows = selectAfter.all(records, PER_STEP);
      if (rows.length === 0) return { kind: 'intact', records, headHash };
      for (const { audit_no, text, hash } of rows) {
        headHash = nextHash(headHash, text);
        if (audit_no !== records + 1 || headHash !== hash.toString('hex'))
          return { kind: 'broken', auditNo: records + 1 };
        records += 1;
      }
      yield;
    }
  }

  return {
    append: (event) => append.immediate(event),
    page: ({ before = Number.MAX_SAFE_INTEGER, limit, kinds }) =>
      selectPage
        .all({ before, limit, kinds: kinds === undefined ? null : JSON.stringify(kinds) })
        .map(recordOf),
    since: (from, limit, after = 0) => selectSince.all(from, after, limit).map(recordOf),
    verify: () => runToEnd(verifying()),
    verifying,
  };
};
