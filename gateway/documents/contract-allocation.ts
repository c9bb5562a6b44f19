/**
 * 掛金充当書 of a contract: whose days were worked under it and how many of them 掛金 is allocated to, worker
 * by worker and company by company, whole or of one month.
 */
import { CompanyId } from '../../shared/ids.ts';
import { ok } from '../../shared/result.ts';
import { Month, monthOf } from '../../shared/time.ts';
import type { AllocatedDay } from '../policies/allocated-day.ts';
import { companySummaries } from '../policies/completion-summary.ts';
import { type Contract, methodOf } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import {
  CONFIRMED_NOTE,
  ContractQuery,
  confirmedSum,
  contractDocument,
  contractFactsJa,
} from './contract-document.ts';
import { groupedBy, lapsedNotes, rateSources, remarkOf, sumOf } from './contribution-figures.ts';
import type { Table } from './document.ts';
import { notThere, refused } from './document-kind.ts';
import { companyName, issuerLines, memberNoOf, workerName } from './names.ts';
import { METHOD_SHORT_JA, monthJa } from './words-ja.ts';

const query = ContractQuery.extend({ month: Month.optional(), companyId: CompanyId.optional() });

const companyTable = (
  index: RegistryIndex,
  contract: Contract,
  rows: readonly Contribution[],
  confirmed: readonly AllocatedDay[],
): Table => ({
  kind: 'table',
  title: '事業者別',
  columns: [
    { key: 'company', title: '事業者', kind: 'text' },
    { key: 'contractorNo', title: '共済契約者番号', kind: 'id' },
    { key: 'method', title: '方式', kind: 'text' },
    { key: 'workers', title: '人数', kind: 'count' },
    { key: 'workerDays', title: '延べ就業日数', kind: 'days' },
    { key: 'allocatedDays', title: '掛金充当日数', kind: 'days' },
    { key: 'allocatedYen', title: '掛金（円）', kind: 'yen' },
    { key: 'confirmedDays', title: '充当確定', kind: 'days' },
  ],
  rows: companySummaries(contract, rows).map(
    ({ companyId, method, workers, workerDays, allocatedDays, allocatedYen }) => ({
      company: companyName(index, companyId),
      contractorNo: index.companyById.get(companyId)?.contractorNo,
      method: METHOD_SHORT_JA[method],
      workers,
      workerDays,
      allocatedDays,
      allocatedYen,
      confirmedDays: confirmedSum(confirmed.filter((day) => day.companyId === companyId))
        .confirmedDays,
    }),
  ),
  empty: '就労はありません',
});

const workerTable = (
  index: RegistryIndex,
  contract: Contract,
  rows: readonly Contribution[],
  confirmed: readonly AllocatedDay[],
): Table => ({
  kind: 'table',
  title: '技能者別',
  columns: [
    { key: 'company', title: '事業者', kind: 'text' },
    { key: 'memberNo', title: '被共済者番号', kind: 'id' },
    { key: 'name', title: '氏名', kind: 'text' },
    { key: 'method', title: '方式', kind: 'text' },
    { key: 'workedDays', title: '就労日数', kind: 'days' },
    { key: 'days', title: '充当日数', kind: 'days' },
    { key: 'yen', title: '掛金（円）', kind: 'yen' },
    { key: 'confirmedDays', title: '充当確定', kind: 'days' },
    { key: 'remark', title: '備考', kind: 'text' },
  ],
  rows: groupedBy(rows, ({ companyId, workerId }) => `${companyId} ${workerId}`).map((own) => ({
    company: companyName(index, own[0].companyId),
    memberNo: memberNoOf(index, own[0].workerId),
    name: workerName(index, own[0].workerId),
    method: METHOD_SHORT_JA[methodOf(contract, own[0].companyId)],
    ...sumOf(own),
    confirmedDays: confirmedSum(
      confirmed.filter(
        (day) => day.companyId === own[0].companyId && day.workerId === own[0].workerId,
      ),
    ).confirmedDays,
    remark: remarkOf(own),
  })),
  totals: { ...sumOf(rows), confirmedDays: confirmedSum(confirmed).confirmedDays },
  empty: '就労はありません',
});

export const contractAllocation = contractDocument({
  name: 'contract-allocation',
  titleJa: '掛金充当書（工事別）',
  query,
  // Nine columns: upright, every other line would break.
  orientation: 'landscape',
  content: (
    { index, contract, primeId, contributions, confirmed: everyConfirmed },
    { month, companyId },
  ) => {
    if (companyId !== undefined && !index.companyById.has(companyId))
      return refused(notThere('companyId', companyId, 'companies'));
    const isAsked = (row: Pick<Contribution, 'workDate' | 'companyId'>): boolean =>
      (month === undefined || monthOf(row.workDate) === month) &&
      (companyId === undefined || row.companyId === companyId);
    const rows = contributions.filter(isAsked);
    const confirmed = everyConfirmed.filter(isAsked);
    return ok({
      ...(month === undefined ? {} : { subtitle: monthJa(month) }),
      issuer: issuerLines(index, companyId ?? primeId),
      sections: [
        { kind: 'facts', facts: contractFactsJa(index, { contract, primeId }) },
        companyTable(index, contract, rows, confirmed),
        workerTable(index, contract, rows, confirmed),
      ],
      notes: [
        CONFIRMED_NOTE,
        '1日を超える候補は、承認されるまで1日として数えています。',
        ...lapsedNotes(rows),
      ],
      sources: rateSources(rows),
    });
  },
});
