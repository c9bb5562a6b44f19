/** 施工体制: the companies of a site from the 元請 down, and what changed since when. Own layout. */
import { ok } from '../../shared/result.ts';
import { organisationChanges, siteOrganisation } from '../policies/site-organisation.ts';
import { codeJa } from '../reports/code-words.ts';
import { documentKind, notThere, refused } from './document-kind.ts';
import { companyName, issuerLines, tierJa } from './names.ts';
import { noAttendance, SiteQuery, sinceOf, siteAddressee, siteFactsJa } from './site-document.ts';

/** `　└ ` for each step below the 一次下請. */
const indented = (tier: number | undefined, name: string): string =>
  tier === undefined || tier < 2 ? name : `${'　'.repeat(tier - 2)}└ ${name}`;

export const worksOrganisation = documentKind({
  name: 'works-organisation',
  titleJa: '施工体制',
  query: SiteQuery,
  needs: noAttendance,
  make: ({ index, asOf }, asked) => {
    const site = index.siteById.get(asked.siteId);
    if (site === undefined) return refused(notThere('siteId', asked.siteId, 'sites'));
    const entries = siteOrganisation(index, asked.siteId, asOf);
    const since = sinceOf(asked, asOf);
    const nameOf = (companyId: (typeof entries)[number]['companyId']) =>
      companyName(index, companyId);
    return ok({
      name: 'works-organisation',
      language: 'ja',
      orientation: 'landscape',
      title: '施工体制',
      ...(asked.copy === 'orderer' ? { subtitle: '発注者提出用' } : {}),
      madeOn: asOf,
      ...siteAddressee(index, asked, site),
      issuer: issuerLines(index, site.primeId),
      sections: [
        { kind: 'facts', facts: siteFactsJa(index, site, asOf) },
        {
          kind: 'table',
          columns: [
            { key: 'company', title: '事業者', kind: 'text' },
            { key: 'tier', title: '次数', kind: 'id' },
            { key: 'companyId', title: '事業者ID', kind: 'id' },
            { key: 'upper', title: '注文者', kind: 'text' },
            { key: 'contract', title: '工事', kind: 'text' },
            { key: 'contractorNo', title: '共済契約者番号', kind: 'id' },
            { key: 'accepted', title: '施工体制の承認', kind: 'mark' },
            { key: 'workers', title: '名簿の人数', kind: 'count' },
            { key: 'from', title: '開始日', kind: 'date' },
            { key: 'to', title: '終了日', kind: 'date' },
          ],
          rows: entries.map(({ companyId, upperId, contractId = '', accepted, tier, ...row }) => ({
            company: indented(tier, nameOf(companyId)),
            tier: tierJa(tier),
            companyId,
            upper: upperId === undefined ? undefined : nameOf(upperId),
            contract: index.contractById.get(contractId)?.name,
            contractorNo: index.companyById.get(companyId)?.contractorNo,
            accepted: accepted ? '○' : '×',
            workers: row.workers,
            from: row.from,
            to: row.to,
          })),
          totals: { workers: entries.reduce((sum, { workers }) => sum + workers, 0) },
          empty: 'この日の施工体制の登録はありません',
        },
        {
          kind: 'table',
          title: `${since} 以後の変更`,
          columns: [
            { key: 'date', title: '日', kind: 'date' },
            { key: 'what', title: '変更', kind: 'id' },
            { key: 'company', title: '事業者', kind: 'text' },
          ],
          rows: organisationChanges(index.organisationBySite.get(asked.siteId) ?? [])
            .filter(({ date }) => date >= since)
            .map(({ date, kind, companyId }) => ({
              date,
              what: codeJa(kind),
              company: nameOf(companyId),
            })),
          empty: '変更はありません',
        },
      ],
      notes: [
        '変更: 入場＝施工体制に入った日、退場＝終わった翌日、変更＝注文者や工事が変わった日。',
      ],
      sources: ['建設業法第24条の8、入札契約適正化法第15条'],
    });
  },
});
