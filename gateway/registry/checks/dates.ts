/** Dates and times of the registry that cannot be: works done before they began, corrections of another day. */
import { addDays, dateInJapan, utcMs, type WorkDate } from '../../../shared/time.ts';
import { isTimeNeeded } from '../../corrections.ts';
import type { FaultList } from '../../fault-list.ts';
import { type DraftRegistry, soundRows } from '../draft-registry.ts';

export const completedBeforeContract = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [index, { contractDate, completionDate }] of rows.contracts.entries()) {
    if (completionDate !== undefined && contractDate !== undefined && completionDate < contractDate)
      faults.add(
        `/contracts/${index}/completionDate`,
        `${completionDate} is before contractDate ${contractDate}`,
      );
  }
};

/**
 * A shift begins on its work date, at the latest just before the next day's `dayStart`, and lasts 48 hours
 * at most: what it is corrected to lies within these days.
 */
const DAYS_OF_A_SHIFT = 3;

const dateOf = (instant: string): WorkDate => dateInJapan(utcMs(Date.parse(instant)));

export const impossibleCorrections = (draft: DraftRegistry, faults: FaultList): void => {
  for (const [index, { kind, at, workDate }] of soundRows(draft, 'corrections')) {
    const place = `/corrections/${index}/at`;
    if (at === undefined) {
      if (isTimeNeeded(kind)) faults.add(place, `is missing; ${kind} says which time`);
      continue;
    }
    const date = dateOf(at);
    if (date < workDate || date > addDays(workDate, DAYS_OF_A_SHIFT))
      faults.add(place, `${at} is not within a shift of ${workDate}`);
  }
};
