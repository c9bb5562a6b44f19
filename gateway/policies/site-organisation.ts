/**
 * 施工体制: the companies of a site from the 元請 down, as of a date, and what changed when.
 *
 * A company whose upper tiers do not lead to the 元請 is listed behind the others without a tier, never
 * left out. Source: 建設業法第24条の8 (施工体制台帳・施工体系図).
 */
import type { CompanyId, SiteId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { type DatedChange, datedChanges } from './dated-changes.ts';
import { tierOf } from './site-roster.ts';

type Organisation = RegistryRow<'organisation'>;

export interface OrganisationEntry extends Organisation {
  /** 1 = 元請, 2 = 一次下請… */
  readonly tier?: number;
  /** Workers on the list of the site under that company. */
  readonly workers: number;
}

/** Depth first, so that every company stands below the one that it works for. */
export const siteOrganisation = (
  index: RegistryIndex,
  siteId: SiteId,
  date: WorkDate,
): readonly OrganisationEntry[] => {
  const rows = (index.organisationBySite.get(siteId) ?? []).filter((row) => isValidOn(row, date));
  const assigned = (index.assignmentsBySite.get(siteId) ?? []).filter((row) =>
    isValidOn(row, date),
  );
  const primeId = primeOf(index, siteId);
  const entryOf = (row: Organisation): OrganisationEntry => {
    const tier = tierOf(index, siteId, row.companyId, date);
    const own = assigned.filter(({ companyId }) => companyId === row.companyId);
    return {
      ...row,
      ...(tier === undefined ? {} : { tier }),
      workers: new Set(own.map(({ workerId }) => workerId)).size,
    };
  };
  const listed = new Set<Organisation>();
  const below = (companyId: CompanyId): readonly OrganisationEntry[] =>
    rows
      .filter((row) => row.upperId === companyId && row.companyId !== primeId && !listed.has(row))
      .toSorted((a, b) => (a.companyId < b.companyId ? -1 : 1))
      .flatMap((row) => {
        if (listed.has(row)) return [];
        listed.add(row);
        return [entryOf(row), ...below(row.companyId)];
      });
  const prime = rows.filter((row) => row.companyId === primeId);
  for (const row of prime) listed.add(row);
  const connected = [...prime.map(entryOf), ...(primeId === undefined ? [] : below(primeId))];
  return [...connected, ...rows.filter((row) => !listed.has(row)).map(entryOf)];
};

export interface OrganisationChange {
  readonly date: WorkDate;
  readonly companyId: CompanyId;
  readonly kind: DatedChange<unknown>['kind'];
}

/** One row that follows on another of the same company is a change and no leaving. */
export const organisationChanges = (rows: readonly Organisation[]): readonly OrganisationChange[] =>
  datedChanges(rows, ({ companyId }) => companyId)
    .map(({ date, kind, row: { companyId } }) => ({ date, companyId, kind }))
    .sort((a, b) => (`${a.date} ${a.companyId}` < `${b.date} ${b.companyId}` ? -1 : 1));
