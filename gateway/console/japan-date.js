/** Dates in Japan, whatever the clock of the browser's machine shows: the works are there. */

const HOURS_AHEAD_MS = 9 * 3_600_000;

/** Date and time, as ISO 8601 writes them. */
export const japanNow = () => new Date(Date.now() + HOURS_AHEAD_MS).toISOString();

/** `2026-11-28`. */
export const today = () => japanNow().slice(0, 10);

/** `2026-11`. */
export const thisMonth = () => japanNow().slice(0, 7);

/** The month before this one: the last that is whole. */
export const lastMonth = () => {
  const [year, month] = thisMonth().split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 0) - 2, 1)).toISOString().slice(0, 7);
};

/** `2026-11-28 07:58` of an instant as the API writes it, in Japanese time; nothing of none. @param {string} [iso] */
export const dateTime = (iso = '') => iso.slice(0, 16).replace('T', ' ');
