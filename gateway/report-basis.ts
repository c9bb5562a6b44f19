/**
 * What reports are made of (帳票の元), recomputed from what was written down: the registry that counts and
 * everybody's attendance, by the functions that the gateway itself derives with. Pure.
 */
import type { AttendanceDay } from './attendance/attendance.ts';
import { attendanceOfTouches } from './attendance/attendance-of-touches.ts';
import { subjectOf } from './attendance/derive.ts';
import type { Touch } from './attendance/shifts.ts';
import type { JournalMeanings } from './attendance/touches-of-journals.ts';
import { stillWaiting, type WaitingTouch } from './attendance/waiting-touches.ts';
import { type PlainTap, touchesOfPlainTaps } from './plain-taps.ts';
import type { SettledWork } from './policies/deadline.ts';
import { effectiveRegistry } from './registry/effective-registry.ts';
import { indexRegistry, type RegistryIndex } from './registry/registry.ts';
import type { Registry, RegistryRow } from './registry/registry-document.ts';
import type { LedgerTouch } from './store/ledger.ts';
import type { ToldEntries } from './told-entry.ts';

export interface ReportBasis {
  /** As imported. */
  readonly registry: Registry;
  /** With what managers bound at the gate and the corrections that were approved. */
  readonly index: RegistryIndex;
  readonly days: readonly AttendanceDay[];
  /** What the days were reckoned from. */
  readonly touches: readonly Touch[];
  readonly told: ToldEntries;
  /** That make no day until a person says which; none where no arrival is known. */
  readonly waitingTouches: readonly WaitingTouch[];
  /** What the gateway says was done, and its setting; absent where only documents are at hand. */
  readonly settled?: SettledWork;
  readonly extractDay?: number | undefined;
}

/** A touch with whose it is by that registry. */
export const touchIn =
  (index: RegistryIndex) =>
  ({ bearer, ...touch }: LedgerTouch): Touch => ({
    ...touch,
    subject: subjectOf(index, bearer, touch.at),
  });

/**
 * As the ledger has it that holds these journals and that registry; `approved`: corrections that a 元請
 * approved, in the order of the decisions.
 */
export const basisOfJournals = (
  registry: Registry,
  { touches: read, waiting, bindings, told }: JournalMeanings,
  approved: readonly RegistryRow<'corrections'>[] = [],
): ReportBasis => {
  const index = indexRegistry(effectiveRegistry(registry, bindings, approved));
  const touches = read.map(touchIn(index));
  return {
    registry,
    index,
    days: attendanceOfTouches(touches, index),
    touches,
    told,
    waitingTouches: stillWaiting(waiting, index),
  };
};

export const basisOfPlainTaps = (registry: Registry, taps: readonly PlainTap[]): ReportBasis => {
  const index = indexRegistry(registry);
  const touches = touchesOfPlainTaps(index, taps);
  // A line of a document is no entry: all that it says stands in the touch.
  const told = () => undefined;
  const days = attendanceOfTouches(touches, index);
  return { registry, index, days, touches, told, waitingTouches: [] };
};
