/** CSV as Excel in Japan opens it rightly: UTF-8 with a byte order mark, CRLF, every cell quoted. */

/**
 * A cell that begins like a formula gets an apostrophe, so that a name from outside is never computed
 * (OWASP, CSV Injection).
 */
const cell = (value: string | number): string => {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
};

/** Lines without a header and byte order mark: for a text that is made in pieces. */
export const csvLines = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

export const csvOf = (
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => `\uFEFF${csvLines([header, ...rows])}`;
