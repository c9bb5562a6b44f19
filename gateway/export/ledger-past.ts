/**
 * What the ledger was at an earlier position (過去の時点の台帳), from the lines of an export: the entries up to it, the
 * registry that counted, the corrections that had been decided, the runs of 充当 that had been confirmed.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  addDays,
  firstDateOf,
  isValidOn,
  lastDateOf,
  type Month,
  startOfDate,
  type UtcMs,
} from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { attendanceOfTouches } from '../attendance/attendance-of-touches.ts';
import { touchesAround } from '../attendance/touches-around.ts';
import { createJournalReader } from '../attendance/touches-of-journals.ts';
import type { SettledWork } from '../policies/deadline.ts';
import { effectiveRegistry } from '../registry/effective-registry.ts';
import { indexRegistry, type RegistryIndex } from '../registry/registry.ts';
import { EMPTY_REGISTRY, type Registry, type RegistryRow } from '../registry/registry-document.ts';
import { asStored } from '../registry/stored-registry.ts';
import { touchIn } from '../report-basis.ts';
import type { StatementPosition } from '../statements/statement-store.ts';
import { createRunsReader } from './runs-of-export.ts';
import { createStoredFaults, type StoredFaults } from './stored-faults.ts';
import type { SoundLine } from './verify-export.ts';

export type LostPast =
  /** The registry that counted was removed on purpose. */
  | 'registry-purged'
  /** What stands where the one should that counted is none. */
  | 'no-registry';

/** What statements are made of. */
export interface PastBasis {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  /** Of every site, within the month that was asked for. */
  readonly days: readonly AttendanceDay[];
  readonly isAllocated: SettledWork['isAllocated'];
}

export interface LedgerPast {
  /** Every line of the export that stands before the first statement, in order. */
  readonly take: (line: SoundLine) => void;
  /** The last answer is kept: what was issued in one go rests on one position. */
  readonly at: (position: StatementPosition, month: Month) => PastBasis | LostPast;
  /** Of the registries that answers rested on, and of the corrections. */
  readonly storedFaults: StoredFaults['faults'];
  /** When the last of the entries up to a position came in whose texts were removed on purpose. */
  readonly purgedUntil: (position: StatementPosition) => UtcMs | undefined;
}

export const createLedgerPast = (): LedgerPast => {
  const journals = createJournalReader();
  /** Deflated, as a registry is large and comes often; null where it was removed. */
  const registries = new Map<number, Buffer | null>();
  const approved: { decisionNo: number; row: RegistryRow<'corrections'> }[] = [];
  const runs = createRunsReader();
  const stored = createStoredFaults();
  const purged: { ledgerNo: number; receivedAt: UtcMs }[] = [];
  let last: { readonly key: string; readonly past: PastBasis | LostPast } | undefined;

  const registryAt = (importNo: number): Registry | LostPast => {
    const text = registries.get(importNo);
    if (text === null) return 'registry-purged';
    if (text === undefined) return EMPTY_REGISTRY;
    const registry = asStored(inflateRawSync(text).toString('utf8'));
    if (!registry.ok) return 'no-registry';
    stored.lookAtRegistry(importNo, registry.value);
    return registry.value;
  };

  const basisAt = (
    { ledgerNo, importNo, decisionNo, runNo = 0 }: StatementPosition,
    month: Month,
  ): PastBasis | LostPast => {
    const registry = registryAt(importNo);
    if (typeof registry === 'string') return registry;
    const { touches, bindings } = journals.meanings(ledgerNo);
    const decided = approved.filter((each) => each.decisionNo <= decisionNo);
    const index = indexRegistry(
      effectiveRegistry(
        registry,
        bindings,
        decided.map(({ row }) => row),
      ),
    );
    const dates = { from: firstDateOf(month), to: lastDateOf(month) };
    // A work date begins within a day after its calendar date does, and lasts a day.
    const moments = { from: startOfDate(dates.from), to: startOfDate(addDays(dates.to, 2)) };
    const days = attendanceOfTouches(touchesAround(touches, moments, touchIn(index)), index);
    return {
      registry,
      index,
      days: days.filter(({ workDate }) => isValidOn(dates, workDate)),
      isAllocated: runs.isAllocatedBy(runNo),
    };
  };

  return {
    take: (line) => {
      if (line.kind === 'registry')
        registries.set(line.importNo, line.text === undefined ? null : deflateRawSync(line.text));
      else if (line.kind === 'correction') {
        approved.push({ decisionNo: line.decisionNo ?? 0, row: line.row });
        stored.lookAtCorrection(line.decidedNo, line.row);
      } else if (line.kind === 'run') runs.take(line);
      else if (line.kind === 'entry' && line.entry !== undefined)
        journals.take(line.journal, { ...line, entry: line.entry });
      else if (line.kind === 'entry' && line.isPurged) purged.push(line);
    },
    at: (position, month) => {
      const { ledgerNo, importNo, decisionNo, runNo } = position;
      const key = [ledgerNo, importNo, decisionNo, runNo, month].join(' ');
      if (last?.key !== key) last = { key, past: basisAt(position, month) };
      return last.past;
    },
    storedFaults: stored.faults,
    purgedUntil: ({ ledgerNo }) =>
      purged.reduce<UtcMs | undefined>(
        (until, each) =>
          each.ledgerNo > ledgerNo || (until !== undefined && until >= each.receivedAt)
            ? until
            : each.receivedAt,
        undefined,
      ),
  };
};
