/**
 * Why this figure? (なぜこの数字か): the answer as plain data, a tree from a figure of a report down to touches,
 * rows of the registry and rules with their sources.
 *
 * A figure says how it comes from its parts, so that whoever doubts it can add them up again; what decided
 * without being added stands among its grounds. Where a part is itself a figure of a report, it is a link.
 */
import type { RegistryTable } from '../registry/registry-document.ts';
import type { ColumnKind } from '../reports/column-words.ts';

export type Unit = ColumnKind | 'days' | 'people' | 'milliseconds' | 'date';

/**
 * sum: of the parts, those of the role `minus` taken off · product: of the parts, divided by those of the
 * role `divide` · mean: of the parts · count: how many parts · list: the codes of the parts that hold ·
 * tally: part by part, by code · decided: by the grounds, nothing is added up.
 */
export type How = 'sum' | 'product' | 'mean' | 'count' | 'list' | 'tally' | 'decided';

/**
 * down: whole, the rest dropped · half-up: whole, from a half up · minutes: whole minutes of milliseconds, the
 * rest dropped · hours: whole hours of minutes, from half an hour up · percent: of a ratio, in hundredths of a
 * percent, half up.
 */
export type Rounding = 'down' | 'half-up' | 'minutes' | 'hours' | 'percent';

export interface Figure {
  readonly kind: 'figure';
  /** Of a row's figure: its column. */
  readonly code: string;
  readonly textJa: string;
  /** As the row has it; absent where the row has none. A fraction that is no decimal is `n/d`. */
  readonly value?: unknown;
  readonly unit: Unit;
  readonly how: How;
  readonly rounding?: Rounding;
  readonly role?: 'minus' | 'divide';
  readonly parts: readonly WhyNode[];
  readonly grounds: readonly WhyNode[];
}

export type RowKey = Readonly<Record<string, string>>;

/** A figure of a report that has its own why. */
export interface RowLink {
  readonly kind: 'row';
  readonly report: string;
  readonly key: RowKey;
  readonly column: string;
  readonly value: unknown;
  readonly unit: Unit;
  readonly role?: 'minus' | 'divide';
  /** The site that the report is asked for; everything where absent. */
  readonly reportSite?: string;
  /** Its own why, where the asker wanted to see that deep. */
  readonly figure?: Figure;
}

export interface TouchLeaf {
  readonly kind: 'touch';
  /** `terminalId/journalId/seq`, or the line of a document. */
  readonly entryId: string;
  /** ISO 8601 */
  readonly at: string;
  /** How the time is known; absent of a line in a document, which only says it. */
  readonly trust?: 'trusted' | 'recovered' | 'unknown';
  readonly readerId: string;
  readonly direction: string;
  readonly by: 'card' | 'typed' | 'face' | 'manager' | 'document';
  readonly verdict?: string;
  readonly meaning: string;
  readonly meaningJa: string;
  /** Of a passage that a manager entered, or of a touch that one took back: who and why. */
  readonly manager?: { readonly entryId: string; readonly by: string; readonly reason: string };
}

export interface CorrectionLeaf {
  readonly kind: 'correction';
  readonly id: string;
  readonly correction: 'add' | 'void' | 'set-in' | 'set-out';
  readonly textJa: string;
  readonly at?: string;
  readonly by: string;
  readonly reason: string;
  readonly recordedAt: string;
}

export interface RegistryLeaf {
  readonly kind: 'registry';
  readonly table: RegistryTable;
  readonly tableJa: string;
  /** The fields that matter to the answer, with their Japanese headings. */
  readonly fields: readonly {
    readonly field: string;
    readonly fieldJa: string;
    readonly value: unknown;
  }[];
  /** Absent: there is such a row. `none`: it was looked for with these fields and is not there. */
  readonly found?: 'none';
}

export interface RuleLeaf {
  readonly kind: 'rule';
  readonly id: string;
  /** First work date on which the row holds; absent where open. */
  readonly from?: string;
  readonly value?: unknown;
  readonly unit?: Unit;
  readonly textJa: string;
  readonly source: string;
}

/** What was done about it and stands written down: a run of 充当 that somebody confirmed, a mail that went out. */
export interface DoneLeaf {
  readonly kind: 'done';
  readonly by: 'allocation-run' | 'mail';
  /** As `/v1/allocations/ID` and `/v1/mails/ID` know it. */
  readonly id: string;
  /** ISO 8601 */
  readonly at: string;
  /** Of a run: days of that month. */
  readonly days?: number;
}

/** Something that the asker's scope does not open. */
export interface ClosedLeaf {
  readonly kind: 'closed';
}

export type WhyNode =
  | Figure
  | RowLink
  | TouchLeaf
  | CorrectionLeaf
  | RegistryLeaf
  | RuleLeaf
  | DoneLeaf
  | ClosedLeaf;

export interface Why {
  readonly report: string;
  /** Of a row that stands beside the report's own: in which list. */
  readonly list?: string;
  readonly titleJa: string;
  readonly key: RowKey;
  /** One per column that is no part of the key. */
  readonly figures: readonly Figure[];
}

interface Told {
  readonly unit?: Unit;
  readonly rounding?: Rounding;
  readonly role?: 'minus' | 'divide';
  readonly grounds?: readonly WhyNode[];
}

const made =
  (how: How) =>
  (
    code: string,
    textJa: string,
    value: unknown,
    parts: readonly WhyNode[],
    { unit = 'number', grounds = [], ...told }: Told = {},
  ): Figure => ({
    kind: 'figure',
    code,
    textJa,
    ...(value === undefined ? {} : { value }),
    unit,
    how,
    ...told,
    parts,
    grounds,
  });

export const sum = made('sum');
export const product = made('product');
export const mean = made('mean');
export const count = made('count');
/** Codes in the order of the parts. */
export const list = made('list');
export const tally = made('tally');

/** Decided by grounds; `parts` are figures that the decision looked at. */
export const decided = (
  code: string,
  textJa: string,
  value: unknown,
  grounds: readonly WhyNode[],
  { unit = 'text', parts = [] }: { readonly unit?: Unit; readonly parts?: readonly WhyNode[] } = {},
): Figure => made('decided')(code, textJa, value, parts, { unit, grounds });

/** Absent fields of the row are no part of its key. */
export const link = (
  report: string,
  key: Readonly<Record<string, string | undefined>>,
  column: string,
  value: unknown,
  {
    unit = 'number',
    reportSite,
  }: { readonly unit?: Unit; readonly reportSite?: string | undefined } = {},
): RowLink => ({
  kind: 'row',
  report,
  key: Object.fromEntries(
    Object.entries(key).flatMap(([field, text]) => (text === undefined ? [] : [[field, text]])),
  ),
  column,
  value,
  unit,
  ...(reportSite === undefined ? {} : { reportSite }),
});
