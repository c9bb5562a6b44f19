/** By which keys and for which sites terminals ever signed their journals (端末の署名鍵), in the ledger's SQLite file. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { PublicKeyText } from '../../shared/signature.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { TerminalEntry } from '../terminal-directory.ts';

/** Terminals of the configuration; those that enrolled are kept by their enrolment. */
export const rememberConfiguredTerminals = (
  db: Sqlite,
  terminals: readonly TerminalEntry[],
  now: UtcMs,
): void => {
  const insertKey = db.prepare(
    'insert into terminal_key values (?, ?, ?, ?) on conflict do nothing',
  );
  const insertSite = db.prepare(
    'insert into terminal_site values (?, ?, ?) on conflict do nothing',
  );
  db.transaction(() => {
    for (const { terminalId, publicKey, siteId } of terminals) {
      insertKey.run(terminalId, publicKey, siteId, now);
      insertSite.run(terminalId, siteId, now);
    }
  }).immediate();
};

/** Every key of every terminal of which a journal is there, each once. */
export const terminalKeys = (db: Sqlite): readonly TerminalEntry[] =>
  db
    .prepare<[], { terminal_id: string; public_key: string; site_id: string }>(
      `select terminal_id, public_key, min(site_id) as site_id from (
         select terminal_id, public_key, site_id from terminal_key
         union all
         select terminal_id, public_key, site_id from enrolment where public_key is not null)
       where terminal_id in (select terminal_id from journal)
       group by terminal_id, public_key order by terminal_id, public_key`,
    )
    .all()
    .map((row) => ({
      terminalId: TerminalId.parse(row.terminal_id),
      siteId: SiteId.parse(row.site_id),
      publicKey: PublicKeyText.parse(row.public_key),
    }));
