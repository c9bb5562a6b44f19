/**
 * Validity intervals of the registry that contradict each other: two answers to one question on one date.
 *
 * What everyday business has stays importable: two employers at once, a worker of two companies on one
 * site, insurance known from CCUS and from paper.
 */
import type { Dated } from '../../../shared/time.ts';
import type { FaultList } from '../../fault-list.ts';
import { type DraftRegistry, type DraftRows, soundRows } from '../draft-registry.ts';
import type { RegistryTable } from '../registry-document.ts';

type AnyRow = Dated & Readonly<Record<string, unknown>>;
const rowsOf = (rows: DraftRows, table: RegistryTable): readonly AnyRow[] =>
  // A consent's `to` is its recipient and no date; it is not looked at here.
  rows[table] as readonly AnyRow[];

export const reversedIntervals = ({ rows }: DraftRegistry, faults: FaultList): void => {
  for (const table of Object.keys(rows) as RegistryTable[]) {
    if (table === 'consents') continue;
    for (const [index, { from, to }] of rowsOf(rows, table).entries()) {
      if (from !== undefined && to !== undefined && from > to)
        faults.add(`/${table}/${index}/to`, `${to} is before from ${from}`);
    }
  }
};

interface OneAtATime {
  readonly table: RegistryTable;
  /** Rows that agree in these must not hold on one date. */
  readonly fields: readonly string[];
  readonly says: string;
}

const ONE_AT_A_TIME: readonly OneAtATime[] = [
  // A touch must never have two owners.
  { table: 'cards', fields: ['cardId'], says: 'is held at the same time by' },
  {
    table: 'employments',
    fields: ['workerId', 'companyId'],
    says: 'is employed by the same company at the same time in',
  },
  {
    table: 'insurance',
    fields: ['workerId', 'source'],
    says: 'is insured otherwise at the same time in',
  },
  {
    table: 'assignments',
    fields: ['siteId', 'workerId', 'companyId'],
    says: 'is assigned for the same company at the same time in',
  },
  {
    table: 'organisation',
    fields: ['siteId', 'companyId', 'upperId', 'contractId'],
    says: 'stands under the same company at the same time in',
  },
  // One question, one date, one rule.
  { table: 'payGuidelines', fields: ['trade', 'level'], says: 'holds at the same time as' },
  { table: 'levelCriteria', fields: ['trade', 'level'], says: 'holds at the same time as' },
  { table: 'assessments', fields: ['body', 'block'], says: 'holds at the same time as' },
  { table: 'surcharges', fields: ['workerId', 'companyId'], says: 'holds at the same time as' },
  { table: 'contributionReadings', fields: [], says: 'holds at the same time as' },
  { table: 'incentives', fields: ['authority'], says: 'holds at the same time as' },
];

const EVER: string = '9999-99-99';

/** In order of their beginning, each is held against the one that lasts longest so far: no pairs. */
const overlapsOf = (
  rows: readonly AnyRow[],
  indexes: readonly number[],
  found: (index: number, other: number) => void,
): void => {
  const fromOf = (index: number): string => rows[index]?.from ?? '';
  const sorted = indexes.toSorted((a, b) =>
    fromOf(a) < fromOf(b) ? -1 : fromOf(a) > fromOf(b) ? 1 : a - b,
  );
  let lasting: { readonly index: number; readonly to: string } | undefined;
  for (const index of sorted) {
    const to = rows[index]?.to ?? EVER;
    if (lasting !== undefined && fromOf(index) <= lasting.to) {
      found(Math.max(index, lasting.index), Math.min(index, lasting.index));
    }
    if (lasting === undefined || to > lasting.to) lasting = { index, to };
  }
};

const overlapsIn = (draft: DraftRegistry, rule: OneAtATime, faults: FaultList): void => {
  const { table, fields, says } = rule;
  const rows = rowsOf(draft.rows, table);
  // A row of which an end is not known may hold for ever or not at all.
  const sound = [...soundRows(draft, table)].map(([index]) => index);
  const groups = Map.groupBy(sound, (index) =>
    fields.map((field) => String(rows[index]?.[field] ?? '')).join(' '),
  );
  for (const indexes of groups.values()) {
    if (indexes.length < 2) continue;
    overlapsOf(rows, indexes, (index, other) =>
      faults.add(`/${table}/${index}`, `${says} /${table}/${other}`),
    );
  }
};

/** One check a table, so that they can be taken in turns. */
export const overlappingIntervals = ONE_AT_A_TIME.map(
  (rule) =>
    (draft: DraftRegistry, faults: FaultList): void =>
      overlapsIn(draft, rule, faults),
);

/** Work before birth is a mistyped date. The date of birth itself is nobody's business here. */
export const beforeBirth = ({ rows }: DraftRegistry, faults: FaultList): void => {
  const birthByWorker = new Map(rows.workers.map((row) => [row.workerId, row.birthDate]));
  for (const table of ['employments', 'assignments'] as const) {
    for (const [index, { workerId, from }] of rows[table].entries()) {
      const birth = workerId === undefined ? undefined : birthByWorker.get(workerId);
      if (from !== undefined && birth !== undefined && from < birth)
        faults.add(`/${table}/${index}/from`, `${from} is before the worker was born`);
    }
  }
};
