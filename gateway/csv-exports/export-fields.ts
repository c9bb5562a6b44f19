/**
 * What can be exported for other systems (連携用データ): neutral rows of contribution days and of stamp
 * movements. What the systems of CCUS and 建退共 read is not published, so none of this is their layout: a
 * mapping names and orders the columns for whoever reads the file.
 */

/** `date` a work date, `month` its month, `code` one of a few words of ours, `number` whole. */
export type FieldKind = 'text' | 'date' | 'month' | 'code' | 'number';

export interface ExportField {
  readonly titleJa: string;
  readonly kind: FieldKind;
}

const text = (titleJa: string): ExportField => ({ titleJa, kind: 'text' });
const code = (titleJa: string): ExportField => ({ titleJa, kind: 'code' });
const number = (titleJa: string): ExportField => ({ titleJa, kind: 'number' });

/** In the order of the neutral file. */
const EXPORT_FIELDS = {
  'contribution-days': {
    workDate: { titleJa: '就労日', kind: 'date' },
    month: { titleJa: '就労月', kind: 'month' },
    workerId: text('技能者ID'),
    memberNo: text('被共済者番号'),
    workerName: text('氏名'),
    companyId: text('事業者ID'),
    contractorNo: text('共済契約者番号'),
    companyName: text('事業者名'),
    siteId: text('現場ID'),
    siteName: text('現場名'),
    contractId: text('契約ID'),
    contractName: text('工事名'),
    days: number('掛金日数'),
    yen: number('掛金（円）'),
    rateYen: number('掛金日額（円）'),
    method: code('納付方式'),
    colour: code('色'),
    basis: code('根拠'),
    reportDue: { titleJa: '報告期限', kind: 'date' },
    notPayable: code('納付できない理由'),
  },
  'stamp-movements': {
    date: { titleJa: '日付', kind: 'date' },
    month: { titleJa: '月', kind: 'month' },
    contractId: text('契約ID'),
    contractName: text('工事名'),
    companyId: text('事業者ID'),
    contractorNo: text('共済契約者番号'),
    companyName: text('事業者名'),
    kind: code('受払の種類'),
    counterpartId: text('相手先の事業者ID'),
    counterpartName: text('相手先の事業者名'),
    valueYen: number('証紙の額（円）'),
    colour: code('色'),
    stamps: number('枚数（1日券）'),
    yen: number('金額（円）'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ExportField>>>>;

export type ExportName = keyof typeof EXPORT_FIELDS;
export const EXPORT_NAMES = Object.keys(EXPORT_FIELDS) as [ExportName, ...ExportName[]];

export const EXPORT_TITLES_JA: Readonly<Record<ExportName, string>> = {
  'contribution-days': '掛金日のデータ',
  'stamp-movements': '証紙受払のデータ',
};

export type ExportRow = Readonly<Record<string, string | number | undefined>>;

export const fieldsOf = (name: ExportName): Readonly<Record<string, ExportField>> =>
  EXPORT_FIELDS[name];
