/** Every document there is (帳票一覧), by the name that its address has. */

import { completionEvidence } from './completion-evidence.ts';
import { completionSummaryDocument } from './completion-summary.ts';
import { contractAllocation } from './contract-allocation.ts';
import type { DocumentKind } from './document-kind.ts';
import { employmentReportDaily, employmentReportMonthly } from './employment-report.ts';
import { fulfilmentWorksheet } from './fulfilment-worksheet.ts';
import { membershipReport } from './membership-report.ts';
import { authorityNoticeDraft, guidanceDraft } from './orderer-drafts.ts';
import { purchaseReceipt } from './purchase-receipt.ts';
import { stampBookDocument, stampLedgerDocument } from './stamp-documents.ts';
import { workerRoster } from './worker-roster.ts';
import { workerStatementDocument } from './worker-statement.ts';
import { worksOrganisation } from './works-organisation.ts';

export const DOCUMENTS: readonly DocumentKind[] = [
  employmentReportMonthly,
  employmentReportDaily,
  contractAllocation,
  stampLedgerDocument,
  stampBookDocument,
  completionSummaryDocument,
  purchaseReceipt,
  membershipReport,
  fulfilmentWorksheet,
  guidanceDraft,
  authorityNoticeDraft,
  workerRoster,
  worksOrganisation,
  completionEvidence,
  workerStatementDocument,
];

export const documentNamed = (name: string): DocumentKind | undefined =>
  DOCUMENTS.find((kind) => kind.name === name);
