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
import { type FrameWords, frameWordsOf } from './frame-words.ts';
import { type Say, sayPlain, sayWithFurigana, withoutFurigana } from './furigana.ts';
import { chartTable } from './render-chart.ts';

type Html = ReturnType<typeof html>;

/** What every part of one page is written with. */
interface Hand {
  readonly words: FrameWords;
  readonly say: Say;
  readonly runningTitle: string;
}

const cell = ({ kind, key }: Column, row: Row, { say }: Hand): Html => {
  const text = cellText(kind, row[key]);
  return html`<td class="${kind}">${kind === 'words' ? say(text) : text}</td>`;
};

/** Repeated by the browser on every sheet that the table reaches, so that no sheet is anonymous. */
const tableHead = (columns: readonly Column[], { say, runningTitle }: Hand): Html => html`<thead>
<tr class="running"><th colspan="${columns.length}">${runningTitle}</th></tr>
<tr>${columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${say(title)}</th>`)}</tr>
</thead>`;

const totalsRow = ({ columns, totals = {} }: Table, hand: Hand): Html => {
  const firstSum = columns.findIndex(({ key }) => totals[key] !== undefined);
  const span = Math.max(firstSum, 0);
  return html`<tr class="totals">
${span === 0 ? '' : html`<th scope="row" colspan="${span}">${hand.say(hand.words.total)}</th>`}
${columns.slice(span).map((column) => cell(column, totals, hand))}
</tr>`;
};

/** The totals stand in the body's last group, which the style keeps together with the row above. */
const table = (section: Table, hand: Hand): Html => {
  const { columns, rows, totals, empty } = section;
  const body = rows.map(
    (row) => html`<tr>${columns.map((column) => cell(column, row, hand))}</tr>`,
  );
  return html`<table>
${tableHead(columns, hand)}
<tbody>
${rows.length === 0 ? html`<tr><td class="empty" colspan="${columns.length}">${hand.say(empty)}</td></tr>` : body}
${totals === undefined ? '' : totalsRow(section, hand)}
</tbody>
</table>`;
};

const facts = ({ facts: listed }: Facts, { words, say }: Hand): Html => html`<dl>
${listed.map(({ label, kind, value }) => {
  const text = factText(words, kind, value);
  return html`<div><dt>${say(label)}</dt><dd class="${kind}">${kind === 'words' ? say(text) : text}</dd></div>`;
})}
</dl>`;

const prose = ({ paragraphs }: Prose, { say }: Hand): Html =>
  html`${paragraphs.map((text) => html`<p>${say(text)}</p>`)}`;

const boxes = ({ boxes: listed }: Boxes, { say }: Hand): Html => html`<div class="blanks">
${listed.map(({ label, size }) => html`<div class="${size}"><span>${say(label)}</span></div>`)}
</div>`;

const section = (each: Section, hand: Hand): Html => {
  const content = (): Html => {
    switch (each.kind) {
      case 'table':
        return table(each, hand);
      case 'facts':
        return facts(each, hand);
      case 'prose':
        return prose(each, hand);
      case 'boxes':
        return boxes(each, hand);
      case 'chart':
        return chartTable(each, hand.say);
    }
  };
  return html`<section class="${each.kind}">
${each.title === undefined ? '' : html`<h2>${hand.say(each.title)}</h2>`}
${content()}
</section>`;
};

const list = (className: string, title: Html, lines: readonly Html[]): Html =>
  lines.length === 0
    ? html``
    : html`<section class="${className}"><h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;

/** The document alone, to stand in a page that has the style already. */
const documentArticle = (model: DocumentModel): Html => {
  const words = frameWordsOf(model);
  const say = model.hasFurigana === true ? sayWithFurigana : sayPlain;
  const { title, subtitle, addressee, issuer, orientation, language } = model;
  const runningTitle = [withoutFurigana(model).title, subtitle, issuer[0]]
    .filter((part) => part !== undefined)
    .join('　');
  const hand = { words, say, runningTitle };
  return html`<article class="document ${orientation}${model.hasFurigana === true ? ' furigana' : ''}" lang="${language}">
<header>
<h1>${say(title)}</h1>
${subtitle === undefined ? '' : html`<p class="subtitle">${subtitle}</p>`}
<div class="parties">
<p class="addressee">${addressee ?? ''}</p>
<p class="issuer"><span class="made-on">${say(words.madeOn)} ${model.madeOn}</span>${issuer.map((line) => html`<span>${line}</span>`)}</p>
</div>
</header>
${model.sections.map((each) => section(each, hand))}
${list('notes', say(words.notes), model.notes.map(say))}
${list('sources', say(words.sources), model.sources.map(sayPlain))}
<footer>${say(words.ownLayout)}</footer>
</article>`;
};

/** `css`: the text of `document.css`. */
export const renderHtml = (model: DocumentModel, css: string): string =>
  String(html`<!doctype html>
<html lang="${model.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${withoutFurigana(model).title}</title>
<style>${raw(css)}</style>
</head>
<body>
${documentArticle(model)}
</body>
</html>
`);
