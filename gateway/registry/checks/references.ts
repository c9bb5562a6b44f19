/** Rows of the registry that name what is not there, or stand twice where one fact can stand once only. */
import type { FaultList } from '../../fault-list.ts';
import type { Registry, RegistryTable } from '../registry-document.ts';
import { naturalKey } from '../registry-keys.ts';

type AnyRow = Readonly<Record<string, unknown>>;
const rowsOf = (registry: Registry, table: RegistryTable): readonly AnyRow[] => registry[table];

/** The field that other tables name a row by, where there is one. */
const ID_FIELDS = [
  ['companies', 'companyId'],
  ['workers', 'workerId'],
  ['sites', 'siteId'],
  ['contracts', 'contractId'],
] as const;

/** Fields that must name a row of another table. */
const REFERENCES: readonly { readonly field: string; readonly to: (typeof ID_FIELDS)[number] }[] = [
  { field: 'companyId', to: ['companies', 'companyId'] },
  { field: 'primeId', to: ['companies', 'companyId'] },
  { field: 'upperId', to: ['companies', 'companyId'] },
  { field: 'toCompanyId', to: ['companies', 'companyId'] },
  { field: 'workerId', to: ['workers', 'workerId'] },
  { field: 'siteId', to: ['sites', 'siteId'] },
  { field: 'contractId', to: ['contracts', 'contractId'] },
];

export const doubledIds = (registry: Registry, faults: FaultList): void => {
  for (const [table, field] of ID_FIELDS) {
    const firstAt = new Map<unknown, number>();
    for (const [index, row] of rowsOf(registry, table).entries()) {
      const first = firstAt.get(row[field]);
      if (first === undefined) firstAt.set(row[field], index);
      else faults.add(`/${table}/${index}/${field}`, `stands at /${table}/${first} already`);
    }
  }
};

/**
 * Tables in which one natural key is one fact, so that a second row would count a day twice or leave open
 * which of two numbers holds. Purchases and stamps bought twice on one day are two purchases.
 */
const ONE_FACT_PER_KEY = [
  'headcounts',
  'leave',
  'approvals',
  'booklets',
  'ordererProfiles',
] as const;

export const doubledFacts = (registry: Registry, faults: FaultList): void => {
  for (const table of ONE_FACT_PER_KEY) {
    const firstAt = new Map<string, number>();
    for (const [index, row] of rowsOf(registry, table).entries()) {
      const key = naturalKey(table, row);
      const first = firstAt.get(key);
      if (first === undefined) firstAt.set(key, index);
      else faults.add(`/${table}/${index}`, `says again what /${table}/${first} says`);
    }
  }
};

export const danglingReferences = (registry: Registry, faults: FaultList): void => {
  const known = new Map(
    ID_FIELDS.map(([table, field]) => [
      table,
      new Set(rowsOf(registry, table).map((row) => row[field])),
    ]),
  );
  for (const table of Object.keys(registry) as RegistryTable[]) {
    for (const { field, to } of REFERENCES) {
      if (to[0] === table) continue;
      for (const [index, row] of rowsOf(registry, table).entries()) {
        const value = row[field];
        if (value !== undefined && !known.get(to[0])?.has(value))
          faults.add(`/${table}/${index}/${field}`, `${value} is not in ${to[0]}`);
      }
    }
  }
};

/** A company has one exception in a contract: two would be two methods for one day. */
export const contractExceptions = ({ contracts, companies }: Registry, faults: FaultList): void => {
  const known = new Set(companies.map(({ companyId }) => companyId));
  for (const [index, { exceptions = [] }] of contracts.entries()) {
    const seen = new Set<string>();
    for (const [at, { companyId }] of exceptions.entries()) {
      const place = `/contracts/${index}/exceptions/${at}/companyId`;
      if (!known.has(companyId)) faults.add(place, `${companyId} is not in companies`);
      if (seen.has(companyId)) faults.add(place, `${companyId} stands here twice`);
      seen.add(companyId);
    }
  }
};

/** A company works at a site under a contract of that site. */
export const contractsOfOtherSites = (
  { organisation, contracts }: Registry,
  faults: FaultList,
): void => {
  const siteByContract = new Map(contracts.map(({ contractId, siteId }) => [contractId, siteId]));
  for (const [index, { contractId, siteId }] of organisation.entries()) {
    const of = contractId === undefined ? undefined : siteByContract.get(contractId);
    if (of !== undefined && of !== siteId)
      faults.add(`/organisation/${index}/contractId`, `${contractId} is a contract of site ${of}`);
  }
};
