/** What reports are made of, from an export alone (書き出しからの再計算). */
import { faulty, ok, type Result } from '../../shared/result.ts';
import { parseRegistryDocument } from '../parse-registry.ts';
import { EMPTY_REGISTRY, type RegistryRow } from '../registry-document.ts';
import { basisOfJournals, type ReportBasis } from '../report-basis.ts';
import { createJournalReader } from '../touches-of-journals.ts';
import { exportFaultText } from './export-faults.ts';
import { readExport } from './read-export.ts';
import { createExportVerifier } from './verify-export.ts';

/** Verifies while it reads, and gives nothing of an export with a fault. Throws where it cannot be read. */
export const basisOfExport = (file: string): Result<ReportBasis> => {
  const journals = createJournalReader();
  const approved: RegistryRow<'corrections'>[] = [];
  let registryText: string | undefined;
  const verdict = readExport(file, createExportVerifier(), (line) => {
    if (line.kind === 'registry') registryText = line.text;
    else if (line.kind === 'correction') approved.push(line.row);
    else if (line.kind === 'entry' && line.entry !== undefined)
      journals.take(line.journal, {
        ledgerNo: line.ledgerNo,
        entry: line.entry,
        latestAt: line.latestAt,
      });
  });
  if (!verdict.ok) return faulty({ place: file, message: exportFaultText(verdict.fault) });
  const registry =
    registryText === undefined
      ? ok(EMPTY_REGISTRY)
      : parseRegistryDocument(JSON.parse(registryText));
  return registry.ok
    ? ok(basisOfJournals(registry.value, journals.meanings(), approved))
    : registry;
};
