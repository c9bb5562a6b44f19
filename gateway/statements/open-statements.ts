/** Statements on the ledger's database (締めの窓口): the desk that issues them, and what it issued. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { openSqliteAllocations } from '../store/sqlite-allocations.ts';
import { openSqliteStatements } from '../store/sqlite-statements.ts';
import {
  createStatementDesk,
  type StatementDesk,
  type StatementDeskDeps,
} from './statement-desk.ts';
import type { StatementStore } from './statement-store.ts';

export interface Statements {
  readonly desk: StatementDesk;
  readonly store: StatementStore;
}

/** `database`: with the ledger's schema already in place. */
export const openStatements = (
  database: Sqlite,
  deps: Omit<StatementDeskDeps, 'store' | 'isAllocated'>,
): Statements => {
  const store = openSqliteStatements(database);
  const { isAllocated } = openSqliteAllocations(database);
  return { store, desk: createStatementDesk({ ...deps, store, isAllocated }) };
};
