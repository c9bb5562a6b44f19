/**
 * 就労状況報告書: what an employer tells the 元請 of a month's work at a site, by month and by day.
 *
 * Known content of the two forms (月別, 日別): 被共済者番号, 共済契約者番号, 工事, and the days of each worker
 * (kentaikyo-facts §2.5). The layout is ours.
 */
import { z } from 'zod';
import { CompanyId, SiteId, type WorkerId } from '../../shared/ids.ts';
import { addDays, firstDateOf, lastDateOf, Month, type WorkDate } from '../../shared/time.ts';
import { type Contract, methodOf } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import {
  type Contributions,
  contributionsOf,
  type DayAtSecondSite,
} from '../policies/contributions.ts';
import { reportDue } from '../policies/report-deadline.ts';
import { contractFor, type RegistryIndex } from '../registry/registry.ts';
import { lapsedNotes, rateSources, remarkOf, sumOf } from './contribution-figures.ts';
import type { Column, DocumentModel, Facts, Row, Table } from './document.ts';
import { type DocumentInput, documentKind, notThere, refused } from './document-kind.ts';
import { issuerLines, memberNoOf, siteName, toCompany, workerName } from './names.ts';
import { creditedElsewhereJa, paidByOthersJa, paidByOthersToo } from './same-day.ts';
import { METHOD_JA, monthJa } from './words-ja.ts';

const query = z.object({ siteId: SiteId, companyId: CompanyId, month: Month });
type Query = z.infer<typeof query>;

const needs = ({ month }: Query) => ({ from: firstDateOf(month), to: lastDateOf(month) });

/** One worker's month at the site: days that are credited here, and those that another site is credited with. */
interface WorkerLine {
  readonly workerId: WorkerId;
  readonly rows: readonly Contribution[];
  readonly elsewhere: readonly DayAtSecondSite[];
  /** Dates on which another employer pays too. */
  readonly shared: readonly WorkDate[];
}

interface Found {
  readonly rows: readonly Contribution[];
  readonly lines: readonly WorkerLine[];
}

const foundOf = (
  index: RegistryIndex,
  { siteId, companyId }: Query,
  { contributions, secondSites }: Contributions,
): Found => {
  const rows = contributions.filter((row) => row.siteId === siteId && row.companyId === companyId);
  const byWorker = Map.groupBy(rows, ({ workerId }) => workerId);
  const elsewhere = Map.groupBy(
    secondSites.filter((day) => day.siteId === siteId && day.credited.companyId === companyId),
    ({ credited }) => credited.workerId,
  );
  const shared = paidByOthersToo(index, siteId, rows, contributions);
  return {
    rows,
    lines: [...new Set([...byWorker.keys(), ...elsewhere.keys()])].sort().map((workerId) => ({
      workerId,
      rows: byWorker.get(workerId) ?? [],
      elsewhere: elsewhere.get(workerId) ?? [],
      shared: shared.get(workerId) ?? [],
    })),
  };
};

const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

/** Of the days; of a month without any, those that the company works under on its dates. */
const contractsOf = (
  index: RegistryIndex,
  { siteId, companyId, month }: Query,
  rows: readonly Contribution[],
): readonly Contract[] =>
  unique(
    rows.length > 0
      ? rows.map(({ contractId = '' }) => index.contractById.get(contractId))
      : datesOf(month).map((date) => contractFor(index, siteId, companyId, date)),
  ).flatMap((contract) => contract ?? []);

const facts = (index: RegistryIndex, query: Query, rows: readonly Contribution[]): Facts => {
  const { siteId, companyId, month } = query;
  const contracts = contractsOf(index, query, rows);
  const methods = unique(
    rows.length > 0
      ? rows.flatMap(({ method = [] }) => method)
      : contracts.map((contract) => methodOf(contract, companyId)),
  ).map((each) => METHOD_JA[each]);
  const { days, yen } = sumOf(rows);
  return {
    kind: 'facts',
    facts: [
      { label: '現場', kind: 'text', value: siteName(index, siteId) },
      { label: '現場ID', kind: 'id', value: siteId },
      {
        label: '工事',
        kind: 'text',
        value: contracts.map(({ name }) => name).join('、') || '契約が特定できません',
      },
      {
        label: '発注者',
        kind: 'text',
        value: unique(contracts.map(({ ordererName }) => ordererName)).join('、'),
      },
      { label: '納付方式', kind: 'text', value: methods.join('、') },
      {
        label: '報告期限',
        kind: 'date',
        value: reportDue(lastDateOf(month), index.companyById.get(companyId) ?? {}),
      },
      { label: '掛金日数', kind: 'days', value: days },
      { label: '掛金', kind: 'yen', value: yen },
    ],
  };
};

