/** Rows of the registry as leaves of a "why": only the fields that matter, never the whole row. */

import type { Ground } from '../policies/grounds.ts';
import { HEADERS_JA } from '../registry/csv/headers-ja.ts';
import type { RegistryRow, RegistryTable } from '../registry/registry-document.ts';
import { NATURAL_KEYS } from '../registry/registry-keys.ts';
import type { RegistryLeaf } from './why.ts';

export const TABLE_JA: Readonly<Record<RegistryTable, string>> = {
  companies: '事業者',
  workers: '技能者',
  cards: 'カード',
  employments: '雇用',
  insurance: '社会保険',
  insuranceReasons: '特段の理由',
  qualifications: '資格',
  sites: '現場',
  contracts: '契約',
  organisation: '施工体制',
  assignments: '作業員名簿',
  headcounts: '出面の報告',
  leave: '休暇・休業',
  approvals: '日数の承認',
  purchases: '掛金の購入',
  stampIssues: '証紙の交付',
  corrections: '訂正',
  consents: '同意',
  payGuidelines: '賃金目安',
  labourQuotes: '労務費の見積り',
  levelCriteria: '能力評価基準',
  careerDays: '経歴の日数',
  overtimeExemptions: '上限規制の適用除外',
  companyFacts: '事業者の事実',
  assessments: '評価団体の基準',
  incentives: '自治体の評価基準',
  surcharges: '掛金の上乗せ',
  booklets: '共済手帳',
  stampExchanges: '証紙の交換',
  contributionReadings: '解釈の設定',
  ordererProfiles: '発注者の条件',
};

/** What every row says of itself: since when it holds, and who says so. */
const ALWAYS_TOLD = ['from', 'to', 'source'];

const fieldsOf = (
  table: RegistryTable,
  values: Readonly<Record<string, unknown>>,
  names: Iterable<string>,
): RegistryLeaf['fields'] => {
  const headers: Readonly<Record<string, string>> = HEADERS_JA[table];
  return [...new Set(names)].flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [{ field, fieldJa: headers[field] ?? field, value }];
  });
};

/** The row's key, the fields named, and from when on it holds. */
export const registryRow = <Table extends RegistryTable>(
  table: Table,
  row: RegistryRow<Table>,
  ...names: readonly (keyof RegistryRow<Table> & string)[]
): RegistryLeaf => ({
  kind: 'registry',
  table,
  tableJa: TABLE_JA[table],
  fields: fieldsOf(table, { ...row }, [
    ...(NATURAL_KEYS[table] as readonly string[]),
    ...names,
    ...ALWAYS_TOLD,
  ]),
});

/** That there is no such row. */
export const noRow = (
  table: RegistryTable,
  asked: Readonly<Record<string, string | undefined>>,
): RegistryLeaf => ({
  kind: 'registry',
  table,
  tableJa: TABLE_JA[table],
  fields: fieldsOf(table, asked, Object.keys(asked)).map((each) =>
    // What was looked for is a row that holds on that date.
    each.field === 'from' ? { ...each, fieldJa: '基準日' } : each,
  ),
  found: 'none',
});

/** The row that was found, with the fields named, or that there is none of what was asked for. */
export const rowOrNone = <Table extends RegistryTable>(
  table: Table,
  row: RegistryRow<Table> | undefined,
  asked: Readonly<Record<string, string | undefined>>,
  ...names: readonly (keyof RegistryRow<Table> & string)[]
): RegistryLeaf => (row === undefined ? noRow(table, asked) : registryRow(table, row, ...names));

/** Beside the key: what of a row a decision may have looked at. */
const DECIDING: Readonly<Partial<Record<RegistryTable, readonly string[]>>> = {
  companies: ['form', 'size', 'ccusRegistered'],
  workers: ['ccusRegistered', 'otherScheme'],
  employments: ['kind'],
  sites: ['primeId'],
  organisation: ['upperId', 'accepted', 'contractId'],
  assignments: ['trade', 'role', 'work'],
  insurance: ['health', 'pension', 'employment', 'exemptionApproved'],
  approvals: ['days', 'by'],
  headcounts: ['workers'],
};

/** A ground that a policy handed out. */
export const groundLeaf = (ground: Ground): RegistryLeaf =>
  'asked' in ground
    ? noRow(ground.table, ground.asked)
    : {
        kind: 'registry',
        table: ground.table,
        tableJa: TABLE_JA[ground.table],
        fields: fieldsOf(ground.table, { ...ground.row }, [
          ...(NATURAL_KEYS[ground.table] as readonly string[]),
          ...(DECIDING[ground.table] ?? []),
          ...ALWAYS_TOLD,
        ]),
      };
