/** Figures of a statement and of an amendment by company (締めの集計): what lists show, without a worker's name. Pure. */
import { z } from 'zod';
import { afterOf, beforeOf, type RowChange } from './amendment.ts';
import type { StatementRow, StatementRows } from './statement-rows.ts';

export const StatementFigures = z.object({
  /** Absent: cards and workers of whom nobody knows the company. */
  companyId: z.string().optional(),
  workers: z.int(),
  attendanceDays: z.int(),
  completeRecords: z.int(),
  contributionDays: z.int(),
  yen: z.int(),
});
export type StatementFigures = z.infer<typeof StatementFigures>;

export const AmendmentFigures = z.object({
  companyId: z.string().optional(),
  added: z.int(),
  changed: z.int(),
  withdrawn: z.int(),
  /** More or fewer than issued before. */
  contributionDays: z.int(),
  yen: z.int(),
});
export type AmendmentFigures = z.infer<typeof AmendmentFigures>;

const companyOf = (row: StatementRow | undefined): string =>
  typeof row?.companyId === 'string' ? row.companyId : '';
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const sumOf = (rows: readonly (StatementRow | undefined)[], field: string): number =>
  rows.reduce((sum, row) => sum + number(row?.[field]), 0);
const named = (companyId: string) => (companyId === '' ? {} : { companyId });

/** In order of company. */
export const statementFigures = (rows: StatementRows): readonly StatementFigures[] => {
  const attendance = Map.groupBy(rows.attendance, companyOf);
  const history = Map.groupBy(rows['work-history'], companyOf);
  const contributions = Map.groupBy(rows.contributions, companyOf);
  const companies = new Set([attendance, history, contributions].flatMap((of) => [...of.keys()]));
  return [...companies].sort().map((companyId) => {
    const days = attendance.get(companyId) ?? [];
    const paid = contributions.get(companyId) ?? [];
    const workers = [...days, ...paid].flatMap(({ workerId }) => workerId ?? []);
    return {
      ...named(companyId),
      workers: new Set(workers).size,
      attendanceDays: days.length,
      completeRecords: (history.get(companyId) ?? []).filter(({ complete }) => complete === true)
        .length,
      contributionDays: sumOf(paid, 'days'),
      yen: sumOf(paid, 'yen'),
    };
  });
};

/** A row that goes from one company to another counts for the one that has it now. */
export const amendmentFigures = (changes: readonly RowChange[]): readonly AmendmentFigures[] => {
  const groups = Map.groupBy(changes, (change) => companyOf(afterOf(change) ?? beforeOf(change)));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([companyId, own]) => {
      const paid = own.filter(({ report }) => report === 'contributions');
      const more = (field: string): number =>
        sumOf(paid.map(afterOf), field) - sumOf(paid.map(beforeOf), field);
      const count = (kind: RowChange['kind']): number =>
        own.filter((change) => change.kind === kind).length;
      return {
        ...named(companyId),
        added: count('added'),
        changed: count('changed'),
        withdrawn: count('withdrawn'),
        contributionDays: more('days'),
        yen: more('yen'),
      };
    });
};
