/**
 * Corrections (訂正): what a person says of one day, in the order in which it was said.
 *
 * Pure. The touches stay as they were; a correction takes touches out of the day's reckoning or puts a
 * person's word in their place. Later ones work upon what earlier ones left, so that a correction of a
 * correction needs no case of its own.
 */
import type { UtcMs, WorkDate } from '../shared/time.ts';

export interface DayCorrection {
  /** What the corrected day names as its evidence. */
  readonly id: string;
  readonly workDate: WorkDate;
  /**
   * add: the person was there (entering at `at`, where it is known) · void: nothing of the day counts ·
   * set-in, set-out: the first entry, the last exit was at `at`.
   */
  readonly kind: 'add' | 'void' | 'set-in' | 'set-out';
  readonly at?: UtcMs | undefined;
  /** Evidence that it takes the place of; the day names it too. */
  readonly corrects?: string | undefined;
}

/** `set-in` and `set-out` set a time; `add` and `void` concern the day. */
export const isTimeNeeded = (kind: DayCorrection['kind']): boolean =>
  kind === 'set-in' || kind === 'set-out';

interface Passage {
  readonly at: UtcMs;
  readonly direction: 'in' | 'out' | 'auto';
}

export interface CorrectedTouches<Touch> {
  readonly touches: readonly Touch[];
  /** The corrections that had a say, in order. */
  readonly ids: readonly string[];
}

/** In order of time; `auto` counts as an entry where it comes first, as an exit where others precede it. */
const withoutFirstEntry = <Touch extends Passage>(touches: readonly Touch[]): readonly Touch[] =>
  touches[0] !== undefined && touches[0].direction !== 'out' ? touches.slice(1) : touches;

const withoutLastExit = <Touch extends Passage>(touches: readonly Touch[]): readonly Touch[] => {
  const last = touches.at(-1);
  const isExit = last?.direction === 'out' || (last?.direction === 'auto' && touches.length > 1);
  return isExit ? touches.slice(0, -1) : touches;
};

/**
 * The touches of one date as corrected; undefined = the day does not count at all.
 * `touches` in order of time; `make` builds what stands for a person's word.
 */
export const correctTouches = <Touch extends Passage>(
  touches: readonly Touch[],
  corrections: readonly DayCorrection[],
  make: (id: string, at: UtcMs, direction: 'in' | 'out') => Touch,
): CorrectedTouches<Touch> | undefined => {
  let current: readonly Touch[] = touches;
  let isPresent = touches.length > 0;
  const put = (kept: readonly Touch[], touch: Touch): void => {
    current = [...kept, touch].sort((a, b) => a.at - b.at);
    isPresent = true;
  };
  for (const { id, kind, at } of corrections) {
    switch (kind) {
      case 'void':
        current = [];
        isPresent = false;
        break;
      case 'add':
        if (at === undefined) isPresent = true;
        else put(current, make(id, at, 'in'));
        break;
      case 'set-in':
        if (at !== undefined) put(withoutFirstEntry(current), make(id, at, 'in'));
        break;
      case 'set-out':
        if (at !== undefined) put(withoutLastExit(current), make(id, at, 'out'));
        break;
    }
  }
  const ids = corrections.flatMap(({ id, corrects }) =>
    corrects === undefined ? [id] : [corrects, id],
  );
  return isPresent ? { touches: current, ids } : undefined;
};