const who = (index: RegistryIndex, { workerId }: WorkerLine): Row => ({
  memberNo: memberNoOf(index, workerId),
  workerId,
  name: workerName(index, workerId),
});

const lineRemark = (index: RegistryIndex, { rows, elsewhere, shared }: WorkerLine): string =>
  [
    ...[remarkOf(rows)].filter((remark) => remark !== ''),
    ...creditedElsewhereJa(index, elsewhere),
    ...paidByOthersJa(shared),
  ].join('、');

const monthlyTable = (index: RegistryIndex, { rows, lines }: Found): Table => ({
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
  rows: lines.map((line) => ({
    ...who(index, line),
    ...sumOf(line.rows),
    remark: lineRemark(index, line),
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
  if (row.notPayable === 'too-late') return '切';
  if (row.notPayable !== undefined) return '×';
  if (row.basis === 'paid-leave') return '有';
  if (row.basis === 'employer-closure') return '休';
  return row.candidateDays > row.days ? '△' : String(row.days);
};

const markElsewhere = ({ credited }: DayAtSecondSite): string | undefined =>
  credited.notPayable === undefined ? '他' : mark(credited);

const dailyTable = (index: RegistryIndex, month: Month, { rows, lines }: Found): Table => {
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
    rows: lines.map((line) => {
      const { rows: own, elsewhere } = line;
      const markByDate = new Map([
        ...elsewhere.map((day) => [day.credited.workDate, markElsewhere(day)] as const),
        ...own.map((row) => [row.workDate, mark(row)] as const),
      ]);
      return {
        ...who(index, line),
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
  readonly table: (index: RegistryIndex, month: Month, found: Found) => Table;
  readonly notes: readonly string[];
  /** What a day that another site is credited with looks like, where there is one. */
  readonly elsewhereNote: string;
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
  const all = contributionsOf(days, index, { asOf, ...needs(asked) });
  const found = foundOf(index, asked, all);
  const { rows, lines } = found;
  const open = all.unresolved.filter(
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
    sections: [facts(index, asked, rows), layout.table(index, month, found)],
    notes: [
      ...layout.notes,
      ...(lines.some(({ elsewhere }) => elsewhere.length > 0) ? [layout.elsewhereNote] : []),
      ...(lines.some(({ shared }) => shared.length > 0) ? [SHARED_NOTE] : []),
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

const TWO_SITES_NOTE =
  '同じ事業者の下で同じ日に2つの現場で働いたときは、時間を合わせて、先に働いた現場の1日とします。二重には納付しません。';
const SHARED_NOTE =
  '同じ日に他の事業者でも就労した人がいます。それぞれの事業者が納付する日で、重複ではありません。日付は月別の備考にあります。';

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
  table: (index, _month, found) => monthlyTable(index, found),
  notes: [
    '掛金日数は、承認された日数です。1日を超える候補は、承認されるまで1日として数えています。',
  ],
  elsewhereNote: TWO_SITES_NOTE,
});

export const employmentReportDaily = kindOf({
  name: 'employment-report-daily',
  title: '就労状況報告書（日別）',
  orientation: 'landscape',
  table: dailyTable,
  notes: [
    '数字＝掛金日数　△＝1日を超える候補が承認待ち（1日として計上）　有＝有給休暇　休＝事業主都合の休業　×＝対象外　切＝期限切れ',
  ],
  elsewhereNote: `他＝他の現場で計上。${TWO_SITES_NOTE}`,
});
