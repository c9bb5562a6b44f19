/** Values of reports as people read them, for every page that shows some. */

/** @param {number} minutes */
const hoursMinutes = (minutes) =>
  `${minutes < 0 ? '−' : ''}${Math.floor(Math.abs(minutes) / 60)}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;

/** @param {number} milliseconds */
const hoursMinutesSeconds = (milliseconds) => {
  const seconds = Math.floor(Math.abs(milliseconds) / 1_000);
  const rest = String(seconds % 60).padStart(2, '0');
  return `${milliseconds < 0 ? '−' : ''}${hoursMinutes(Math.floor(seconds / 60))}:${rest}`;
};

/**
 * Yen and hundredths of an exact `n/d`, which stands behind where the decimals go on. Both are above 0.
 *
 * @param {string} fraction
 */
const exactYen = (fraction) => {
  const [numerator = 0n, denominator = 1n] = fraction.split('/').map(BigInt);
  const hundredths = (numerator * 100n) / denominator;
  const decimals = String(hundredths % 100n).padStart(2, '0');
  const shown = `${(hundredths / 100n).toLocaleString('ja-JP')}.${decimals}`;
  return hundredths * denominator === numerator * 100n
    ? `${shown}円`
    : `${shown}…円（${fraction}）`;
};

/**
 * `word`: what a code is called; `nameOf`: the name behind an id.
 *
 * @param {{ word: (code: unknown) => string, nameOf: (id: unknown) => string }} naming
 */
export const createReportText = ({ word, nameOf }) => {
  /** @param {string} kind @param {unknown} value @returns {string} */
  const text = (kind, value) => {
    if (value === undefined) return '';
    if (Array.isArray(value)) {
      if (kind === 'evidence') return value.length === 0 ? '' : `${value.length}件`;
      return value.map((each) => text(kind, each)).join('、');
    }
    switch (kind) {
      case 'codes':
        return word(value);
      case 'flag':
        return value === true ? '○' : '×';
      case 'yen':
        return typeof value === 'string'
          ? exactYen(value)
          : `${typeof value === 'number' ? value.toLocaleString('ja-JP') : value}円`;
      case 'minutes':
        return hoursMinutes(Number(value));
      case 'milliseconds':
        return hoursMinutesSeconds(Number(value));
      case 'hours':
        return `${value}時間`;
      case 'days':
        return `${value}日`;
      case 'people':
        return `${value}人`;
      case 'percent':
        return typeof value === 'number' ? `${value.toFixed(2)}%` : String(value);
      case 'instant':
        return String(value).slice(11, 16);
      case 'site':
      case 'company':
      case 'worker':
        return nameOf(value);
      case 'evidence':
        return typeof value === 'object' ? '' : String(value);
      default:
        return typeof value === 'object' ? '' : word(value);
    }
  };
  return text;
};
