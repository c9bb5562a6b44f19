/** What reports are made of, from an export alone (書き出しからの再計算). */
import { type Fault, faulty, ok, type Result } from '../../shared/result.ts';
import { createJournalReader } from '../attendance/touches-of-journals.ts';
import type { SettledByMail, SettledWork } from '../policies/deadline.ts';
import { EMPTY_REGISTRY, type RegistryRow } from '../registry/registry-document.ts';
import { asStored } from '../registry/stored-registry.ts';
import { basisOfJournals, type ReportBasis } from '../report-basis.ts';
import { exportFaultText } from './export-faults.ts';
import type { LineOf } from './export-lines.ts';
import { readExport } from './read-export.ts';
import { createRunsReader } from './runs-of-export.ts';
import { createStoredFaults } from './stored-faults.ts';
import { createExportVerifier } from './verify-export.ts';

export interface ExportBasis extends ReportBasis {
  /** What the rules of today find in the registry and the corrections, which count as they stand. */
  readonly storedFaults: readonly Fault[];
}

/** Verifies while it reads, and gives nothing of an export with a fault. Throws where it cannot be read. */
export const basisOfExport = (file: string): Result<ExportBasis> => {
  const journals = createJournalReader();
  const approved: RegistryRow<'corrections'>[] = [];
  const runs = createRunsReader();
  const mails = createMailReader();
  const stored = createStoredFaults();
  let registryText: string | undefined;
  let importNo = 0;
  let extractDay: number | undefined;
  const verdict = readExport(file, createExportVerifier(), (line) => {
    if (line.kind === 'registry') {
      registryText = line.text;
      importNo = line.importNo;
    } else if (line.kind === 'correction') {
      approved.push(line.row);
      stored.lookAtCorrection(line.decidedNo, line.row);
    } else if (line.kind === 'genba-export') extractDay = line.extractDay;
    else if (line.kind === 'run' || line.kind === 'allocated') runs.take(line);
    else if (line.kind === 'reported') mails.take(line);
    else if (line.kind === 'entry' && line.entry !== undefined)
      journals.take(line.journal, {
        ledgerNo: line.ledgerNo,
        entry: line.entry,
        receivedAt: line.receivedAt,
        latestAt: line.latestAt,
      });
  });
  if (!verdict.ok) return faulty({ place: file, message: exportFaultText(verdict.fault) });
  const registry = registryText === undefined ? ok(EMPTY_REGISTRY) : asStored(registryText);
  if (!registry.ok) return registry;
  stored.lookAtRegistry(importNo, registry.value);
  return ok({
    ...basisOfJournals(registry.value, journals.meanings(), approved),
    settled: {
      reportedBy: mails.reportedBy,
      allocatedBy: runs.allocatedBy,
      isAllocated: runs.isAllocatedBy(),
    },
    extractDay,
    storedFaults: stored.faults(),
  });
};

/** 就労状況報告書 that went out by mail: the gateway's word alone. */
const createMailReader = (): {
  readonly take: (line: LineOf<'reported'>) => void;
  readonly reportedBy: SettledWork['reportedBy'];
} => {
  const mailByReport = new Map<string, SettledByMail>();
  return {
    take: ({ siteId, companyId, month, mailId, sentAtMs: sentAt }) => {
      mailByReport.set(`${siteId} ${companyId} ${month}`, { mailId, sentAt });
    },
    reportedBy: (siteId, companyId, month) => mailByReport.get(`${siteId} ${companyId} ${month}`),
  };
};
