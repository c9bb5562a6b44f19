/** Every document there is (帳票一覧), by the name that its address has. */
import type { DocumentKind } from './document-kind.ts';
import { employmentReportDaily, employmentReportMonthly } from './employment-report.ts';

export const DOCUMENTS: readonly DocumentKind[] = [employmentReportMonthly, employmentReportDaily];

export const documentNamed = (name: string): DocumentKind | undefined =>
  DOCUMENTS.find((kind) => kind.name === name);
