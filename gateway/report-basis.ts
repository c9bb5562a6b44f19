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
import type { Registry } from './registry-document.ts';
import type { JournalMeanings } from './touches-of-journals.ts';

export interface ReportBasis {
  /** As imported. */
  readonly registry: Registry;
  /** With what managers bound at the gate. */
  readonly index: RegistryIndex;
  readonly days: readonly AttendanceDay[];
}

/** As the ledger has it that holds these journals and that registry. */
export const basisOfJournals = (
  registry: Registry,
  { touches, bindings }: JournalMeanings,
): ReportBasis => {
  const index = indexRegistry(effectiveRegistry(registry, bindings));
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
