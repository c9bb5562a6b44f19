/** What the reports of this moment are made of (帳票の元): one answer for the rows, and for why they are as they are. */
import { dateInJapan, type UtcMs } from '../../shared/time.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { SettledWork } from '../policies/deadline.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { ReportSource } from '../reports/report.ts';

export interface ReportSourceDeps {
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Touches that make no day until a person says which. */
  readonly waitingTouches?: () => readonly WaitingTouch[];
  readonly now: () => UtcMs;
  /** What stands written down as done beside the ledger's days. */
  readonly settled?: (() => SettledWork) | undefined;
  /** Day of the next month on which a month is extracted; the default where absent. */
  readonly extractDay?: number | undefined;
}

export const reportSource = (deps: ReportSourceDeps): ReportSource => {
  const now = deps.now();
  return {
    registry: deps.registry(),
    index: deps.registryIndex(),
    waitingTouches: deps.waitingTouches?.(),
    asOf: dateInJapan(now),
    now,
    settled: deps.settled?.(),
    extractDay: deps.extractDay,
  };
};
