/**
 * 加入労働者数報告書: how many of the workers under a contract are members of 建退共, company by company, and
 * why the others are not. It stands in place of the 辞退届 (senmonshi.com … SBG8).
 */
import { ok } from '../../shared/result.ts';
import { type Membership, membershipOf } from '../policies/membership.ts';
import { ContractQuery, contractDocument, contractFactsJa } from './contract-document.ts';
import type { Row } from './document.ts';
import { companyName } from './names.ts';

const counts = ({ workers, members, notMembers }: Omit<Membership, 'companyId'>): Row => ({
  workers,
  members,
  officer: notMembers.officer,
  otherScheme: notMembers['other-scheme'],
  soleContractor: notMembers['sole-contractor'],
  noMemberNo: notMembers['no-member-no'],
});

const total = (rows: readonly Row[], key: string): number =>
  rows.reduce((sum, row) => sum + Number(row[key]), 0);

const COUNTED = ['workers', 'members', 'officer', 'otherScheme', 'soleContractor', 'noMemberNo'];

export const membershipReport = contractDocument({
  name: 'membership-report',
  titleJa: '加入労働者数報告書',
  query: ContractQuery,
  content: ({ index, contract, primeId, contributions, asOf }) => {
    const rows = membershipOf(index, contract, contributions, asOf).map((row) => ({
      company: companyName(index, row.companyId),
      contractorNo: index.companyById.get(row.companyId)?.contractorNo ?? '契約なし',
      ...counts(row),
    }));
    const sums = Object.fromEntries(COUNTED.map((key) => [key, total(rows, key)]));
    return ok({
      addressee: `${contract.ordererName} 様`,
      sections: [
        {
          kind: 'facts',
          facts: [
            ...contractFactsJa(index, { contract, primeId }),
            { label: '対象の労働者', kind: 'count', value: sums.workers },
            { label: '加入している労働者', kind: 'count', value: sums.members },
          ],
        },
        {
          kind: 'table',
          title: '事業者別',
          columns: [
            { key: 'company', title: '事業者', kind: 'text' },
            { key: 'contractorNo', title: '共済契約者番号', kind: 'id' },
            { key: 'workers', title: '労働者', kind: 'count' },
            { key: 'members', title: '加入', kind: 'count' },
            { key: 'officer', title: '役員等', kind: 'count' },
            { key: 'otherScheme', title: '他制度', kind: 'count' },
            { key: 'soleContractor', title: '一人親方', kind: 'count' },
            { key: 'noMemberNo', title: '未加入', kind: 'count' },
          ],
          rows,
          totals: sums,
          empty: '労働者の登録はありません',
        },
        {
          kind: 'boxes',
          boxes: [{ label: '未加入の労働者がいる場合、その理由と今後の予定', size: 'text' }],
        },
      ],
      notes: [
        `${asOf}までに作業員名簿に載ったか、就労の記録がある労働者です。`,
        '加入＝被共済者番号があり納付の対象になる者。他制度＝中退共・清退共・林退共。一人親方は任意組合を通じて納付します。未加入＝被共済者番号がない者。',
      ],
      sources: [
        '対象者: http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
        '辞退届に代わる報告: http://senmonshi.com/archive/01/01100NSnCPB5BG8.asp',
      ],
    });
  },
});
