/**
 * 掛金収納書の提出用台紙: what was bought at the beginning of a contract, on which basis, until when it had to
 * be, and how the site is set up for CCUS.
 *
 * Known content: basis of the purchase, CCUS 現場登録 and card readers (senmonshi.com … SBG8); of an orderer's
 * 購入状況報告書 also 参考額, 購入額, the reason where less or nothing was bought, and room for the slip itself
 * (city.tokorozawa.saitama.jp … 20170406110301458).
 */
import { ok } from '../../shared/result.ts';
import { type ContractCheck, contractCheck } from '../policies/contract-check.ts';
import { type Contract, purchasesBy, yenOfPurchases } from '../policies/contract-use.ts';
import { ordererProfile } from '../policies/orderer-profiles.ts';
import { expectedPurchase, tableRate } from '../policies/purchase-estimate.ts';
import {
  type ContractCase,
  ContractQuery,
  contractDocument,
  contractFactsJa,
} from './contract-document.ts';
import type { Boxes, Fact, Facts, Table } from './document.ts';
import { companyName } from './names.ts';
import { COLOUR_JA, METHOD_SHORT_JA, WORK_TYPE_JA } from './words-ja.ts';

const WHOLE = new Intl.NumberFormat('ja-JP');

/** `2.3‰` of 23 ten-thousandths. */
const perMille = (tenThousandths: number): string =>
  `${Math.floor(tenThousandths / 10)}.${tenThousandths % 10}‰`;

const basisJa = (contract: Contract): string => {
  const { basis, dayYen } = expectedPurchase(contract);
  return basis === 'planned-days'
    ? `対象労働者の就労予定 延べ${WHOLE.format(contract.plannedWorkerDays ?? 0)}日 × ${dayYen}円`
    : `総工事費 ${WHOLE.format(contract.costYen)}円 × ${perMille(tableRate(contract))}（${WORK_TYPE_JA[contract.workType]}）× 加入率 ${contract.joiningRatePercent}% ÷ 70%`;
};

const basis = (contract: Contract, check: ContractCheck): Facts => ({
  kind: 'facts',
  title: '購入の考え方',
  facts: [
    { label: '考え方', kind: 'text', value: basisJa(contract) },
    { label: '必要な額', kind: 'yen', value: check.expectedYen },
    { label: '参考額（率の表）', kind: 'yen', value: check.estimateYen },
    { label: '購入額', kind: 'yen', value: check.purchasedYen },
  ],
});

const isLate = ({ receiptOn, receiptDue }: ContractCheck, asOf: string): boolean =>
  (receiptOn ?? asOf) > receiptDue;
const isShort = ({ verdict }: ContractCheck): boolean =>
  verdict === 'missing' || verdict === 'short';

const submission = ({ contract, index, asOf }: ContractCase, check: ContractCheck): Facts => {
  const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
  const days = profile?.receiptDays?.[contract.method];
  const rule = contract.method === 'points' ? '契約から40日以内' : '契約から1か月以内';
  const optional = (label: string, value: string | undefined): readonly Fact[] =>
    value === undefined ? [] : [{ label, kind: 'text', value }];
  return {
    kind: 'facts',
    title: '提出',
    facts: [
      { label: '提出期限', kind: 'date', value: check.receiptDue },
      {
        label: '期限の定め',
        kind: 'text',
        value:
          days === undefined
            ? `${rule}（${METHOD_SHORT_JA[contract.method]}）`
            : `契約から${days}日以内`,
      },
      { label: '提出・購入した日', kind: 'date', value: check.receiptOn },
      {
        label: '期限との関係',
        kind: 'text',
        value: isLate(check, asOf) ? '期限を過ぎています' : '期限内',
      },
      ...optional('遅れた理由', contract.receiptLateReason),
      ...optional('不足の理由', contract.purchaseShortReason),
      ...optional('発注者の条件', profile?.name),
      ...optional(
        '提出を求める額',
        profile?.thresholdYen === undefined
          ? undefined
          : `${WHOLE.format(profile.thresholdYen)}円以上（この工事は${check.isReceiptAsked === false ? '対象外' : '対象'}）`,
      ),
      ...optional('求められる書類', profile?.forms?.join('、')),
    ],
  };
};

