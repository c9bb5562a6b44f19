/**
 * Furigana of a document (ルビ): our own words may carry it, `{漢字|かんじ}`; pages draw it, everything else
 * leaves it out. Values from outside are never read for it, whatever braces a name may have.
 */
import { html } from 'hono/html';
import { rubyParts, withoutRuby } from '../../shared/ruby.ts';
import {
  type DocumentModel,
  type Row,
  type Section,
  type Table,
  tableOfChart,
} from './document.ts';

type Html = ReturnType<typeof html>;

/** Writes our own words on a page. */
export type Say = (text: string) => Html;

export const sayPlain: Say = (text) => html`${text}`;

export const sayWithFurigana: Say = (text) =>
  html`${rubyParts(text).map(({ base, ruby }) =>
    ruby === undefined ? base : html`<ruby>${base}<rp>（</rp><rt>${ruby}</rt><rp>）</rp></ruby>`,
  )}`;

const tableWithout = (table: Table): Table => {
  const spoken = new Set(
    table.columns.filter(({ kind }) => kind === 'words').map(({ key }) => key),
  );
  const plain = (row: Row): Row =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'string' && spoken.has(key) ? withoutRuby(value) : value,
      ]),
    );
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, title: withoutRuby(column.title) })),
    rows: table.rows.map(plain),
    empty: withoutRuby(table.empty),
  };
};

const contentWithout = (section: Section): Section => {
  switch (section.kind) {
    case 'table':
      return tableWithout(section);
    case 'chart':
      return contentWithout(tableOfChart(section));
    case 'facts':
      return {
        ...section,
        facts: section.facts.map((fact) => ({
          ...fact,
          label: withoutRuby(fact.label),
          ...(fact.kind === 'words' && typeof fact.value === 'string'
            ? { value: withoutRuby(fact.value) }
            : {}),
        })),
      };
    case 'prose':
      return { ...section, paragraphs: section.paragraphs.map(withoutRuby) };
    case 'boxes':
      return {
        ...section,
        boxes: section.boxes.map((box) => ({ ...box, label: withoutRuby(box.label) })),
      };
  }
};

/** The same document for a rendering that cannot draw furigana. */
export const withoutFurigana = (model: DocumentModel): DocumentModel => {
  if (model.hasFurigana === undefined) return model;
  return {
    ...model,
    title: withoutRuby(model.title),
    sections: model.sections
      .map(contentWithout)
      .map((section) =>
        section.title === undefined ? section : { ...section, title: withoutRuby(section.title) },
      ),
    notes: model.notes.map(withoutRuby),
  };
};
