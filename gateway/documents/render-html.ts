/**
 * A document as a page (画面・印刷): one HTML text that carries its style, looks the same on the screen,
 * and paginates on A4. Everything from outside goes through the escaping of `html`.
 */
import { html, raw } from 'hono/html';
import { cellText, factText } from './cell-text.ts';
import type {
  Boxes,
  Column,
  DocumentModel,
  Facts,
  Prose,
  Row,
  Section,
  Table,
} from './document.ts';
import { FRAME_WORDS, type FrameWords } from './frame-words.ts';
import { chartTable } from './render-chart.ts';

type Html = ReturnType<typeof html>;

const cell = ({ kind, key }: Column, row: Row): Html =>
  html`<td class="${kind}">${cellText(kind, row[key])}</td>`;

/** Repeated by the browser on every sheet that the table reaches, so that no sheet is anonymous. */
const tableHead = (columns: readonly Column[], runningTitle: string): Html => html`<thead>
<tr class="running"><th colspan="${columns.length}">${runningTitle}</th></tr>
<tr>${columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr>
</thead>`;

const totalsRow = ({ columns, totals = {} }: Table, words: FrameWords): Html => {
  const firstSum = columns.findIndex(({ key }) => totals[key] !== undefined);
  const span = Math.max(firstSum, 0);
  return html`<tr class="totals">
${span === 0 ? '' : html`<th scope="row" colspan="${span}">${words.total}</th>`}
${columns.slice(span).map((column) => cell(column, totals))}
</tr>`;
};

/** The totals stand in the body's last group, which the style keeps together with the row above. */
const table = (section: Table, words: FrameWords, runningTitle: string): Html => {
  const { columns, rows, totals, empty } = section;
  const body = rows.map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`);
  return html`<table>
${tableHead(columns, runningTitle)}
<tbody>
${rows.length === 0 ? html`<tr><td class="empty" colspan="${columns.length}">${empty}</td></tr>` : body}
${totals === undefined ? '' : totalsRow(section, words)}
</tbody>
</table>`;
};

const facts = ({ facts: listed }: Facts, words: FrameWords): Html => html`<dl>
${listed.map(
  ({ label, kind, value }) =>
    html`<div><dt>${label}</dt><dd class="${kind}">${factText(words, kind, value)}</dd></div>`,
)}
</dl>`;

const prose = ({ paragraphs }: Prose): Html =>
  html`${paragraphs.map((text) => html`<p>${text}</p>`)}`;

const boxes = ({ boxes: listed }: Boxes): Html => html`<div class="blanks">
${listed.map(({ label, size }) => html`<div class="${size}"><span>${label}</span></div>`)}
</div>`;

const section = (each: Section, words: FrameWords, runningTitle: string): Html => {
  const content = (): Html => {
    switch (each.kind) {
      case 'table':
        return table(each, words, runningTitle);
      case 'facts':
        return facts(each, words);
      case 'prose':
        return prose(each);
      case 'boxes':
        return boxes(each);
      case 'chart':
        return chartTable(each);
    }
  };
  return html`<section class="${each.kind}">
${each.title === undefined ? '' : html`<h2>${each.title}</h2>`}
${content()}
</section>`;
};

const list = (className: string, title: string, lines: readonly string[]): Html =>
  lines.length === 0
    ? html``
    : html`<section class="${className}"><h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;

/** The document alone, to stand in a page that has the style already. */
const documentArticle = (model: DocumentModel): Html => {
  const words = FRAME_WORDS[model.language];
  const { title, subtitle, addressee, issuer, orientation, language } = model;
  const runningTitle = [title, subtitle, issuer[0]].filter((part) => part !== undefined).join('　');
  return html`<article class="document ${orientation}" lang="${language}">
<header>
<h1>${title}</h1>
${subtitle === undefined ? '' : html`<p class="subtitle">${subtitle}</p>`}
<div class="parties">
<p class="addressee">${addressee ?? ''}</p>
<p class="issuer"><span class="made-on">${words.madeOn} ${model.madeOn}</span>${issuer.map((line) => html`<span>${line}</span>`)}</p>
</div>
</header>
${model.sections.map((each) => section(each, words, runningTitle))}
${list('notes', words.notes, model.notes)}
${list('sources', words.sources, model.sources)}
<footer>${words.ownLayout}</footer>
</article>`;
};

/** `css`: the text of `document.css`. */
export const renderHtml = (model: DocumentModel, css: string): string =>
  String(html`<!doctype html>
<html lang="${model.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${model.title}</title>
<style>${raw(css)}</style>
</head>
<body>
${documentArticle(model)}
</body>
</html>
`);
