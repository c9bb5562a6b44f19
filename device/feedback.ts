/** What the person at the gate is told (応答). `recorded` is only ever said of a touch that is on the disk. */
import type { Presented } from '../shared/entry.ts';
import type { RosterWorker } from '../shared/roster.ts';
import type { UtcMs } from '../shared/time.ts';
import type { Reason, VerdictKind } from '../shared/verdict.ts';
import type { ContributedDays } from './contributed-days.ts';
import type { Passage } from './presence.ts';

export type Feedback =
  | {
      readonly kind: 'recorded';
      /** Seq of the journal entry that this feedback is the receipt for. */
      readonly seq: number;
      readonly verdict: VerdictKind;
      /** The same, but for a repeat: what it is a repeat of, as the gate sees it now. */
      readonly standing: Exclude<VerdictKind, 'repeat'>;
      readonly reasons: readonly Reason[];
      readonly passage: Passage;
      readonly by: Presented['by'];
      readonly at: UtcMs;
      readonly worker: RosterWorker | undefined;
      /** Days that count for 建退共; undefined for who earns none. */
      readonly contributedDays: ContributedDays | undefined;
    }
  | { readonly kind: 'not-recorded'; readonly at: UtcMs; readonly message: string }
  | { readonly kind: 'unreadable-card'; readonly at: UtcMs; readonly message: string };

/** A touch stands on the screen this long, unless the next one comes. */
export const TOUCH_SHOWN_MS = 8_000;

/** How a touch looks, sounds and lights; colour, shape, sound and rhythm each tell the same. */
export type Tone = 'in' | 'out' | 'repeat' | 'warned' | 'held' | 'failed';

export const toneOf = (feedback: Feedback): Tone => {
  if (feedback.kind !== 'recorded') return 'failed';
  const { verdict, standing, passage } = feedback;
  if (standing !== 'recorded') return standing;
  return verdict === 'repeat' ? verdict : passage;
};
