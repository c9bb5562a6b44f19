/**
 * Reports as screens see them (帳票の説明): columns with their Japanese headings, how values are shown and
 * what codes are called, read off the row schema. One table on one page serves every report.
 */
import { z } from 'zod';
import { REPORTS } from './catalogue.ts';
import { codeJa } from './code-words.ts';
import { type ColumnKind, columnJa, columnKind } from './column-words.ts';
import type { Report } from './report.ts';

export const DescribedColumn = z.object({
  column: z.string(),
  titleJa: z.string(),
  kind: z.string(),
});
export const DescribedReport = z.object({
  name: z.string(),
  titleJa: z.string(),
  hintJa: z.string(),
  key: z.array(z.string()).readonly(),
  columns: z.array(DescribedColumn).readonly(),
  beside: z
    .array(
      z.object({
        name: z.string(),
        titleJa: z.string(),
        /** The fields of a row's key; empty where rows are words about rules, which have no why. */
        key: z.array(z.string()).readonly(),
        columns: z.array(DescribedColumn).readonly(),
      }),
    )
    .readonly(),
});
export type DescribedReport = z.infer<typeof DescribedReport>;
type DescribedColumn = z.infer<typeof DescribedColumn>;

/** What a page may see of a schema without knowing zod's classes. */
interface Definition {
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly type: string;
}
const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** Through optional, readonly and list, down to what stands in a cell. */
const coreOf = (schema: z.ZodType): Definition => {
  const definition = definitionOf(schema);
  const inner = definition.innerType ?? definition.element;
  return inner === undefined ? definition : coreOf(inner);
};

/** Codes that the column may hold. */
export const codesOf = (schema: z.ZodType): readonly string[] =>
  Object.values(coreOf(schema).entries ?? {});

const foundKind = (schema: z.ZodType): ColumnKind => {
  const { type, entries } = coreOf(schema);
  if (entries !== undefined) return 'codes';
  if (type === 'boolean') return 'flag';
  return type === 'number' ? 'number' : 'text';
};

const columnsOf = (
  report: string,
  shape: Readonly<Record<string, z.ZodType>>,
): readonly DescribedColumn[] =>
  Object.entries(shape).map(([column, schema]) => ({
    column,
    titleJa: columnJa(report, column) ?? column,
    kind: columnKind(report, column, foundKind(schema)),
  }));

/** What the report is for, in one line for a site manager. */
const HINT_JA: Readonly<Record<string, string>> = {
  'contract-check': '契約ごとに、必要な掛金と購入・充当の差。確認が必要な点は理由とともに出ます。',
  deadlines:
    '収納書・報告・修正・充当・手帳・保存の期限。月は期限の月です。済んだものは「済」になります。',
  'stamp-ledger': '工事ごとの証紙の購入・交付・貼付・繰越。',
  'stamp-book': '事業者ごとの証紙の受け払い。',
  'completion-summary': '完成時の延べ人日・充当・差。',
  'worker-statement': '技能者ごとの掛金の日数と日付。',
  attendance: '一人一日の入場・退場・時間。打刻が足りない日は備考に出ます。',
  contributions: 'タッチから計算した掛金。対象外や未解決の日も理由とともに残します。',
  'work-history': 'CCUSの就業履歴になる記録。足りないものは、直せる人と期限が分かります。',
  'not-touched': '名簿にいるのにタッチがない人。帰る前に確かめ、忘れた人は期限までに追加します。',
  roster:
    '現場の作業員名簿と変更。資格は、本人と所属事業者が同意した人だけ表示します。公式様式ではありません。',
  insurance: '社会保険の確認。「確認待ち」の人は、書類か特段の理由が要ります。',
  overtime:
    '月ごとの時間外と上限の警告。門の時刻であり、それだけで賃金の時間にはなりません。割増賃金は賃金目安による見積もりで、支払う義務の額ではありません（深夜・休日の割増は含みません）。',
  headcount: '日・週・時間帯ごとの人数と、いま在場している人。',
  levels: '次のレベルまでの日数。足りない記録を直すと数えられます。',
  'labour-cost': 'レベル別の人工と賃金目安。目安は台帳に登録した分だけ計算します。',
  'model-works': '登録率・蓄積率と加点。公表が必要なら文案が出ます。',
  'days-off': '現場を閉めた日の割合（4週8休は28.5%以上）。',
  'local-incentives': '自治体の評価項目と達成状況、提出する証拠。',
  'company-metrics': '事業者の見える化に使う数字。☆は評価団体の基準を登録したときだけ出ます。',
};

/** Of what stands beside the rows: the lists of objects; other words about a report are not for tables. */
const tablesBeside = ({ name, beside = {}, besideKeys = {} }: Report): DescribedReport['beside'] =>
  Object.entries(beside).flatMap(([field, schema]) => {
    const { shape } = coreOf(schema);
    return shape === undefined
      ? []
      : [
          {
            name: field,
            titleJa: columnJa(name, field) ?? field,
            key: besideKeys[field] ?? [],
            columns: columnsOf(name, shape),
          },
        ];
  });

export const describeReports = (): {
  readonly reports: readonly DescribedReport[];
  readonly words: Readonly<Record<string, string>>;
} => {
  const schemas = REPORTS.flatMap((report) => [
    ...Object.values(report.row.shape as Readonly<Record<string, z.ZodType>>),
    ...Object.values(report.beside ?? {}).flatMap((schema) =>
      Object.values(coreOf(schema).shape ?? {}),
    ),
  ]);
  const codes = new Set([
    ...schemas.flatMap(codesOf),
    // Items of companies' figures are open: facts of the registry have names of their own.
    ...COMPANY_ITEMS,
    ...REPORTS.map(({ name }) => name),
  ]);
  return {
    reports: REPORTS.map((report) => ({
      name: report.name,
      titleJa: report.titleJa,
      hintJa: HINT_JA[report.name] ?? '',
      key: report.key,
      columns: columnsOf(report.name, report.row.shape),
      beside: tablesBeside(report),
    })),
    words: Object.fromEntries(
      [...codes].map((code) => [
        code,
        codeJa(code) ?? REPORTS.find(({ name }) => name === code)?.titleJa ?? code,
      ]),
    ),
  };
};

const COMPANY_ITEMS = [
  'workers',
  'registered-workers',
  'level-1-workers',
  'level-2-workers',
  'level-3-workers',
  'level-4-workers',
  'level-3-or-higher-share',
  'young-share',
  'worker-days',
  'insured-share',
  'complete-history-share',
];
