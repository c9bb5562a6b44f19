/**
 * What reports are made of (帳票の元), recomputed from what was written down: the registry that counts and
 * everybody's attendance, by the functions that the gateway itself derives with. Pure.
 */
import type { AttendanceDay } from './attendance.ts';
import { attendanceOfTouches } from './attendance-of-touches.ts';
import { subjectOf } from './derive.ts';
import { effectiveRegistry } from './effective-registry.ts';
import { type PlainTap, touchOfPlainTap } from './plain-taps.ts';
import { indexRegistry, type RegistryIndex } from './registry.ts';
import type { Registry, RegistryRow } from './registry-document.ts';
import type { JournalMeanings } from './touches-of-journals.ts';

export interface ReportBasis {
  /** As imported. */
  readonly registry: Registry;
  /** With what managers bound at the gate and the corrections that were approved. */
  readonly index: RegistryIndex;
  readonly days: readonly AttendanceDay[];
}

/**
 * As the ledger has it that holds these journals and that registry; `approved`: corrections that a 元請
 * approved, in the order of the decisions.
 */
export const basisOfJournals = (
  registry: Registry,
  { touches, bindings }: JournalMeanings,
  approved: readonly RegistryRow<'corrections'>[] = [],
): ReportBasis => {
  const index = indexRegistry(effectiveRegistry(registry, bindings, approved));
  const days = attendanceOfTouches(
    touches.map(({ bearer, ...touch }) => ({
      ...touch,
      subject: subjectOf(index, bearer, touch.at),
    })),
    index,
  );
  return { registry, index, days };
};

export const basisOfPlainTaps = (registry: Registry, taps: readonly PlainTap[]): ReportBasis => {
  const index = indexRegistry(registry);
  const touches = taps.map((tap) => touchOfPlainTap(index, tap));
  return { registry, index, days: attendanceOfTouches(touches, index) };
};
