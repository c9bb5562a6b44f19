/** CSV as Excel in Japan opens it rightly: UTF-8 with a byte order mark, CRLF, every cell quoted. */

/**
 * What spreadsheets compute: signs of a formula, in Japan also the wide ones, and whatever of these stands behind
 * space that is passed over (OWASP, CSV Injection; OWASP/www-community issue 1088).
 */
const FORMULA = /^(\s*[=+\-@＝＋－ー＠]|[\t\r\n])/u;
export const beginsLikeFormula = (text: string): boolean => FORMULA.test(text);

/** A cell that begins like a formula gets an apostrophe, so that a name from outside is never computed. */
const cell = (value: string | number): string => {
  const text = String(value);
  const safe = typeof value === 'string' && beginsLikeFormula(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
};

/** Lines without a header and byte order mark: for a text that is made in pieces. */
export const csvLines = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

export const csvOf = (
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => `\uFEFF${csvLines([header, ...rows])}`;
