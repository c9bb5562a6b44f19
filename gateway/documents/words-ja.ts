/** What our codes are called on paper (帳票の用語). A new code does not compile until it has its word. */
import type { Month } from '../../shared/time.ts';
import type { Evidence } from '../policies/completion-summary.ts';
import type { Contribution } from '../policies/contribution.ts';
import type { NotPayable } from '../policies/not-payable.ts';
import type { Method, RegistryRow } from '../registry/registry-document.ts';

export const METHOD_JA: Readonly<Record<Method, string>> = {
  points: '電子申請（退職金ポイント）',
  stamps: '証紙',
};

/** In a narrow column. */
export const METHOD_SHORT_JA: Readonly<Record<Method, string>> = {
  points: 'ポイント',
  stamps: '証紙',
};

export const WORK_TYPE_JA: Readonly<Record<RegistryRow<'contracts'>['workType'], string>> = {
  pavement: '土木 舗装',
  bridge: '土木 橋梁等',
  tunnel: '土木 隧道',
  dam: '土木 堰堤',
  dredging: '土木 浚渫・埋立',
  'civil-other': '土木 その他',
  housing: '建築 住宅・同設備',
  'non-housing': '建築 非住宅・同設備',
  'outdoor-electrical': '設備 屋外の電気等',
  machinery: '設備 機械器具設置',
};

export const COLOUR_JA: Readonly<Record<Contribution['colour'], string>> = {
  red: '赤（中小）',
  blue: '青（大手）',
};

export const EVIDENCE_JA: Readonly<Record<Evidence, string>> = {
  'completion-summary': '掛金充当実績総括表',
  'stamp-ledger': '工事別共済証紙受払簿',
  'work-reports': '就労状況報告書',
  'worker-statements': '掛金充当書',
};

export const NOT_PAYABLE_JA: Readonly<Record<NotPayable, string>> = {
  officer: '役員のため対象外',
  'other-scheme': '他制度に加入のため対象外',
  'sole-contractor': '一人親方（任意組合を通じて納付）',
  'no-member-no': '被共済者番号なし',
  'too-late': '期限切れ（就労から2年を経過）',
};

export const BASIS_JA: Readonly<Record<Contribution['basis'], string>> = {
  shift: '就労',
  'paid-leave': '有給休暇',
  'employer-closure': '事業主都合の休業',
};

/** `2026年11月分` */
export const monthJa = (month: Month): string =>
  `${month.slice(0, 4)}年${Number(month.slice(5))}月分`;
