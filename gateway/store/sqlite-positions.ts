/** Where things stand in the SQLite ledger (台帳上の位置): what came before an issue, and what after it. */
import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { CardId } from '../../shared/ids.ts';
import { parseSubjectKey } from '../attendance/subject-key.ts';
import { EMPTY_REGISTRY } from '../registry/registry-document.ts';
import { asStored } from '../registry/stored-registry.ts';
import type { EntryOrigin } from '../statements/amendment-reasons.ts';
import type { StatementStore } from '../statements/statement-store.ts';

const ENTRY_ID = /^([^/]+)\/([^/]+)\/(\d+)$/;

interface OriginRow {
  readonly ledger_no: number;
  readonly is_touch: 0 | 1;
  readonly bearer: string | null;
  readonly dated_after_no: number | null;
  readonly voided_by: number | null;
}

const originOf = (row: OriginRow): EntryOrigin => {
  const bearer = row.bearer === null ? undefined : parseSubjectKey(row.bearer);
  return {
    ledgerNo: row.ledger_no,
    kind: row.is_touch === 1 ? 'touch' : 'manual',
    cardId: bearer?.kind === 'card' ? bearer.cardId : undefined,
    datedAfter: row.dated_after_no ?? undefined,
    voidedBy: row.voided_by ?? undefined,
  };
};

export const createPositions = (
  db: Sqlite,
): Pick<
  StatementStore,
  'frontier' | 'originsOf' | 'cardsBoundAfter' | 'requestsDecidedAfter' | 'registryOfImport'
> => {
  const lastEntry = db.prepare<[], number>('select max(ledger_no) from entry').pluck();
  const lastImport = db.prepare<[], number>('select max(import_no) from registry_import').pluck();
  const lastDecision = db
    .prepare<[], number>('select max(decision_no) from correction_decision')
    .pluck();
  const lastRun = db.prepare<[], number>('select max(run_no) from allocation_run').pluck();
  const selectJournal = db
    .prepare<[string, string], number>(
      'select journal_no from journal where terminal_id = ? and journal_id = ?',
    )
    .pluck();
  const selectOrigin = db.prepare<[number, number], OriginRow>(
    `select entry.ledger_no, tap.ledger_no is not null as is_touch, bearer.bearer,
       tap.dated_after_no, voided.by_ledger_no as voided_by
     from entry left join tap using (ledger_no) left join bearer using (bearer_no)
       left join voided using (ledger_no)
     where entry.journal_no = ? and entry.seq = ?`,
  );
  const selectBound = db
    .prepare<[number], string>('select card_id from binding where ledger_no > ?')
    .pluck();
  const selectDecisions = db
    .prepare<[number], string>(
      `select request_id from correction_decision join correction_request using (request_no)
       where decision_no > ?`,
    )
    .pluck();
  const selectImport = db
    .prepare<[number], Buffer>(
      'select text from registry_import where import_no = ? and purge_no is null',
    )
    .pluck();

  /** Ids of corrections in the registry have another form, and no entry. */
  const find = (id: string): OriginRow | undefined => {
    const [, terminalId = '', journalId = '', seq = ''] = ENTRY_ID.exec(id) ?? [];
    const journalNo = selectJournal.get(terminalId, journalId);
    return journalNo === undefined ? undefined : selectOrigin.get(journalNo, Number(seq));
  };

  return {
    frontier: () => ({
      ledgerNo: lastEntry.get() ?? 0,
      importNo: lastImport.get() ?? 0,
      decisionNo: lastDecision.get() ?? 0,
      runNo: lastRun.get() ?? 0,
    }),
    originsOf: (entryIds) => {
      const origins = new Map<string, EntryOrigin>();
      for (const id of entryIds) {
        const row = find(id);
        if (row !== undefined) origins.set(id, originOf(row));
      }
      return origins;
    },
    cardsBoundAfter: (ledgerNo) =>
      new Set(selectBound.all(ledgerNo).map((cardId) => CardId.parse(cardId))),
    requestsDecidedAfter: (decisionNo) => new Set(selectDecisions.all(decisionNo)),
    registryOfImport: (importNo) => {
      if (importNo === 0) return EMPTY_REGISTRY;
      const text = selectImport.get(importNo);
      if (text === undefined) return undefined;
      const stored = asStored(inflateRawSync(text).toString('utf8'));
      assert(stored.ok, `import ${importNo} is no registry`);
      return stored.value;
    },
  };
};
