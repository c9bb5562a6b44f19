/**
 * Import of the registry (台帳の取り込み): whole or one table, all or nothing, in turns with everything else.
 *
 * A document is judged against the registry that stands when it is stored. Where another import came in
 * between, it is judged anew.
 */
import { ok, type Result } from '../../shared/result.ts';
import { runInTurns, type Steps } from '../turns.ts';
import { type CsvTable, faultsOfFile } from './csv/parse-table-csv.ts';
import { draftRegistry } from './draft-registry.ts';
import { faultsAround, registryChecking, registryParsing } from './parse-registry.ts';
import { type ChangeCounts, countChanges, registryDiffing } from './registry-diff.ts';
import { EMPTY_REGISTRY, type Registry, type RegistryTable } from './registry-document.ts';

export interface RegistryImportDeps {
  /** The one that stands: the same object until the next import. */
  readonly registry: () => Registry;
  /** Stores a registry that has been judged whole. */
  readonly importRegistry: (registry: Registry) => void;
}

export interface Imported {
  readonly registry: Registry;
  readonly changes: ChangeCounts;
}

const importing = async (
  { registry, importRegistry }: RegistryImportDeps,
  judging: (standing: Registry) => Steps<Result<Registry>>,
): Promise<Result<Imported>> => {
  for (;;) {
    const standing = registry();
    const judged = await runInTurns(judging(standing));
    if (!judged.ok) return judged;
    const changes = countChanges(await runInTurns(registryDiffing(standing, judged.value)));
    if (registry() !== standing) continue;
    importRegistry(judged.value);
    return ok({ registry: judged.value, changes });
  }
};

/** `json`: the whole document; tables that it does not have are empty. */
export const importDocument = (
  deps: RegistryImportDeps,
  json: unknown,
): Promise<Result<Imported>> => importing(deps, () => registryParsing(json, EMPTY_REGISTRY));

/** `rows`: the list of one table's rows, as JSON has it; the other tables stand. */
export const importTable = (
  deps: RegistryImportDeps,
  table: RegistryTable,
  rows: unknown,
): Promise<Result<Imported>> =>
  importing(deps, (standing) => registryParsing({ [table]: rows }, standing));

/** One table made anew out of the registry that stands when it is stored: no import that came in between is lost. */
export const amendTable = <Table extends RegistryTable>(
  deps: RegistryImportDeps,
  table: Table,
  amend: (standing: Registry) => Result<Registry[Table]>,
): Promise<Result<Imported>> =>
  importing(deps, function* (standing) {
    const rows = amend(standing);
    return rows.ok ? yield* registryParsing({ [table]: rows.value }, standing) : rows;
  });

/** The rows of a CSV file with their faults; faults against other rows are told by its lines as well. */
export const importCsvTable = (
  deps: RegistryImportDeps,
  table: RegistryTable,
  csv: CsvTable,
): Promise<Result<Imported>> =>
  importing(deps, function* (standing) {
    const betweenRows = faultsAround(table);
    const draft = draftRegistry(standing, new Map([[table, csv]]));
    const judged = yield* registryChecking(draft, betweenRows);
    if (judged.ok && csv.faults.count() === 0) return judged;
    const faults = faultsOfFile();
    faults.addList(csv.faults);
    faults.addList(betweenRows, csv.faultInFile);
    return { ok: false, faults: faults.faults() };
  });
