/**
 * Natural keys of the registry (台帳の主キー): by which fields a person outside tells one row from another.
 *
 * Two rows of one key are two versions of the same fact where one registry is held against another. Within
 * one registry a key may stand twice only where the facts allow it; that is for `parse-registry.ts` to say.
 */
import type { RegistryRow, RegistryTable } from './registry-document.ts';

type KeyFields = { readonly [Table in RegistryTable]: readonly (keyof RegistryRow<Table>)[] };

/** An interval is known by its beginning, so that closing one is a change of it and not another. */
export const NATURAL_KEYS: KeyFields = {
  companies: ['companyId'],
  workers: ['workerId'],
  cards: ['cardId', 'workerId', 'from'],
  employments: ['workerId', 'companyId', 'from'],
  insurance: ['workerId', 'from'],
  insuranceReasons: ['siteId', 'workerId', 'reason', 'from'],
  qualifications: ['workerId', 'code', 'from'],
  sites: ['siteId'],
  contracts: ['contractId'],
  organisation: ['siteId', 'companyId', 'from'],
  assignments: ['siteId', 'workerId', 'companyId', 'from'],
  headcounts: ['siteId', 'companyId', 'date'],
  leave: ['workerId', 'companyId', 'date'],
  approvals: ['workerId', 'workDate', 'at'],
  purchases: ['contractId', 'method', 'colour', 'date'],
  stampIssues: ['contractId', 'toCompanyId', 'date'],
  corrections: ['siteId', 'workerId', 'workDate', 'kind', 'recordedAt'],
  consents: ['workerId', 'to', 'from'],
  payGuidelines: ['trade', 'level', 'from'],
  labourQuotes: ['siteId', 'companyId', 'date'],
  levelCriteria: ['trade', 'level', 'from'],
  careerDays: ['workerId', 'trade', 'asOf'],
  overtimeExemptions: ['siteId', 'from'],
  companyFacts: ['companyId', 'block', 'item', 'from'],
  assessments: ['body', 'block', 'from'],
  incentives: ['authority', 'from'],
  surcharges: ['workerId', 'companyId', 'from'],
  booklets: ['workerId', 'number'],
  stampExchanges: ['contractId', 'companyId', 'colour', 'date'],
  contributionReadings: ['from'],
  ordererProfiles: ['profileId'],
};

/** The key of a row as one text; an absent field is its empty part. */
export const naturalKey = (table: RegistryTable, row: object): string => {
  const fields: Readonly<Record<string, unknown>> = { ...row };
  return NATURAL_KEYS[table].map((field) => String(fields[field] ?? '')).join('\u0000');
};
