/** Every report that can say why (なぜの一覧), by its name; and every list beside its rows. */
import { explainAttendance } from './attendance-why.ts';
import { explainCompanyMetrics } from './company-metrics-why.ts';
import { explainCompletionSummary } from './completion-summary-why.ts';
import { explainContractCheck } from './contract-check-why.ts';
import { explainContribution } from './contributions-why.ts';
import { explainDaysOff } from './days-off-why.ts';
import { explainDeadline } from './deadlines-why.ts';
import type { Explain } from './explain.ts';
import { explainHeadcount } from './headcount-why.ts';
import { explainInsurance } from './insurance-why.ts';
import { explainLabourCost } from './labour-cost-why.ts';
import { explainLevels } from './levels-why.ts';
import {
  explainContractTotal,
  explainDelivery,
  explainWorkerTotal,
} from './lists/contract-lists-why.ts';
import { explainHour, explainOnSite, explainWeek } from './lists/headcount-lists-why.ts';
import { explainToMend, explainUnknownCard } from './lists/mending-why.ts';
import { explainRosterChange } from './lists/roster-changes-why.ts';
import { explainUnresolved } from './lists/unresolved-why.ts';
import {
  explainDaysOffPeriod,
  explainGrade,
  explainPack,
  explainQuote,
  explainStatementDraft,
} from './lists/works-lists-why.ts';
import { explainLocalIncentives } from './local-incentives-why.ts';
import { explainModelWorks } from './model-works-why.ts';
import { explainNotTouched } from './not-touched-why.ts';
import { explainOvertime } from './overtime-why.ts';
import { explainRoster } from './roster-why.ts';
import { explainStampBook, explainStampLedger } from './stamps-why.ts';
import { explainWorkHistory } from './work-history-why.ts';
import { explainWorkerStatement } from './worker-statement-why.ts';

export const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  attendance: explainAttendance,
  contributions: explainContribution,
  'contract-check': explainContractCheck,
  'stamp-ledger': explainStampLedger,
  'stamp-book': explainStampBook,
  'completion-summary': explainCompletionSummary,
  'worker-statement': explainWorkerStatement,
  'work-history': explainWorkHistory,
  'not-touched': explainNotTouched,
  roster: explainRoster,
  insurance: explainInsurance,
  overtime: explainOvertime,
  headcount: explainHeadcount,
  levels: explainLevels,
  'labour-cost': explainLabourCost,
  'model-works': explainModelWorks,
  deadlines: explainDeadline,
  'days-off': explainDaysOff,
  'local-incentives': explainLocalIncentives,
  'company-metrics': explainCompanyMetrics,
};

/** By report and list. */
export const LIST_EXPLANATIONS: Readonly<Record<string, Readonly<Record<string, Explain>>>> = {
  contributions: { unresolved: explainUnresolved },
  'work-history': { toMend: explainToMend, unknownCards: explainUnknownCard },
  roster: { changes: explainRosterChange },
  headcount: { weeks: explainWeek, hours: explainHour, onSite: explainOnSite },
  'labour-cost': { quotes: explainQuote },
  'model-works': { statements: explainStatementDraft },
  'days-off': { periods: explainDaysOffPeriod },
  'local-incentives': { packs: explainPack },
  'company-metrics': { grades: explainGrade },
  'stamp-ledger': { deliveries: explainDelivery },
  'completion-summary': { totals: explainContractTotal },
  'worker-statement': { totals: explainWorkerTotal },
};
