/**
 * 作業員名簿: who is on the list of a site today, and what changed since when.
 *
 * Content: 建設業法施行規則第14条の2第1項第4号チ, see policies/site-roster.ts; own layout. The orderer's copy shows
 * dates of birth, insurance and qualifications only where worker and employer consented to it for the
 * orderer, and of who has left the site only the number remains.
 */
import { CompanyId } from '../../shared/ids.ts';
import { ok } from '../../shared/result.ts';
import { isValidOn } from '../../shared/time.ts';
import { consentOn } from '../policies/consents.ts';
import { type RosterEntry, rosterChanges, rosterEntry } from '../policies/site-roster.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { codeJa } from '../reports/code-words.ts';
import { byKeys } from '../reports/row-order.ts';
import type { Column, Row, Table } from './document.ts';
import { type DocumentInput, documentKind, notThere, refused } from './document-kind.ts';
import { companyName, issuerLines, tierJa, workerName } from './names.ts';
import { noAttendance, SiteQuery, sinceOf, siteAddressee, siteFactsJa } from './site-document.ts';

const query = SiteQuery.extend({ companyId: CompanyId.optional() });

const COLUMNS: readonly Column[] = [
  { key: 'name', title: '氏名', kind: 'text' },
  { key: 'kana', title: 'フリガナ', kind: 'text' },
  { key: 'workerId', title: '技能者ID', kind: 'id' },
  { key: 'birthDate', title: '生年月日', kind: 'date' },
  { key: 'age', title: '年齢', kind: 'mark' },
  { key: 'trade', title: '職種', kind: 'id' },
  { key: 'role', title: '立場', kind: 'id' },
  { key: 'work', title: '作業内容', kind: 'text' },
  { key: 'insurance', title: '社会保険（健保・年金・雇用）', kind: 'text' },
  { key: 'mutualAid', title: '退職金共済', kind: 'id' },
  { key: 'qualifications', title: '資格', kind: 'text' },
  { key: 'from', title: '入場日', kind: 'date' },
];

const word = (code: string | undefined): string =>
  code === undefined ? '' : (codeJa(code) ?? code);

const rowOf = (
  { index, asOf }: DocumentInput,
  copy: SiteQuery['copy'],
  entry: RosterEntry,
): Row => {
  const { workerId } = entry;
  const opens = (item: string): boolean =>
    copy === 'prime' || consentOn(index, workerId, asOf, { item, to: 'orderer' }) !== undefined;
  return {
    name: entry.name,
    kana: entry.kana,
    workerId,
    ...(opens('birth-date') ? { birthDate: entry.birthDate, age: String(entry.age) } : {}),
    trade: entry.trade,
    role: word(entry.role),
    work: entry.work,
    insurance: opens('insurance')
      ? [entry.health, entry.pension, entry.employment].map(word).join('・')
      : undefined,
    mutualAid: word(entry.mutualAid),
    qualifications: entry.qualifications?.join('、'),
    from: entry.from,
  };
};

const NOBODY: Table = {
  kind: 'table',
  columns: COLUMNS,
  rows: [],
  empty: 'この日に名簿に載っている人はいません',
};

/** One list a company, from the 元請 down. */
const companyTables = (
  input: DocumentInput,
  copy: SiteQuery['copy'],
  entries: readonly RosterEntry[],
): readonly Table[] => {
  const tables = [...Map.groupBy(entries, ({ companyId }) => companyId)].map(
    ([companyId, own]): Table => ({
      kind: 'table',
      title: `${companyName(input.index, companyId)}（${tierJa(own[0]?.tier)}、${own.length}名）`,
      columns: COLUMNS,
      rows: own.map((entry) => rowOf(input, copy, entry)),
      empty: '',
    }),
  );
  return tables.length === 0 ? [NOBODY] : tables;
};

const changesTable = (
  { index, asOf }: DocumentInput,
  assignments: readonly RegistryRow<'assignments'>[],
  since: string,
): Table => {
  const present = new Set(
    assignments.filter((row) => isValidOn(row, asOf)).map(({ workerId }) => workerId),
  );
  return {
    kind: 'table',
    title: `${since} 以後の変更`,
    columns: [
      { key: 'date', title: '日', kind: 'date' },
      { key: 'what', title: '変更', kind: 'id' },
      { key: 'company', title: '会社', kind: 'text' },
      { key: 'workerId', title: '技能者ID', kind: 'id' },
      { key: 'name', title: '氏名', kind: 'text' },
    ],
    rows: rosterChanges(assignments)
      .filter(({ date }) => date >= since)
      .toSorted(byKeys(['date', 'companyId', 'workerId']))
      .map(({ date, kind, companyId, workerId }) => ({
        date,
        what: word(kind),
        company: companyName(index, companyId),
        workerId,
        name: present.has(workerId) ? workerName(index, workerId) : undefined,
      })),
    empty: '変更はありません',
  };
};

export const workerRoster = documentKind({
  name: 'worker-roster',
  titleJa: '作業員名簿',
  query,
  needs: noAttendance,
  make: (input, asked) => {
    const { index, asOf } = input;
    const { siteId, companyId, copy } = asked;
    const site = index.siteById.get(siteId);
    if (site === undefined) return refused(notThere('siteId', siteId, 'sites'));
    if (companyId !== undefined && !index.companyById.has(companyId))
      return refused(notThere('companyId', companyId, 'companies'));
    const assignments = (index.assignmentsBySite.get(siteId) ?? []).filter(
      (row) => companyId === undefined || row.companyId === companyId,
    );
    const entries = assignments
      .filter((row) => isValidOn(row, asOf))
      .flatMap((row) => rosterEntry(index, row, asOf, copy) ?? [])
      .toSorted(byKeys(['tier', 'companyId', 'kana', 'workerId']));
    return ok({
      name: 'worker-roster',
      language: 'ja',
      orientation: 'landscape',
      title: '作業員名簿',
      ...(copy === 'orderer' ? { subtitle: '発注者提出用' } : {}),
      madeOn: asOf,
      ...siteAddressee(index, asked, site),
      issuer: issuerLines(index, companyId ?? site.primeId),
      sections: [
        {
          kind: 'facts',
          facts: [
            ...siteFactsJa(index, site, asOf),
            { label: '人数', kind: 'count', value: entries.length },
          ],
        },
        ...companyTables(input, copy, entries),
        changesTable(input, assignments, sinceOf(asked, asOf)),
      ],
      notes: [
        copy === 'prime'
          ? '資格は、本人と所属事業者の両方が元請への開示に同意したものだけです。'
          : '生年月日・年齢、社会保険、資格は、本人と所属事業者の両方が発注者への開示に同意したものだけです。空欄は「ない」という意味ではありません。',
      ],
      sources: ['記載事項: 建設業法施行規則第14条の2第1項第4号チ'],
    });
  },
});
