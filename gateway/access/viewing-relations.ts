/** How viewer, worker, company, site and contract stand to each other on a date: what viewing rests on. */
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import { contractFor, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

/** Whom and what a row is about, as far as it says. */
export interface ViewedSubject {
  readonly workerId?: string | undefined;
  readonly companyId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly contractId?: string | undefined;
}

/** Rows of an id that came from outside: an id of no one has none. */
export const rowsOf = <Key extends string, Row>(
  rows: ReadonlyMap<Key, readonly Row[]>,
  id: string,
): readonly Row[] => rows.get(id as Key) ?? [];

/** The site of a row, also through its contract. */
export const siteOf = (
  index: RegistryIndex,
  { siteId, contractId }: ViewedSubject,
): RegistryRow<'sites'> | undefined => {
  const contract = contractId === undefined ? undefined : index.contractById.get(contractId);
  // A row that names a contract of another site than its own is nobody's.
  if (contract !== undefined && siteId !== undefined && contract.siteId !== siteId)
    return undefined;
  const id = siteId ?? contract?.siteId;
  return id === undefined ? undefined : index.siteById.get(id as RegistryRow<'sites'>['siteId']);
};

export const assignmentRowOn = (
  index: RegistryIndex,
  siteId: string,
  workerId: string,
  date: WorkDate,
): RegistryRow<'assignments'> | undefined =>
  rowsOf(index.assignmentsByWorker, workerId).find(
    (row) => row.siteId === siteId && isValidOn(row, date),
  );

/** Today's assignments of the worker on active sites which the viewer may call its own. */
export const activeSitesOf = (
  index: RegistryIndex,
  workerId: string,
  today: WorkDate,
  isOwn: (row: RegistryRow<'assignments'>) => boolean,
): readonly RegistryRow<'assignments'>[] =>
  rowsOf(index.assignmentsByWorker, workerId).filter((row) => {
    const site = index.siteById.get(row.siteId);
    return site !== undefined && isValidOn(site, today) && isValidOn(row, today) && isOwn(row);
  });

/** Whether `upperId` stands anywhere above `lowerId` in the 施工体制 of that site and date. */
export const isLowerTier = (
  index: RegistryIndex,
  siteId: string,
  { lowerId, upperId, date }: { lowerId: string; upperId: string; date: WorkDate },
): boolean => {
  const uppers = Map.groupBy(
    rowsOf(index.organisationBySite, siteId).filter((row) => isValidOn(row, date)),
    ({ companyId }): string => companyId,
  );
  // Two companies above one are possible: each of them is above.
  const above = new Set<string>([lowerId]);
  for (const at of above)
    for (const { upperId: next } of uppers.get(at) ?? []) {
      if (next === upperId) return true;
      if (next !== undefined) above.add(next);
    }
  return false;
};

/** The contract that a row is of; every contract of its site where it does not say. */
export const contractsOf = (
  index: RegistryIndex,
  subject: ViewedSubject,
  date: WorkDate,
): readonly RegistryRow<'contracts'>[] => {
  const site = siteOf(index, subject);
  if (site === undefined) return [];
  const ofSite = index.contractsBySite.get(site.siteId) ?? [];
  if (subject.contractId !== undefined)
    return ofSite.filter(({ contractId }) => contractId === subject.contractId);
  const companyId =
    subject.companyId ??
    (subject.workerId === undefined
      ? undefined
      : assignmentRowOn(index, site.siteId, subject.workerId, date)?.companyId);
  const contract =
    companyId === undefined
      ? undefined
      : contractFor(index, site.siteId, companyId as RegistryRow<'companies'>['companyId'], date);
  return contract === undefined ? ofSite : [contract];
};