const readersJa = ({ terminals, contract: { siteId } }: ContractCase): string => {
  const here = terminals.filter((terminal) => terminal.siteId === siteId);
  const readers = here.flatMap(({ state }) => state?.readers ?? []);
  const attached = readers.filter(({ isAttached }) => isAttached).length;
  return here.length === 0
    ? '端末はまだ登録されていません'
    : `端末${here.length}台、カードリーダー${readers.length}台（うち接続中${attached}台）`;
};

const ccus = (found: ContractCase): Facts => {
  const { index, contract, contributions } = found;
  const site = index.siteById.get(contract.siteId);
  return {
    kind: 'facts',
    title: 'CCUSの利用',
    facts: [
      { label: '現場ID', kind: 'id', value: contract.siteId },
      {
        label: '就業履歴蓄積期間',
        kind: 'text',
        value: `${site?.from ?? ''} ～ ${site?.to ?? ''}`,
      },
      { label: 'カードリーダー', kind: 'text', value: readersJa(found) },
      {
        label: '最初の就労の記録',
        kind: 'date',
        value: contributions.map(({ workDate }) => workDate).toSorted()[0],
      },
    ],
  };
};

const purchaseTable = ({ index, contract, primeId, asOf }: ContractCase): Table => {
  const purchases = purchasesBy(index.purchasesByContract.get(contract.contractId), asOf);
  return {
    kind: 'table',
    title: '購入の内訳',
    columns: [
      { key: 'date', title: '購入日', kind: 'date' },
      { key: 'company', title: '購入者', kind: 'text' },
      { key: 'method', title: '方式', kind: 'text' },
      { key: 'colour', title: '種類', kind: 'text' },
      { key: 'days', title: '日数', kind: 'days' },
      { key: 'yen', title: '金額（円）', kind: 'yen' },
    ],
    rows: purchases.map(({ date, companyId, method, colour, days, yen }) => ({
      date,
      company: companyName(index, companyId ?? primeId),
      method: METHOD_SHORT_JA[method],
      colour: COLOUR_JA[colour],
      days,
      yen,
    })),
    totals: { yen: yenOfPurchases(purchases) },
    empty: '購入の記録はありません',
  };
};

/** Only what is still to be told is asked for. */
const toFillIn = ({ contract, asOf }: ContractCase, check: ContractCheck): Boxes => ({
  kind: 'boxes',
  boxes: [
    ...(isLate(check, asOf) && contract.receiptLateReason === undefined
      ? [{ label: '期限より遅れた理由', size: 'text' as const }]
      : []),
    ...(isShort(check) && contract.purchaseShortReason === undefined
      ? [{ label: '掛金収納書の貼付がないか、購入額が不足した理由', size: 'text' as const }]
      : []),
    { label: '掛金収納書　貼付欄', size: 'paste' },
  ],
});

export const purchaseReceipt = contractDocument({
  name: 'purchase-receipt',
  titleJa: '掛金収納書（提出用台紙）',
  query: ContractQuery,
  content: (found) => {
    const { index, contract, primeId } = found;
    const check = contractCheck(found);
    const boxes = toFillIn(found, check);
    const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
    return ok({
      addressee: `${contract.ordererName} 様`,
      sections: [
        { kind: 'facts', facts: contractFactsJa(index, { contract, primeId }) },
        basis(contract, check),
        purchaseTable(found),
        submission(found, check),
        ccus(found),
        boxes,
      ],
      notes: [
        '「提出・購入した日」は、提出日の登録がなければ最初の購入日です。',
        ...(boxes.boxes.length > 1
          ? ['空欄の理由は、管理画面の「書類」で登録すると、次から印刷されます。']
          : []),
      ],
      sources: [
        `購入の考え方: ${check.basisSource}`,
        '提出期限: http://senmonshi.com/archive/01/01100NSnCPB5BG8.asp、http://mobile.city.noda.chiba.jp/jigyousha/nyusatsu/1022187.html',
        ...(profile === undefined ? [] : [`発注者の条件: ${profile.source}`]),
      ],
    });
  },
});
