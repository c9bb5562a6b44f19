/** The registry in the SQLite ledger: the one that counts, and every one that was ever imported. */
import { hash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import type { Ledger } from './ledger.ts';

export const createRegistryStore = (
  db: Sqlite,
): Pick<Ledger, 'registryText' | 'saveRegistryText' | 'nextRosterVersion'> => {
  const selectRegistry = db.prepare<[], string>('select text from registry').pluck();
  const upsertRegistry = db.prepare(
    `insert into registry values (1, ?, ?)
     on conflict (one) do update set text = excluded.text, imported_at_ms = excluded.imported_at_ms`,
  );
  const selectLastSha256 = db
    .prepare<[], Buffer>('select sha256 from registry_import order by import_no desc limit 1')
    .pluck();
  const insertImport = db.prepare(
    'insert into registry_import (text, sha256, at_ms) values (?, ?, ?)',
  );
  const bumpRosterVersion = db
    .prepare<[], number>(
      'update counter set roster_version = roster_version + 1 returning roster_version',
    )
    .pluck();
  return {
    registryText: () => selectRegistry.get(),
    saveRegistryText: (text, at) => {
      const sha256 = hash('sha256', text, 'buffer');
      if (selectLastSha256.get()?.equals(sha256) === true) return;
      upsertRegistry.run(text, at);
      insertImport.run(deflateRawSync(text), sha256, at);
    },
    nextRosterVersion: () => {
      const version = bumpRosterVersion.get();
      if (version === undefined) throw new Error('the counter row is missing');
      return version;
    },
  };
};
