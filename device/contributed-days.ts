/** What a worker is told at the touch (今月の日数と累計): days that count for 建退共, by the roster and by what was touched here since. */
import type { Roster, RosterWorker } from '../shared/roster.ts';
import type { Month, WorkDate } from '../shared/time.ts';

export interface ContributedDays {
  /** Of this month, today included. */
  readonly month: number;
  /** Of all months; absent where the roster does not tell those before. */
  readonly total?: number;
}

/** `entered`: dates of this month on which the worker entered here. Undefined for who earns none. */
export const contributedDays = (
  worker: RosterWorker | undefined,
  roster: Pick<Roster, 'month'> | undefined,
  { month, entered }: { readonly month: Month; readonly entered: readonly WorkDate[] },
): ContributedDays | undefined => {
  if (!worker?.earnsContribution) return undefined;
  const { extraDays = 0, daysBefore } = worker;
  const isOfThisMonth = roster?.month === month;
  const dates = new Set(isOfThisMonth ? worker.contributedDays : []);
  for (const date of entered) dates.add(Number(date.slice(8)));
  const ofMonth = dates.size + (isOfThisMonth ? extraDays : 0);
  if (daysBefore === undefined) return { month: ofMonth };
  const ofRosterMonth = isOfThisMonth ? 0 : worker.contributedDays.length + extraDays;
  return { month: ofMonth, total: daysBefore + ofRosterMonth + ofMonth };
};
