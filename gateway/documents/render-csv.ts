/**
 * A document as CSV (表計算): what stands on the paper, section under section, as Excel in Japan opens it.
 *
 * UTF-8 with a byte order mark, or CP932 for older programs; a character that CP932 lacks is a named fault
 * and never a silent question mark.
 */
import { csvOf } from '../../shared/csv.ts';
import type { Result } from '../../shared/result.ts';
import { type CsvEncoding, encodeCsv } from '../csv/encode-csv.ts';
import { type DocumentModel, type Section, tableOfChart, type Value } from './document.ts';
import { FRAME_WORDS, type FrameWords } from './frame-words.ts';
import { withoutFurigana } from './furigana.ts';

type Line = readonly (string | number)[];

const plain = (value: Value): string | number => value ?? '';

const sectionLines = (section: Section, words: FrameWords): readonly Line[] => {
  const title = section.title === undefined ? [] : [[section.title]];
  switch (section.kind) {
    case 'prose':
      return [...title, ...section.paragraphs.map((text) => [text])];
    case 'facts':
      return [...title, ...section.facts.map(({ label, value }) => [label, plain(value)])];
    case 'boxes':
      return [...title, ...section.boxes.map(({ label }) => [label, ''])];
    case 'chart':
      return sectionLines(tableOfChart(section), words);
    case 'table': {
      const { columns, rows, totals, empty } = section;
      const body = rows.map((row) => columns.map(({ key }) => plain(row[key])));
      const sums =
        totals === undefined
          ? []
          : [
              columns.map(({ key }, at) =>
                at === 0 && totals[key] === undefined ? words.total : plain(totals[key]),
              ),
            ];
      const head = columns.map((column) => column.title);
      return [...title, head, ...(rows.length === 0 ? [[empty]] : body), ...sums];
    }
  }
};

/** The lines of the whole document; sections are kept apart by an empty line. */
export const documentLines = (document: DocumentModel): readonly Line[] => {
  const model = withoutFurigana(document);
  const words = FRAME_WORDS[model.language];
  const { title, subtitle, madeOn, addressee, issuer, notes, sources } = model;
  const listed = (head: string, lines: readonly string[]): readonly Line[] =>
    lines.length === 0 ? [] : [[], ...lines.map((line) => [head, line])];
  return [
    [title, ...(subtitle === undefined ? [] : [subtitle])],
    ...(addressee === undefined ? [] : [[addressee]]),
    [words.madeOn, madeOn],
    ...issuer.map((line) => [line]),
    ...model.sections.flatMap((section) => [[], ...sectionLines(section, words)]),
    ...listed(words.notes, notes),
    ...listed(words.sources, sources),
    [],
    [words.ownLayout],
  ];
};

export const renderCsv = (model: DocumentModel, encoding: CsvEncoding): Result<Uint8Array> => {
  const [head = [], ...rest] = documentLines(model);
  return encodeCsv(csvOf(head.map(String), rest), encoding);
};
