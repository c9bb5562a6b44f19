/**
 * The touches that can have a say in some dates (その日付に関わるタッチ), out of a history of any length. Pure.
 *
 * A shift ends by its longest length at the latest, so that after a longer pause of a person nothing of before it
 * counts any more. Whoever pauses that long every now and then, as at a weekend, is read from there; whoever does
 * not, from their first touch.
 */
import { DAY_MS, type UtcMs } from '../../shared/time.ts';
import { inOrderOfTime, type Touch } from './shifts.ts';
import { subjectKey } from './subject-key.ts';

/** No site may set a longer shift. */
const PAUSE_MS = 2 * DAY_MS;
/** A pause is looked for so far back; where there is none, the whole history counts. */
const LOOKED_BACK_MS = 35 * DAY_MS;

/** Both ends inclusive. */
export interface Moments {
  readonly from: UtcMs;
  readonly to: UtcMs;
}

const personOf = ({ siteId, subject }: Touch): string => `${siteId} ${subjectKey(subject)}`;

/** From the last pause before `from` on; undefined where there is none since `lookedFrom`. */
const sincePause = (
  touches: readonly Touch[],
  from: UtcMs,
  lookedFrom: number,
): readonly Touch[] | undefined => {
  const inOrder = inOrderOfTime(touches);
  let lastAt = lookedFrom;
  // Who comes only later has paused until then.
  let begin = inOrder[0] !== undefined && inOrder[0].at > from ? 0 : undefined;
  for (const [index, { at }] of inOrder.entries()) {
    if (at > from) break;
    if (at - lastAt > PAUSE_MS) begin = index;
    lastAt = at;
  }
  return begin === undefined ? undefined : inOrder.slice(begin);
};

/**
 * Of everybody's `touches` those by which every shift that begins within the moments is as by all of them. Shifts
 * before and after them need not be. Costs one look at each touch, and more only at those around the moments.
 */
export const touchesAround = <Of extends { readonly at: UtcMs }>(
  touches: readonly Of[],
  { from, to }: Moments,
  touchOf: (touch: Of) => Touch,
): readonly Touch[] => {
  const lookedFrom = from - LOOKED_BACK_MS;
  const last = to + PAUSE_MS;
  const recent = touches.filter(({ at }) => at > lookedFrom && at <= last).map(touchOf);
  const restless = new Set<string>();
  const around: Touch[] = [];
  for (const [person, own] of Map.groupBy(recent, personOf)) {
    const since = sincePause(own, from, lookedFrom);
    if (since === undefined) restless.add(person);
    else for (const touch of since) around.push(touch);
  }
  if (restless.size === 0) return around;
  for (const touch of touches) {
    if (touch.at > last) continue;
    const own = touchOf(touch);
    if (restless.has(personOf(own))) around.push(own);
  }
  return around;
};
