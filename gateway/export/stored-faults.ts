/** What the rules of today find in what an export holds (昔の台帳の異常): told once each, and no hindrance. */
import type { Fault } from '../../shared/result.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import { newerFaults, newerFaultsOfCorrection } from '../registry/stored-registry.ts';

export interface StoredFaults {
  readonly lookAtRegistry: (importNo: number, registry: Registry) => void;
  readonly lookAtCorrection: (decidedNo: number, row: RegistryRow<'corrections'>) => void;
  /** Places are `import 2 /workers/0/name`, `correction 1 /reason`; what stands in later imports as well, by the first. */
  readonly faults: () => readonly Fault[];
}

export const createStoredFaults = (): StoredFaults => {
  const seenImports = new Set<number>();
  const seenFaults = new Set<string>();
  const found: Fault[] = [];
  const put = (of: string, { place, message }: Fault): void => {
    found.push({ place: `${of} ${place}`.trim(), message });
  };
  return {
    lookAtRegistry: (importNo, registry) => {
      if (seenImports.has(importNo)) return;
      seenImports.add(importNo);
      for (const fault of newerFaults(registry)) {
        const key = `${fault.place} ${fault.message}`;
        if (!seenFaults.has(key)) put(`import ${importNo}`, fault);
        seenFaults.add(key);
      }
    },
    lookAtCorrection: (decidedNo, row) => {
      for (const fault of newerFaultsOfCorrection(row)) put(`correction ${decidedNo}`, fault);
    },
    faults: () => found,
  };
};
