/**
 * 就労状況報告書: what an employer tells the 元請 of a month's work at a site, by month and by day.
 *
 * Known content of the two forms (月別, 日別): 被共済者番号, 共済契約者番号, 工事, and the days of each worker
 * (kentaikyo-facts §2.5). The layout is ours.
 */
import { z } from 'zod';
import { CompanyId, SiteId } from '../../shared/ids.ts';
import { addDays, firstDateOf, lastDateOf, Month, type WorkDate } from '../../shared/time.ts';
import type { Contribution } from '../policies/contribution.ts';
import { contributionsOf } from '../policies/contributions.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { groupedBy, lapsedNotes, rateSources, remarkOf, sumOf } from './contribution-figures.ts';
import type { Column, DocumentModel, Facts, Row, Table } from './document.ts';
import { type DocumentInput, documentKind, notThere, refused } from './document-kind.ts';
import { issuerLines, memberNoOf, siteName, toCompany, workerName } from './names.ts';
import { METHOD_JA, monthJa } from './words-ja.ts';

const query = z.object({ siteId: SiteId, companyId: CompanyId, month: Month });
type Query = z.infer<typeof query>;

const needs = ({ month }: Query) => ({ from: firstDateOf(month), to: lastDateOf(month) });

const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

const facts = (index: RegistryIndex, { siteId }: Query, rows: readonly Contribution[]): Facts => {
  const contracts = unique(rows.flatMap(({ contractId = [] }) => contractId)).map((contractId) =>
    index.contractById.get(contractId),
  );
  const methods = unique(rows.flatMap(({ method = [] }) => method)).map((each) => METHOD_JA[each]);
  const { days, yen } = sumOf(rows);
  return {
    kind: 'facts',
    facts: [
      { label: '現場', kind: 'text', value: siteName(index, siteId) },
      { label: '現場ID', kind: 'id', value: siteId },
      {
        label: '工事',
        kind: 'text',
        value: contracts.map((each) => each?.name).join('、') || '契約が特定できません',
      },
      {
        label: '発注者',
        kind: 'text',
        value: unique(contracts.map((each) => each?.ordererName)).join('、'),
      },
      { label: '納付方式', kind: 'text', value: methods.join('、') },
      { label: '報告期限', kind: 'date', value: rows[0]?.reportDue },
      { label: '掛金日数', kind: 'days', value: days },
      { label: '掛金', kind: 'yen', value: yen },
    ],
  };
};

const who = (index: RegistryIndex, { workerId }: Contribution): Row => ({
  memberNo: memberNoOf(index, workerId),
  workerId,
  name: workerName(index, workerId),
});

const monthlyTable = (index: RegistryIndex, rows: readonly Contribution[]): Table => ({
  kind: 'table',
  columns: [
    { key: 'memberNo', title: '被共済者番号', kind: 'id' },
    { key: 'workerId', title: '技能者ID', kind: 'id' },
    { key: 'name', title: '氏名', kind: 'text' },
    { key: 'workedDays', title: '就労日数', kind: 'days' },
    { key: 'days', title: '掛金日数', kind: 'days' },
    { key: 'yen', title: '掛金（円）', kind: 'yen' },
    { key: 'remark', title: '備考', kind: 'text' },
  ],
  rows: groupedBy(rows, ({ workerId }) => workerId).map((own) => ({
    ...who(index, own[0]),
    ...sumOf(own),
    remark: remarkOf(own),
  })),
  totals: { ...sumOf(rows) },
  empty: 'この月の就労はありません',
});

const datesOf = (month: Month): readonly WorkDate[] => {
  const first = firstDateOf(month);
  return Array.from({ length: Number(lastDateOf(month).slice(8)) }, (_, at) => addDays(first, at));
};

const mark = (row: Contribution | undefined): string | undefined => {
  if (row === undefined) return undefined;
  if (row.notPayable !== undefined) return '×';
  if (row.basis === 'paid-leave') return '有';
  if (row.basis === 'employer-closure') return '休';
  return row.candidateDays > row.days ? '△' : String(row.days);
};

