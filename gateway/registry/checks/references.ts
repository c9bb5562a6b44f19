/** Rows of the registry that name what is not there, or stand twice where one fact can stand once only. */
import type { FaultList } from '../../fault-list.ts';
import {
  type DraftRegistry,
  type DraftRows,
  ID_FIELDS,
  knownIn,
  type NamedTable,
  soundRows,
} from '../draft-registry.ts';
import type { RegistryTable } from '../registry-document.ts';
import { naturalKey } from '../registry-keys.ts';

type AnyRow = Readonly<Record<string, unknown>>;
const rowsOf = (rows: DraftRows, table: RegistryTable): readonly AnyRow[] => rows[table];

/** Fields that must name a row of another table. */
const REFERENCES: readonly { readonly field: string; readonly to: NamedTable }[] = [
  { field: 'companyId', to: 'companies' },
  { field: 'primeId', to: 'companies' },
  { field: 'upperId', to: 'companies' },
  { field: 'toCompanyId', to: 'companies' },
  { field: 'workerId', to: 'workers' },
  { field: 'siteId', to: 'sites' },
  { field: 'contractId', to: 'contracts' },
];

export const doubledIds = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const [table, field] of Object.entries(ID_FIELDS) as [NamedTable, string][]) {
    const firstAt = new Map<unknown, number>();
    for (const [index, row] of rowsOf(rows, table).entries()) {
      const id = row[field];
      if (id === undefined) continue;
      const first = firstAt.get(id);
      if (first === undefined) firstAt.set(id, index);
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

export const doubledFacts = (draft: DraftRegistry, faults: FaultList): void => {
  for (const table of ONE_FACT_PER_KEY) {
    const firstAt = new Map<string, number>();
    for (const [index, row] of soundRows(draft, table)) {
      const key = naturalKey(table, row);
      const first = firstAt.get(key);
      if (first === undefined) firstAt.set(key, index);
      else faults.add(`/${table}/${index}`, `says again what /${table}/${first} says`);
    }
  }
};

export const danglingReferences = (draft: DraftRegistry, faults: FaultList): void => {
  const { rows } = draft;
  for (const { field, to } of REFERENCES) {
    const isKnown = knownIn(draft, to);
    for (const table of Object.keys(rows) as RegistryTable[]) {
      if (to === table) continue;
      for (const [index, row] of rowsOf(rows, table).entries()) {
        const value = row[field];
        if (value !== undefined && !isKnown(value))
          faults.add(`/${table}/${index}/${field}`, `${value} is not in ${to}`);
      }
    }
  }
};

/** A company has one exception in a contract: two would be two methods for one day. */
export const contractExceptions = (draft: DraftRegistry, faults: FaultList): void => {
  const isKnown = knownIn(draft, 'companies');
  for (const [index, { exceptions = [] }] of draft.rows.contracts.entries()) {
    const seen = new Set<string>();
    for (const [at, { companyId }] of exceptions.entries()) {
      const place = `/contracts/${index}/exceptions/${at}/companyId`;
      if (!isKnown(companyId)) faults.add(place, `${companyId} is not in companies`);
      if (seen.has(companyId)) faults.add(place, `${companyId} stands here twice`);
      seen.add(companyId);
    }
  }
};

/** A company works at a site under a contract of that site. */
export const contractsOfOtherSites = ({ rows }: DraftRegistry, faults: FaultList): void => {
  const siteByContract = new Map(
    rows.contracts.map(({ contractId, siteId }) => [contractId, siteId]),
  );
  for (const [index, { contractId, siteId }] of rows.organisation.entries()) {
    const of = contractId === undefined ? undefined : siteByContract.get(contractId);
    if (of !== undefined && siteId !== undefined && of !== siteId)
      faults.add(`/organisation/${index}/contractId`, `${contractId} is a contract of site ${of}`);
  }
};
