/**
 * Reads a registry document: whole or not at all, every fault named at once. First those of shape, then,
 * in a sound document, those between tables: rows that name what is not there, stand twice, end before
 * they begin, or give one card to two people at once.
 */
import { type Fault, faultsOf, type Result } from '../shared/result.ts';
import type { Dated } from '../shared/time.ts';
import { labourTableFaults } from './labour-table-faults.ts';
import { type Registry, RegistryDocument, type RegistryTable } from './registry-document.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** The field that is a table's key, where it has one. */
const KEY_FIELDS = [
  ['companies', 'companyId'],
  ['workers', 'workerId'],
  ['sites', 'siteId'],
  ['contracts', 'contractId'],
] as const;

/** Fields that must name a row of another table. */
const REFERENCES: readonly { readonly field: string; readonly to: (typeof KEY_FIELDS)[number] }[] =
  [
    { field: 'companyId', to: ['companies', 'companyId'] },
    { field: 'primeId', to: ['companies', 'companyId'] },
    { field: 'upperId', to: ['companies', 'companyId'] },
    { field: 'toCompanyId', to: ['companies', 'companyId'] },
    { field: 'workerId', to: ['workers', 'workerId'] },
    { field: 'siteId', to: ['sites', 'siteId'] },
    { field: 'contractId', to: ['contracts', 'contractId'] },
  ];

const rowsOf = (registry: Registry, table: RegistryTable): readonly AnyRow[] => registry[table];

const doubledKeys = (registry: Registry): readonly Fault[] =>
  KEY_FIELDS.flatMap(([table, field]) => {
    const firstAt = new Map<unknown, number>();
    return rowsOf(registry, table).flatMap((row, index) => {
      const first = firstAt.get(row[field]);
      if (first === undefined) {
        firstAt.set(row[field], index);
        return [];
      }
      return [
        { place: `/${table}/${index}/${field}`, message: `stands at /${table}/${first} already` },
      ];
    });
  });

const danglingReferences = (registry: Registry): readonly Fault[] => {
  const known = new Map(
    KEY_FIELDS.map(([table, field]) => [
      table,
      new Set(rowsOf(registry, table).map((row) => row[field])),
    ]),
  );
  const tables = Object.keys(registry) as RegistryTable[];
  return tables.flatMap((table) =>
    REFERENCES.filter(({ to }) => !(to[0] === table)).flatMap(({ field, to }) =>
      rowsOf(registry, table).flatMap((row, index) => {
        const value = row[field];
        return value === undefined || known.get(to[0])?.has(value)
          ? []
          : [{ place: `/${table}/${index}/${field}`, message: `${value} is not in ${to[0]}` }];
      }),
    ),
  );
};

const unknownExceptionCompanies = ({ contracts, companies }: Registry): readonly Fault[] => {
  const known = new Set(companies.map(({ companyId }) => companyId));
  return contracts.flatMap(({ exceptions = [] }, index) =>
    exceptions.flatMap(({ companyId }, at) =>
      known.has(companyId)
        ? []
        : [
            {
              place: `/contracts/${index}/exceptions/${at}/companyId`,
              message: `${companyId} is not in companies`,
            },
          ],
    ),
  );
};

const reversedIntervals = (registry: Registry): readonly Fault[] =>
  (Object.keys(registry) as RegistryTable[]).flatMap((table) =>
    rowsOf(registry, table).flatMap(({ from, to }, index) =>
      typeof from === 'string' && typeof to === 'string' && from > to
        ? [{ place: `/${table}/${index}/to`, message: `${to} is before from ${from}` }]
        : [],
    ),
  );

const overlaps = (a: Dated, b: Dated): boolean =>
  (a.from === undefined || b.to === undefined || a.from <= b.to) &&
  (b.from === undefined || a.to === undefined || b.from <= a.to);

/** A card is one person's at a time: a touch must never have two owners. */
const doubleHoldings = ({ cards }: Registry): readonly Fault[] => {
  const holdingsByCard = new Map<string, { readonly row: Dated; readonly index: number }[]>();
  const faults: Fault[] = [];
  for (const [index, row] of cards.entries()) {
    const holdings = holdingsByCard.get(row.cardId) ?? [];
    const other = holdings.find((holding) => overlaps(holding.row, row));
    if (other !== undefined) {
      faults.push({
        place: `/cards/${index}`,
        message: `is held at the same time by /cards/${other.index}`,
      });
    }
    holdings.push({ row, index });
    holdingsByCard.set(row.cardId, holdings);
  }
  return faults;
};

const referenceFaults = (registry: Registry): readonly Fault[] => [
  ...doubledKeys(registry),
  ...danglingReferences(registry),
  ...unknownExceptionCompanies(registry),
  ...reversedIntervals(registry),
  ...doubleHoldings(registry),
  ...labourTableFaults(registry),
];

/** Reads a document from outside; places are JSON pointers. */
export const parseRegistryDocument = (json: unknown): Result<Registry> => {
  const parsed = RegistryDocument.safeParse(json);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error.issues) };
  const faults = referenceFaults(parsed.data);
  return faults.length === 0 ? { ok: true, value: parsed.data } : { ok: false, faults };
};
