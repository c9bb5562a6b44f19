/** Quarantine (隔離): what came in and could not be taken, kept with its bytes, never in the way. */
import { hash } from 'node:crypto';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { utcMs } from '../../shared/time.ts';
import type { Ledger } from './ledger.ts';

/** Of an oversized payload this much is kept, beside its length and hash. */
const HEAD_BYTES_MAX = 65_536;
/** Different payloads kept; beyond it a hostile sender only counts. */
const ITEMS_MAX = 10_000;

interface QuarantineRow {
  readonly sha256: Buffer;
  readonly topic: string;
  readonly reason: string;
  readonly byte_count: number;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
  readonly times: number;
}

export const createQuarantine = (
  db: Sqlite,
): Pick<Ledger, 'quarantine' | 'quarantined' | 'quarantineNewest' | 'quarantineBytes'> => {
  const count = db.prepare<[], number>('select count(*) from quarantine').pluck();
  const again = db.prepare(
    'update quarantine set times = times + 1, last_at_ms = ? where sha256 = ?',
  );
  const insert = db.prepare('insert into quarantine values (?, ?, ?, ?, ?, ?, ?, 1)');
  const selectNewest = db.prepare<[number], QuarantineRow>(
    `select sha256, topic, reason, byte_count, first_at_ms, last_at_ms, times from quarantine
     order by last_at_ms desc, sha256 limit ?`,
  );
  const selectHead = db
    .prepare<[Buffer], Buffer>('select head from quarantine where sha256 = ?')
    .pluck();
  const quarantined = (): number => count.get() ?? 0;
  return {
    quarantined,
    quarantineNewest: (limit) =>
      selectNewest.all(limit).map((row) => ({
        sha256: row.sha256.toString('hex'),
        topic: row.topic,
        reason: row.reason,
        byteCount: row.byte_count,
        firstAt: utcMs(row.first_at_ms),
        lastAt: utcMs(row.last_at_ms),
        times: row.times,
      })),
    quarantineBytes: (sha256) => selectHead.get(Buffer.from(sha256, 'hex')),
    quarantine: ({ topic, reason, bytes, receivedAt }) => {
      const sha256 = hash('sha256', bytes, 'buffer');
      if (again.run(receivedAt, sha256).changes > 0 || quarantined() >= ITEMS_MAX) return;
      const head = Buffer.from(bytes.subarray(0, HEAD_BYTES_MAX));
      insert.run(sha256, topic.slice(0, 500), reason, bytes.length, head, receivedAt, receivedAt);
    },
  };
};
