/** The desk of 突き合わせ: takes files of CCUS and 建退共, and compares a month with what the gate has. */
import { type Fault, faultsOf } from '../../shared/result.ts';
import {
  addDays,
  dateInJapan,
  firstDateOf,
  isValidOn,
  lastDateOf,
  type Month,
  type UtcMs,
} from '../../shared/time.ts';
import { contributionsOf } from '../policies/contributions.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ImportedFile, ReconciliationStore } from '../store/sqlite-reconciliations.ts';
import { type ExportedDay, ExportMapping, parseExportFile } from './export-file.ts';
import { type Difference, type OtherSide, reconcile } from './reconcile.ts';

export interface ReconciliationDeskDeps {
  readonly store: ReconciliationStore;
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  readonly now: () => UtcMs;
  /** Day of the next month on which a month is extracted; the default where absent. */
  readonly extractDay?: number | undefined;
}

/** With the names that a file is read by; absent where the registry does not know site or worker. */
export type NamedDifference = Difference & {
  readonly siteName?: string;
  readonly workerName?: string;
};

const named = (index: RegistryIndex, row: Difference): NamedDifference => {
  const siteName = index.siteById.get(row.siteId)?.name;
  const workerName = row.workerId && index.workerById.get(row.workerId)?.name;
  return {
    ...row,
    ...(siteName === undefined ? {} : { siteName }),
    ...(workerName === undefined ? {} : { workerName }),
  };
};

export interface ReconciliationDesk {
  readonly take: (
    bytes: Uint8Array,
    mapping: unknown,
    by: string,
  ) => Promise<
    | { readonly kind: 'taken'; readonly file: ImportedFile }
    | { readonly kind: 'refused'; readonly faults: readonly Fault[] }
  >;
  readonly files: (month: Month) => readonly ImportedFile[];
  readonly differences: (month: Month) => Promise<readonly NamedDifference[]>;
}

export const createReconciliationDesk = (deps: ReconciliationDeskDeps): ReconciliationDesk => {
  const { store, ledger, registryIndex, now } = deps;

  /** Of each site the file that came last counts. */
  const sideOf = async (
    files: readonly ImportedFile[],
    source: ExportMapping['source'],
  ): Promise<OtherSide | undefined> => {
    const lastOfSite = new Map(
      files
        .filter(({ mapping }) => mapping.source === source)
        .flatMap((file) => file.sites.map((siteId) => [siteId, file] as const)),
    );
    if (lastOfSite.size === 0) return undefined;
    const days: ExportedDay[] = [];
    for (const file of new Set(lastOfSite.values())) {
      const parsed = await parseExportFile(store.bytesOf(file.fileNo), file.mapping);
      // It passed this very parser on its way in.
      if (!parsed.ok) throw new Error(`file ${file.fileNo} is no longer readable`);
      for (const day of parsed.value)
        if (lastOfSite.get(day.siteId)?.fileNo === file.fileNo) days.push(day);
    }
    return { days, sites: new Set(lastOfSite.keys()) };
  };

  return {
    take: async (bytes, json, by) => {
      const mapping = ExportMapping.safeParse(json);
      if (!mapping.success)
        return { kind: 'refused', faults: faultsOf(mapping.error.issues, '/mapping') };
      const parsed = await parseExportFile(bytes, mapping.data);
      if (!parsed.ok) return { kind: 'refused', faults: parsed.faults };
      const { siteId } = mapping.data;
      const named = parsed.value.map((day) => day.siteId);
      const sites = [...new Set(siteId === undefined ? named : [siteId])].toSorted();
      const rows = parsed.value.length;
      const file = { mapping: mapping.data, rows, sites, importedAt: now(), importedBy: by };
      return { kind: 'taken', file: store.add(file, bytes) };
    },
    files: store.ofMonth,
    differences: async (month) => {
      const files = store.ofMonth(month);
      const [ccus, kentaikyo] = [await sideOf(files, 'ccus'), await sideOf(files, 'kentaikyo')];
      const index = registryIndex();
      const span = { from: firstDateOf(month), to: lastDateOf(month) };
      // A shift may stand on the day beside in another system.
      const days = ledger.attendance({ from: addDays(span.from, -1), to: addDays(span.to, 1) });
      const scope = { asOf: dateInJapan(now()), ...span };
      const { contributions } = contributionsOf(days, index, scope);
      const differences = reconcile({
        index,
        days,
        contributions,
        ccus,
        kentaikyo,
        isAsked: (_siteId, date) => isValidOn(span, date),
        extractDay: deps.extractDay,
      });
      return differences.map((row) => named(index, row));
    },
  };
};
