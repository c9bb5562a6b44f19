/** Quarantine (隔離): what came in and could not be taken, kept with its bytes, never in the way. */
import { hash } from 'node:crypto';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { Ledger } from './ledger.ts';

/** Of an oversized payload this much is kept, beside its length and hash. */
const HEAD_BYTES_MAX = 65_536;
/** Different payloads kept; beyond it a hostile sender only counts. */
const ITEMS_MAX = 10_000;

export const createQuarantine = (db: Sqlite): Pick<Ledger, 'quarantine' | 'quarantined'> => {
  const count = db.prepare<[], number>('select count(*) from quarantine').pluck();
  const again = db.prepare(
    'update quarantine set times = times + 1, last_at_ms = ? where sha256 = ?',
  );
  const insert = db.prepare('insert into quarantine values (?, ?, ?, ?, ?, ?, ?, 1)');
  const quarantined = (): number => count.get() ?? 0;
  return {
    quarantined,
    quarantine: ({ topic, reason, bytes, receivedAt }) => {
      const sha256 = hash('sha256', bytes, 'buffer');
      if (again.run(receivedAt, sha256).changes > 0 || quarantined() >= ITEMS_MAX) return;
      const head = Buffer.from(bytes.subarray(0, HEAD_BYTES_MAX));
      insert.run(sha256, topic.slice(0, 500), reason, bytes.length, head, receivedAt, receivedAt);
    },
  };
};
