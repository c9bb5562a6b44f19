/** What an observer outside the system wrote down: the truth that the invariants are held against. */
import type { JournalId, TerminalId } from '../../shared/ids.ts';

export interface Beep {
  readonly terminalId: TerminalId;
  readonly journalId: JournalId;
  readonly seq: number;
}

export interface Observations {
  /** Text of every entry ever appended, by journal, index = seq − 1. */
  readonly textsByJournal: Map<JournalId, string[]>;
  readonly beeps: Beep[];
  /** Highest seq for which a receipt left the gateway, by journal. */
  readonly receiptedSeq: Map<JournalId, number>;
  /** Highest seq seen in the ledger, by journal. */
  readonly committedSeq: Map<JournalId, number>;
  readonly trace: string[];
}

export const createObservations = (): Observations => ({
  textsByJournal: new Map(),
  beeps: [],
  receiptedSeq: new Map(),
  committedSeq: new Map(),
  trace: [],
});

/** A promise of the system that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

const VIOLATION = Symbol('violation');

/** Thrown through the world up to the one who runs the seed. */
export const violate = (invariant: string, detail: string): never => {
  throw Object.assign(new Error(`${invariant}: ${detail}`), { [VIOLATION]: { invariant, detail } });
};

export const violationOf = (cause: unknown): Violation | undefined =>
  cause instanceof Error && VIOLATION in cause ? (cause[VIOLATION] as Violation) : undefined;
