/**
 * A disk under SQLite that can lose its power.
 *
 * A commit survives exactly when the connection syncs its commits, and that is asked of the connection
 * itself: with `synchronous` below FULL, what was committed since it was opened is gone.
 */
import type { Sqlite } from '../../shared/durable-sqlite.ts';

export interface Disk {
  /** What is on it while nobody has it open. */
  readonly image: () => Buffer | undefined;
  readonly attach: (db: Sqlite) => void;
  /** The process that had it open is gone, with or without the power. */
  readonly lose: (power: 'kept' | 'cut') => void;
  readonly wipe: () => void;
}

const FULL = 2;

export const createDisk = (): Disk => {
  let image: Buffer | undefined;
  let open: Sqlite | undefined;
  return {
    image: () => image,
    attach: (db) => {
      open = db;
    },
    lose: (power) => {
      if (open === undefined) return;
      if (open.inTransaction) open.exec('rollback');
      const isSynced = open.pragma('synchronous', { simple: true }) === FULL;
      // The page limit stands for a disk that filled up; it is no part of what was written.
      if (power === 'kept' || isSynced) image = open.serialize();
      open.close();
      open = undefined;
    },
    wipe: () => {
      image = undefined;
    },
  };
};
