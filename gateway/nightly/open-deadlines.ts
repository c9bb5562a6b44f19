/** 期限の暦 as the ledger has it now (期限の見回り): the rows of the report, whole. */
import { dateInJapan, type UtcMs } from '../../shared/time.ts';
import type { Deadline, SettledWork } from '../policies/deadline.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import { deadlinesAsked } from '../reports/deadlines-report.ts';
import { allDates } from '../reports/report.ts';
import type { Ledger } from '../store/ledger.ts';

export interface OpenDeadlinesDeps {
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  readonly settled: SettledWork;
  readonly extractDay: number;
  readonly now: () => UtcMs;
}

export const openDeadlines = ({
  ledger,
  registry,
  registryIndex,
  settled,
  extractDay,
  now,
}: OpenDeadlinesDeps): readonly Deadline[] =>
  deadlinesAsked({
    registry: registry(),
    index: registryIndex(),
    days: ledger.attendance(allDates()),
    filter: {},
    settled,
    extractDay,
    asOf: dateInJapan(now()),
    now: now(),
  }).map(({ row }) => row);
