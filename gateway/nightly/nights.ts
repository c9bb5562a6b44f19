/** When a night's work begins, and whether it was missed (夜間処理の時刻). Pure; Japan has no daylight saving time. */
import {
  addDays,
  dateInJapan,
  MINUTE_MS,
  startOfDate,
  type UtcMs,
  utcMs,
} from '../../shared/time.ts';

/** `at`: HH:MM in Japan. The last moment at or before `now` at which a night's work was to begin. */
export const lastNight = (now: UtcMs, at: string): UtcMs => {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const begin = (date: ReturnType<typeof dateInJapan>): UtcMs =>
    utcMs(startOfDate(date) + (hours * 60 + minutes) * MINUTE_MS);
  const today = begin(dateInJapan(now));
  return today <= now ? today : begin(addDays(dateInJapan(now), -1));
};

/** `lastBegunAt` undefined: it never ran. */
export const isMissed = (lastBegunAt: UtcMs | undefined, now: UtcMs, at: string): boolean =>
  lastBegunAt === undefined || lastBegunAt < lastNight(now, at);
