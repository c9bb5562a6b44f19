/**
 * 完成時の確認資料: at a glance how much of a contract was touched, covered and bought; and where CCUS was
 * little used, or stamps are, the list of evidence and of what is left to look at.
 */
import { ok } from '../../shared/result.ts';
import {
  type CcusUse,
  ccusUse,
  evidenceByUse,
  HIGH_USE_PERCENT,
  useByCompany,
  useByMonth,
} from '../policies/ccus-use.ts';
import { contractSummary } from '../policies/completion-summary.ts';
import { CONTRACT_ATTENTION } from '../policies/contract-attention.ts';
import { contractCheck } from '../policies/contract-check.ts';
import { knowsMethod } from '../policies/contract-use.ts';
import { percentHundredths } from '../policies/exact-rate.ts';
import { ordererProfile } from '../policies/orderer-profiles.ts';
import { codeJa } from '../reports/code-words.ts';
import {
  CONFIRMED_NOTE,
  type ContractCase,
  ContractQuery,
  confirmedSum,
  contractDocument,
  contractFactsJa,
} from './contract-document.ts';
import type { Chart, Column, Facts, Section, Table } from './document.ts';
import { companyName } from './names.ts';
import { EVIDENCE_JA, monthJa } from './words-ja.ts';

const BARS: readonly Column[] = [
  { key: 'workerDays', title: '就業日数', kind: 'days' },
  { key: 'touchedDays', title: 'うちタッチのある日', kind: 'days' },
  { key: 'allocatedDays', title: '掛金充当日数', kind: 'days' },
];

const byMonth = ({ contributions }: ContractCase): Chart => ({
  kind: 'chart',
  title: '月ごとの就業・タッチ・充当',
  label: { key: 'month', title: '月', kind: 'text' },
  bars: BARS,
  rows: useByMonth(contributions).map((row) => ({ ...row, month: monthJa(row.month) })),
  empty: '就労はありません',
});

const byCompany = ({ index, contributions }: ContractCase): Chart => ({
  kind: 'chart',
  title: '事業者ごとの就業・タッチ・充当',
  label: { key: 'company', title: '事業者', kind: 'text' },
  bars: BARS,
  rows: useByCompany(contributions).map(({ companyId, ...row }) => ({
    ...row,
    company: companyName(index, companyId),
  })),
  empty: '就労はありません',
});

const percentJa = ({ rate }: CcusUse): string | undefined => {
  if (rate === undefined) return undefined;
  const hundredths = percentHundredths(rate);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
};

const monthTable = ({ contributions }: ContractCase): Table => {
  const rows = useByMonth(contributions);
  const total = (
    key:
      | 'workerDays'
      | 'touchedDays'
      | 'enteredDays'
      | 'leaveDays'
      | 'allocatedDays'
      | 'allocatedYen',
  ) => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    kind: 'table',
    title: '月ごとの内訳',
    columns: [
      { key: 'month', title: '月', kind: 'text' },
      { key: 'workerDays', title: '就業日数', kind: 'days' },
      { key: 'touchedDays', title: 'タッチあり', kind: 'days' },
      { key: 'enteredDays', title: 'タッチなし（訂正）', kind: 'days' },
      { key: 'leaveDays', title: '有給・休業', kind: 'days' },
      { key: 'allocatedDays', title: '充当日数', kind: 'days' },
      { key: 'allocatedYen', title: '充当額（円）', kind: 'yen' },
    ],
    rows: rows.map((row) => ({ ...row, month: monthJa(row.month) })),
    totals: {
      workerDays: total('workerDays'),
      touchedDays: total('touchedDays'),
      enteredDays: total('enteredDays'),
      leaveDays: total('leaveDays'),
      allocatedDays: total('allocatedDays'),
      allocatedYen: total('allocatedYen'),
    },
    empty: '就労はありません',
  };
};

