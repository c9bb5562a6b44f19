/** Settings of a site by which touches become attendance. Defaults: domain rules of this product. */

export interface SiteRules {
  /** A shift that starts before this minute of the day belongs to the day before. */
  readonly dayStartMinutes: number;
  readonly maxShiftHours: number;
  /** The same reader again within this time is the same touch. */
  readonly repeatWindowMs: number;
}

export const DEFAULT_SITE_RULES: SiteRules = {
  dayStartMinutes: 0,
  maxShiftHours: 18,
  repeatWindowMs: 60_000,
};
