/** How documents call what the registry names by number (名称); the number itself where nothing is known. */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { RegistryIndex } from '../registry/registry.ts';

export const companyName = (index: RegistryIndex, companyId: CompanyId): string =>
  index.companyById.get(companyId)?.name ?? companyId;

export const siteName = (index: RegistryIndex, siteId: SiteId): string =>
  index.siteById.get(siteId)?.name ?? siteId;

export const workerName = (index: RegistryIndex, workerId: WorkerId): string =>
  index.workerById.get(workerId)?.name ?? workerId;

export const memberNoOf = (index: RegistryIndex, workerId: WorkerId): string | undefined =>
  index.workerById.get(workerId)?.memberNo;

/** The company as a document's issuer: name, then its numbers, one a line. */
export const issuerLines = (index: RegistryIndex, companyId: CompanyId): readonly string[] => {
  const contractorNo = index.companyById.get(companyId)?.contractorNo;
  return [
    companyName(index, companyId),
    `事業者ID ${companyId}`,
    ...(contractorNo === undefined ? [] : [`共済契約者番号 ${contractorNo}`]),
  ];
};

/** `宛先 御中` */
export const toCompany = (index: RegistryIndex, companyId: CompanyId): string =>
  `${companyName(index, companyId)} 御中`;

/** `元請`, `1次下請`…: 1 is the 元請 itself. */
export const tierJa = (tier: number | undefined): string => {
  if (tier === undefined) return '元請につながっていない';
  return tier === 1 ? '元請' : `${tier - 1}次下請`;
};
