/**
 * Writes for the terminal into its journal (記録), and knows whether it can: the one place that learns of a
 * full or broken disk.
 */
import type { EntryBody } from '../shared/entry.ts';
import type { Log } from '../shared/log.ts';
import type { ClockReading } from '../shared/time.ts';
import type { AppendOutcome, Journal } from './journal.ts';

export interface RecorderDeps {
  readonly journal: Journal;
  /** The journal's file is broken: a new start sets it aside. */
  readonly onCorrupt: () => void;
  readonly log: Log;
}

export interface Recorder {
  readonly record: (body: EntryBody, reading: ClockReading) => AppendOutcome;
  /** Why nothing can be recorded now. */
  readonly fault: () => string | undefined;
  /** Why nothing could be recorded for a time, until that stands in the journal as `storage-recovered`. */
  readonly untoldFault: () => string | undefined;
}

export const createRecorder = ({ journal, onCorrupt, log }: RecorderDeps): Recorder => {
  let fault: string | undefined;
  let untold: string | undefined;
  return {
    record: (body, reading) => {
      const outcome = journal.append(body, reading);
      if (outcome.kind === 'stored') {
        fault = undefined;
        if (body.kind === 'health' && body.what === 'storage-recovered') untold = undefined;
        return outcome;
      }
      if (fault !== outcome.message) log('the journal cannot store', { reason: outcome.message });
      fault = outcome.message;
      untold = fault;
      if (outcome.failure === 'corrupt') onCorrupt();
      return outcome;
    },
    fault: () => (journal.isInPlace() ? fault : 'the journal was taken away'),
    untoldFault: () => untold,
  };
};
