/**
 * What the gate says to a touch (判定), and the words people read for it.
 *
 * Every touch is journalled whatever the verdict. A new code does not compile until it has Japanese.
 */
import { z } from 'zod';

/**
 * recorded: all is well · repeat: the same touch again within the repeat window ·
 * warned: recorded, and somebody should look · held: recorded, and the worker must not enter yet.
 */
export const VerdictKind = z.enum(['recorded', 'repeat', 'warned', 'held']);
export type VerdictKind = z.infer<typeof VerdictKind>;

export const Reason = z.enum(['unknown-card', 'unknown-worker', 'no-roster', 'clock-untrusted']);
export type Reason = z.infer<typeof Reason>;

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reasons: readonly Reason[];
}

const REASON_JA: Record<Reason, string> = {
  'unknown-card': '未登録カード',
  'unknown-worker': '名簿にない技能者ID',
  'no-roster': '名簿を受信していません',
  'clock-untrusted': '時計が未同期です',
};

const VERDICT_JA: Record<VerdictKind, string> = {
  recorded: '記録しました',
  repeat: '記録済みです',
  warned: '記録しました（要確認）',
  held: '記録しました。職員を待ってください',
};

export const reasonJa = (reason: Reason): string => REASON_JA[reason];
export const verdictJa = (kind: VerdictKind): string => VERDICT_JA[kind];
