/** What a worker has earned (技能者ごとの掛金): by contract and month, in total, and in the present book. */
import type { CompanyId, WorkerId } from '../../shared/ids.ts';
import { type Month, monthOf, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { type BookletProgress, bookletProgress } from './booklet.ts';
import type { Contribution } from './contribution.ts';

export interface WorkerMonth {
  readonly workerId: WorkerId;
  readonly month: Month;
  readonly companyId: CompanyId;
  readonly contractId?: string;
  readonly method?: 'points' | 'stamps';
  readonly workedDays: number;
  readonly days: number;
  readonly yen: number;
  readonly dates: readonly {
    readonly date: WorkDate;
    readonly days: number;
    readonly yen: number;
  }[];
}

/** A month with the contributions that it is the sum of, in order of date. */
export interface ReasonedWorkerMonth {
  readonly month: WorkerMonth;
  readonly contributions: readonly Contribution[];
}

export const reasonedWorkerMonths = (
  contributions: readonly Contribution[],
): readonly ReasonedWorkerMonth[] =>
  [
    ...Map.groupBy(
      contributions,
      ({ workerId, workDate, companyId, contractId, method }) =>
        `${workerId} ${monthOf(workDate)} ${companyId} ${contractId} ${method}`,
    ).values(),
  ].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const rows = of.toSorted((a, b) => (a.workDate < b.workDate ? -1 : 1));
    const dates = rows.map(({ workDate, days, yen }) => ({ date: workDate, days, yen }));
    const month = {
      workerId: first.workerId,
      month: monthOf(first.workDate),
      companyId: first.companyId,
      ...(first.contractId === undefined ? {} : { contractId: first.contractId }),
      ...(first.method === undefined ? {} : { method: first.method }),
      workedDays: rows.length,
      days: dates.reduce((sum, { days }) => sum + days, 0),
      yen: dates.reduce((sum, { yen }) => sum + yen, 0),
      dates,
    };
    return [{ month, contributions: rows }];
  });

/** The months alone. */
export const workerMonths = (contributions: readonly Contribution[]): readonly WorkerMonth[] =>
  reasonedWorkerMonths(contributions).map(({ month }) => month);

/** `stamps` and `exemptDays` are those of the days that stamps pay; points pay every day of a first book. */
export interface PresentBooklet extends BookletProgress {
  readonly number: number;
  readonly issuedOn: WorkDate;
  /** The work date on which the 250th day came in. */
  readonly filledOn?: WorkDate;
}

/** The book that is open, as far as it is registered. `contributions`: all of that worker. */
export const presentBooklet = (
  { bookletsByWorker }: Pick<RegistryIndex, 'bookletsByWorker'>,
  workerId: WorkerId,
  contributions: readonly Contribution[],
): PresentBooklet | undefined => {
  const book = bookletsByWorker
    .get(workerId)
    ?.filter(({ closedOn }) => closedOn === undefined)
    .toSorted((a, b) => a.number - b.number)
    .at(-1);
  if (book === undefined) return undefined;
  const { number, issuedOn, daysBefore = 0 } = book;
  let total = daysBefore;
  let byStamps = daysBefore;
  let filledOn: WorkDate | undefined;
  for (const { workDate, days, method } of contributions
    .filter((row) => row.workDate >= issuedOn)
    .toSorted((a, b) => (a.workDate < b.workDate ? -1 : 1))) {
    total += days;
    if (method === 'stamps') byStamps += days;
    if (filledOn === undefined && days > 0 && bookletProgress(number, total).daysLeft === 0)
      filledOn = workDate;
  }
  const { stamps, exemptDays } = bookletProgress(number, byStamps);
  return {
    number,
    issuedOn,
    ...bookletProgress(number, total),
    stamps,
    exemptDays,
    ...(filledOn === undefined ? {} : { filledOn }),
  };
};