const dailyTable = (index: RegistryIndex, month: Month, rows: readonly Contribution[]): Table => {
  const dates = datesOf(month);
  const columns: readonly Column[] = [
    { key: 'memberNo', title: '被共済者番号', kind: 'id' },
    { key: 'name', title: '氏名', kind: 'text' },
    ...dates.map((date, at) => ({ key: date, title: String(at + 1), kind: 'mark' as const })),
    { key: 'days', title: '日数', kind: 'days' },
    { key: 'yen', title: '掛金（円）', kind: 'yen' },
  ];
  return {
    kind: 'table',
    columns,
    rows: groupedBy(rows, ({ workerId }) => workerId).map((own) => {
      const markByDate = new Map(own.map((row) => [row.workDate, mark(row)]));
      return {
        ...who(index, own[0]),
        ...Object.fromEntries(dates.map((date) => [date, markByDate.get(date)])),
        days: sumOf(own).days,
        yen: sumOf(own).yen,
      };
    }),
    totals: { days: sumOf(rows).days, yen: sumOf(rows).yen },
    empty: 'この月の就労はありません',
  };
};

interface Layout {
  readonly name: string;
  readonly title: string;
  readonly orientation: DocumentModel['orientation'];
  readonly table: (index: RegistryIndex, month: Month, rows: readonly Contribution[]) => Table;
  readonly notes: readonly string[];
}

const make = (layout: Layout, { index, days, asOf }: DocumentInput, asked: Query) => {
  const { siteId, companyId, month } = asked;
  const site = index.siteById.get(siteId);
  if (site === undefined || !index.companyById.has(companyId)) {
    return refused(
      site === undefined ? notThere('siteId', siteId, 'sites') : undefined,
      index.companyById.has(companyId) ? undefined : notThere('companyId', companyId, 'companies'),
    );
  }
  const found = contributionsOf(days, index, { asOf, ...needs(asked) });
  const rows = found.contributions.filter(
    (row) => row.siteId === siteId && row.companyId === companyId,
  );
  const open = found.unresolved.filter(
    (each) => each.siteId === siteId && each.reason === 'unknown-card',
  ).length;
  const value: DocumentModel = {
    name: layout.name,
    language: 'ja',
    orientation: layout.orientation,
    title: layout.title,
    subtitle: monthJa(month),
    madeOn: asOf,
    addressee: toCompany(index, site.primeId),
    issuer: issuerLines(index, companyId),
    sections: [facts(index, asked, rows), layout.table(index, month, rows)],
    notes: [
      ...layout.notes,
      ...lapsedNotes(rows),
      ...(open > 0
        ? [
            `この現場には、持ち主の分からないカードの出面が${open}日分あります。この表には入っていません。`,
          ]
        : []),
    ],
    sources: rateSources(rows),
  };
  return { ok: true as const, value };
};

const kindOf = (layout: Layout) =>
  documentKind({
    name: layout.name,
    titleJa: layout.title,
    query,
    needs,
    make: (input, asked) => make(layout, input, asked),
  });

export const employmentReportMonthly = kindOf({
  name: 'employment-report-monthly',
  title: '就労状況報告書（月別）',
  orientation: 'portrait',
  table: (index, _month, rows) => monthlyTable(index, rows),
  notes: [
    '掛金日数は、承認された日数です。1日を超える候補は、承認されるまで1日として数えています。',
  ],
});

export const employmentReportDaily = kindOf({
  name: 'employment-report-daily',
  title: '就労状況報告書（日別）',
  orientation: 'landscape',
  table: dailyTable,
  notes: [
    '数字＝掛金日数　△＝1日を超える候補が承認待ち（1日として計上）　有＝有給休暇　休＝事業主都合の休業　×＝対象外',
  ],
});
