/** What 作業員名簿 and 施工体制 begin with: the site, for whom the copy is, and since when changes are told. */
import { z } from 'zod';
import { SiteId } from '../../shared/ids.ts';
import { addMonths, firstDateOf, monthOf, WorkDate, workDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { DocumentModel, Fact } from './document.ts';
import { companyName, toCompany } from './names.ts';

export const SiteQuery = z.object({
  siteId: SiteId,
  /** `orderer`: what goes to the 発注者, with what was consented to for it alone. */
  copy: z.enum(['prime', 'orderer']).default('prime'),
  /** Changes from that day on; without it, since the beginning of last month. */
  since: WorkDate.optional(),
});
export type SiteQuery = z.infer<typeof SiteQuery>;

/** Lists rest on the registry alone: no date is needed, and one is the least that can be asked for. */
export const noAttendance = () => ({ from: workDate('1970-01-01'), to: workDate('1970-01-01') });

export const sinceOf = ({ since }: SiteQuery, asOf: WorkDate): WorkDate =>
  since ?? firstDateOf(addMonths(monthOf(asOf), -1));

/** Who the paper is for. An orderer's name stands once, however many contracts it has there. */
export const siteAddressee = (
  index: RegistryIndex,
  { siteId, copy }: SiteQuery,
  site: RegistryRow<'sites'>,
): Pick<DocumentModel, 'addressee'> => {
  if (copy === 'prime') return { addressee: toCompany(index, site.primeId) };
  const orderers = new Set(index.contractsBySite.get(siteId)?.map((row) => row.ordererName));
  return orderers.size === 0 ? {} : { addressee: `${[...orderers].join('、')} 様` };
};

export const siteFactsJa = (
  index: RegistryIndex,
  site: RegistryRow<'sites'>,
  asOf: WorkDate,
): readonly Fact[] => {
  const contracts = index.contractsBySite.get(site.siteId) ?? [];
  return [
    { label: '現場', kind: 'text', value: site.name },
    { label: '現場ID', kind: 'id', value: site.siteId },
    { label: '工事', kind: 'text', value: contracts.map(({ name }) => name).join('、') },
    {
      label: '発注者',
      kind: 'text',
      value: [...new Set(contracts.map(({ ordererName }) => ordererName))].join('、'),
    },
    { label: '元請', kind: 'text', value: companyName(index, site.primeId) },
    { label: '現在', kind: 'date', value: asOf },
  ];
};
