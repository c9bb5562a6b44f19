/**
 * The journal of a terminal whose disk may take nothing when it starts (満杯のディスクでの起動). Until the
 * file opens nothing can be recorded, and everything else goes on: a touch is refused visibly, the screen
 * says why, the gateway hears of it.
 */
import { randomUUID } from 'node:crypto';
import { GENESIS_HASH } from '../shared/chain.ts';
import { type SqliteFailure, sqliteFailure } from '../shared/durable-sqlite.ts';
import { JournalId, type TerminalId } from '../shared/ids.ts';
import { isSystemError } from '../shared/system-error.ts';
import type { Journal } from './journal.ts';
import type { OpenedJournal } from './journal-file.ts';

export type OpenOutcome =
  | ({ readonly kind: 'opened' } & Pick<OpenedJournal, 'setAside' | 'isCut'>)
  | { readonly kind: 'not-opened'; readonly message: string };

export interface LateJournal {
  /** Empty, and storing nothing, until it is open. */
  readonly journal: Journal;
  /** Tries to open the file; not to be tried again once it is open. */
  readonly open: () => OpenOutcome;
  /** As `OpenedJournal.leave`; of one that is not open there is nothing. */
  readonly leave: OpenedJournal['leave'];
}

const DISK_ERRORS: Readonly<Record<string, SqliteFailure['kind']>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'io-error',
  EIO: 'io-error',
};

/** What is the disk's, and may pass; undefined for a file of another terminal, or a bug of ours. */
const diskFailure = (cause: unknown): SqliteFailure | undefined => {
  if (!isSystemError(cause)) return sqliteFailure(cause);
  const kind = DISK_ERRORS[cause.code ?? ''];
  return kind && { kind, message: cause.message };
};

const closedJournal = (terminalId: TerminalId, { kind, message }: SqliteFailure): Journal => ({
  terminalId,
  /** Of no journal: no receipt is for it. */
  journalId: JournalId.parse(randomUUID()),
  append: () => ({ kind: 'not-stored', failure: kind, message: `${kind}: ${message}` }),
  firstSeq: () => 1,
  lastSeq: () => 0,
  settledSeq: () => 0,
  settle: (seq) => {
    throw new Error(`cannot settle ${seq}: the journal is not open`);
  },
  unsentTaps: () => 0,
  read: (first, last) => {
    if (first > last) return [];
    throw new Error(`entries ${first} to ${last} are not here: the journal is not open`);
  },
  hashAt: (seq) => (seq === 0 ? GENESIS_HASH : undefined),
  flush: () => undefined,
  prune: () => 0,
  isInPlace: () => true,
  close: () => undefined,
});

/** `openFile` opens the journal, or throws; what it throws is thrown on unless it is the disk's. */
export const createLateJournal = (
  terminalId: TerminalId,
  openFile: () => OpenedJournal,
): LateJournal => {
  let current = closedJournal(terminalId, { kind: 'io-error', message: 'not opened yet' });
  let leave: OpenedJournal['leave'] = () => undefined;
  return {
    journal: {
      terminalId,
      get journalId() {
        return current.journalId;
      },
      append: (body, reading) => current.append(body, reading),
      firstSeq: () => current.firstSeq(),
      lastSeq: () => current.lastSeq(),
      settledSeq: () => current.settledSeq(),
      settle: (seq) => current.settle(seq),
      unsentTaps: () => current.unsentTaps(),
      read: (first, last) => current.read(first, last),
      hashAt: (seq) => current.hashAt(seq),
      flush: () => current.flush(),
      prune: (before) => current.prune(before),
      isInPlace: () => current.isInPlace(),
      close: () => current.close(),
    },
    open: () => {
      try {
        const opened = openFile();
        current = opened.journal;
        leave = opened.leave;
        return { kind: 'opened', setAside: opened.setAside, isCut: opened.isCut };
      } catch (cause) {
        const failure = diskFailure(cause);
        if (failure === undefined) throw cause;
        current = closedJournal(terminalId, failure);
        return { kind: 'not-opened', message: failure.message };
      }
    },
    leave: () => leave(),
  };
};
