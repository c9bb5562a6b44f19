/**
 * What the columns of reports are called on screen and paper (列の見出し), and how their values are shown.
 *
 * A column of one report that means something else goes by `report.column`. A test asks for every column
 * and code of the catalogue.
 */

const COLUMN_JA: Readonly<Record<string, string>> = {
  age: '年齢',
  atLeastPercent: '基準(%以上)',
  attention: '確認が必要な点',
  authority: '自治体',
  basis: '区分',
  birthDate: '生年月日',
  block: '評価軸',
  body: '評価団体',
  candidateDays: '候補の日数',
  cardId: 'カード番号',
  closedDays: '閉所日数',
  colour: '証紙の色',
  companies: '事業者数',
  companyId: '事業者',
  companyRate: '事業者登録率',
  complete: '完全',
  contractId: '契約',
  contractedYen: '契約額',
  counted: '計算の内訳',
  counting: '点の数え方',
  date: '日付',
  days: '日数',
  'days-off.days': '対象日数',
  daysLeft: '残り日数',
  daysOffRate: '閉所率',
  daysWithoutGuideline: '目安のない人工',
  decision: '判定',
  draftJa: '文案',
  employment: '雇用保険',
  estimateYen: '見積額',
  evidence: '根拠のタッチ',
  excludedDays: '対象外日数',
  firstIn: '入場',
  flags: '備考',
  foremanDays: '職長日数',
  foremanDaysLeft: '職長の残り日数',
  forms: '提出様式',
  from: '開始日',
  guidelineYen: '目安額',
  health: '健康保険',
  hour: '時間帯',
  howJa: 'すること',
  incompleteDays: '打刻の足りない日',
  'levels.incompleteDays': '数えられない日',
  insuranceDecision: '保険の判定',
  item: '項目',
  kana: 'フリガナ',
  kind: '種別',
  lastOut: '退場',
  leaderDays: '職長・班長日数',
  leaderDaysLeft: '職長・班長の残り日数',
  level: 'レベル',
  mendDue: '期限',
  mendedBy: '直せる人',
  met: '達成',
  method: '納付方法',
  metric: '指標',
  minutes: '時間',
  missing: '足りないもの',
  missingItems: '足りない項目',
  month: '月',
  mutualAid: '退職金共済',
  name: '氏名',
  nextLevel: '次のレベル',
  nightMinutes: '深夜',
  notPayable: '対象外の理由',
  overtimeMinutes: '時間外',
  papersNeeded: '証明書類',
  pension: '年金',
  points: '点',
  qualifications: '資格',
  qualificationsToCheck: '確認する資格',
  rate: '率',
  'contributions.rate': '日額',
  reached: '4週8休',
  reason: '理由',
  records: '件数',
  reportDue: '報告期限',
  reports: '根拠の帳票',
  role: '立場',
  roundedHours: '時間外(月計)',
  roundedNightHours: '深夜(月計)',
  rule: '評価項目',
  rules: '規則',
  since: '入場時刻',
  siteId: '現場',
  siteName: '現場名',
  companyName: '事業者名',
  source: '出典',
  sources: '出典',
  stage: '締切の状況',
  stars: '☆',
  statementRequired: '公表文',
  textJa: '内容',
  tier: '次数',
  to: '終了日',
  touchRate: '就業履歴蓄積率',
  trade: '職種',
  unit: '単位',
  value: '値',
  verdict: '結果',
  warnings: '警告',
  week: '週(日曜から)',
  work: '作業内容',
  workDate: '就労日',
  workerDays: '人工(人日)',
  workerId: '技能者',
  workerIds: '技能者',
  workerRate: '技能者登録率',
  workers: '人数',
  workingDates: '稼働日数',
  yearOvertimeMinutes: '時間外(年累計)',
  yen: '金額',
  // What stands beside the rows.
  changes: '名簿の変更',
  grades: '評価',
  hours: '時間帯別',
  onSite: 'いま在場',
  packs: '提出する証拠',
  periods: '期間の合計',
  quotes: '見積りの尊重',
  statements: '公表文案',
  toMend: '直すもの',
  unknownCards: '未登録カード',
  unresolved: '確認が必要なもの',
  weeks: '週別',
};

export const columnJa = (report: string, column: string): string | undefined =>
  COLUMN_JA[`${report}.${column}`] ?? COLUMN_JA[column];

/** How a value is shown; `text` as it is, `codes` by their words. */
export type ColumnKind =
  | 'text'
  | 'codes'
  | 'flag'
  | 'number'
  | 'yen'
  | 'minutes'
  | 'hours'
  | 'percent'
  | 'instant'
  | 'site'
  | 'company'
  | 'worker'
  | 'evidence';

const KIND_BY_COLUMN: Readonly<Record<string, ColumnKind>> = {
  siteId: 'site',
  companyId: 'company',
  workerId: 'worker',
  workerIds: 'worker',
  firstIn: 'instant',
  lastOut: 'instant',
  since: 'instant',
  evidence: 'evidence',
  source: 'evidence',
  sources: 'evidence',
  counted: 'evidence',
  rules: 'evidence',
  'contributions.rate': 'evidence',
  rate: 'percent',
};

const KIND_BY_ENDING: readonly (readonly [RegExp, ColumnKind])[] = [
  [/[yY]en$/, 'yen'],
  [/[mM]inutes$/, 'minutes'],
  [/^rounded.*Hours$/, 'hours'],
  [/Rate$/, 'percent'],
];

/** By name where it says so; else what the schema found. */
export const columnKind = (report: string, column: string, found: ColumnKind): ColumnKind =>
  KIND_BY_COLUMN[`${report}.${column}`] ??
  KIND_BY_COLUMN[column] ??
  KIND_BY_ENDING.find(([ending]) => ending.test(column))?.[1] ??
  found;
