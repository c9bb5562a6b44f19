/** The hours in which a terminal is expected to speak (監視時間帯), Japanese time. */
import {
  dateInJapan,
  HOUR_MS,
  MINUTE_MS,
  startOfDate,
  type UtcMs,
  utcMs,
} from '../../shared/time.ts';

export interface WatchHours {
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`, later than `from`, or the next day's where it is not. */
  readonly to: string;
}

const DAY_MINUTES = 1_440;
const minutesOf = (time: string): number =>
  Number(time.slice(0, 2)) * (HOUR_MS / MINUTE_MS) + Number(time.slice(3, 5));

/**
 * Since when a silence counts: since the last word, but not before the hours that are running began.
 * Undefined outside the hours.
 */
export const silentSince = (
  lastHeardAt: UtcMs,
  hours: WatchHours | undefined,
  now: UtcMs,
): UtcMs | undefined => {
  if (hours === undefined) return lastHeardAt;
  const minute = Math.floor((now - startOfDate(dateInJapan(now))) / MINUTE_MS);
  const from = minutesOf(hours.from);
  const length = (minutesOf(hours.to) - from + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const into = (minute - from + DAY_MINUTES) % DAY_MINUTES;
  if (into >= length) return undefined;
  const began = now - (now % MINUTE_MS) - into * MINUTE_MS;
  return utcMs(Math.max(lastHeardAt, began));
};
