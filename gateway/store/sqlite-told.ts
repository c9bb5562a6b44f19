/** What single entries said, out of the SQLite ledger. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { parseEntry } from '../../shared/entry.ts';
import type { ToldEntry } from '../told-entry.ts';
import type { Ledger } from './ledger.ts';

interface ToldRow {
  readonly text: string;
  readonly at_ms: number | null;
  readonly at_trust: string | null;
}

const trustOf = ({ at_ms, at_trust }: ToldRow): Pick<ToldEntry, 'trust'> => {
  if (at_trust === null) return {};
  if (at_ms === null) return { trust: 'unknown' };
  return { trust: at_trust === 'trusted' ? 'trusted' : 'recovered' };
};

export const createToldEntries = (db: Sqlite): Pick<Ledger, 'told'> => {
  const select = db.prepare<[string, string, number], ToldRow>(
    `select entry.text, tap.at_ms, tap.at_trust
     from journal join entry using (journal_no) left join tap using (ledger_no)
     where terminal_id = ? and journal_id = ? and entry.seq = ?`,
  );
  return {
    told: (id) => {
      const [terminalId = '', journalId = '', seq = ''] = id.split('/');
      const row = /^\d{1,15}$/.test(seq)
        ? select.get(terminalId, journalId, Number(seq))
        : undefined;
      const entry = row && parseEntry(row.text);
      return entry?.ok === true && row !== undefined
        ? { entry: entry.value, ...trustOf(row) }
        : undefined;
    },
  };
};
