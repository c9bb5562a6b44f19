/**
 * Whether the terminal does its work (稼働確認): what the watchdog is fed by. Pure.
 *
 * A timer that fires proves little. It is asked at the end of a tick that ran through, and fed only while
 * the journal reads what it wrote last and the readers are heard of, be it that none is there.
 */

export interface ProgressFacts {
  /** Uptime, ms. */
  readonly now: number;
  /** When the reader host last said anything; undefined where there is no PC/SC to watch. */
  readonly readersHeardAt: number | undefined;
  readonly isJournalReadable: boolean;
}

/** Longer than a host that hangs is given, and the pauses between two starts of it. */
export const READERS_SILENT_MS = 20_000;

export type Progress =
  | { readonly kind: 'working' }
  | { readonly kind: 'stuck'; readonly part: 'readers' | 'journal' };

export const progressOf = ({ now, readersHeardAt, isJournalReadable }: ProgressFacts): Progress => {
  if (!isJournalReadable) return { kind: 'stuck', part: 'journal' };
  if (readersHeardAt !== undefined && now - readersHeardAt > READERS_SILENT_MS)
    return { kind: 'stuck', part: 'readers' };
  return { kind: 'working' };
};
