/**
 * A chart as a page shows it (図): a table of bars drawn as SVG, so that its heads repeat and its rows are
 * never split over sheets. Bars differ by pattern, and each has its number, so grey prints say the same.
 */
import { html } from 'hono/html';
import { cellText } from './cell-text.ts';
import type { Chart, Column, Row } from './document.ts';
import type { Say } from './furigana.ts';

type Html = ReturnType<typeof html>;

const WIDTH = 520;
const BAR = 13;
const GAP = 3;
/** Room at the right of the longest bar for its number. */
const NUMBER_ROOM = 70;

/** Full, hatched, empty, dotted: told apart without any colour. */
const PATTERNS = ['full', 'hatched', 'empty', 'dotted'] as const;

const shape = (at: number, y: number, width: number): Html => {
  const pattern = PATTERNS[at] ?? 'full';
  const frame = html`<rect x="0.5" y="${y}" width="${width}" height="${BAR}" fill="${pattern === 'full' ? '#333' : '#fff'}" stroke="#222"/>`;
  if (pattern === 'full' || pattern === 'empty') return frame;
  const step = pattern === 'hatched' ? 6 : 5;
  const count = Math.max(0, Math.ceil((width - 2) / step));
  const marks = Array.from({ length: count }, (_, n) => {
    const x = 2 + n * step;
    return pattern === 'hatched'
      ? html`<line x1="${x}" y1="${y + BAR}" x2="${Math.min(x + 4, width)}" y2="${y}" stroke="#222"/>`
      : html`<circle cx="${x + 1}" cy="${y + BAR / 2}" r="1" fill="#222"/>`;
  });
  return html`${frame}${marks}`;
};

const legend = (bars: readonly Column[], say: Say): Html =>
  html`<span class="legend">${bars.map(
    ({ title }, at) =>
      html`<span><svg width="30" height="${BAR + 1}" viewBox="0 0 30 ${BAR + 1}" aria-hidden="true">${shape(at, 0.5, 28)}</svg> ${say(title)}</span>`,
  )}</span>`;

const numberOf = (row: Row, { key }: Column): number => {
  const value = row[key];
  return typeof value === 'number' ? value : 0;
};

const group = (bars: readonly Column[], row: Row, longest: number): Html => {
  const height = bars.length * (BAR + GAP);
  return html`<svg class="bars" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">${bars.map(
    (bar, at) => {
      const y = at * (BAR + GAP) + 1;
      const value = numberOf(row, bar);
      const width = longest === 0 ? 0 : Math.round((value * (WIDTH - NUMBER_ROOM)) / longest);
      return html`${width === 0 ? '' : shape(at, y, width)}<text x="${width + 6}" y="${y + BAR - 2}">${cellText(bar.kind, value)}</text>`;
    },
  )}</svg>`;
};

export const chartTable = ({ label, bars, rows, empty }: Chart, say: Say): Html => {
  const longest = Math.max(0, ...rows.flatMap((row) => bars.map((bar) => numberOf(row, bar))));
  const body = rows.map(
    (row) =>
      html`<tr><th scope="row">${cellText(label.kind, row[label.key])}</th><td>${group(bars, row, longest)}</td></tr>`,
  );
  return html`<table class="chart">
<thead><tr><th scope="col">${say(label.title)}</th><th scope="col">${legend(bars, say)}</th></tr></thead>
<tbody>${rows.length === 0 ? html`<tr><td class="empty" colspan="2">${say(empty)}</td></tr>` : body}</tbody>
</table>`;
};
