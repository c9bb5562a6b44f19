/**
 * The figures of a run (充当の数字): what a person sees before confirming, and what is kept with the run as it
 * was seen.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { accountKey, accountOf } from '../policies/allocation-accounts.ts';
import { ALLOCATION_FINDINGS } from '../policies/allocation-findings.ts';
import { type AllocationPlan, type AllocationRow, yenOfRow } from '../policies/allocation-run.ts';
import { notPayableCounts } from '../policies/contract-use.ts';
import type { Contribution } from '../policies/contribution.ts';
import { NOT_PAYABLES, workedDayKey } from '../policies/not-payable.ts';

const Method = z.enum(['points', 'stamps']);
const Colour = z.enum(['red', 'blue']);
const Account = {
  method: Method,
  /** Of stamps: which book. */
  valueYen: z.int().optional(),
  colour: Colour.optional(),
};

const Figures = z.object({
  workers: z.int(),
  /** Days of the month itself, days that came late, days that are taken back (below 0), all together. */
  regularDays: z.int(),
  additionDays: z.int(),
  reversalDays: z.int(),
  days: z.int(),
  /** Of the days, those of first books that the state pays. */
  exemptDays: z.int(),
  yen: z.int(),
  companies: z
    .array(
      z.object({
        companyId: z.string(),
        method: Method,
        workers: z.int(),
        days: z.int(),
        yen: z.int(),
      }),
    )
    .readonly(),
  balances: z
    .array(
      z.object({
        ...Account,
        purchasedYen: z.int(),
        usedYen: z.int(),
        beforeYen: z.int(),
        allocatedYen: z.int(),
        afterYen: z.int(),
        short: z
          .object({ days: z.int(), yen: z.int(), missingYen: z.int(), from: z.string() })
          .optional(),
      }),
    )
    .readonly(),
  /** Owed and not in the run, by reason. */
  held: z
    .array(
      z.object({
        reason: z.enum(['short', 'member-no-shared', 'allocated-elsewhere']),
        days: z.int(),
        workers: z.int(),
        from: z.string(),
      }),
    )
    .readonly(),
  /** Worked days that cannot be paid, by reason. */
  notPayable: z.partialRecord(z.enum(NOT_PAYABLES), z.int()),
  jointVenture: z
    .array(
      z.object({
        companyId: z.string(),
        sharePercent: z.int(),
        days: z.int(),
        yen: z.int(),
        purchasedYen: z.int(),
      }),
    )
    .readonly(),
  forecasts: z
    .array(
      z.object({
        ...Account,
        basis: z.enum(['planned-days', 'recent-pace']),
        leftYen: z.int(),
        expectedYen: z.int(),
        spanDays: z.int(),
        until: z.string(),
        runsOutOn: z.string().optional(),
        missingYen: z.int(),
        missingDays: z.int(),
      }),
    )
    .readonly(),
  findings: z
    .array(
      z.object({
        id: z.enum(ALLOCATION_FINDINGS),
        place: z.string(),
        mendedBy: z.enum(['prime', 'employer']),
        textJa: z.string(),
      }),
    )
    .readonly(),
});
/** Stored with the run and read back through this very schema. */
export const AllocationFigures = Figures;
export type AllocationFigures = z.infer<typeof AllocationFigures>;

/** What the run's hash covers: each row as a JSON list in this order, one a line. */
const rowText = (row: AllocationRow): string =>
  JSON.stringify([
    row.kind,
    row.reason ?? null,
    row.workerId,
    row.companyId,
    row.siteId ?? null,
    row.workDate,
    row.method,
    row.colour,
    row.dayYen,
    row.days,
    row.exemptDays,
  ]);

/** SHA-256 of the rows, lower-case hex. */
export const rowsSha256 = (rows: readonly AllocationRow[]): string =>
  hash('sha256', rows.map(rowText).join('\n'));

const daysOf = (rows: readonly AllocationRow[], kind?: AllocationRow['kind']): number =>
  rows.reduce((sum, row) => (kind === undefined || row.kind === kind ? sum + row.days : sum), 0);

const yenOf = (rows: readonly AllocationRow[]): number =>
  rows.reduce((sum, row) => sum + yenOfRow(row), 0);

const workersOf = (rows: readonly { readonly workerId: string }[]): number =>
  new Set(rows.map(({ workerId }) => workerId)).size;

/** Days that points pay in the run, by what a day costs. */
export const pointDaysByYen = (rows: readonly AllocationRow[]): ReadonlyMap<number, number> => {
  const days = new Map<number, number>();
  for (const row of rows)
    if (row.method === 'points') days.set(row.dayYen, (days.get(row.dayYen) ?? 0) + row.days);
  return days;
};

type DayKey = Pick<Contribution, 'workerId' | 'companyId' | 'workDate'>;

/** What is owed and not paid, by account. `paid`: days that stand allocated or that a run allocates. */
export const openYenByAccount = (
  contributions: readonly Contribution[],
  paid: readonly DayKey[],
): ReadonlyMap<string, number> => {
  const isPaid = new Set(paid.map(workedDayKey));
  const open = new Map<string, number>();
  for (const row of contributions) {
    const { method = 'points', colour, rate, yen } = row;
    if (row.days === 0 || isPaid.has(workedDayKey(row))) continue;
    const key = accountKey(accountOf({ method, colour, dayYen: rate.yen }));
    open.set(key, (open.get(key) ?? 0) + yen);
  }
  return open;
};

export const allocationFigures = (
  { rows, held, balances }: AllocationPlan,
  beside: Pick<AllocationFigures, 'jointVenture' | 'forecasts' | 'findings'> & {
    readonly contributions: readonly Contribution[];
  },
): AllocationFigures => {
  const { contributions, ...rest } = beside;
  return {
    workers: workersOf(rows),
    regularDays: daysOf(rows, 'regular'),
    additionDays: daysOf(rows, 'addition'),
    reversalDays: daysOf(rows, 'reversal'),
    days: daysOf(rows),
    exemptDays: rows.reduce((sum, row) => sum + row.exemptDays, 0),
    yen: yenOf(rows),
    companies: [...Map.groupBy(rows, ({ companyId, method }) => `${companyId} ${method}`).values()]
      .flatMap((of) =>
        of[0] === undefined
          ? []
          : [
              {
                companyId: of[0].companyId,
                method: of[0].method,
                workers: workersOf(of),
                days: daysOf(of),
                yen: yenOf(of),
              },
            ],
      )
      .sort((a, b) => (a.companyId < b.companyId ? -1 : 1)),
    balances,
    held: [...Map.groupBy(held, ({ reason }) => reason)].map(([reason, of]) => ({
      reason,
      days: of.reduce((sum, row) => sum + row.days, 0),
      workers: workersOf(of),
      from: of.map(({ workDate }) => workDate).sort()[0] ?? '',
    })),
    notPayable: notPayableCounts(contributions),
    ...rest,
  };
};
