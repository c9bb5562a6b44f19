/**
 * 掛金充当実績総括表: at the end of a contract, what was worked and allocated, company by company, against
 * what was bought.
 *
 * Known content: 労働者の延べ就業日数, 掛金充当日数, comparison with the purchase on the 掛金収納書
 * (kensetsunet-pr.com/2020-7-2-1, senmonshi.com … SBG8). The rest of the layout is ours.
 */
import { ok } from '../../shared/result.ts';
import {
  type CompanySummary,
  companySummaries,
  contractSummary,
  evidenceFor,
} from '../policies/completion-summary.ts';
import { NOT_PAYABLES } from '../policies/not-payable.ts';
import { ordererProfile } from '../policies/orderer-profiles.ts';
import {
  CONFIRMED_NOTE,
  ContractQuery,
  confirmedSum,
  contractDocument,
  contractFactsJa,
} from './contract-document.ts';
import { lapsedNotes, rateSources } from './contribution-figures.ts';
import { companyName } from './names.ts';
import { EVIDENCE_JA, METHOD_SHORT_JA, NOT_PAYABLE_JA } from './words-ja.ts';

const because = ({ notPayable }: CompanySummary): string =>
  NOT_PAYABLES.flatMap((reason) => {
    const days = notPayable[reason];
    return days === undefined ? [] : [`${NOT_PAYABLE_JA[reason]} ${days}日`];
  }).join('、');

export const completionSummaryDocument = contractDocument({
  name: 'completion-summary',
  titleJa: '掛金充当実績総括表',
  query: ContractQuery,
  content: ({ registry, index, asOf, contract, primeId, contributions, confirmed }) => {
    const { confirmedDays, confirmedYen } = confirmedSum(confirmed);
    const total = contractSummary(index, registry.headcounts, contract, { contributions, asOf });
    const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
    const { required, onRequest } = evidenceFor(contract);
    const evidence = (of: typeof required) => of.map((each) => EVIDENCE_JA[each]).join('、');
    return ok({
      addressee: `${contract.ordererName} 様`,
      sections: [
        { kind: 'facts', facts: contractFactsJa(index, { contract, primeId }) },
        {
          kind: 'facts',
          title: '総括',
          facts: [
            { label: '延べ就業日数', kind: 'days', value: total.workerDays },
            { label: '掛金充当日数', kind: 'days', value: total.allocatedDays },
            { label: '　うち充当確定', kind: 'days', value: confirmedDays },
            { label: '充当していない日数', kind: 'days', value: total.difference },
            { label: '就労した技能者', kind: 'count', value: total.workers },
            { label: '掛金充当額', kind: 'yen', value: total.allocatedYen },
            { label: '　うち充当確定', kind: 'yen', value: confirmedYen },
            { label: '購入額（収納書）', kind: 'yen', value: total.purchasedYen },
            { label: '購入額－充当額', kind: 'yen', value: total.balanceYen },
            {
              label: '報告された人日',
              kind: 'days',
              value: total.reportedWorkerDays === 0 ? undefined : total.reportedWorkerDays,
            },
          ],
        },
        {
          kind: 'table',
          title: '事業者別',
          columns: [
            { key: 'company', title: '事業者', kind: 'text' },
            { key: 'method', title: '方式', kind: 'text' },
            { key: 'workers', title: '人数', kind: 'count' },
            { key: 'workerDays', title: '延べ就業日数', kind: 'days' },
            { key: 'allocatedDays', title: '掛金充当日数', kind: 'days' },
            { key: 'confirmedDays', title: '充当確定', kind: 'days' },
            { key: 'difference', title: '差', kind: 'days' },
            { key: 'allocatedYen', title: '充当額（円）', kind: 'yen' },
            { key: 'because', title: '差の理由', kind: 'text' },
          ],
          rows: companySummaries(contract, contributions).map((row) => ({
            company: companyName(index, row.companyId),
            method: METHOD_SHORT_JA[row.method],
            workers: row.workers,
            workerDays: row.workerDays,
            allocatedDays: row.allocatedDays,
            confirmedDays: confirmedSum(
              confirmed.filter(({ companyId }) => companyId === row.companyId),
            ).confirmedDays,
            difference: row.difference,
            allocatedYen: row.allocatedYen,
            because: because(row),
          })),
          totals: {
            workers: total.workers,
            workerDays: total.workerDays,
            allocatedDays: total.allocatedDays,
            confirmedDays,
            difference: total.difference,
            allocatedYen: total.allocatedYen,
          },
          empty: '就労はありません',
        },
      ],
      notes: [
        ...(profile?.completionForms === undefined
          ? []
          : [`${profile.name}が完成時に求める書類: ${profile.completionForms.join('、')}。`]),
        `発注者への提示: ${evidence(required)}。求めに応じて: ${evidence(onRequest)}。`,
        CONFIRMED_NOTE,
        ...lapsedNotes(contributions),
        '一つの勤務で2日分を充当することがあるため、差が負になることがあります。',
        '工事の完成後1年間、事業所に保管します。',
      ],
      sources: [
        ...rateSources(contributions),
        '記載事項: https://kensetsunet-pr.com/2020-7-2-1、https://wise-pds.jp/news/2021/news2021040201.htm',
      ],
    });
  },
});
