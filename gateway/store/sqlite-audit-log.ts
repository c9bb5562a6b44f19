/** The audit log on SQLite (監査記録): texts stored once, each chained to the one before. */
import { z } from 'zod';
import { type ChainHead, GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { UtcMs } from '../../shared/time.ts';
import { AuditKind } from '../access/audit-kind.ts';
import {
  type AuditEvent,
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

const endCutOff = ({ position }: ChainHead): AuditEvent => ({
  kind: 'chain-failed',
  actor: 'gateway',
  detail: { chain: 'audit', auditNo: position, why: 'end-cut-off' },
});

/** The ledger's database, already migrated. `now`: wall time, evidence only. */
export const openSqliteAuditLog = (db: Sqlite, now: () => UtcMs): AuditLog => {
  const selectHead = db.prepare<[], AuditRow>('select * from audit order by audit_no desc limit 1');
  const insert = db.prepare(
    'insert into audit (audit_no, at_ms, kind, text, hash) values (?, ?, ?, ?, ?)',
  );
  const selectPage = db.prepare<[number, number], AuditRow>(
    'select * from audit where audit_no < ? order by audit_no desc limit ?',
  );
  const selectPageOfKind = db.prepare<[number, AuditKind, number], AuditRow>(
    `select * from audit indexed by audit_by_kind where audit_no < ? and kind = ?
     order by audit_no desc limit ?`,
  );
  const selectSince = db.prepare<[number, number, number], AuditRow>(
    'select * from audit where at_ms >= ? and audit_no > ? order by audit_no limit ?',
  );
  const selectAfter = db.prepare<[number, number], AuditRow>(
    'select * from audit where audit_no > ? order by audit_no limit ?',
  );

  const selectHash = db
    .prepare<[number], Buffer>('select hash from audit where audit_no = ?')
    .pluck();
  const headNow = (): ChainHead => {
    const row = selectHead.get();
    return row === undefined
      ? { position: 0, hash: GENESIS_HASH }
      : { position: row.audit_no, hash: row.hash.toString('hex') };
  };
  /** The end as this process saw it last; nobody who has the file in hand can change that. */
  let known = headNow();

  const insertAfter = ({ position, hash: previous }: ChainHead, event: AuditEvent): ChainHead => {
    const auditNo = position + 1;
    const at = now();
    const text = JSON.stringify({ auditNo, at, ...clipped(event) });
    const hash = nextHash(previous, text);
    insert.run(auditNo, at, event.kind, text, Buffer.from(hash, 'hex'));
    return { position: auditNo, hash };
  };
  // Read and append in one go: a command beside the running gateway appends to the same chain.
  const append = db.transaction((event: AuditEvent): ChainHead => {
    const isThere =
      known.position === 0 || selectHash.get(known.position)?.toString('hex') === known.hash;
    const head = isThere ? headNow() : insertAfter(headNow(), endCutOff(known));
    return insertAfter(head, event);
  });

  function* verifying(noted?: ChainHead): Steps<AuditVerdict> {
    let headHash = GENESIS_HASH;
    let records = 0;
    for (;;) {
      const rows = selectAfter.all(records, PER_STEP);
      if (rows.length === 0)
        return noted !== undefined && records < noted.position
          ? { kind: 'broken', auditNo: records + 1 }
          : { kind: 'intact', records, headHash };
      for (const { audit_no, text, hash } of rows) {
        headHash = nextHash(headHash, text);
        const isNoted = noted?.position !== records + 1 || noted.hash === headHash;
        if (audit_no !== records + 1 || headHash !== hash.toString('hex') || !isNoted)
          return { kind: 'broken', auditNo: records + 1 };
        records += 1;
      }
      yield;
    }
  }

  return {
    append: (event) => {
      // What is part of something greater may be taken back with it.
      const isWhole = !db.inTransaction;
      const head = append.immediate(event);
      if (isWhole) known = head;
    },
    page: ({ before = Number.MAX_SAFE_INTEGER, limit, kind }) =>
      (kind === undefined
        ? selectPage.all(before, limit)
        : selectPageOfKind.all(before, kind, limit)
      ).map(recordOf),
    since: (from, limit, after = 0) => selectSince.all(from, after, limit).map(recordOf),
    verify: (noted) => runToEnd(verifying(noted)),
    verifying,
  };
};
