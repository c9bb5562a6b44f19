/**
 * Readings (解釈の設定): what the scheme's answers leave open, and how this house reads it from when on.
 *
 * A registry may say otherwise from a date on and who decided so; a work date is then read by the row
 * that holds on it, so that yesterday's days keep yesterday's reading.
 */
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

export interface ContributionReadings {
  /**
   * Breaks inside the gate are not seen. `not-subtracted`: as in the printed example, in which
   * 21:00–09:00 makes 2 days. `statutory`: 45 minutes above 6 hours and 60 above 8 (労働基準法第34条),
   * less the time between an exit and the next entry.
   */
  readonly breaks: NonNullable<RegistryRow<'contributionReadings'>['breaks']>;
  /**
   * The 4 hours of the next day are those `of-remainder`, after whole 8-hour units, or they count only
   * `without-whole-unit`: where no whole unit has earned a day already.
   */
  readonly nextDayHours: NonNullable<RegistryRow<'contributionReadings'>['nextDayHours']>;
}

/** Defaults of this product; the scheme does not say. */
export const DEFAULT_READINGS: ContributionReadings = {
  breaks: 'not-subtracted',
  nextDayHours: 'of-remainder',
};

/** The row that says otherwise on that date. */
export const readingsRowOn = (
  { contributionReadings }: Pick<RegistryIndex, 'contributionReadings'>,
  date: WorkDate,
): RegistryRow<'contributionReadings'> | undefined =>
  contributionReadings.find((each) => isValidOn(each, date));

export const readingsOn = (
  registry: Pick<RegistryIndex, 'contributionReadings'>,
  date: WorkDate,
): ContributionReadings => {
  const row = readingsRowOn(registry, date);
  return row === undefined
    ? DEFAULT_READINGS
    : {
        breaks: row.breaks ?? DEFAULT_READINGS.breaks,
        nextDayHours: row.nextDayHours ?? DEFAULT_READINGS.nextDayHours,
      };
};
