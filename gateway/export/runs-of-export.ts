/** What runs of 充当 did (充当の記録), by the lines of an export: which months they changed, which days they paid. */
import { type Month, monthOf } from '../../shared/time.ts';
import type { SettledByRun, SettledWork } from '../policies/deadline.ts';
import { workedDayKey } from '../policies/not-payable.ts';
import type { LineOf } from './export-lines.ts';

/** Every run, of whatever number. */
const EVERY_RUN = Number.POSITIVE_INFINITY;

export interface RunsReader {
  readonly take: (line: LineOf<'run'> | LineOf<'allocated'>) => void;
  readonly allocatedBy: SettledWork['allocatedBy'];
  /** Whether the runs up to a number paid a day, whatever the contract. Older exports say no days: none is. */
  readonly isAllocatedBy: (lastRunNo?: number) => SettledWork['isAllocated'];
}

export const createRunsReader = (): RunsReader => {
  const runsByMonth = new Map<string, SettledByRun[]>();
  const daysByKey = new Map<string, { readonly runNo: number; readonly days: number }[]>();

  const addTo = <Value>(map: Map<string, Value[]>, key: string, value: Value): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [value]);
    else known.push(value);
  };
  const takeMonth = (contractId: string, month: Month, run: SettledByRun): void =>
    addTo(runsByMonth, `${contractId} ${month}`, run);

  const takeRun = ({ runNo, runId, contractId, confirmedAtMs, rows }: LineOf<'run'>): void => {
    const daysByMonth = new Map<Month, number>();
    for (const row of rows) {
      addTo(daysByKey, workedDayKey(row), { runNo, days: row.days });
      const month = monthOf(row.workDate);
      daysByMonth.set(month, (daysByMonth.get(month) ?? 0) + row.days);
    }
    for (const [month, days] of daysByMonth)
      takeMonth(contractId, month, { runId, confirmedAt: confirmedAtMs, days });
  };

  return {
    take: (line) => {
      if (line.kind === 'run') takeRun(line);
      else {
        const { contractId, month, runId, confirmedAtMs: confirmedAt, days } = line;
        takeMonth(contractId, month, { runId, confirmedAt, days });
      }
    },
    allocatedBy: (contractId, month) => runsByMonth.get(`${contractId} ${month}`) ?? [],
    isAllocatedBy:
      (lastRunNo = EVERY_RUN) =>
      (day) =>
        (daysByKey.get(workedDayKey(day)) ?? []).reduce(
          (sum, { runNo, days }) => (runNo > lastRunNo ? sum : sum + days),
          0,
        ) > 0,
  };
};
