/** What the causes of differences are called, for people. */
import type { Cause } from './reconcile.ts';

export const CAUSE_JA: Readonly<Record<Cause, string>> = {
  'double-registration': '二重登録（R方式と直接入力）',
  'double-at-ccus': 'CCUSに2件以上',
  'outside-period': '就業履歴蓄積期間の外',
  'night-shift-date-shift': '夜勤の日付のずれ',
  'worker-unknown-at-ccus': 'CCUS未登録の技能者',
  'correction-after-extract': '抽出後の訂正',
  'not-sent': 'CCUSに未送信',
  'direct-input-without-touch': 'タッチのない直接入力',
  'r-method-without-touch': 'タッチのないR方式の登録',
  'extra-at-ccus': 'CCUSだけにある',
  'no-member-no': '被共済者番号なし',
  'too-late': '2年経過',
  'not-at-ccus': 'CCUSにないため建退共にもない',
  'not-reported': '建退共に未報告',
  'more-than-worked': '掛金の日数より多い報告',
  'extra-at-kentaikyo': '建退共だけにある',
  'worker-unknown-here': '台帳にない技能者',
};
