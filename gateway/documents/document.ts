/**
 * The document model (帳票): what a paper says, before it is a page, a print, a CSV or a workbook.
 *
 * Plain data with typed values: every rendering shows the same figures. The layouts are our own, with the
 * content that 建退共 asks for; none is an official form, and each one says so at its foot.
 */
import type { Language } from '../../shared/language.ts';
import type { WorkDate } from '../../shared/time.ts';

/**
 * What a value is, and so how it is written: `id` a number that is a name (leading zeros count), `mark`
 * a sign in a narrow cell, `count`, `days` and `yen` whole numbers, `minutes` a length of time, `date` a
 * work date, `instant` an ISO 8601 text in JST, `words` our own words, which may carry furigana.
 */
export type ValueKind =
  | 'text'
  | 'words'
  | 'id'
  | 'mark'
  | 'count'
  | 'days'
  | 'yen'
  | 'minutes'
  | 'date'
  | 'instant';

/** An absent value is an empty cell. */
export type Value = string | number | undefined;

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly kind: ValueKind;
}

export type Row = Readonly<Record<string, Value>>;

export interface Table {
  readonly kind: 'table';
  readonly title?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Stands under the rows and stays with the last of them. */
  readonly totals?: Row;
  /** In place of rows where there are none. */
  readonly empty: string;
}

export interface Fact {
  readonly label: string;
  readonly kind: ValueKind;
  readonly value: Value;
}

/** Labelled values (記載事項). */
export interface Facts {
  readonly kind: 'facts';
  readonly title?: string;
  readonly facts: readonly Fact[];
}

/** Running text (本文). */
export interface Prose {
  readonly kind: 'prose';
  readonly title?: string;
  readonly paragraphs: readonly string[];
}

/** A place that a hand fills in on paper (貼付欄・自署欄・記入欄); stays empty everywhere else. */
export interface Boxes {
  readonly kind: 'boxes';
  readonly title?: string;
  readonly boxes: readonly {
    readonly label: string;
    /** `line` one line to write on, `seal` a square, `paste` room for a slip, `text` some lines. */
    readonly size: 'line' | 'seal' | 'paste' | 'text';
  }[];
}

/**
 * Bars side by side (図), one group a row. Told apart by pattern and by the number at their end, so that
 * they read in black and white; in CSV and workbook it is the table that it was drawn from.
 */
export interface Chart {
  readonly kind: 'chart';
  readonly title: string;
  readonly label: Column;
  /** At most four: there are so many patterns. Whole numbers, not negative. */
  readonly bars: readonly Column[];
  readonly rows: readonly Row[];
  readonly empty: string;
}

export type Section = Table | Facts | Prose | Boxes | Chart;

/** The numbers behind a chart. */
export const tableOfChart = ({ title, label, bars, rows, empty }: Chart): Table => ({
  kind: 'table',
  title,
  columns: [label, ...bars],
  rows,
  empty,
});

export interface DocumentModel {
  readonly name: string;
  readonly language: Language;
  /** Our own words in it carry furigana, `{漢字|かんじ}`; values from outside never do. */
  readonly hasFurigana?: true;
  /** Of the A4 sheet. */
  readonly orientation: 'portrait' | 'landscape';
  readonly title: string;
  readonly subtitle?: string;
  /** Work date of the day on which it is made. */
  readonly madeOn: WorkDate;
  /** 宛先 */
  readonly addressee?: string;
  /** 作成者: name and numbers, one a line. */
  readonly issuer: readonly string[];
  readonly sections: readonly Section[];
  readonly notes: readonly string[];
  /** 根拠: rules and rates that the figures rest on, with who says so. */
  readonly sources: readonly string[];
}