const evidenceTable = (
  { contract }: ContractCase,
  isHigh: boolean,
  forms: readonly string[],
): Table => {
  const { required, onRequest } = evidenceByUse(contract, isHigh);
  return {
    kind: 'table',
    title: '確認のための書類',
    columns: [
      { key: 'what', title: '書類', kind: 'text' },
      { key: 'when', title: '扱い', kind: 'text' },
    ],
    rows: [
      ...required.map((each) => ({ what: EVIDENCE_JA[each], when: '提示します' })),
      ...onRequest.map((each) => ({ what: EVIDENCE_JA[each], when: '求めに応じて提示します' })),
      ...forms.map((what) => ({ what, when: '発注者の定め' })),
    ],
    empty: '',
  };
};

const attentionTable = (found: ContractCase): Table => ({
  kind: 'table',
  title: '確認が残っている事項',
  columns: [
    { key: 'text', title: '事項', kind: 'text' },
    { key: 'who', title: '直せる人', kind: 'id' },
  ],
  rows: contractCheck(found)
    .attention.filter((id) => id !== 'evidence-required')
    .map((id) => ({
      text: CONTRACT_ATTENTION[id].textJa,
      who: codeJa(CONTRACT_ATTENTION[id].mendedBy),
    })),
  empty: '確認が残っている事項はありません',
});

export const completionEvidence = contractDocument({
  name: 'completion-evidence',
  titleJa: '完成時の確認資料（建退共・CCUS）',
  query: ContractQuery,
  content: (found) => {
    const { registry, index, contract, primeId, contributions, asOf } = found;
    const total = contractSummary(index, registry.headcounts, contract, { contributions, asOf });
    const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
    const percent = profile?.highUsePercent ?? HIGH_USE_PERCENT;
    const use = ccusUse(contributions, { ...total, highUsePercent: percent });
    const isSimple = use.isHigh && !knowsMethod(contract, 'stamps');
    const attention = attentionTable(found);
    const simply =
      attention.rows.length === 0
        ? '簡易に確認できます'
        : '簡易に確認できます。ただし残っている事項があります';
    const glance: Facts = {
      kind: 'facts',
      title: '一目で',
      facts: [
        {
          label: 'CCUSの利用',
          kind: 'text',
          value: use.measuredDays === 0 ? '就労の記録なし' : use.isHigh ? '高い' : '低い',
        },
        { label: 'タッチ率', kind: 'text', value: percentJa(use) },
        { label: '就業日数', kind: 'days', value: total.workerDays },
        { label: 'うちタッチのある日', kind: 'days', value: use.touchedDays },
        { label: '掛金充当日数', kind: 'days', value: total.allocatedDays },
        {
          label: '　うち充当確定',
          kind: 'days',
          value: confirmedSum(found.confirmed).confirmedDays,
        },
        { label: '充当していない日数', kind: 'days', value: total.difference },
        { label: '購入額', kind: 'yen', value: total.purchasedYen },
        { label: '購入額－充当額', kind: 'yen', value: total.balanceYen },
        {
          label: '確認のしかた',
          kind: 'text',
          value: isSimple ? simply : '下の書類と事項を確認してください',
        },
      ],
    };
    const details: readonly Section[] = isSimple
      ? []
      : [evidenceTable(found, use.isHigh, profile?.completionForms ?? []), monthTable(found)];
    return ok({
      addressee: `${contract.ordererName} 様`,
      sections: [
        { kind: 'facts', facts: contractFactsJa(index, { contract, primeId }) },
        glance,
        byMonth(found),
        byCompany(found),
        ...details,
        attention,
      ],
      notes: [
        CONFIRMED_NOTE,
        `タッチ率は、タッチのある人日を${use.measure === 'reported' ? '会社が報告した人日' : '記録された就労の人日'}（${use.measuredDays}日）で割った率です。`,
        `タッチ率が${percent}%以上のとき「高い」としています（発注者の条件で変えられます）。`,
      ],
      sources: [
        '確認のしかた: 官民施策パッケージ 2020-03「公共工事における建退共の履行強化について」',
        ...(profile === undefined ? [] : [`発注者の条件: ${profile.source}`]),
      ],
    });
  },
});
