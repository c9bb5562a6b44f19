/**
 * What a person should look at in a contract (確認事項), at its beginning, during works and at its end:
 * each with who can mend it and what to do, in plain Japanese.
 */
export type ContractPhase = 'contract' | 'works' | 'completion';

export interface AttentionText {
  readonly phase: ContractPhase;
  readonly mendedBy: 'prime' | 'employer' | 'orderer';
  readonly textJa: string;
}

/** In the order in which they are told. */
export const CONTRACT_ATTENTION = {
  'receipt-overdue': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '掛金収納書の提出期限を過ぎています。購入して提出するか、理由書を出してください',
  },
  'receipt-late': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '掛金収納書が期限より遅れています。遅れた理由を記入してください',
  },
  'purchase-before-contract': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '契約日より前の購入があります。購入日か工事を確かめてください',
  },
  'purchase-other-method': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '工事の納付方式と違う方式の購入があります。方式か例外の会社を登録してください',
  },
  'purchase-not-whole-days': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '証紙の購入額が1日分の整数倍になっていません。枚数か金額を確かめてください',
  },
  'exception-outside-organisation': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '納付方式の例外になっている会社が、この現場の施工体制にありません',
  },
  'joint-venture-shares': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '共同企業体の出資比率の合計が100%になっていません',
  },
  'joint-venture-member-short': {
    phase: 'contract',
    mendedBy: 'prime',
    textJa: '共同企業体の構成員に、自分の分のポイントを購入していない会社があります',
  },
  'balance-negative': {
    phase: 'works',
    mendedBy: 'prime',
    textJa: '購入した分より多く充当が必要です。追加で購入してください',
  },
  'runs-out-soon': {
    phase: 'works',
    mendedBy: 'prime',
    textJa: 'このままでは翌月までに不足します。追加の購入を用意してください',
  },
  'use-behind-progress': {
    phase: 'works',
    mendedBy: 'prime',
    textJa:
      '工事の進み具合に比べて充当が少なすぎます。タッチ漏れや報告漏れがないか確かめてください',
  },
  'stamps-outstanding': {
    phase: 'works',
    mendedBy: 'prime',
    textJa: '下請にまだ渡していない証紙があります',
  },
  'days-awaiting-approval': {
    phase: 'works',
    mendedBy: 'prime',
    textJa: '1日を超える日数の承認を待っている就労日があります',
  },
  'days-without-member-no': {
    phase: 'works',
    mendedBy: 'employer',
    textJa:
      '被共済者番号がないため納付できない就労日があります。手帳の申込みか番号の登録をしてください',
  },
  'days-too-late': {
    phase: 'works',
    mendedBy: 'prime',
    textJa:
      '充当されないまま730日を過ぎ、納付できなくなった（期限切れの）就労日があります。その分は残高に戻っています。所属事業者に知らせ、扱いを建退共に確かめてください',
  },
  'allocation-incomplete': {
    phase: 'completion',
    mendedBy: 'prime',
    textJa: '完成しましたが、充当されていない就労日があります',
  },
  'evidence-required': {
    phase: 'completion',
    mendedBy: 'prime',
    textJa: '証紙方式のため、工事別証紙受払簿と下請の就労状況報告書も用意してください',
  },
} as const satisfies Readonly<Record<string, AttentionText>>;

export type ContractAttention = keyof typeof CONTRACT_ATTENTION;

export const CONTRACT_ATTENTIONS = Object.keys(CONTRACT_ATTENTION) as [
  ContractAttention,
  ...ContractAttention[],
];
