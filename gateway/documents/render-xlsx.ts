/** A document as a workbook (Excel): numbers are numbers, dates are dates, and the sums are as printed. */
import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import {
  type Column,
  type DocumentModel,
  type Section,
  tableOfChart,
  type Value,
  type ValueKind,
} from './document.ts';
import { FRAME_WORDS, type FrameWords } from './frame-words.ts';
import { withoutFurigana } from './furigana.ts';

const HEAD_COLOUR = '#EEF1F4';
const NUMBER_FORMAT: Partial<Record<ValueKind, string>> = {
  count: '#,##0',
  days: '#,##0',
  yen: '#,##0',
  minutes: '[h]:mm',
};
const MINUTES_A_DAY = 1_440;
/** Width in characters. */
const WIDTH: Readonly<Record<ValueKind, number>> = {
  text: 24,
  words: 24,
  id: 18,
  mark: 4,
  count: 10,
  days: 9,
  yen: 13,
  minutes: 9,
  date: 12,
  instant: 18,
};

/** A work date is a calendar day: midnight UTC, as workbooks know no zones. */
const dateCell = (text: string): Cell => ({
  value: new Date(`${text}T00:00:00Z`),
  type: Date,
  format: 'yyyy-mm-dd',
});

const bordered = { borderStyle: 'thin', wrap: true, alignVertical: 'top' } as const;

const valueCell = (kind: ValueKind, value: Value, isBold = false): Cell => {
  const style = { ...bordered, ...(isBold ? { fontWeight: 'bold' as const } : {}) };
  if (value === undefined) return { ...style, value: '', type: String };
  if (typeof value === 'number') {
    // A length of time is a part of a day to a workbook; nothing is computed from it here.
    const shown = kind === 'minutes' ? value / MINUTES_A_DAY : value;
    return { ...style, value: shown, type: Number, format: NUMBER_FORMAT[kind] ?? '0' };
  }
  if (kind === 'date') return { ...style, ...Object(dateCell(value)) };
  const text = kind === 'instant' ? value.slice(0, 16).replace('T', ' ') : value;
  return { ...style, value: text, type: String, align: kind === 'mark' ? 'center' : 'left' };
};

const headCell = (value: string): Cell => ({
  ...bordered,
  value,
  type: String,
  fontWeight: 'bold',
  align: 'center',
  backgroundColor: HEAD_COLOUR,
});

const textRow = (value: string, isBold = false): SheetData[number] => [
  { value, type: String, ...(isBold ? { fontWeight: 'bold' as const } : {}) },
];

const sectionRows = (section: Section, words: FrameWords): SheetData => {
  const title = section.title === undefined ? [] : [textRow(section.title, true)];
  switch (section.kind) {
    case 'prose':
      return [...title, ...section.paragraphs.map((text) => textRow(text))];
    case 'facts':
      return [
        ...title,
        ...section.facts.map(({ label, kind, value }) => [headCell(label), valueCell(kind, value)]),
      ];
    case 'boxes':
      return [
        ...title,
        ...section.boxes.map(({ label }) => [headCell(label), valueCell('text', undefined)]),
      ];
    case 'chart':
      return sectionRows(tableOfChart(section), words);
    case 'table': {
      const { columns, rows, totals, empty } = section;
      const body = rows.map((row) => columns.map(({ kind, key }) => valueCell(kind, row[key])));
      const sums =
        totals === undefined
          ? []
          : [
              columns.map(({ kind, key }, at) =>
                at === 0 && totals[key] === undefined
                  ? valueCell('text', words.total, true)
                  : valueCell(kind, totals[key], true),
              ),
            ];
      const head = columns.map((column) => headCell(column.title));
      return [...title, head, ...(rows.length === 0 ? [textRow(empty)] : body), ...sums];
    }
  }
};

/** The widest kind that stands in each column of the sheet. */
const widths = ({ sections }: DocumentModel): { width: number }[] => {
  const found: number[] = [];
  const widen = (kinds: readonly ValueKind[]): void => {
    for (const [at, kind] of kinds.entries()) found[at] = Math.max(found[at] ?? 0, WIDTH[kind]);
  };
  for (const section of sections) {
    if (section.kind === 'table') widen(section.columns.map(({ kind }: Column) => kind));
    else if (section.kind === 'chart') widen(tableOfChart(section).columns.map(({ kind }) => kind));
    else if (section.kind === 'facts' || section.kind === 'boxes') widen(['text', 'text']);
  }
  return found.map((width) => ({ width }));
};

/** Bytes of an `.xlsx` file with one sheet. */
export const renderXlsx = async (document: DocumentModel): Promise<Uint8Array> => {
  const model = withoutFurigana(document);
  const words = FRAME_WORDS[model.language];
  const { title, subtitle, addressee, issuer, notes, sources } = model;
  const listed = (head: string, lines: readonly string[]): SheetData =>
    lines.length === 0 ? [] : [[], textRow(head, true), ...lines.map((line) => textRow(line))];
  const rows: SheetData = [
    [{ value: title, type: String, fontWeight: 'bold', fontSize: 14 }],
    ...(subtitle === undefined ? [] : [textRow(subtitle)]),
    ...(addressee === undefined ? [] : [textRow(addressee)]),
    [{ value: words.madeOn, type: String }, dateCell(model.madeOn)],
    ...issuer.map((line) => textRow(line)),
    ...model.sections.flatMap((section) => [[], ...sectionRows(section, words)]),
    ...listed(words.notes, notes),
    ...listed(words.sources, sources),
    [],
    textRow(words.ownLayout),
  ];
  return await writeXlsxFile(rows, {
    columns: widths(model),
    // Characters that a sheet's name may not have; 31 is the longest name that Excel takes.
    sheet: title.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31),
    ...(model.orientation === 'landscape' ? { orientation: 'landscape' } : {}),
  }).toBuffer();
};
