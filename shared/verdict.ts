/**
 * What the gate says to a touch (判定), and the words people read for it.
 *
 * Every touch is journalled whatever the verdict. A new code does not compile until it has Japanese and
 * somebody who can mend it.
 */
import { z } from 'zod';
import { withoutRuby } from './ruby.ts';

/**
 * recorded: all is well · repeat: the same touch again within the repeat window ·
 * warned: recorded, and somebody should look · held: recorded, and the worker must not enter yet.
 */
export const VerdictKind = z.enum(['recorded', 'repeat', 'warned', 'held']);
export type VerdictKind = z.infer<typeof VerdictKind>;

/**
 * What keeps a touch from becoming a full 就業履歴, in the order in which it is checked and mended
 * (miyagi-ccus.com/works13.html, works14.html: site, worker, employer, 施工体制, upper tiers, card).
 */
export const ChecklistItem = z.enum([
  'site-not-registered',
  'outside-period',
  'worker-unknown',
  'no-employer',
  'employer-not-in-organisation',
  'employer-not-accepted',
  'worker-not-assigned',
  'upper-tier-missing',
  'card-invalid',
]);
export type ChecklistItem = z.infer<typeof ChecklistItem>;

export const Reason = z.enum([
  ...ChecklistItem.options,
  'insurance-unconfirmed',
  'qualification-missing',
  'unknown-card',
  'not-on-roster',
  'no-roster',
  'roster-old',
  'clock-untrusted',
]);
export type Reason = z.infer<typeof Reason>;

/** What a reason makes of the verdict. `note`: written down and shown to the manager, nothing more. */
export const ReasonEffect = z.enum(['note', 'warn', 'hold']);
export type ReasonEffect = z.infer<typeof ReasonEffect>;

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reasons: readonly Reason[];
}

interface ReasonWords {
  /** With furigana. */
  readonly ja: string;
  /** Who can mend it, and how. */
  readonly mendJa: string;
  /** Where the site's roster says nothing else. */
  readonly effect: ReasonEffect;
}

const REASONS: Readonly<Record<Reason, ReasonWords>> = {
  'site-not-registered': {
    ja: '{現場|げんば}が{未登録|みとうろく}です',
    mendJa: '元請：現場・契約情報を登録',
    effect: 'warn',
  },
  'outside-period': {
    ja: '{就業履歴|しゅうぎょうりれき}の{期間|きかん}の{外|そと}です',
    mendJa: '元請：蓄積期間を確認',
    effect: 'warn',
  },
  'worker-unknown': {
    ja: '{技能者|ぎのうしゃ}が{未登録|みとうろく}です',
    mendJa: '所属事業者：技能者登録',
    effect: 'warn',
  },
  'no-employer': {
    ja: '{所属|しょぞく}{事業者|じぎょうしゃ}が{未設定|みせってい}です',
    mendJa: '所属事業者：技能者との関連付け',
    effect: 'warn',
  },
  'employer-not-in-organisation': {
    ja: '{会社|かいしゃ}が{施工体制|せこうたいせい}にありません',
    mendJa: '上位事業者：施工体制へ招待',
    effect: 'warn',
  },
  'employer-not-accepted': {
    ja: '{会社|かいしゃ}が{施工体制|せこうたいせい}を{未承認|みしょうにん}です',
    mendJa: '所属事業者：招待を承認',
    effect: 'warn',
  },
  'worker-not-assigned': {
    ja: '{作業員名簿|さぎょういんめいぼ}に{登録|とうろく}がありません',
    mendJa: '所属事業者：施工体制技能者登録',
    effect: 'warn',
  },
  'upper-tier-missing': {
    ja: '{上位|じょうい}{事業者|じぎょうしゃ}が{未登録|みとうろく}です',
    mendJa: '上位事業者：施工体制へ登録',
    effect: 'warn',
  },
  'card-invalid': {
    ja: '{有効期間|ゆうこうきかん}の{外|そと}のカードです',
    mendJa: '技能者：新しいカードを使う',
    effect: 'warn',
  },
  'insurance-unconfirmed': {
    ja: '{社会保険|しゃかいほけん}が{未確認|みかくにん}です',
    mendJa: '所属事業者：加入の確認書類、または特段の理由の承認',
    // A site that keeps no insurance data would hear of nothing else; it says `advise` or `hold`.
    effect: 'note',
  },
  'qualification-missing': {
    ja: '{必要|ひつよう}な{資格|しかく}が{未確認|みかくにん}です',
    mendJa: '所属事業者：資格の登録',
    effect: 'warn',
  },
  'unknown-card': {
    ja: '{未登録|みとうろく}カード',
    mendJa: '現場職員：カードと技能者の紐付け',
    effect: 'warn',
  },
  'not-on-roster': {
    ja: '{名簿|めいぼ}にない{技能者|ぎのうしゃ}ID',
    mendJa: '所属事業者：施工体制技能者登録',
    effect: 'warn',
  },
  'no-roster': {
    ja: '{名簿|めいぼ}を{受信|じゅしん}していません',
    mendJa: '現場職員：端末の通信を確認',
    effect: 'warn',
  },
  'roster-old': {
    ja: '{名簿|めいぼ}が{古|ふる}くなっています',
    mendJa: '現場職員：端末の通信を確認',
    effect: 'note',
  },
  'clock-untrusted': {
    ja: '{時計|とけい}が{未同期|みどうき}です',
    mendJa: '現場職員：端末の通信を確認',
    effect: 'warn',
  },
};

const VERDICT_JA: Record<VerdictKind, string> = {
  recorded: '{記録|きろく}しました',
  repeat: '{記録済|きろくず}みです',
  warned: '{記録|きろく}しました（{要確認|ようかくにん}）',
  held: '{記録|きろく}しました。{職員|しょくいん}を{待|ま}ってください',
};

export const reasonWithRuby = (reason: Reason): string => REASONS[reason].ja;
export const reasonJa = (reason: Reason): string => withoutRuby(REASONS[reason].ja);
/** 是正できる人：すること */
export const mendJa = (reason: Reason): string => REASONS[reason].mendJa;
export const usualEffect = (reason: Reason): ReasonEffect => REASONS[reason].effect;
export const verdictWithRuby = (kind: VerdictKind): string => VERDICT_JA[kind];
