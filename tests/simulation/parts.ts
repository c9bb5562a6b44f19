/**
 * The parts of the product that the simulated world is built of: the real ones. A planted fault is a
 * copy of this with one of them replaced.
 */
import { openJournal } from '../../device/journal.ts';
import { createTerminal } from '../../device/terminal.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';

export interface Parts {
  readonly openTerminalDb: typeof openDurableSqlite;
  readonly openGatewayDb: typeof openDurableSqlite;
  readonly openJournal: typeof openJournal;
  readonly createTerminal: typeof createTerminal;
  readonly openLedger: typeof openSqliteLedger;
  readonly createGateway: typeof createGateway;
}

export const REAL_PARTS: Parts = {
  openTerminalDb: openDurableSqlite,
  openGatewayDb: openDurableSqlite,
  openJournal,
  createTerminal,
  openLedger: openSqliteLedger,
  createGateway,
};
