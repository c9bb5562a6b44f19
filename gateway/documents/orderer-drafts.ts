/**
 * Drafts for the orderer (案): guidance to the 元請, and the notice to the authority that gave the licence,
 * from the same figures as the check of the contract.
 *
 * Source of the two steps: 官民施策パッケージ 2020-03 and wise-pds.jp/news/2021/news2021040201.htm (指導, then the
 * notice to the 許可行政庁). The words are ours; who signs, decides and sets the date is a person.
 */
import { ok } from '../../shared/result.ts';
import { CONTRACT_ATTENTION, type ContractAttention } from '../policies/contract-attention.ts';
import { type ContractCheck, contractCheck } from '../policies/contract-check.ts';
import { stampDeliveries } from '../policies/stamp-book.ts';
import {
  type ContractCase,
  ContractQuery,
  contractDocument,
  contractFactsJa,
} from './contract-document.ts';
import type { Facts, Prose, Table } from './document.ts';
import { companyName, toCompany } from './names.ts';

/** What is no mere reminder but 掛金 that was not paid or not passed on (kentaikyo … /qa/qa_h8.html). */
const NON_FULFILMENT: readonly ContractAttention[] = [
  'receipt-overdue',
  'balance-negative',
  'stamps-outstanding',
  'days-without-member-no',
  'days-too-late',
  'allocation-incomplete',
];

const figures = (check: ContractCheck): Facts => ({
  kind: 'facts',
  title: '確認した数字',
  facts: [
    { label: '必要な額', kind: 'yen', value: check.expectedYen },
    { label: '購入額', kind: 'yen', value: check.purchasedYen },
    { label: '収納書の期限', kind: 'date', value: check.receiptDue },
    { label: '提出・購入した日', kind: 'date', value: check.receiptOn },
    { label: '延べ就業日数', kind: 'days', value: check.workerDays },
    { label: '掛金充当日数', kind: 'days', value: check.allocatedDays },
    { label: '充当していない日数', kind: 'days', value: check.difference },
    { label: '購入額－充当額', kind: 'yen', value: check.balanceYen },
  ],
});

const findings = (attention: readonly ContractAttention[]): Table => ({
  kind: 'table',
  title: '認められた事項',
  columns: [
    { key: 'no', title: '', kind: 'mark' },
    { key: 'text', title: '事項と求める措置', kind: 'text' },
  ],
  rows: attention.map((id, at) => ({ no: String(at + 1), text: CONTRACT_ATTENTION[id].textJa })),
  empty: '是正を要する事項は認められませんでした',
});

const owed = ({ index, movements, primeId }: ContractCase): readonly Table[] => {
  const rows = stampDeliveries(movements, primeId).filter(
    ({ outstandingDays }) => outstandingDays > 0,
  );
  return rows.length === 0
    ? []
    : [
        {
          kind: 'table',
          title: '証紙を渡していない下請',
          columns: [
            { key: 'company', title: '企業名', kind: 'text' },
            { key: 'earnedDays', title: '必要な枚数', kind: 'count' },
            { key: 'receivedDays', title: '渡した枚数', kind: 'count' },
            { key: 'outstandingDays', title: '不足', kind: 'count' },
          ],
          rows: rows.map(({ companyId, ...row }) => ({
            company: companyName(index, companyId),
            ...row,
          })),
          empty: '',
        },
      ];
};

interface Draft {
  readonly name: string;
  readonly titleJa: string;
  readonly addressee: (found: ContractCase) => string;
  readonly isMeant: (attention: ContractAttention) => boolean;
  readonly before: (found: ContractCase) => string;
  readonly after: string;
}

const draft = ({ name, titleJa, addressee, isMeant, before, after }: Draft) =>
  contractDocument({
    name,
    titleJa,
    query: ContractQuery,
    content: (found) => {
      const { index, contract, primeId, asOf } = found;
      const check = contractCheck(found);
      const meant = check.attention.filter(isMeant);
      const text = (paragraph: string): Prose => ({ kind: 'prose', paragraphs: [paragraph] });
      return ok({
        addressee: addressee(found),
        issuer: [contract.ordererName, '【担当部署・担当者を記入】'],
        sections: [
          text(before(found)),
          { kind: 'facts', title: '工事', facts: contractFactsJa(index, { contract, primeId }) },
          findings(meant),
          figures(check),
          ...owed(found),
          ...(meant.length === 0 ? [] : [text(after)]),
        ],
        notes: [
          'これは案です。送るかどうか、期限、宛先は、発注者の担当者が決めます。',
          `${asOf}現在の記録から作りました。`,
        ],
        sources: [
          '手順: https://wise-pds.jp/news/2021/news2021040201.htm',
          '下請への不交付: https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h8.html',
          `購入の考え方: ${check.basisSource}`,
        ],
      });
    },
  });

export const guidanceDraft = draft({
  name: 'guidance-draft',
  titleJa: '建設業退職金共済制度の履行について（指導案）',
  addressee: ({ index, primeId }) => toCompany(index, primeId),
  isMeant: () => true,
  before: ({ contract }) =>
    `貴社が受注した「${contract.name}」について、建設業退職金共済制度の履行状況を確認したところ、次のとおりでした。`,
  after:
    'つきましては、上記の事項について必要な措置をとり、その内容を【期限を記入】までに書面で報告してください。',
});

export const authorityNoticeDraft = draft({
  name: 'authority-notice-draft',
  titleJa: '建設業退職金共済制度の不履行について（通知案）',
  addressee: () => '【許可行政庁を記入】 御中',
  isMeant: (attention) => NON_FULFILMENT.includes(attention),
  before: ({ index, contract, primeId }) =>
    `下記の工事を受注した${companyName(index, primeId)}について、建設業退職金共済制度が履行されていないと認められる事項がありましたので、通知します（「${contract.name}」）。`,
  after:
    '当方からは【指導の年月日を記入】に是正を求めましたが、改善が確認できていません。必要な指導等をお願いします。',
});
