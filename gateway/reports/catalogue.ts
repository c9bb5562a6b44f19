/** Every report there is (帳票一覧), by the name that people outside know it by. */
import { attendance } from './attendance-report.ts';
import { companyMetricsReport } from './company-metrics-report.ts';
import { completionSummary } from './completion-summary-report.ts';
import { contractCheckReport } from './contract-check-report.ts';
import { contributions } from './contributions-report.ts';
import { daysOff } from './days-off-report.ts';
import { deadlines } from './deadlines-report.ts';
import { headcount } from './headcount-report.ts';
import { insurance } from './insurance-report.ts';
import { labourCost } from './labour-cost-report.ts';
import { levels } from './levels-report.ts';
import { localIncentives } from './local-incentives-report.ts';
import { modelWorks } from './model-works-report.ts';
import { notTouchedReport } from './not-touched-report.ts';
import { overtime } from './overtime-report.ts';
import type { Report } from './report.ts';
import { roster } from './roster-report.ts';
import { stampBook } from './stamp-book-report.ts';
import { stampLedger } from './stamp-ledger-report.ts';
import { workHistory } from './work-history-report.ts';
import { workerStatement } from './worker-statement-report.ts';

export const REPORTS: readonly Report[] = [
  attendance,
  contributions,
  contractCheckReport,
  deadlines,
  stampLedger,
  stampBook,
  completionSummary,
  workerStatement,
  workHistory,
  notTouchedReport,
  roster,
  insurance,
  overtime,
  headcount,
  levels,
  labourCost,
  modelWorks,
  daysOff,
  localIncentives,
  companyMetricsReport,
];

export const reportNamed = (name: string): Report | undefined =>
  REPORTS.find((report) => report.name === name);
