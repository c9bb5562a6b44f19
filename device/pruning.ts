/** Lets go of what the gateway has had for long (記録の整理), so that the disk does not fill over the years. */
import type { EntryBody } from '../shared/entry.ts';
import { type ClockReading, DAY_MS, HOUR_MS, utcMs } from '../shared/time.ts';
import type { Journal } from './journal.ts';

export const PRUNE_EVERY_MS = HOUR_MS;

/** A clock that is not trusted must not make anything look old. */
export const prune = ({
  journal,
  reading: { wallMs, trust },
  keepDays,
  note,
}: {
  readonly journal: Pick<Journal, 'prune'>;
  readonly reading: ClockReading;
  readonly keepDays: number;
  readonly note: (body: EntryBody) => void;
}): void => {
  if (trust !== 'trusted') return;
  const pruned = journal.prune(utcMs(Math.max(0, wallMs - keepDays * DAY_MS)));
  if (pruned > 0) note({ kind: 'health', what: 'pruned', detail: `${pruned} entries` });
};
